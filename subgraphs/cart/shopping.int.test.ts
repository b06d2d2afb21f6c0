import { describe, expect, test } from 'vitest'
import { makeManualClock, seconds } from '#kernel/time.ts'
import { service, type Viewer } from '#platform/auth.ts'
import { startTestSubgraph } from '../../tests/subgraph.ts'
import { makeMemorySiblings } from './clients.memory.ts'
import { buildCart, cart } from './index.ts'

const variant = (n: number): string => `var_${String(n).padStart(26, '0')}`
const guest = (id = 'gst_1'): Viewer => ({ kind: 'guest', id, sessionId: `ses_${id}` })
const anonymous: Viewer = { kind: 'anonymous' }
const address = { name: 'Ada', line1: 'Street 1', city: 'Berlin', countryCode: 'DE' }

interface Payload {
  readonly cart: {
    readonly id: string
    readonly version: number
    readonly lines: readonly {
      readonly id: string
      readonly quantity: number
      readonly variant: { readonly id: string }
    }[]
  } | null
  readonly userErrors: readonly { readonly code: string; readonly field: readonly string[] | null }[]
}

const payloadFields = '{ cart { id version lines { id quantity variant { id } } } userErrors { code field } }'
const fullFields = /* GraphQL */ `
  id version currency shippingMethodId shippingAddress { city countryCode }
  lines { quantity variant { id } unitPrice { amount currencyCode } total { amount } }
  totals { subtotal { amount } shipping { amount } total { amount currencyCode } rows { kind amount { amount } } }
  problems { code lineId } warnings { code lineId }
`

const start = async () => {
  const clock = makeManualClock()
  const siblings = makeMemorySiblings()
  for (let n = 0; n < 5; n++) siblings.sell(variant(n), 100, 1000 + n)
  const running = await startTestSubgraph({ ...cart, build: (deps) => buildCart(deps, siblings) }, { clock })
  const mutate = async (viewer: Viewer, name: string, input: Record<string, unknown>): Promise<Payload> => {
    const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`
    const query = `mutation ($input: ${type}!) { ${name}(input: $input) ${payloadFields} }`
    const { data, errors } = await running.ask(viewer, query, { input })
    expect(errors).toBeUndefined()
    return (data as Record<string, Payload>)[name] as Payload
  }
  const read = async (viewer: Viewer, fields = fullFields) => {
    const { data, errors } = await running.ask(viewer, `{ cart { ${fields} } }`)
    expect(errors).toBeUndefined()
    return data?.cart as Record<string, unknown> | null
  }
  const addLine = (viewer: Viewer, n: number, quantity = 1) =>
    mutate(viewer, 'addCartLine', { variantId: variant(n), quantity })
  return { ...running, clock, siblings, mutate, read, addLine }
}

describe('addCartLine', () => {
  test('given no cart, when a line is added, then there is one; before, there is none', async () => {
    const { read, addLine } = await start()
    expect(await read(guest())).toBeNull()
    const { cart, userErrors } = await addLine(guest(), 0, 2)
    expect(userErrors).toEqual([])
    expect(cart).toMatchObject({ version: 1, lines: [{ quantity: 2, variant: { id: variant(0) } }] })
  })

  test('given no cart, when 20 lines of one variant are added at once, then one cart has them all', async () => {
    const { addLine, deps } = await start()
    const payloads = await Promise.all(Array.from({ length: 20 }, (_, i) => addLine(guest(), 0, i + 1)))
    expect(new Set(payloads.map(({ cart }) => cart?.id)).size).toBe(1)
    expect(payloads.map(({ cart }) => cart?.version).sort((a, b) => (a ?? 0) - (b ?? 0))).toEqual(
      Array.from({ length: 20 }, (_, i) => i + 1),
    )
    const carts = await deps.database.collection('carts').find({}).toArray()
    expect(carts).toHaveLength(1)
    expect(carts[0]?.lines).toMatchObject([{ variantId: variant(0), quantity: 210 }])
  })

  test.each<[string, Record<string, unknown>, object[]]>([
    ['quantity 0', { variantId: variant(0), quantity: 0 }, [{ code: 'BAD_USER_INPUT', field: ['input', 'quantity'] }]],
    [
      'quantity 1000',
      { variantId: variant(0), quantity: 1000 },
      [{ code: 'BAD_USER_INPUT', field: ['input', 'quantity'] }],
    ],
    [
      'an unknown variant',
      { variantId: variant(99), quantity: 1 },
      [{ code: 'NOT_FOUND', field: ['input', 'variantId'] }],
    ],
    [
      'an unpublished one',
      { variantId: variant(77), quantity: 1 },
      [{ code: 'NOT_SOLD', field: ['input', 'variantId'] }],
    ],
    [
      'two wrong things',
      { variantId: 'prod_1', quantity: -1 },
      [
        { code: 'BAD_USER_INPUT', field: ['input', 'variantId'] },
        { code: 'BAD_USER_INPUT', field: ['input', 'quantity'] },
      ],
    ],
  ])('given %s, then it is refused, named, and the cart as it stands comes back', async (_, input, userErrors) => {
    const { mutate, addLine, siblings } = await start()
    siblings.unpublish(variant(77))
    await addLine(guest(), 1)
    const payload = await mutate(guest(), 'addCartLine', input)
    expect(payload).toMatchObject({ userErrors, cart: { version: 1, lines: [{ variant: { id: variant(1) } }] } })
  })

  test('given nobody signed in, then UNAUTHENTICATED', async () => {
    const { addLine, mutate, read } = await start()
    expect(await addLine(anonymous, 0)).toMatchObject({ cart: null, userErrors: [{ code: 'UNAUTHENTICATED' }] })
    expect(await mutate(service('orders'), 'addCartLine', { variantId: variant(0), quantity: 1 })).toMatchObject({
      userErrors: [{ code: 'UNAUTHENTICATED' }],
    })
    expect(await read(anonymous)).toBeNull()
  })

  test('given a variant that was sold, then products is asked again only after 30 s', async () => {
    const { addLine, siblings, clock } = await start()
    await addLine(guest(), 0)
    await addLine(guest('gst_2'), 0)
    expect(siblings.calls.products).toBe(1)
    clock.advance(seconds(31))
    await addLine(guest(), 0)
    expect(siblings.calls.products).toBe(2)
  })

  test('given that products is away, then the line is taken and the cart warns', async () => {
    const { addLine, siblings, read } = await start()
    siblings.isAway.products = true
    expect((await addLine(guest(), 0)).userErrors).toEqual([])
    expect(await read(guest())).toMatchObject({ warnings: [{ code: 'UNAVAILABLE' }], problems: [] })
  })

  test('given a cart, when a line is added, then it takes one read, one load and one guarded write', async () => {
    const { addLine, deps } = await start()
    await addLine(guest(), 0)
    deps.operations.length = 0
    await addLine(guest(), 1)
    expect(deps.operations).toEqual(['find', 'update'])
  })
})

describe('updateCartLine, removeCartLine, setCartDestination, setCartCurrency', () => {
  test('given a line, when it is set, removed and removed again, then the version tells what changed', async () => {
    const { addLine, mutate } = await start()
    const lineId = (await addLine(guest(), 0)).cart?.lines[0]?.id
    expect((await mutate(guest(), 'updateCartLine', { lineId, quantity: 7 })).cart).toMatchObject({ version: 2 })
    expect((await mutate(guest(), 'updateCartLine', { lineId, quantity: 7 })).cart).toMatchObject({ version: 2 })
    expect((await mutate(guest(), 'removeCartLine', { lineId })).cart).toMatchObject({ version: 3, lines: [] })
    expect((await mutate(guest(), 'removeCartLine', { lineId })).cart).toMatchObject({ version: 3, lines: [] })
    expect(await mutate(guest(), 'updateCartLine', { lineId, quantity: 1 })).toMatchObject({
      userErrors: [{ code: 'NOT_FOUND', field: ['input', 'lineId'] }],
    })
  })

  test('given no cart, then nothing can be set, and removing changes nothing', async () => {
    const { mutate } = await start()
    expect((await mutate(guest(), 'updateCartLine', { lineId: 'line_1', quantity: 1 })).userErrors).toMatchObject([
      { code: 'NOT_FOUND', field: ['input', 'lineId'] },
    ])
    expect((await mutate(guest(), 'setCartCurrency', { currency: 'JPY' })).userErrors).toMatchObject([
      { code: 'CART_EMPTY' },
    ])
    expect(await mutate(guest(), 'removeCartLine', { lineId: 'line_1' })).toEqual({ cart: null, userErrors: [] })
  })

  test('given a destination and another currency, then the cart is priced anew at once', async () => {
    const { addLine, mutate, read, siblings } = await start()
    siblings.sell(variant(0), 100, 160_000, 'KWD')
    await addLine(guest(), 0, 2)
    await mutate(guest(), 'setCartDestination', { shippingAddress: address, shippingMethodId: 'standard' })
    expect(await read(guest())).toMatchObject({
      shippingAddress: { city: 'Berlin', countryCode: 'DE' },
      shippingMethodId: 'standard',
      totals: { subtotal: { amount: '20.00' }, shipping: { amount: '5.00' }, total: { amount: '25.00' } },
    })
    await mutate(guest(), 'setCartCurrency', { currency: 'KWD' })
    expect(await read(guest())).toMatchObject({
      version: 3,
      currency: 'KWD',
      lines: [{ unitPrice: { amount: '160.000', currencyCode: 'KWD' }, total: { amount: '320.000' } }],
      totals: { total: { amount: '320.500', currencyCode: 'KWD' } },
    })
  })

  test('given a wrong address, then every wrong part is named', async () => {
    const { addLine, mutate } = await start()
    await addLine(guest(), 0)
    const shippingAddress = { ...address, city: ' ', countryCode: 'XX' }
    expect(
      (await mutate(guest(), 'setCartDestination', { shippingAddress })).userErrors.map(({ field }) => field),
    ).toEqual([
      ['input', 'shippingAddress', 'city'],
      ['input', 'shippingAddress', 'countryCode'],
    ])
  })
})

describe('reading a cart', () => {
  test('given everything is selected, then each sibling is called once; given lines only, none', async () => {
    const { addLine, read, siblings } = await start()
    for (const n of [0, 1, 2]) await addLine(guest(), n)
    Object.assign(siblings.calls, { products: 0, pricing: 0 })
    await read(guest(), 'lines { quantity variant { id } }')
    expect(siblings.calls).toEqual({ products: 0, pricing: 0 })
    expect(await read(guest())).toMatchObject({ problems: [], warnings: [], totals: { total: { amount: '30.03' } } })
    expect(siblings.calls).toEqual({ products: 1, pricing: 1 })
  })

  test('given a line without price and one sold out, then there are no totals, but the other prices and both problems', async () => {
    const { addLine, read, siblings } = await start()
    siblings.sell(variant(8), 5, null)
    await addLine(guest(), 0, 2)
    await addLine(guest(), 8)
    siblings.sell(variant(0), 1, 1000)
    expect(await read(guest())).toMatchObject({
      totals: null,
      lines: [{ unitPrice: { amount: '10.00' } }, { unitPrice: null, total: null }],
      problems: [{ code: 'OUT_OF_STOCK' }, { code: 'NOT_PRICED' }],
    })
  })

  test('given that pricing is away, then there are no totals, and the problem says why', async () => {
    const { addLine, read, siblings } = await start()
    await addLine(guest(), 0)
    siblings.isAway.pricing = true
    expect(await read(guest())).toMatchObject({
      totals: null,
      lines: [{ unitPrice: null, quantity: 1 }],
      problems: [{ code: 'UNAVAILABLE', lineId: null }],
    })
  })

  test('given an empty cart, then it costs nothing and nobody is asked', async () => {
    const { addLine, mutate, read, siblings } = await start()
    const lineId = (await addLine(guest(), 0)).cart?.lines[0]?.id
    await mutate(guest(), 'removeCartLine', { lineId })
    Object.assign(siblings.calls, { products: 0, pricing: 0 })
    expect(await read(guest())).toMatchObject({
      lines: [],
      problems: [],
      totals: { total: { amount: '0.00' }, rows: [] },
    })
    expect(siblings.calls).toEqual({ products: 0, pricing: 0 })
  })

  test('given the cart of somebody else, then it cannot be seen or changed', async () => {
    const { addLine, mutate, ask, read } = await start()
    const mine = (await addLine(guest(), 0)).cart
    const other = guest('gst_2')
    expect(await read(other)).toBeNull()
    expect(
      (await mutate(other, 'updateCartLine', { lineId: mine?.lines[0]?.id, quantity: 9 })).userErrors,
    ).toMatchObject([{ code: 'NOT_FOUND' }])
    const query = '($refs: [_Any!]!) { _entities(representations: $refs) { ... on Cart { id currency } } }'
    const resolve = async (viewer: Viewer) =>
      (await ask(viewer, `query ${query}`, { refs: [{ __typename: 'Cart', id: mine?.id }] })).data?._entities
    expect(await resolve(other)).toEqual([null])
    expect(await resolve(anonymous)).toEqual([null])
    expect(await resolve(guest())).toEqual([{ id: mine?.id, currency: 'EUR' }])
    expect(await resolve(service('orders'))).toEqual([{ id: mine?.id, currency: 'EUR' }])
  })
})
