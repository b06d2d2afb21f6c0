import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { tidewaterGoods } from '../../commands/seed/sellers.ts'
import { sendOrderUntilAnswered } from '../askAgain.ts'
import { type Answer, ask, connect, get, type TestShop } from '../client.ts'
import {
  addLine,
  offer,
  orderFields,
  orderInput,
  placeOrder,
  sendOrder,
  setDestination,
  signIn,
  signUp,
  unitsLeft,
} from '../people.ts'
import { modes } from '../shop.ts'

const liveOrder = /* GraphQL */ `
  subscription ($id: ID!, $after: Int) {
    orderUpdated(id: $id, after: $after) { seq event order { status payments { status captured { amount } } } }
  }
`

const cartLines = async (shop: TestShop, token: string): Promise<Answer[]> =>
  (await get(shop, '{ cart { lines { quantity variant { id } } } }', {}, token)).cart?.lines ?? []

const ordersOf = async (shop: TestShop, token: string): Promise<Answer> =>
  (await get(shop, `{ orders(first: 5) { totalCount nodes { ${orderFields} } } }`, {}, token)).orders

const codes = ({ userErrors }: Answer): string[] => userErrors.map(({ code }: Answer) => code)

const kinds = (payment: Answer): string[] => payment.transactions.map(({ kind }: Answer) => kind)

describe.each(modes)('refusals at the till, %s', (_, start) => {
  let shop: TestShop
  let seller: string
  beforeAll(async () => {
    // One provider of the story stays silent, three times as long as this.
    shop = await start({ PROVIDER_TIMEOUT_MS: '1000' })
    seller = await signIn(shop, tidewaterGoods)
  })
  afterAll(() => shop?.stop())

  /** A buyer with units of a new product in the cart. */
  const buyerWith = async (product: { variantIds: string[] }, quantity = 1): Promise<string> => {
    const { token } = await signUp(shop)
    expect((await addLine(shop, token, product.variantIds[0]!, quantity)).userErrors).toEqual([])
    return token
  }

  test.each([
    ['tok_declined', 'card_declined'],
    ['tok_insufficient_funds', 'insufficient_funds'],
    ['tok_fraud', 'fraud_suspected'],
    ['tok_nobody_knows', 'invalid_token'],
  ])(
    'given a card that the provider refuses (%s), when the buyer orders, then nothing is charged or held and the cart can be ordered again',
    async (card, declineCode) => {
      const product = await offer(shop, seller, { stock: 5 })
      const token = await buyerWith(product, 2)

      const refused = await placeOrder(shop, token, { payment: { provider: 'sandbox', token: card } })
      expect(refused.userErrors).toEqual([
        {
          code: 'PAYMENT_DECLINED',
          message: expect.stringContaining(declineCode),
          field: ['input', 'payment', 'token'],
        },
      ])
      expect(refused.order).toMatchObject({
        status: 'PAYMENT_FAILED',
        number: null,
        nextStates: [],
        payments: [{ status: 'DECLINED', declineCode, captured: { amount: '0.00' }, transactions: [] }],
      })
      expect(await unitsLeft(shop, product.slug)).toBe(5)
      expect(await cartLines(shop, token)).toEqual([{ quantity: 2, variant: { id: product.variantIds[0] } }])

      const { order, userErrors } = await placeOrder(shop, token)
      expect([userErrors, order.status]).toEqual([[], 'CONFIRMED'])
      expect(await unitsLeft(shop, product.slug)).toBe(3)
      expect(await cartLines(shop, token)).toEqual([])
    },
  )

  test('given a card that needs the buyer (3-D Secure), when the buyer confirms, then the waiting order goes on and the watcher sees it', async () => {
    const product = await offer(shop, seller, { stock: 5 })
    const token = await buyerWith(product)
    const { order, userErrors } = await placeOrder(shop, token, {
      payment: { provider: 'sandbox', token: 'tok_requires_action' },
    })
    expect(userErrors).toEqual([])
    expect(order).toMatchObject({ status: 'AWAITING_PAYMENT', number: null, payments: [{ status: 'REQUIRES_ACTION' }] })
    expect(order.payments[0].nextAction.url).toMatch(/^https:/)
    expect(order.checkout.steps).toContainEqual(
      expect.objectContaining({ name: 'AUTHORIZE_PAYMENT', status: 'ACTION_REQUIRED' }),
    )
    expect(await unitsLeft(shop, product.slug)).toBe(4)

    const device = connect(shop, token)
    const live = device.watch(liveOrder, { id: order.id })
    const { orderUpdated: snapshot } = await live.next()
    expect(snapshot).toMatchObject({ event: 'Snapshot', order: { status: 'AWAITING_PAYMENT' } })

    const { confirmPayment } = await get(
      shop,
      'mutation ($input: ConfirmPaymentInput!) { confirmPayment(input: $input) { payment { status nextAction { url } } userErrors { code } } }',
      { input: { paymentId: order.payments[0].id } },
      token,
    )
    expect(confirmPayment.userErrors).toEqual([])
    expect(confirmPayment.payment.nextAction).toBeNull()

    const updates = await live.until(({ orderUpdated }) => orderUpdated.event === 'OrderConfirmed')
    expect(updates.map(({ orderUpdated }) => orderUpdated.seq)).toEqual(
      updates.map((_, index) => snapshot.seq + 1 + index),
    )
    expect(updates.at(-1).orderUpdated.order).toMatchObject({
      status: 'CONFIRMED',
      payments: [{ status: 'CAPTURED', captured: { amount: order.totals.total.amount } }],
    })
    expect(await unitsLeft(shop, product.slug)).toBe(4)
    await device.close()
  })

  test('given a provider that charges and then stays silent, when the buyer orders, then the order is confirmed with one authorisation and one capture (I8)', async () => {
    const product = await offer(shop, seller)
    const token = await buyerWith(product)
    const { order } = await placeOrder(shop, token, {
      payment: { provider: 'sandbox', token: 'tok_timeout_after_charge' },
    })
    const device = connect(shop, token)
    await device
      .watch(liveOrder, { id: order.id })
      .until(({ orderUpdated }) => orderUpdated.order.status === 'CONFIRMED')
    await device.close()
    const { totalCount, nodes } = await ordersOf(shop, token)
    expect(totalCount).toBe(1)
    expect(nodes[0].payments).toHaveLength(1)
    expect(kinds(nodes[0].payments[0])).toEqual(['AUTHORIZE', 'CAPTURE'])
    expect(nodes[0].payments[0].captured).toEqual(nodes[0].totals.total)
  })

  test('given one unit and two buyers who have it in their carts, when both order at once, then exactly one gets it and the other keeps the cart (I1)', async () => {
    const product = await offer(shop, seller, { stock: 1 })
    const buyers = [await buyerWith(product), await buyerWith(product)]
    const answers = await Promise.all(buyers.map((token) => placeOrder(shop, token)))
    const loser = answers.findIndex(({ order }) => order?.status !== 'CONFIRMED')
    expect(answers.filter(({ order }) => order?.status === 'CONFIRMED')).toHaveLength(1)
    expect(codes(answers[loser])).toEqual(['OUT_OF_STOCK'])
    expect(answers[loser].order).toMatchObject({ status: 'PAYMENT_FAILED', number: null, payments: [] })
    expect(await unitsLeft(shop, product.slug)).toBe(0)
    expect(await cartLines(shop, buyers[loser]!)).toHaveLength(1)
    expect(await cartLines(shop, buyers[1 - loser]!)).toEqual([])
  })

  test('given one cart and one key, when the same request comes ten times at once, then there is one order, one charge and ten equal answers (C5, I14)', async () => {
    const product = await offer(shop, seller, { stock: 10 })
    const token = await buyerWith(product)
    const input = orderInput(await setDestination(shop, token))
    const answers = await Promise.all(Array.from({ length: 10 }, () => sendOrderUntilAnswered(shop, token, input)))
    for (const answer of answers) expect(answer).toEqual(answers[0])
    expect(answers[0]).toMatchObject({ order: { status: 'CONFIRMED' }, userErrors: [] })
    expect(await sendOrder(shop, token, input)).toEqual(answers[0])

    const { totalCount, nodes } = await ordersOf(shop, token)
    expect(totalCount).toBe(1)
    expect(nodes[0].payments.map(kinds)).toEqual([['AUTHORIZE', 'CAPTURE']])
    expect(await unitsLeft(shop, product.slug)).toBe(9)
  })

  test('given one cart, when it is ordered with five keys at once, then one wins and the others are told of that order (C6)', async () => {
    const product = await offer(shop, seller, { stock: 10 })
    const token = await buyerWith(product)
    const total = await setDestination(shop, token)
    const answers = await Promise.all([1, 2, 3, 4, 5].map(() => sendOrder(shop, token, orderInput(total))))
    expect(answers.map(codes).toSorted()).toEqual([[], ...Array(4).fill(['CART_ALREADY_ORDERED'])])
    expect(new Set(answers.map(({ order }) => order.id)).size).toBe(1)
    expect(await unitsLeft(shop, product.slug)).toBe(9)
    expect((await ordersOf(shop, token)).totalCount).toBe(1)
  })

  test('given a key that was used, when it comes with other input, then it is refused, and for another buyer it is a key of their own (C7)', async () => {
    const product = await offer(shop, seller, { stock: 10 })
    const [token, other] = [await buyerWith(product), await buyerWith(product)]
    const input = orderInput(await setDestination(shop, token))
    const { order } = await sendOrder(shop, token, input)
    expect(await sendOrder(shop, token, { ...input, email: 'eve@example.com' })).toEqual({
      order: null,
      accessToken: null,
      priceChange: null,
      userErrors: [{ code: 'IDEMPOTENCY_KEY_REUSED', message: expect.any(String), field: ['input', 'idempotencyKey'] }],
    })
    expect((await ordersOf(shop, token)).totalCount).toBe(1)

    const independent = await placeOrder(shop, other, { idempotencyKey: input.idempotencyKey })
    expect(independent.order.status).toBe('CONFIRMED')
    expect(independent.order.id).not.toBe(order.id)
  })

  test('given a seller who raises a price after the buyer saw the total, when the buyer orders at the old total, then it is honoured; at a total that was never told, PRICE_CHANGED, and nothing happened (I7, C8)', async () => {
    const product = await offer(shop, seller, { stock: 5 })
    const token = await buyerWith(product)
    const seen = await setDestination(shop, token)
    await get(
      shop,
      'mutation ($input: SetPricesInput!) { setPrices(input: $input) { changed userErrors { code } } }',
      { input: { prices: [{ variantId: product.variantIds[0], amount: { amount: '12.50', currencyCode: 'EUR' } }] } },
      seller,
    )
    const low = { ...seen, amount: (Number(seen.amount) - 1).toFixed(2) }
    const now = { ...seen, amount: (Number(seen.amount) + 2.5).toFixed(2) }
    expect(await sendOrder(shop, token, orderInput(low))).toMatchObject({
      order: null,
      priceChange: { acknowledged: low, total: now, difference: { amount: '3.50', currencyCode: 'EUR' } },
      userErrors: [{ code: 'PRICE_CHANGED', field: ['input', 'acknowledgedTotal'] }],
    })
    expect((await ordersOf(shop, token)).totalCount).toBe(0)
    expect(await unitsLeft(shop, product.slug)).toBe(5)

    const { order } = await sendOrder(shop, token, orderInput(seen))
    expect(order).toMatchObject({ status: 'CONFIRMED', totals: { total: seen } })
    expect(order.payments[0].captured).toEqual(seen)
  })

  test('given input that does not fit the cart, when the buyer orders, then the field is named and no order is written', async () => {
    const product = await offer(shop, seller, { stock: 5 })
    const token = await buyerWith(product)
    const { amount } = await setDestination(shop, token)
    const good = orderInput({ amount, currencyCode: 'EUR' })
    const refusal = async (change: object) => {
      const { order, userErrors } = await sendOrder(shop, token, { ...good, ...change })
      expect(order).toBeNull()
      return userErrors.map(({ code, field }: Answer) => [code, field.join('.')])
    }
    expect(await refusal({ acknowledgedTotal: { amount, currencyCode: 'USD' } })).toEqual([
      ['CURRENCY_MISMATCH', 'input.acknowledgedTotal.currencyCode'],
    ])
    expect(await refusal({ acknowledgedTotal: { amount: '0.01', currencyCode: 'EUR' } })).toEqual([
      ['PRICE_CHANGED', 'input.acknowledgedTotal'],
    ])
    expect(await refusal({ email: 'nowhere', payment: { provider: 'sandbox', token: '' } })).toEqual([
      ['BAD_USER_INPUT', 'input.email'],
      ['BAD_USER_INPUT', 'input.payment.token'],
    ])
    expect((await ordersOf(shop, token)).totalCount).toBe(0)
    expect((await sendOrder(shop, token, good)).order.status).toBe('CONFIRMED')
  })

  test('given a payment provider that the shop does not have, when the buyer orders, then the field is named and nothing is written', async () => {
    const product = await offer(shop, seller, { stock: 5 })
    const token = await buyerWith(product)
    const { order, userErrors } = await placeOrder(shop, token, { payment: { provider: 'cash', token: 'tok_ok' } })
    expect(userErrors).toEqual([
      { code: 'BAD_USER_INPUT', message: expect.any(String), field: ['input', 'payment', 'provider'] },
    ])
    expect(order).toBeNull()
    expect((await ordersOf(shop, token)).totalCount).toBe(0)
    expect(await unitsLeft(shop, product.slug)).toBe(5)
    expect(await cartLines(shop, token)).toHaveLength(1)
    expect((await placeOrder(shop, token)).order.status).toBe('CONFIRMED')
  })

  test('given an empty cart, when a buyer orders, then CART_EMPTY; given nobody, then UNAUTHORIZED_FIELD_OR_TYPE', async () => {
    const { token } = await signUp(shop)
    expect(await placeOrder(shop, token)).toMatchObject({ order: null, userErrors: [{ code: 'CART_EMPTY' }] })
    const refused = await ask(
      shop,
      'mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) { order { id } userErrors { code } } }',
      { input: orderInput({ amount: '1.00', currencyCode: 'EUR' }) },
    )
    expect(refused.data).toBeUndefined()
    expect(refused.errors).toMatchObject([{ path: ['placeOrder'], extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE' } }])
  })
})
