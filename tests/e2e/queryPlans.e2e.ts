import mongoose from 'mongoose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { tidewaterGoods } from '../../commands/seed/sellers.ts'
import { startInProcess } from '../../devdb/testing.ts'
import { type Answer, get, type TestShop } from '../client.ts'
import { addLine, offer, placeOrder, signIn, signUp, someVariants } from '../people.ts'
import { startTogether } from '../shop.ts'

const { BSON } = mongoose.mongo

type Recorded = { readonly database: string; readonly command: Record<string, unknown> }

const explainable = ['find', 'aggregate', 'count', 'distinct', 'update', 'delete', 'findAndModify']
/** What drivers add to every command and explain does not take. */
const additions = ['lsid', 'txnNumber', '$clusterTime', '$db', 'maxTimeMS', 'writeConcern', 'readConcern']

/** The same for two commands that differ in values only. */
const shapeOf = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.slice(0, 1).map(shapeOf)
  if (value === null || typeof value !== 'object' || '_bsontype' in value || value instanceof Date) return typeof value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, shapeOf(inner)]))
}

const recorded = new Map<string, Recorded>()

const record = (database: string, name: string, given: Record<string, unknown>): void => {
  if (!explainable.includes(name)) return
  const entries = Object.entries(given).filter(([option]) => !additions.includes(option))
  // Of several statements one is explained: they are of one kind.
  const first = ([option, value]: [string, unknown]) =>
    option === 'updates' || option === 'deletes' ? [option, (value as unknown[]).slice(0, 1)] : [option, value]
  const own = Object.fromEntries(entries.map(first))
  // As it is sent: mongoose's documents refer to each other in circles.
  const command = BSON.deserialize(BSON.serialize(own, { ignoreUndefined: true }), { promoteValues: false })
  const shape = JSON.stringify([database, command[name], shapeOf(command)])
  if (!recorded.has(shape)) recorded.set(shape, { database, command })
}

let server: Awaited<ReturnType<typeof startInProcess>>
let client: mongoose.mongo.MongoClient
let shop: TestShop

beforeAll(async () => {
  // A server of its own: what other tests read must not be counted.
  server = await startInProcess()
  client = await mongoose.mongo.MongoClient.connect(server.url)
  const started = await startTogether({ MONGODB_URL: server.url }, { onCommand: () => undefined })
  for (const connection of mongoose.connections) {
    if (connection.readyState !== 1) continue
    connection.getClient().on('commandStarted', ({ databaseName, commandName, command }) => {
      record(databaseName, commandName, command)
    })
  }
  shop = started
})

afterAll(async () => {
  await shop?.stop()
  await client?.close()
  await server?.stop()
})

const scans = async (): Promise<number> =>
  (await client.db('admin').command({ serverStatus: 1 })).metrics.queryExecutor.collectionScans.total

const browse = async (): Promise<void> => {
  const fields = 'totalCount pageInfo { endCursor } nodes { id slug title variants { id availability { left } } }'
  for (const sort of ['NEWEST', 'TITLE_ASC']) {
    const { products } = await get(
      shop,
      `query ($sort: ProductSort) { categories { slug } products(first: 5, sort: $sort) { ${fields} } }`,
      { sort },
    )
    const after = products.pageInfo.endCursor
    await get(
      shop,
      `query ($sort: ProductSort, $after: String) { products(first: 5, sort: $sort, after: $after) { ${fields} } }`,
      { sort, after },
    )
    const [{ id, slug, title }] = products.nodes
    await get(
      shop,
      `query ($id: ID!, $slug: String!, $words: String!) { byId: product(id: $id) { id } bySlug: product(slug: $slug) { id }
         search(query: $words, first: 5) { totalCount nodes { id } } }`,
      { id, slug, words: title },
    )
  }
  const { categories } = await get(shop, '{ categories { slug } }')
  await get(
    shop,
    `query ($filter: ProductFilter) { products(first: 5, filter: $filter) { totalCount nodes { id } } }`,
    { filter: { category: categories[0].slug } },
  )
}

const buy = async (): Promise<void> => {
  const seller = await signIn(shop, tidewaterGoods)
  await offer(shop, seller, { variants: 2, stock: 5 })
  const { token } = await signUp(shop)
  const [variant] = (await someVariants(shop)).filter(({ left }) => left > 2)
  await addLine(shop, token, variant!.id, 1)
  const answer = await placeOrder(shop, token)
  expect(answer.userErrors).toEqual([])
  await get(shop, '{ orders(first: 5) { nodes { id number status } } }', {}, token)
}

const stagesOf = (plan: Answer): string[] =>
  plan === null || typeof plan !== 'object'
    ? []
    : Object.entries(plan).flatMap(([name, value]) => (name === 'stage' ? [String(value)] : stagesOf(value)))

describe('the plans of the shop', () => {
  test('given the seeded shop, when people browse and buy, then no query scans a collection', async () => {
    const before = await scans()
    await browse()
    await buy()
    const scanning: Recorded[] = []
    for (const entry of recorded.values()) {
      const { database, command } = entry
      const explained = await client.db(database).command({ explain: command, verbosity: 'queryPlanner' })
      if (stagesOf(explained).includes('COLLSCAN')) scanning.push(entry)
    }
    expect(recorded.size).toBeGreaterThan(15)
    expect(scanning).toEqual([])
    expect(before).toBe(0)
    expect((await scans()) - before).toBe(0)
  })
})
