import { expect, test } from 'vitest'
import { remoteEndpoint } from '../../platform/endpoint.ts'
import { ask, connect, get } from '../client.ts'
import { doors, entityDoors, type Person, people, type Thing } from './doors.ts'
import { selectAll } from './schema.ts'
import { canaries, readSdl, sign, viewerOf, type World } from './world.ts'

const apiSchema = readSdl('api.graphql')

/** Well-formed ids of things that do not exist. */
const madeUp: Record<Thing, string> = {
  order: 'ord_01ARZ3NDEKTSV4RRFFQ69G5FAV',
  payment: 'pay_01ARZ3NDEKTSV4RRFFQ69G5FAV',
  draft: 'prod_01ARZ3NDEKTSV4RRFFQ69G5FAV',
  draftSlug: 'nothing-of-this-name',
  draftVariant: 'var_01ARZ3NDEKTSV4RRFFQ69G5FAV',
  line: 'line_01ARZ3NDEKTSV4RRFFQ69G5FAV',
  session: 'ses_01ARZ3NDEKTSV4RRFFQ69G5FAV',
  cart: 'cart_01ARZ3NDEKTSV4RRFFQ69G5FAV',
  account: 'usr_01ARZ3NDEKTSV4RRFFQ69G5FAV',
  address: 'addr_01ARZ3NDEKTSV4RRFFQ69G5FAV',
}

const expand = (document: string): string =>
  document.replace(/ALL:(\w+)/g, (_, type: string) => selectAll(apiSchema, type))

/** The answer to an operation as text, without the id that was asked for and its cost, which differs for the first who sends a document. */
const answerOf = async (
  { shop, tokens }: World,
  person: Person,
  { document, id }: { document: string; id: string },
): Promise<string> => {
  const query = expand(document)
  const shown = (value: unknown) =>
    JSON.stringify(value)
      .replaceAll(id, 'ID')
      .replace(/"cost":\{[^}]*\}/, '"cost":{}')
  if (!document.startsWith('subscription')) return shown(await ask(shop, query, { id }, tokens[person]))
  const socket = connect(shop, tokens[person])
  try {
    return shown(await socket.watch(query, { id }).next())
  } catch (error) {
    return shown((error as Error).message)
  } finally {
    await socket.close()
  }
}

const tells = ({ things }: World, text: string): string[] =>
  [...canaries, ...Object.values(things)].filter((secret) => text.includes(secret))

/** Every kind of viewer at every door. */
export const matrixStories = (world: () => World): void => {
  const named = Object.entries(doors).flatMap(([door, { for: allowed }]) =>
    people.filter((person) => !allowed.includes(person)).map((person) => [door, person] as const),
  )
  test.each(named)(
    "given %s, when %s asks with somebody else's id, then it is answered like an id that does not exist (R9, threat: objects)",
    async (door, person) => {
      const { document, thing } = doors[door]!
      const real = await answerOf(world(), person, { document, id: world().things[thing] })
      expect(real).toBe(await answerOf(world(), person, { document, id: madeUp[thing] }))
      expect(tells(world(), real)).toEqual([])
    },
  )

  const readable = Object.entries(doors).filter(([name]) => /^(?:Query|Subscription)\./.test(name))
  const open = readable.flatMap(([door, { for: allowed }]) => allowed.map((person) => [door, person] as const))
  test.each(open)('given %s, when %s asks, who may, then it is there', async (door, person) => {
    const { document, thing } = doors[door]!
    const real = await answerOf(world(), person, { document, id: world().things[thing] })
    expect(real).not.toBe(await answerOf(world(), person, { document, id: madeUp[thing] }))
    expect(real).toContain('"ID"')
  })

  test.each(['anonymous', 'otherBuyer', 'otherSeller', 'seller'] as const)(
    'given the stock of a draft and of a product, when %s watches both, then only those hear of the draft who may see it (threat: objects)',
    async (person) => {
      const { shop, tokens, things, sold } = world()
      const socket = connect(shop, tokens[person])
      const live = socket.watch('subscription ($ids: [ID!]!) { stockChanged(variantIds: $ids) { variant { id } } }', {
        ids: [things.draftVariant, sold],
      })
      const seen = [await live.next()]
      const input = { variantId: sold, delta: 1, reason: 'found', idempotencyKey: crypto.randomUUID() }
      await get(
        shop,
        'mutation ($input: AdjustStockInput!) { adjustStock(input: $input) { userErrors { code } } }',
        { input },
        tokens.seller,
      )
      seen.push(await live.next())
      await socket.close()
      const ids = seen.map(({ stockChanged }) => stockChanged.variant.id)
      expect(new Set(ids)).toEqual(new Set(person === 'seller' ? [things.draftVariant, sold] : [sold]))
    },
  )

  test("given a seller who sees an order for its lines, when the seller asks for everything of it, then the buyer's payments, e-mail and billing address are not there (threat: fields)", async () => {
    const { shop, things, tokens } = world()
    const { order } = await get(
      shop,
      `query ($id: ID!) { order(id: $id) ${selectAll(apiSchema, 'Order')} }`,
      { id: things.order },
      tokens.seller,
    )
    expect(order).toMatchObject({ payments: [], email: null, billingAddress: null })
    expect(JSON.stringify(order)).not.toContain(canaries[1])
  })

  const lists = {
    cart: `{ cart ${selectAll(apiSchema, 'Cart')} }`,
    orders: `{ orders(first: 50) { totalCount nodes ${selectAll(apiSchema, 'Order')} } }`,
    viewer: `{ viewer ${selectAll(apiSchema, 'Viewer')} }`,
    sessions: `{ sessions ${selectAll(apiSchema, 'DeviceSession')} }`,
    products: `{ products(first: 100) { nodes ${selectAll(apiSchema, 'Product')} } search(query: "offer", first: 100) { nodes ${selectAll(apiSchema, 'Product')} } }`,
  }
  test.each(people.filter((person) => !['owner', 'seller', 'admin'].includes(person)))(
    "given lists that take no id, when %s reads all of them, then nothing of the owner or the seller's draft is in them (threat: objects)",
    async (person) => {
      const { shop, tokens } = world()
      for (const query of Object.values(lists)) {
        expect(tells(world(), JSON.stringify(await ask(shop, query, {}, tokens[person])))).toEqual([])
      }
    },
  )

  test.each(people)('given the cart that %s watches, then it is their own (threat: objects)', async (person) => {
    const { shop, tokens, things } = world()
    const socket = connect(shop, tokens[person])
    const first = socket.watch(`subscription { cartUpdated { cart ${selectAll(apiSchema, 'Cart')} } }`).next()
    const text = await first.then(JSON.stringify, (error: Error) => error.message)
    await socket.close()
    expect(text.includes(things.cart)).toBe(person === 'owner')
    if (!tokens[person]) expect(text).toContain('UNAUTHORIZED_FIELD_OR_TYPE')
  })

  const entities = entityDoors.flatMap((door) =>
    people.map((person) => [door.subgraph, door.type, person, door] as const),
  )
  test.each(entities)(
    'given the subgraph %s and its entity %s, when the gateway asks for %s, then only those see it who may (R9, threat: objects)',
    async (subgraph, type, person, { thing, for: allowed }) => {
      const { shop, tokens, things } = world()
      const selection = selectAll(readSdl(`subgraphs/${subgraph}.graphql`), type)
      const query = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on ${type} ${selection} } }`
      const endpoint = remoteEndpoint(shop.subgraphUrl(subgraph))
      const entity = async (id: string): Promise<string> => {
        const body = JSON.stringify({ query, variables: { r: [{ __typename: type, id }] } })
        const { result } = await endpoint.execute(sign(subgraph, { viewer: viewerOf(tokens[person]), body }))
        return JSON.stringify(result).replaceAll(id, 'ID')
      }
      const [real, missing] = [await entity(things[thing]), await entity(madeUp[thing])]
      await endpoint.stop()
      if (allowed.includes(person)) expect(real).not.toBe(missing)
      else expect(real).toBe(missing)
    },
  )
}
