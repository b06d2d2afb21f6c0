import { afterAll, beforeAll, expect, test } from 'vitest'
import { lanternHouse } from '../../commands/seed/sellers.ts'
import { get } from '../client.ts'
import { addLine, guest, placeOrder, signIn, signUp, someVariants } from '../people.ts'
import { shardings } from '../shardKeys.ts'
import { startTogether } from '../shop.ts'
import { freshPrefix } from '../subgraph.ts'

type Filter = Readonly<Record<string, unknown>>

/** The filters of a command, whatever it does with what it finds. */
const filtersOf = (command: string, body: Filter): Filter[] => {
  if (command === 'find') return [(body.filter ?? {}) as Filter]
  if (command === 'update') return (body.updates as { q: Filter }[]).map(({ q }) => q)
  if (command === 'delete') return (body.deletes as { q: Filter }[]).map(({ q }) => q)
  if (command === 'aggregate') return [((body.pipeline as { $match?: Filter }[])[0]?.$match ?? {}) as Filter]
  return ['findAndModify', 'count', 'distinct'].includes(command) ? [(body.query ?? {}) as Filter] : []
}

const withoutAnd = (filter: Filter): [string, unknown][] =>
  Object.entries(filter).flatMap(([field, value]) =>
    field === '$and' ? (value as Filter[]).flatMap(withoutAnd) : [[field, value] as [string, unknown]],
  )

/** A value, or several: not a range, which may be anywhere. */
const isFixed = (value: unknown): boolean =>
  typeof value !== 'object' || value === null || '$in' in value || '$eq' in value

/** What a filter asks of several shards, by its fields; null when it names its shard, or there is one only. */
const scattered = (collection: string, filter: Filter): string | null => {
  const sharding = shardings[collection]
  if (!sharding) return `${collection} has no shard key`
  const fields = withoutAnd(filter)
  const { key, scatter = {} } = sharding
  const fixes = (wanted: string | null): boolean => fields.some(([field, value]) => field === wanted && isFixed(value))
  // A document that is named by its id asks every shard, but works on one, whatever else is demanded of it.
  if (key === null || fixes(key) || ('_id' in scatter && fixes('_id'))) return null
  const shape = [...new Set(fields.map(([field]) => field))].toSorted().join(' ')
  return shape in scatter ? null : `${collection} is asked without its key by "${shape}"`
}

const prefix = freshPrefix()
const problems = new Set<string>()
const seen = new Set<string>()

let shop: Awaited<ReturnType<typeof startTogether>>

beforeAll(async () => {
  const onCommand = (command: string, database: string, body: Filter): void => {
    for (const filter of filtersOf(command, body)) {
      const collection = `${database.slice(prefix.length)}.${body[command]}`
      seen.add(collection)
      const problem = scattered(collection, filter)
      if (problem) problems.add(problem)
    }
  }
  shop = await startTogether({ DATABASE_PREFIX: prefix, PROVIDER_TIMEOUT_MS: '5000' }, { onCommand })
})
afterAll(() => shop?.stop())

test('given people who shop, sell and cancel, then each query names its shard, or is known to ask all of them', async () => {
  const visitor = await guest(shop)
  const { token } = await signUp(shop, visitor)
  for (const { id } of (await someVariants(shop)).slice(0, 2)) await addLine(shop, token, id)
  const { order } = await placeOrder(shop, token)
  const own =
    'query ($id: ID!) { order(id: $id) { id payments { status } } orders(first: 5) { totalCount } cart { id } }'
  await get(shop, own, { id: order.id }, token)
  const cancel = 'mutation ($id: ID!) { cancelOrder(input: { id: $id }) { userErrors { code } } }'
  await get(shop, cancel, { id: order.id }, token)
  const browse = `{ search(query: "lamp", first: 3) { totalCount } product(slug: "clamp-desk-lamp") { id }
    products(first: 2, filter: { category: "kitchen" }) { totalCount } categories { name } }`
  await get(shop, browse)
  await get(shop, '{ viewer { id } sessions { id } }', {}, await signIn(shop, lanternHouse))
  expect([...problems]).toEqual([])
  expect(seen.size).toBeGreaterThan(12)
})

test('given a query without the key, or of a collection without one, then it is found', () => {
  expect(scattered('orders.orders', { _id: 'ord_1' })).toBeNull()
  expect(scattered('orders.orders', { $and: [{ _id: { $in: ['a'] } }, { ownerId: 'b' }] })).toBeNull()
  expect(scattered('orders.orders', { _id: { $gt: 'ord_1' } })).toMatch(/without its key/)
  expect(scattered('orders.orders', { email: 'a' })).toBe('orders.orders is asked without its key by "email"')
  expect(scattered('orders.invoices', {})).toBe('orders.invoices has no shard key')
})
