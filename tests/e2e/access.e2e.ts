import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import jwt from 'jsonwebtoken'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeIds } from '#kernel/id.ts'
import { systemClock } from '#kernel/time.ts'
import { anonymous, type Role, type Viewer } from '#platform/auth.ts'
import { makeCallSigner, makeSubgraphCaller } from '#platform/caller.ts'
import { readConfig } from '#platform/config.ts'
import { remoteEndpoint } from '#platform/endpoint.ts'
import { systemRandom } from '#platform/random.ts'
import { lanternHouse, tidewaterGoods } from '../../commands/seed/sellers.ts'
import { doors, entityDoors, type Person, people, type Thing } from '../access/doors.ts'
import { readSchema, selectAll } from '../access/schema.ts'
import { type Answer, ask, connect, get } from '../client.ts'
import { addLine, guest, offer, placeOrder, signIn, signUp } from '../people.ts'
import { startApart } from '../shop.ts'

const root = join(import.meta.dirname, '../..')
const readSdl = (path: string) => readSchema(readFileSync(join(root, 'schema', path), 'utf8'))
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

const { internalSecret } = readConfig({})
const sign = makeCallSigner({ secret: internalSecret, clock: systemClock, ids: makeIds(systemClock, systemRandom) })

type Shop = Awaited<ReturnType<typeof startApart>>

/** An account with roles that nobody can give themselves. */
const makeStaff = async (shop: Shop, role: Role): Promise<string> => {
  const endpoint = remoteEndpoint(shop.subgraphUrl('users'))
  const call = makeSubgraphCaller('seed', { endpoints: () => endpoint, sign, timeoutMs: 5_000 })
  const account = { email: `${role.toLowerCase()}-${process.pid}@example.com`, password: 'a long walk by the sea' }
  await call('users', {
    query: 'mutation ($input: EnsureAccountInput!) { ensureAccount(input: $input) { userErrors { code } } }',
    variables: { input: { ...account, name: role, roles: ['BUYER', role] } },
  })
  await endpoint.stop()
  return signIn(shop, account)
}

/** Who a token stands for, as the gateway signs it. */
const viewerOf = (token: string | undefined): Viewer => {
  if (!token) return anonymous
  const {
    sub: id,
    sid: sessionId,
    kind,
    roles,
  } = jwt.decode(token) as {
    sub: string
    sid: string
    kind: string
    roles: Role[]
  }
  return kind === 'guest' ? { kind, id, sessionId } : { kind: 'user', id, sessionId, roles }
}

/** The words that only a viewer may see who may see the owner's things. */
const canaries = ['Canary Street 7', 'canary-of-the-owner@example.com']

let shop: Shop
let tokens: Record<Person, string | undefined>
let things: Record<Thing, string>
/** A variant that is for sale. */
let sold: string

beforeAll(async () => {
  shop = await startApart()
  const seller = await signIn(shop, tidewaterGoods)
  const owner = (await signUp(shop)).token
  tokens = {
    anonymous: undefined,
    guest: await guest(shop),
    owner,
    otherBuyer: (await signUp(shop)).token,
    seller,
    otherSeller: await signIn(shop, lanternHouse),
    support: await makeStaff(shop, 'SUPPORT'),
    admin: await makeStaff(shop, 'ADMIN'),
  }
  const { variantIds } = await offer(shop, seller)
  sold = variantIds[0]!
  await addLine(shop, owner, sold)
  const [street, email] = canaries
  const shippingAddress = { name: 'Ada Buyer', line1: street, city: 'Berlin', postalCode: '10115', countryCode: 'DE' }
  const { order } = await placeOrder(shop, owner, { shippingAddress, email })
  expect(order.status).toBe('CONFIRMED')
  const { cart } = await addLine(shop, owner, variantIds[0]!)
  const draft = await offer(shop, seller, { published: false })
  const saved = await get(
    shop,
    'mutation ($input: AddAddressInput!) { addAddress(input: $input) { addresses { id } userErrors { code field } } }',
    { input: { address: shippingAddress } },
    owner,
  )
  things = {
    order: order.id,
    payment: order.payments[0].id,
    draft: draft.productId,
    draftSlug: draft.slug,
    draftVariant: draft.variantIds[0]!,
    line: cart.lines[0].id,
    session: (await get(shop, '{ sessions { id } }', {}, owner)).sessions[0].id,
    cart: cart.id,
    account: (await get(shop, '{ viewer { id } }', {}, owner)).viewer.id,
    address: saved.addAddress.addresses[0].id,
  }
  // Everybody else has a cart too, so that a missing cart does not hide a line that is not theirs.
  const others = people.filter((person) => person !== 'owner' && tokens[person])
  await Promise.all(others.map((person) => addLine(shop, tokens[person]!, variantIds[0]!)))
}, 60_000)
afterAll(() => shop?.stop())

const expand = (document: string): string =>
  document.replace(/ALL:(\w+)/g, (_, type: string) => selectAll(apiSchema, type))

/** The answer to an operation as text, without the id that was asked for and its cost, which differs for the first who sends a document. */
const answerOf = async (person: Person, document: string, id: string): Promise<string> => {
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

const tells = (text: string): string[] =>
  [...canaries, ...Object.values(things)].filter((secret) => text.includes(secret))

describe('the matrix of access', () => {
  const named = Object.entries(doors).flatMap(([door, { for: allowed }]) =>
    people.filter((person) => !allowed.includes(person)).map((person) => [door, person] as const),
  )
  test.each(named)(
    "given %s, when %s asks with somebody else's id, then it is answered like an id that does not exist (R9, threat: objects)",
    async (door, person) => {
      const { document, thing } = doors[door]!
      const real = await answerOf(person, document, things[thing])
      expect(real).toBe(await answerOf(person, document, madeUp[thing]))
      expect(tells(real)).toEqual([])
    },
  )

  const readable = Object.entries(doors).filter(([name]) => /^(?:Query|Subscription)\./.test(name))
  const open = readable.flatMap(([door, { for: allowed }]) => allowed.map((person) => [door, person] as const))
  test.each(open)('given %s, when %s asks, who may, then it is there', async (door, person) => {
    const { document, thing } = doors[door]!
    const real = await answerOf(person, document, things[thing])
    expect(real).not.toBe(await answerOf(person, document, madeUp[thing]))
    expect(real).toContain('"ID"')
  })

  test.each(['anonymous', 'otherBuyer', 'otherSeller', 'seller'] as const)(
    'given the stock of a draft and of a product, when %s watches both, then only those hear of the draft who may see it (threat: objects)',
    async (person) => {
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
      for (const query of Object.values(lists)) {
        expect(tells(JSON.stringify(await ask(shop, query, {}, tokens[person])))).toEqual([])
      }
    },
  )

  test.each(people)('given the cart that %s watches, then it is their own (threat: objects)', async (person) => {
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
})

describe('directives over every transport', () => {
  const refused: Record<string, string> = {
    token: '{ orders(first: 1) { totalCount } }',
    scope: '{ auditLog(first: 1) { totalCount } }',
    'a mutation with a scope':
      'mutation { createProduct(input: { title: "x", variants: [{ sku: "x" }] }) { product { id } } }',
  }
  test.each(Object.entries(refused))(
    'given what needs a %s, when a viewer without it asks over POST, GET and WebSocket, then it is refused alike (threat: fields)',
    async (_, query) => {
      const place = query
        .replace(/^mutation |[{}]/g, '')
        .trim()
        .split('(')[0]
      const expected = { path: [place], extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE' } }
      const { errors, data } = await ask(shop, query)
      expect([data, errors]).toMatchObject([undefined, [expected]])
      const socket = connect(shop)
      const failure = await socket
        .watch(query)
        .next()
        .catch((error: Error) => JSON.parse(error.message))
      expect(failure).toMatchObject([expected])
      await socket.close()
      if (query.startsWith('mutation')) return
      const response = await fetch(`${shop.url}/graphql?query=${encodeURIComponent(query)}`, {
        headers: { 'apollo-require-preflight': 'yes' },
      })
      expect(((await response.json()) as Answer).errors).toMatchObject([expected])
    },
  )
})

describe('what is for siblings', () => {
  const supergraph = readSdl('supergraph.graphql')
  const services = [
    'gateway',
    'users',
    'products',
    'pricing',
    'cart',
    'orders',
    'payments',
    'workers',
    'import',
    'seed',
    'audit',
    'admin',
    'stranger',
  ]

  /** Which services may call an operation for siblings, and in which subgraph it is; nobody else gets through. */
  const scopesOfServices: Readonly<
    Record<string, readonly [subgraph: Parameters<Shop['subgraphUrl']>[0], ...names: string[]]>
  > = {
    sessionStates: ['users', 'gateway'],
    sessionNews: ['users', 'gateway'],
    auditVerification: ['users', 'audit'],
    mailing: ['users', 'workers'],
    orderMailing: ['orders', 'workers'],
    provedBuyer: ['users', 'orders'],
    ensureAccount: ['users', 'seed'],
    makeAdmin: ['users', 'admin'],
    variants: ['products', 'cart', 'orders', 'pricing'],
    holdStock: ['products', 'orders'],
    claimStock: ['products', 'orders'],
    releaseStock: ['products', 'orders'],
    restockStock: ['products', 'orders'],
    importProducts: ['products', 'import', 'seed'],
    tryQuote: ['pricing', 'cart', 'orders'],
    cartForCheckout: ['cart', 'orders'],
    closeCart: ['cart', 'orders'],
    authorizePayment: ['payments', 'orders'],
    capturePayment: ['payments', 'orders'],
    capturePaymentPart: ['payments', 'orders'],
    releasePayment: ['payments', 'orders'],
    receivePaymentWebhook: ['payments', 'gateway'],
    cancelPayment: ['payments', 'orders'],
  }

  const hidden = (['Query', 'Mutation'] as const).flatMap((root) =>
    Object.values(
      supergraph.getType(root)?.astNode && 'fields' in supergraph.getType(root)!.astNode!
        ? (supergraph.getType(root)!.astNode as Answer).fields
        : [],
    )
      .filter((field: Answer) => field.directives.some((one: Answer) => one.name.value === 'inaccessible'))
      .map((field: Answer) => [root, field.name.value, field] as const),
  )

  test('given the operations for siblings, then each has its callers written down; the public keys are for everybody', () => {
    expect(
      hidden
        .map(([, name]) => name)
        .filter((name) => name !== 'jwks')
        .sort(),
    ).toEqual(Object.keys(scopesOfServices).sort())
  })

  /** A value of the type that passes validation. */
  const sample = (type: Answer): unknown => {
    if (type.kind === 'NonNullType') return sample(type.type)
    if (type.kind === 'ListType') return [sample(type.type)]
    const name: string = type.name.value
    const definition = supergraph.getType(name)?.astNode as Answer
    if (definition?.kind === 'InputObjectTypeDefinition') {
      const needed = definition.fields.filter(
        (field: Answer) => field.type.kind === 'NonNullType' && !field.defaultValue,
      )
      return Object.fromEntries(needed.map((field: Answer) => [field.name.value, sample(field.type)]))
    }
    if (definition?.kind === 'EnumTypeDefinition') return definition.values[0].name.value
    return (
      { Int: 1, Boolean: true, Decimal: '1.00', CurrencyCode: 'EUR', DateTime: '2026-11-22T09:30:00.000Z' }[name] ?? 'x'
    )
  }
  const typeText = (type: Answer): string =>
    type.kind === 'NonNullType'
      ? `${typeText(type.type)}!`
      : type.kind === 'ListType'
        ? `[${typeText(type.type)}]`
        : type.name.value
  const namedType = (type: Answer): string => (type.type ? namedType(type.type) : type.name.value)

  test.each(hidden.filter(([, name]) => name !== 'jwks' && name in scopesOfServices))(
    'given %s.%s, when other services or viewers call it, then FORBIDDEN (threat: subgraphs)',
    async (root, name, field) => {
      const [subgraph, ...allowed] = scopesOfServices[name]!
      const definitions = field.arguments.map((one: Answer) => `$${one.name.value}: ${typeText(one.type)}`).join(', ')
      const passed = field.arguments.map((one: Answer) => `${one.name.value}: $${one.name.value}`).join(', ')
      const isPayload = namedType(field.type).endsWith('Payload')
      const selection = isPayload ? '{ userErrors { code } }' : '{ __typename }'
      const query = `${root.toLowerCase()} ${definitions && `(${definitions})`} { ${name} ${passed && `(${passed})`} ${selection} }`
      const variables = Object.fromEntries(field.arguments.map((one: Answer) => [one.name.value, sample(one.type)]))
      const endpoint = remoteEndpoint(shop.subgraphUrl(subgraph))
      const codesOf = async (viewer: Viewer): Promise<string[]> => {
        const { result } = await endpoint.execute(
          sign(subgraph, { viewer, body: JSON.stringify({ query, variables }) }),
        )
        const { data, errors = [] } = result as { data?: Record<string, Answer>; errors?: Answer[] }
        return [
          ...errors.map(({ extensions }) => extensions.code),
          ...(data?.[name]?.userErrors ?? []).map(({ code }: Answer) => code),
        ]
      }
      const viewers = people.map((person) => [person, viewerOf(tokens[person])] as const)
      const strangers = services
        .filter((service) => !allowed.includes(service))
        .map((service) => [service, { kind: 'service', name: service } as Viewer] as const)
      for (const [who, viewer] of [...viewers, ...strangers]) {
        expect(await codesOf(viewer), `${who}: ${query}`).toEqual([
          expect.stringMatching(/^(FORBIDDEN|UNAUTHENTICATED)$/),
        ])
      }
      await endpoint.stop()
    },
  )
})
