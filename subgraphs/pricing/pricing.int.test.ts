import { describe, expect, test } from 'vitest'
import { makeManualClock, minutes } from '#kernel/time.ts'
import { service, type Viewer } from '#platform/auth.ts'
import { startTestSubgraph } from '../../tests/subgraph.ts'
import { buildPricing, pricing } from './index.ts'

const variant = (n: number): string => `var_${String(n).padStart(26, '0')}`
const seller = (id: string): Viewer => ({ kind: 'user', id, sessionId: 'ses_1', roles: ['SELLER'] })
const admin: Viewer = { kind: 'user', id: 'usr_admin', sessionId: 'ses_2', roles: ['ADMIN'] }
const buyer: Viewer = { kind: 'user', id: 'usr_buyer', sessionId: 'ses_3', roles: ['BUYER'] }
const anonymous: Viewer = { kind: 'anonymous' }
const address = { name: 'Ada', line1: 'Street 1', city: 'Berlin', countryCode: 'DE' }

/** A catalogue of 300 variants: the first 150 belong to seller A, the others to B. */
const sellers = new Map(Array.from({ length: 300 }, (_, i) => [variant(i), i < 150 ? 'usr_A' : 'usr_B']))
const drafts = new Set<string>([variant(149)])
const products = {
  offers: async (ids: readonly string[]) =>
    new Map(
      ids.flatMap((id) => {
        const sellerId = sellers.get(id)
        return sellerId ? [[id, { sellerId, isSold: !drafts.has(id) }] as const] : []
      }),
    ),
}

interface Amount {
  readonly amount: string
}
interface Variant {
  readonly price: { readonly amount: Amount } | null
}
interface QuoteAnswer {
  readonly rows: readonly { readonly kind: string; readonly label: string; readonly amount: Amount }[]
}
interface SetPrices {
  readonly changed: number
  readonly variants: readonly Variant[]
  readonly userErrors: readonly object[]
}

const start = async () => {
  const clock = makeManualClock()
  const running = await startTestSubgraph({ ...pricing, build: (deps) => buildPricing(deps, products) }, { clock })
  const data = async <T>(viewer: Viewer, query: string, variables?: Record<string, unknown>): Promise<T> => {
    const { data, errors } = await running.ask(viewer, query, variables)
    expect(errors).toBeUndefined()
    return data as T
  }
  const setPrices = async (viewer: Viewer, prices: readonly object[]) =>
    (await data<{ setPrices: SetPrices }>(viewer, setPricesMutation, { input: { prices } })).setPrices
  const readPrices = async (count: number, currency?: string) =>
    (await data<{ _entities: Variant[] }>(anonymous, pricesQuery, { refs: refs(count), currency }))._entities
  return { ...running, clock, data, setPrices, readPrices }
}

const setPricesMutation = /* GraphQL */ `
  mutation ($input: SetPricesInput!) {
    setPrices(input: $input) {
      changed
      variants { id price { amount { amount currencyCode } } }
      userErrors { code field }
    }
  }
`
const pricesQuery = /* GraphQL */ `
  query ($refs: [_Any!]!, $currency: CurrencyCode) {
    _entities(representations: $refs) {
      ... on ProductVariant {
        id
        price(currency: $currency) {
          amount { amount currencyCode }
          compareAt { amount }
          tiers { minQuantity amount { amount } }
          lowestIn30Days { amount }
        }
        yen: price(currency: "JPY") { amount { amount } }
      }
    }
  }
`
const refs = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ __typename: 'ProductVariant', id: variant(i) }))
const eur = (n: number, amount: string, more: object = {}) => ({
  variantId: variant(n),
  amount: { amount, currencyCode: 'EUR' },
  ...more,
})

describe('setPrices', () => {
  test('given own variants, when prices are set, then they are read back with tiers and history', async () => {
    const { setPrices, readPrices, clock } = await start()
    const tiers = [{ minQuantity: 10, amount: { amount: '8.00', currencyCode: 'EUR' } }]
    await setPrices(seller('usr_A'), [eur(0, '10.00')])
    clock.advance(1_000)
    const compareAt = { amount: '15.00', currencyCode: 'EUR' }
    const payload = await setPrices(seller('usr_A'), [eur(0, '12.00', { tiers, compareAt })])
    expect(payload).toEqual({
      changed: 1,
      variants: [{ id: variant(0), price: { amount: { amount: '12.00', currencyCode: 'EUR' } } }],
      userErrors: [],
    })
    const variants = await readPrices(1)
    expect(variants[0]).toEqual({
      id: variant(0),
      price: {
        amount: { amount: '12.00', currencyCode: 'EUR' },
        compareAt: { amount: '15.00' },
        tiers: [{ minQuantity: 10, amount: { amount: '8.00' } }],
        lowestIn30Days: { amount: '10.00' },
      },
      yen: null,
    })
  })

  test('given prices that hold already, when they are set again, then nothing changes and no event is written', async () => {
    const { setPrices, subgraph } = await start()
    const yen = { variantId: variant(1), amount: { amount: '900', currencyCode: 'JPY' } }
    expect((await setPrices(admin, [eur(1, '10.00'), yen, eur(2, '5')])).changed).toBe(3)
    expect((await setPrices(admin, [eur(1, '10.00'), yen, eur(2, '6')])).changed).toBe(1)
    const events = (await subgraph.parts.outboxes?.[0]?.pending(10)) ?? []
    const changes = events.filter(({ type }) => type === 'PricesChanged')
    expect(changes.map(({ type, payload }) => [type, payload.variantId, payload.currencies])).toEqual([
      ['PricesChanged', variant(1), ['EUR', 'JPY']],
      ['PricesChanged', variant(2), ['EUR']],
      ['PricesChanged', variant(2), ['EUR']],
    ])
    const acts = events.filter(({ type }) => type === 'ActDone')
    expect(acts.map(({ payload }) => [payload.action, payload.target])).toEqual([
      ['PRICES_SET', variant(1)],
      ['PRICES_SET', variant(1)],
      ['PRICES_SET', variant(1)],
    ])
    expect(new Set(acts.map(({ id }) => id)).size).toBe(2)
  })

  test('given 250 prices, when they are set, then it takes one read and one write', async () => {
    const { setPrices, deps } = await start()
    deps.operations.length = 0
    const payload = await setPrices(
      service('products'),
      Array.from({ length: 250 }, (_, i) => eur(i, '1.00')),
    )
    expect(payload).toMatchObject({ changed: 250, userErrors: [] })
    // The last one reads the answer.
    expect(deps.operations).toEqual(['find', 'update', 'find'])
  })

  test('given 10 writers of the same variants in different currencies, then every price holds', async () => {
    const { setPrices, readPrices } = await start()
    const codes = ['EUR', 'USD', 'GBP', 'CHF', 'JPY', 'PLN', 'SEK', 'DKK', 'NOK', 'CZK']
    const all = await Promise.all(
      codes.map((currencyCode) =>
        setPrices(
          admin,
          [0, 1, 2].map((n) => ({ variantId: variant(n), amount: { amount: '7', currencyCode } })),
        ),
      ),
    )
    expect(all.map(({ changed }) => changed)).toEqual(codes.map(() => 3))
    for (const currency of codes) {
      const variants = await readPrices(3, currency)
      expect(variants.every(({ price }) => Number(price?.amount.amount) === 7)).toBe(true)
    }
  })

  test.each<[string, Viewer, object[], string, (string | null)[] | null]>([
    ['the variant of another seller', seller('usr_A'), [eur(0, '1'), eur(200, '1')], 'NOT_FOUND', ['1', 'variantId']],
    ['a variant that does not exist', admin, [eur(999, '1')], 'NOT_FOUND', ['0', 'variantId']],
    [
      'something that is no variant id',
      admin,
      [{ ...eur(0, '1'), variantId: 'x' }],
      'BAD_USER_INPUT',
      ['0', 'variantId'],
    ],
    ['more digits than the currency has', admin, [eur(0, '1.001')], 'BAD_USER_INPUT', ['0', 'amount', 'amount']],
    ['one currency twice', admin, [eur(0, '1'), eur(0, '2')], 'BAD_USER_INPUT', ['1', 'variantId']],
    ['no price', admin, [], 'BAD_USER_INPUT', []],
    ['251 prices', admin, Array.from({ length: 251 }, (_, i) => eur(i, '1')), 'BAD_USER_INPUT', []],
    ['a buyer', buyer, [eur(0, '1')], 'FORBIDDEN', null],
    ['nobody signed in', anonymous, [eur(0, '1')], 'UNAUTHENTICATED', null],
  ])('given %s, then it is refused and nothing is set', async (_, viewer, prices, code, path) => {
    const { setPrices, readPrices } = await start()
    expect(await setPrices(viewer, prices)).toEqual({
      changed: 0,
      variants: [],
      userErrors: [{ code, field: path && ['input', 'prices', ...path] }],
    })
    const variants = await readPrices(1)
    expect(variants[0]?.price).toBeNull()
  })
})

describe('ProductVariant.price', () => {
  test('given 20 variants in two currencies, then one database operation reads them, and none those that were read within the second', async () => {
    const { setPrices, readPrices, deps, clock } = await start()
    await setPrices(
      admin,
      Array.from({ length: 20 }, (_, i) => eur(i, `${i + 1}`)),
    )
    deps.operations.length = 0
    clock.advance(1_000)
    const variants = await readPrices(20)
    await readPrices(20)
    expect(variants.map(({ price }) => price?.amount.amount).slice(0, 3)).toEqual(['1.00', '2.00', '3.00'])
    expect(deps.operations).toEqual(['find'])
  })
})

describe('quote, tryQuote and shippingMethods', () => {
  const quoteQuery = /* GraphQL */ `
    query ($input: QuoteInput!) {
      quote(input: $input) {
        id currency expiresAt taxIncluded
        subtotal { amount } discount { amount } shipping { amount } tax { amount } total { amount currencyCode }
        shippingMethod { id price { amount } freeFrom { amount } }
        lines { variantId quantity unitPrice { amount } total { amount } tax { amount } }
        rows { kind label amount { amount } variantId }
      }
    }
  `

  test('given priced lines and a destination, then every cent is explained (promise I6)', async () => {
    const { setPrices, data } = await start()
    await setPrices(admin, [eur(0, '19.90'), eur(1, '0.10')])
    const lines = [
      { variantId: variant(0), quantity: 2 },
      { variantId: variant(1), quantity: 1 },
    ]
    const { quote } = await data<{ quote: QuoteAnswer }>(anonymous, quoteQuery, {
      input: { lines, destination: address },
    })
    expect(quote).toMatchObject({
      subtotal: { amount: '39.90' },
      discount: { amount: '0.00' },
      shipping: { amount: '4.90' },
      tax: { amount: '7.15' },
      total: { amount: '44.80', currencyCode: 'EUR' },
      taxIncluded: true,
      shippingMethod: { id: 'standard', price: { amount: '4.90' }, freeFrom: { amount: '50.00' } },
    })
    expect(quote.rows.map((row) => [row.kind, row.label, row.amount.amount])).toEqual([
      ['LINE', '2 x 19.90 EUR', '39.80'],
      ['LINE', '1 x 0.10 EUR', '0.10'],
      ['SHIPPING', 'Standard', '4.90'],
      ['TAX', 'VAT DE 19 %', '7.15'],
    ])
  })

  test('given a variant that is not for sale, then its price is told to its seller and administrators; for others it is not there (threat: objects)', async () => {
    const { ask, setPrices } = await start()
    const amount = { amount: '19.90', currencyCode: 'EUR' }
    await setPrices(seller('usr_A'), [{ variantId: variant(149), amount }])
    const answer = async (viewer: Viewer, variantId: string) => {
      const { data, errors } = await ask(viewer, quoteQuery, { input: { lines: [{ variantId, quantity: 1 }] } })
      return JSON.stringify(errors ?? data).replaceAll(variantId, 'ID')
    }
    for (const viewer of [seller('usr_A'), admin]) expect(await answer(viewer, variant(149))).toContain('19.90')
    for (const viewer of [anonymous, buyer, seller('usr_B')])
      expect(await answer(viewer, variant(149))).toBe(await answer(viewer, variant(999)))
  })

  test('given a line without price, then quote refuses, and tryQuote tells the cart the other prices', async () => {
    const { setPrices, ask, data } = await start()
    await setPrices(admin, [eur(0, '19.90')])
    const input = { lines: [0, 1].map((n) => ({ variantId: variant(n), quantity: 1 })) }
    const { errors } = await ask(anonymous, quoteQuery, { input })
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'NOT_PRICED', field: ['input', 'lines', '1', 'variantId'] })
    const tryQuote = `query ($input: QuoteInput!) {
      tryQuote(input: $input) { quote { id } unitPrices { amount } userErrors { code field } }
    }`
    expect((await data<{ tryQuote: object }>(service('cart'), tryQuote, { input })).tryQuote).toEqual({
      quote: null,
      unitPrices: [{ amount: '19.90' }, null],
      userErrors: [{ code: 'NOT_PRICED', field: ['input', 'lines', '1', 'variantId'] }],
    })
    expect((await ask(admin, tryQuote, { input })).errors?.[0]?.extensions?.code).toBe('FORBIDDEN')
  })

  test('given a price that changed, when orders asks with the total that was quoted, then it is honoured for 15 minutes (C8)', async () => {
    const { setPrices, data, clock } = await start()
    await setPrices(admin, [eur(0, '19.90')])
    clock.advance(minutes(60))
    await setPrices(admin, [eur(0, '24.90')])
    const quoted = async (amount: string) => {
      const query = `query ($input: QuoteInput!, $total: MoneyInput) {
        tryQuote(input: $input, acknowledgedTotal: $total) { quote { total { amount } } } }`
      const input = { lines: [{ variantId: variant(0), quantity: 1 }] }
      const variables = { input, total: { amount, currencyCode: 'EUR' } }
      const answer = await data<{ tryQuote: { quote: { total: Amount } } }>(service('orders'), query, variables)
      return answer.tryQuote.quote.total.amount
    }
    expect([await quoted('19.90'), await quoted('24.90'), await quoted('0.01')]).toEqual(['19.90', '24.90', '24.90'])
    clock.advance(minutes(15))
    expect(await quoted('19.90')).toBe('24.90')
  })

  test('given a hostile quantity, then it is refused before the database is asked', async () => {
    const { ask, deps } = await start()
    deps.operations.length = 0
    for (const quantity of [0, -1, 1000, 2_147_483_647]) {
      const { errors } = await ask(anonymous, quoteQuery, { input: { lines: [{ variantId: variant(0), quantity }] } })
      expect(errors?.[0]?.extensions).toMatchObject({
        code: 'BAD_USER_INPUT',
        field: ['input', 'lines', '0', 'quantity'],
      })
    }
    expect(deps.operations).toEqual([])
  })

  test('given a destination, then ways of delivery come cheapest first; a malformed country is named', async () => {
    const { ask, data } = await start()
    const query =
      'query ($to: AddressInput!) { shippingMethods(destination: $to) { id name price { amount currencyCode } } }'
    const { shippingMethods } = await data<{ shippingMethods: { id: string; price: Amount }[] }>(anonymous, query, {
      to: address,
    })
    expect(shippingMethods.map((method) => [method.id, method.price.amount])).toEqual([
      ['standard', '4.90'],
      ['express', '12.90'],
    ])
    const { errors } = await ask(anonymous, query, { to: { ...address, countryCode: 'deutschland' } })
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: ['destination', 'countryCode'] })
  })
})

test('given somebody waits for facts, when prices are set in bulk, then it hears of them at once (wake-up)', async () => {
  const { subgraph, setPrices } = await start()
  let woken = 0
  const [outbox] = subgraph.parts.outboxes!
  outbox!.onCommit(() => {
    woken += 1
  })
  await setPrices(admin, [{ variantId: variant(1), amount: { amount: '5.00', currencyCode: 'EUR' } }])
  expect(woken).toBe(1)
  // One about the price, one for the audit log.
  expect(await outbox!.depth()).toMatchObject({ pending: 2, dead: 0 })
})
