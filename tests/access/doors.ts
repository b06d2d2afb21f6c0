/** The viewers of the matrix. `owner` placed the order; `seller` sells what was ordered and owns the draft. */
export const people = [
  'anonymous',
  'guest',
  'owner',
  'otherBuyer',
  'seller',
  'otherSeller',
  'support',
  'admin',
] as const
export type Person = (typeof people)[number]

/** The things with an owner that a matrix tries to reach. */
export type Thing =
  | 'order'
  | 'payment'
  | 'draft'
  | 'draftSlug'
  | 'draftVariant'
  | 'line'
  | 'session'
  | 'cart'
  | 'account'
  | 'address'

/** A way to a thing by its id. */
export interface Door {
  readonly thing: Thing
  /** An operation with the variable `$id`; `ALL` stands for every field of the type named. */
  readonly document: string
  /** Who gets in. Everybody else must get the answer to an id that does not exist. */
  readonly for: readonly Person[]
}

const staff = ['support', 'admin'] as const
const merchants = ['seller', 'admin'] as const

export const doors: Readonly<Record<string, Door>> = {
  'Query.order(id)': {
    thing: 'order',
    document: 'query ($id: ID!) { order(id: $id) ALL:Order }',
    for: ['owner', 'seller', ...staff],
  },
  'Subscription.orderUpdated(id)': {
    thing: 'order',
    document: 'subscription ($id: ID!) { orderUpdated(id: $id) { event order ALL:Order } }',
    for: ['owner', 'seller', ...staff],
  },
  'Mutation.cancelOrder(input.id)': {
    thing: 'order',
    document: 'mutation ($id: ID!) { cancelOrder(input: { id: $id }) { userErrors { code message field } } }',
    for: ['owner', ...staff],
  },
  'Query.payment(id)': {
    thing: 'payment',
    document: 'query ($id: ID!) { payment(id: $id) ALL:Payment }',
    for: ['owner', ...staff],
  },
  'Mutation.confirmPayment(input.paymentId)': {
    thing: 'payment',
    document: 'mutation ($id: ID!) { confirmPayment(input: { paymentId: $id }) ALL:PaymentPayload }',
    for: ['owner', ...staff],
  },
  'Mutation.refundPayment(input.paymentId)': {
    thing: 'payment',
    document:
      'mutation ($id: ID!) { refundPayment(input: { paymentId: $id, amount: { amount: "1.00", currencyCode: "EUR" }, idempotencyKey: "k" }) ALL:PaymentPayload }',
    for: staff,
  },
  'Query.product(id)': {
    thing: 'draft',
    document: 'query ($id: ID!) { product(id: $id) ALL:Product }',
    for: merchants,
  },
  'Query.product(slug)': {
    thing: 'draftSlug',
    document: 'query ($id: String!) { product(slug: $id) ALL:Product }',
    for: merchants,
  },
  'Mutation.updateProduct(input.id)': {
    thing: 'draft',
    document: 'mutation ($id: ID!) { updateProduct(input: { id: $id, title: "Mine now" }) ALL:ProductPayload }',
    for: merchants,
  },
  'Mutation.publishProduct(input.id)': {
    thing: 'draft',
    document: 'mutation ($id: ID!) { publishProduct(input: { id: $id }) ALL:ProductPayload }',
    for: merchants,
  },
  'Mutation.adjustStock(input.variantId)': {
    thing: 'draftVariant',
    document:
      'mutation ($id: ID!) { adjustStock(input: { variantId: $id, delta: 5, reason: "gift", idempotencyKey: "k" }) ALL:AdjustStockPayload }',
    for: merchants,
  },
  'Mutation.setPrices(input.prices.variantId)': {
    thing: 'draftVariant',
    document:
      'mutation ($id: ID!) { setPrices(input: { prices: [{ variantId: $id, amount: { amount: "0.01", currencyCode: "EUR" } }] }) ALL:SetPricesPayload }',
    for: merchants,
  },
  'Mutation.updateCartLine(input.lineId)': {
    thing: 'line',
    document:
      'mutation ($id: ID!) { updateCartLine(input: { lineId: $id, quantity: 2 }) { userErrors { code message field } } }',
    for: ['owner'],
  },
  'Mutation.removeCartLine(input.lineId)': {
    thing: 'line',
    document: 'mutation ($id: ID!) { removeCartLine(input: { lineId: $id }) { userErrors { code message field } } }',
    for: ['owner'],
  },
  'Mutation.updateAddress(input.id)': {
    thing: 'address',
    document:
      'mutation ($id: ID!) { updateAddress(input: { id: $id, address: { name: "N", line1: "L", city: "C", postalCode: "10115", countryCode: "DE" } }) { userErrors { code message field } } }',
    for: ['owner'],
  },
  'Mutation.removeAddress(input.id)': {
    thing: 'address',
    document: 'mutation ($id: ID!) { removeAddress(input: { id: $id }) { userErrors { code message field } } }',
    for: ['owner'],
  },
  'Query.account(id)': {
    thing: 'account',
    document: 'query ($id: ID!) { account(id: $id) ALL:Account }',
    for: ['admin'],
  },
  'Mutation.banAccount(input.id)': {
    thing: 'account',
    document: 'mutation ($id: ID!) { banAccount(input: { id: $id }) ALL:AccountPayload }',
    for: ['admin'],
  },
  'Mutation.unbanAccount(input.id)': {
    thing: 'account',
    document: 'mutation ($id: ID!) { unbanAccount(input: { id: $id }) ALL:AccountPayload }',
    for: ['admin'],
  },
  'Mutation.grantRole(input.id)': {
    thing: 'account',
    document: 'mutation ($id: ID!) { grantRole(input: { id: $id, role: ADMIN }) ALL:AccountPayload }',
    for: ['admin'],
  },
  'Mutation.revokeRole(input.id)': {
    thing: 'account',
    document: 'mutation ($id: ID!) { revokeRole(input: { id: $id, role: BUYER }) ALL:AccountPayload }',
    for: ['admin'],
  },
  'Mutation.revokeSession(input.id)': {
    thing: 'session',
    document: 'mutation ($id: ID!) { revokeSession(input: { id: $id }) { userErrors { code message field } } }',
    for: ['owner'],
  },
}

/** The same things as entities, asked of the subgraph itself with the signature of the gateway. */
export const entityDoors: readonly {
  readonly subgraph: 'orders' | 'payments' | 'cart' | 'products'
  readonly type: string
  readonly thing: Thing
  readonly for: readonly Person[]
}[] = [
  { subgraph: 'orders', type: 'Order', thing: 'order', for: ['owner', 'seller', ...staff] },
  { subgraph: 'payments', type: 'Order', thing: 'order', for: ['owner', ...staff] },
  { subgraph: 'payments', type: 'Payment', thing: 'payment', for: ['owner', ...staff] },
  { subgraph: 'cart', type: 'Cart', thing: 'cart', for: ['owner'] },
  { subgraph: 'orders', type: 'PersonalData', thing: 'account', for: ['owner'] },
  { subgraph: 'cart', type: 'PersonalData', thing: 'account', for: ['owner'] },
  { subgraph: 'products', type: 'Product', thing: 'draft', for: merchants },
  { subgraph: 'products', type: 'ProductVariant', thing: 'draftVariant', for: merchants },
]

/** Entities that hold nothing of anybody. */
export const publicEntities: readonly string[] = ['users Seller', 'pricing ProductVariant']
