import { describe, expect, it } from 'vitest'
import { isShopError, type Problem } from '#kernel/errors.ts'
import { money } from '#kernel/money.ts'
import { type PlaceOrderInput, parsePlaceOrder, placeOrder, refuseOtherTotal, refuseUnsold } from './placeOrder.ts'
import { aLine, anAddress, anInput, anOrder, placedAt, someTotals } from './testing.ts'

const problemsOf = (act: () => unknown): readonly Problem[] => {
  try {
    act()
  } catch (error) {
    if (isShopError(error)) return error.problems
    throw error
  }
  return []
}

const parse = (change: Partial<PlaceOrderInput>) => () => parsePlaceOrder(anInput(change))
const long = 'x'.repeat(256)

describe('the input of placeOrder', () => {
  it('given a valid one, then texts are trimmed and the billing address is the shipping address', () => {
    const demand = parsePlaceOrder(anInput({ email: ' ada@example.test ' }))
    expect(demand).toMatchObject({
      email: 'ada@example.test',
      acknowledgedTotal: money(4_480, 'EUR'),
      shippingMethodId: null,
    })
    expect(demand.billingAddress).toEqual(demand.shippingAddress)
    expect(demand.shippingAddress).toMatchObject({ city: 'London', line2: null })
  })

  it.each<[string, Partial<PlaceOrderInput>, string[]]>([
    ['an empty key', { idempotencyKey: '' }, ['input', 'idempotencyKey']],
    ['a long key', { idempotencyKey: long }, ['input', 'idempotencyKey']],
    ['no e-mail address', { email: 'ada' }, ['input', 'email']],
    ['a long e-mail address', { email: `${long}@example.test` }, ['input', 'email']],
    ['no name', { shippingAddress: { ...anAddress, name: ' ' } }, ['input', 'shippingAddress', 'name']],
    ['a long line', { shippingAddress: { ...anAddress, line2: long } }, ['input', 'shippingAddress', 'line2']],
    [
      'a country in small letters',
      { shippingAddress: { ...anAddress, countryCode: 'gb' } },
      ['input', 'shippingAddress', 'countryCode'],
    ],
    [
      'a country that is none',
      { billingAddress: { ...anAddress, countryCode: 'QQ' } },
      ['input', 'billingAddress', 'countryCode'],
    ],
    [
      'too many digits',
      { acknowledgedTotal: { amount: '1.234', currencyCode: 'EUR' } },
      ['input', 'acknowledgedTotal', 'amount'],
    ],
    [
      'no currency',
      { acknowledgedTotal: { amount: '1', currencyCode: 'EURO' } },
      ['input', 'acknowledgedTotal', 'currencyCode'],
    ],
    [
      'a negative total',
      { acknowledgedTotal: { amount: '-1', currencyCode: 'EUR' } },
      ['input', 'acknowledgedTotal', 'amount'],
    ],
    ['no token', { payment: { provider: 'sandbox', token: '' } }, ['input', 'payment', 'token']],
    [
      'a card number for a token (threat: card data)',
      { payment: { provider: 'sandbox', token: '4111 1111 1111 1111' } },
      ['input', 'payment', 'token'],
    ],
    ['a security code in the key', { idempotencyKey: 'order-1 cvv 123' }, ['input', 'idempotencyKey']],
    ['no provider', { payment: { provider: '', token: 'tok_ok' } }, ['input', 'payment', 'provider']],
  ])('refuses %s, naming the field', (_, change, field) => {
    expect(problemsOf(parse(change))).toMatchObject([{ code: 'BAD_USER_INPUT', field }])
  })

  it('names every field at fault at once', () => {
    const problems = problemsOf(parse({ email: '', idempotencyKey: '', shippingAddress: { ...anAddress, city: '' } }))
    expect(problems.map(({ field }) => field?.at(-1))).toEqual(['idempotencyKey', 'email', 'city'])
  })
})

describe('the total that the buyer agreed to (I7)', () => {
  it('given the same total, then nothing is refused', () => {
    expect(problemsOf(() => refuseOtherTotal(money(4_480, 'EUR'), money(4_480, 'EUR')))).toEqual([])
  })

  it('given another amount, then PRICE_CHANGED tells the new one', () => {
    expect(problemsOf(() => refuseOtherTotal(money(4_480, 'EUR'), money(4_580, 'EUR')))).toMatchObject([
      { code: 'PRICE_CHANGED', field: ['input', 'acknowledgedTotal'], message: expect.stringContaining('45.80 EUR') },
    ])
  })

  it('given another currency, then CURRENCY_MISMATCH', () => {
    expect(problemsOf(() => refuseOtherTotal(money(4_480, 'USD'), money(4_480, 'EUR')))).toMatchObject([
      { code: 'CURRENCY_MISMATCH', field: ['input', 'acknowledgedTotal', 'currencyCode'] },
    ])
  })
})

describe('what is ordered', () => {
  it('refuses each line that is not sold or does not exist', () => {
    const variant = { sku: 'S', title: 'T', sellerId: 'usr_2', isSold: true, maxPerOrder: null }
    const offers = [
      { variantId: 'var_1', quantity: 1, variant },
      { variantId: 'var_2', quantity: 1, variant: { ...variant, isSold: false } },
      { variantId: 'var_3', quantity: 1, variant: null },
    ]
    const problems = problemsOf(() => refuseUnsold(offers))
    expect(problems.map(({ code, message }) => [code, /var_\d/.exec(message)?.[0]])).toEqual([
      ['NOT_SOLD', 'var_2'],
      ['NOT_SOLD', 'var_3'],
    ])
  })

  it('begins as event 1, awaiting payment, holding its cart', () => {
    expect(anOrder()).toMatchObject({
      state: { status: 'AWAITING_PAYMENT' },
      liveCartId: 'cart_1',
      events: [{ seq: 1, event: 'OrderPlaced', at: placedAt }],
    })
  })

  const placement = (change: object) => ({
    _id: 'ord_1',
    ownerId: 'usr_1',
    fingerprint: 'f',
    cartId: 'cart_1',
    demand: parsePlaceOrder(anInput()),
    clientAddress: '',
    lines: [aLine],
    totals: someTotals,
    shippingMethod: 'Standard',
    expiresAt: placedAt + 1,
    ...change,
  })

  it('given amounts that do not add up, then it is a fault, not an order (I6)', () => {
    const wrong = { totals: { ...someTotals, shipping: money(501, 'EUR') } }
    expect(() => placeOrder(placement(wrong), placedAt)).toThrow('does not add up')
    const lines = { lines: [aLine, aLine] }
    expect(() => placeOrder(placement(lines), placedAt)).toThrow('does not add up')
  })

  it('given tax on top, then it counts towards the total', () => {
    const totals = { ...someTotals, taxIncluded: false, tax: money(20, 'EUR'), shipping: money(480, 'EUR') }
    expect(placeOrder(placement({ totals }), placedAt).totals.total).toEqual(money(4_480, 'EUR'))
  })
})
