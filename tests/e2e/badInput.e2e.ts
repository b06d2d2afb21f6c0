import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Answer, ask, get, type TestShop } from '../client.ts'
import { addLine, orderInput, sendOrder, setDestination, signUp, someVariants } from '../people.ts'
import { startTogether } from '../shop.ts'
import { safeRequest } from './safeRequest.ts'

const noSuchVariant = 'var_01ARZ3NDEKTSV4RRFFQ69G5FAV'

let shop: TestShop
beforeAll(async () => {
  shop = await startTogether()
})
afterAll(() => shop?.stop())

const problems = async (name: string, document: string, input: object, token: string): Promise<string[][]> => {
  const { text } = await safeRequest(
    shop,
    { query: document, variables: { input } },
    { authorization: `Bearer ${token}` },
  )
  const { data, errors } = JSON.parse(text)
  if (errors) return errors.map(({ extensions }: Answer) => [extensions.code])
  return data[name].userErrors.map(({ code, field }: Answer) => [code, field?.join('.')])
}

describe('input that is refused, and changes nothing', () => {
  const add = 'mutation ($input: AddCartLineInput!) { addCartLine(input: $input) { userErrors { code field } } }'

  test('given a cart, when lines come that cannot be, then each refusal names its field and the cart stays as it was', async () => {
    const { token } = await signUp(shop)
    const [variant] = (await someVariants(shop)).filter(({ left }) => left > 5)
    await addLine(shop, token, variant!.id, 2)
    const state = () => get(shop, '{ cart { version lines { quantity } } }', {}, token)
    const before = await state()
    const refusal = (input: object) => problems('addCartLine', add, input, token)

    expect(await refusal({ variantId: noSuchVariant, quantity: 1 })).toEqual([['NOT_FOUND', 'input.variantId']])
    for (const variantId of [
      '',
      'x',
      '{"$ne":null}',
      'prod_01ARZ3NDEKTSV4RRFFQ69G5FAV',
      `${variant!.id} `,
      'var_\u0000',
    ]) {
      expect(await refusal({ variantId, quantity: 1 }), variantId).toEqual([['BAD_USER_INPUT', 'input.variantId']])
    }
    for (const quantity of [0, -1, 1_000, 2 ** 31 - 1]) {
      expect(await refusal({ variantId: variant!.id, quantity }), String(quantity)).toEqual([
        ['BAD_USER_INPUT', 'input.quantity'],
      ])
    }
    for (const quantity of [2 ** 31, 1.5, '1', true, null, undefined, [1, 2]]) {
      expect(await refusal({ variantId: variant!.id, quantity }), String(quantity)).toEqual([['BAD_USER_INPUT']])
    }
    expect(await refusal({ variantId: 'x', quantity: 0 })).toEqual([
      ['BAD_USER_INPUT', 'input.variantId'],
      ['BAD_USER_INPUT', 'input.quantity'],
    ])
    expect(await state()).toEqual(before)
  })

  test('given an order without an idempotency key, then the field is named; given no such argument at all, then the document is refused', async () => {
    const { token } = await signUp(shop)
    const [variant] = (await someVariants(shop)).filter(({ left }) => left > 5)
    await addLine(shop, token, variant!.id)
    const good = orderInput(await setDestination(shop, token))
    const place = 'mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) { userErrors { code field } } }'
    const refusal = (change: object) => problems('placeOrder', place, { ...good, ...change }, token)

    expect(await refusal({ idempotencyKey: '' })).toEqual([['BAD_USER_INPUT', 'input.idempotencyKey']])
    expect(await refusal({ idempotencyKey: 'k'.repeat(256) })).toEqual([['BAD_USER_INPUT', 'input.idempotencyKey']])
    expect(await refusal({ idempotencyKey: undefined })).toEqual([['BAD_USER_INPUT']])
    expect(await refusal({ idempotencyKey: null })).toEqual([['BAD_USER_INPUT']])
    for (const amount of ['1.234', '-1.00']) {
      expect(await refusal({ acknowledgedTotal: { amount, currencyCode: 'EUR' } }), amount).toEqual([
        ['BAD_USER_INPUT', 'input.acknowledgedTotal.amount'],
      ])
    }
    for (const amount of ['', 'NaN', '1e3', 'Infinity', 12.34, '0x10', '1'.repeat(40)]) {
      expect(await refusal({ acknowledgedTotal: { amount, currencyCode: 'EUR' } }), String(amount)).toEqual([
        ['BAD_USER_INPUT'],
      ])
    }
    const to = { ...good.shippingAddress }
    expect(await refusal({ shippingAddress: { ...to, countryCode: 'Germany' } })).toEqual([
      ['BAD_USER_INPUT', 'input.shippingAddress.countryCode'],
    ])
    expect(await refusal({ shippingAddress: { ...to, city: 'x'.repeat(201), name: ' ' } })).toEqual(
      expect.arrayContaining([
        ['BAD_USER_INPUT', 'input.shippingAddress.city'],
        ['BAD_USER_INPUT', 'input.shippingAddress.name'],
      ]),
    )
    expect((await get(shop, '{ orders(first: 1) { totalCount } }', {}, token)).orders.totalCount).toBe(0)
    expect((await sendOrder(shop, token, good)).order.status).toBe('CONFIRMED')
  })

  test('given a currency that does not exist or that the cart has no prices in, then a typed answer and no wrong price', async () => {
    const { token } = await signUp(shop)
    const [variant] = (await someVariants(shop)).filter(({ left }) => left > 5)
    await addLine(shop, token, variant!.id)
    const currency =
      'mutation ($input: SetCartCurrencyInput!) { setCartCurrency(input: $input) { userErrors { code field } } }'
    for (const code of ['eur', 'XYZ', '', 'EURO', 5]) {
      expect(await problems('setCartCurrency', currency, { currency: code }, token), String(code)).toEqual([
        ['BAD_USER_INPUT'],
      ])
    }
    const set = await get(
      shop,
      'mutation { setCartCurrency(input: { currency: "JPY" }) { cart { currency totals { total { amount } } problems { code } lines { unitPrice { amount } } } userErrors { code } } }',
      {},
      token,
    )
    expect(set.setCartCurrency).toEqual({
      cart: { currency: 'JPY', totals: null, problems: [{ code: 'NOT_PRICED' }], lines: [{ unitPrice: null }] },
      userErrors: [],
    })
    const refused = await sendOrder(shop, token, orderInput({ amount: '100', currencyCode: 'JPY' }))
    expect(refused).toMatchObject({ order: null, userErrors: [{ code: 'NOT_PRICED' }] })
  })

  test.each([
    ['{ products(first: 0) { totalCount } }'],
    ['{ products(first: 101) { totalCount } }'],
    ['{ products(first: -1) { totalCount } }'],
    ['{ products(first: 1, after: "junk") { totalCount } }'],
    ['{ products(first: 1, after: "") { totalCount } }'],
    ['{ product { id } }'],
    ['{ product(id: "prod_01ARZ3NDEKTSV4RRFFQ69G5FAV", slug: "x") { id } }'],
    [`{ search(query: "${'x'.repeat(201)}", first: 1) { totalCount } }`],
    ['{ quote(input: { lines: [] }) { id } }'],
    [`{ quote(input: { lines: [{ variantId: "${noSuchVariant}", quantity: 0 }] }) { id } }`],
  ])('given the query %s, then BAD_USER_INPUT', async (query) => {
    const { status, text } = await safeRequest(shop, { query })
    expect([status, JSON.parse(text).errors[0].extensions.code]).toEqual([200, 'BAD_USER_INPUT'])
  })

  test('given text that is code elsewhere, when it comes as an id, a slug, a word or a name, then it is text', async () => {
    for (const text of ['{"$gt":""}', '$where', "' OR 1=1 --", '.*', '<script>', '\u0000', '../../etc/passwd']) {
      const { data } = await ask(
        shop,
        'query ($text: String!, $id: ID!) { bySlug: product(slug: $text) { id } byId: product(id: $id) { id } search(query: $text, first: 1) { totalCount } products(first: 1, filter: { tag: $text, category: $text }) { totalCount } }',
        { text, id: text },
      )
      const found = data?.bySlug ?? data?.byId ?? null
      expect([found, data?.products?.totalCount ?? 0], text).toEqual([null, 0])
    }
  })
})
