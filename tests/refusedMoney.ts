/** A shop in which something was bought, refunded in part and adjusted, and is in another cart: access tokens and ids. */
export interface Facts {
  readonly support: string
  readonly seller: string
  readonly buyer: string
  readonly other: string
  readonly productId: string
  readonly variantId: string
  readonly orderId: string
  readonly paymentId: string
  /** The key of the order. */
  readonly key: string
  /** Lines of the cart that was ordered, and of the one that was not. */
  readonly closed: string
  readonly open: string
  /** The input of an order of the other cart. */
  readonly good: object
}

/** The input of a mutation, and the token of whoever sends it. */
type Make = (facts: Facts) => readonly [object, string]

type Case = readonly [name: string, mutation: string, make: Make, code: string, field?: string]

export const refunded = { amount: '1.00', currencyCode: 'EUR' }
const noOrder = 'ord_01ARZ3NDEKTSV4RRFFQ69G5FAV'
const noPayment = 'pay_01ARZ3NDEKTSV4RRFFQ69G5FAV'

const total = (amount: unknown, currencyCode = 'EUR') => ({ acknowledgedTotal: { amount, currencyCode } })
const refund = (amount: unknown, currencyCode = 'EUR') => ({ amount: { amount, currencyCode }, idempotencyKey: 'new' })

const order =
  (change: object) =>
  ({ good, other }: Facts) =>
    [{ ...good, ...change }, other] as const
const giveBack =
  (change: object) =>
  ({ paymentId, support }: Facts) =>
    [{ paymentId, ...refund('1.00'), ...change }, support] as const
const price =
  (amount: unknown, currencyCode = 'EUR') =>
  ({ variantId, seller }: Facts) =>
    [{ prices: [{ variantId, amount: { amount, currencyCode } }] }, seller] as const
const stock =
  (change: object) =>
  ({ variantId, seller }: Facts) =>
    [{ variantId, delta: 1, reason: 'found', idempotencyKey: 'another', ...change }, seller] as const

const bad = 'BAD_USER_INPUT'
const totalAmount = 'input.acknowledgedTotal.amount'

/** What is asked, of which mutation, with what, by whom; the code and the field of the refusal. No field: GraphQL itself refuses the value. */
export const refusals: readonly Case[] = [
  [
    'a provider that nobody knows',
    'placeOrder',
    order({ payment: { provider: 'stripe', token: 'tok_ok' } }),
    bad,
    'input.payment.provider',
  ],
  ['a total below zero', 'placeOrder', order(total('-1.00')), bad, totalAmount],
  ['a total of fractions of a cent', 'placeOrder', order(total('1.001')), bad, totalAmount],
  ['a total beyond what can be counted', 'placeOrder', order(total('99999999999999999.00')), bad],
  ['a total that is a number', 'placeOrder', order(total(10.5)), bad],
  [
    'a total of a currency that the cart is not in',
    'placeOrder',
    order(total('15.00', 'USD')),
    'CURRENCY_MISMATCH',
    'input.acknowledgedTotal.currencyCode',
  ],
  ['another total', 'placeOrder', order(total('0.00')), 'PRICE_CHANGED', 'input.acknowledgedTotal'],
  ['no key', 'placeOrder', order({ idempotencyKey: '' }), bad, 'input.idempotencyKey'],
  [
    'a key of another order',
    'placeOrder',
    ({ good, buyer, key }) => [{ ...good, email: 'another@example.com', idempotencyKey: key }, buyer],
    'IDEMPOTENCY_KEY_REUSED',
    'input.idempotencyKey',
  ],
  [
    'a cart that was ordered',
    'placeOrder',
    ({ good, buyer }) => [{ ...good, idempotencyKey: 'again' }, buyer],
    'CART_ALREADY_ORDERED',
  ],
  ['an empty cart', 'placeOrder', ({ good, support }) => [good, support], 'CART_EMPTY'],
  [
    'a card number for a token',
    'placeOrder',
    order({ payment: { provider: 'sandbox', token: '4111 1111 1111 1111' } }),
    bad,
    'input.payment.token',
  ],
  [
    'a line of somebody else',
    'updateCartLine',
    ({ open, buyer }) => [{ lineId: open, quantity: 2 }, buyer],
    'NOT_FOUND',
    'input.lineId',
  ],
  [
    'a line of a cart that was ordered',
    'updateCartLine',
    ({ closed, buyer }) => [{ lineId: closed, quantity: 2 }, buyer],
    'NOT_FOUND',
    'input.lineId',
  ],
  [
    'units beyond the most of a line',
    'addCartLine',
    ({ variantId, other }) => [{ variantId, quantity: 999 }, other],
    'LIMIT_EXCEEDED',
    'input.quantity',
  ],
  ['units beyond 32 bits', 'addCartLine', ({ variantId, other }) => [{ variantId, quantity: 2 ** 31 }, other], bad],
  [
    'units below zero',
    'addCartLine',
    ({ variantId, other }) => [{ variantId, quantity: -1 }, other],
    bad,
    'input.quantity',
  ],
  ['half a unit', 'addCartLine', ({ variantId, other }) => [{ variantId, quantity: 0.5 }, other], bad],
  ['an order that is not there', 'cancelOrder', ({ buyer }) => [{ id: noOrder }, buyer], 'NOT_FOUND', 'input.id'],
  [
    'the order of somebody else',
    'cancelOrder',
    ({ orderId, other }) => [{ id: orderId }, other],
    'NOT_FOUND',
    'input.id',
  ],
  [
    'a payment that is not there',
    'confirmPayment',
    ({ buyer }) => [{ paymentId: noPayment }, buyer],
    'NOT_FOUND',
    'input.paymentId',
  ],
  ['a refund above what is captured', 'refundPayment', giveBack(refund('14.01')), bad, 'input.amount'],
  ['a refund of nothing', 'refundPayment', giveBack(refund('0.00')), bad, 'input.amount'],
  ['a refund below zero', 'refundPayment', giveBack(refund('-1.00')), bad, 'input.amount'],
  ['a refund of fractions of a cent', 'refundPayment', giveBack(refund('1.005')), bad, 'input.amount.amount'],
  [
    'a refund in another currency',
    'refundPayment',
    giveBack(refund('1.00', 'USD')),
    'CURRENCY_MISMATCH',
    'input.amount.currencyCode',
  ],
  [
    'a refund of a payment that is not there',
    'refundPayment',
    giveBack({ paymentId: noPayment }),
    'NOT_FOUND',
    'input.paymentId',
  ],
  [
    'a key of another refund',
    'refundPayment',
    giveBack({ idempotencyKey: 'refund', amount: { amount: '2.00', currencyCode: 'EUR' } }),
    'IDEMPOTENCY_KEY_REUSED',
    'input.idempotencyKey',
  ],
  ['a price below zero', 'setPrices', price('-0.01'), bad, 'input.prices.0.amount.amount'],
  ['a price of fractions of a yen', 'setPrices', price('1.5', 'JPY'), bad, 'input.prices.0.amount.amount'],
  ['a price in a currency that is none', 'setPrices', price('1.00', 'XYZ'), bad],
  ['no units', 'adjustStock', stock({ delta: 0 }), bad, 'input.delta'],
  ['more units than the most', 'adjustStock', stock({ delta: 1_000_001 }), bad, 'input.delta'],
  ['fewer units than there are', 'adjustStock', stock({ delta: -1_000 }), 'OUT_OF_STOCK', 'input.delta'],
  [
    'a key of another adjustment',
    'adjustStock',
    stock({ idempotencyKey: 'stock', delta: 6 }),
    'IDEMPOTENCY_KEY_REUSED',
    'input.idempotencyKey',
  ],
]

/** Each mutation of clients that moves orders, stock or money, with an input that is good once. */
export const goodOnce: Readonly<Record<string, Make>> = {
  placeOrder: ({ good, other }) => [good, other],
  refundPayment: giveBack({ idempotencyKey: 'twice' }),
  confirmPayment: ({ paymentId, buyer }) => [{ paymentId }, buyer],
  cancelOrder: ({ orderId, buyer }) => [{ id: orderId }, buyer],
  adjustStock: stock({ idempotencyKey: 'twice' }),
  setPrices: price('11.00'),
  createProduct: ({ seller }) => [{ title: 'Twice', variants: [{ sku: 'TWICE', initialStock: 3 }] }, seller],
  updateProduct: ({ productId, seller }) => [{ id: productId, title: 'Another title' }, seller],
  publishProduct: ({ productId, seller }) => [{ id: productId }, seller],
}
