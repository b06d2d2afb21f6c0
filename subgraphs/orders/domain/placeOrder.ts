import { type Address, addressProblems, type StatedAddress, toAddress } from '#kernel/address.ts'
import { cardDataProblems } from '#kernel/cardData.ts'
import { isShopError, type Problem, refuseIfAny, ShopError } from '#kernel/errors.ts'
import { add, isSame, type Money, parseMoney, subtract, sum, toDecimal, type WireMoney } from '#kernel/money.ts'
import type { Millis } from '#kernel/time.ts'
import { addEvent, type Line, type Order, type Totals } from './order.ts'
import { newSteps } from './steps.ts'

export interface PlaceOrderInput {
  readonly idempotencyKey: string
  readonly email: string
  readonly shippingAddress: StatedAddress
  readonly billingAddress?: StatedAddress | null
  readonly shippingMethodId?: string | null
  readonly acknowledgedTotal: WireMoney
  readonly payment: { readonly provider: string; readonly token: string }
}

/** An input that keeps all bounds. */
export interface Demand {
  readonly idempotencyKey: string
  readonly email: string
  readonly shippingAddress: Address
  readonly billingAddress: Address
  readonly shippingMethodId: string | null
  readonly acknowledgedTotal: Money
  readonly payment: { readonly provider: string; readonly token: string }
}

/** A line of the cart with what products and pricing say about it. */
export interface Offer {
  readonly variantId: string
  readonly quantity: number
  readonly variant: {
    readonly sku: string
    readonly title: string
    readonly sellerId: string
    readonly isSold: boolean
    readonly maxPerOrder: number | null
  } | null
}

const maxKey = 255
/** RFC 5321, 4.5.3.1.3 less the angle brackets. */
const maxEmail = 254
const maxToken = 255

const bad = (message: string, ...field: string[]): Problem => ({ code: 'BAD_USER_INPUT', message, field })

const checkLength = (text: string, max: number, field: readonly string[]): Problem[] =>
  text.length >= 1 && text.length <= max ? [] : [bad(`Give 1 to ${max} characters.`, ...field)]

const checkEmail = (email: string): Problem[] =>
  email.length <= maxEmail && /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email)
    ? []
    : [bad('This is not an e-mail address.', 'input', 'email')]

const moneyField = ['input', 'acknowledgedTotal']

const checkMoney = (input: WireMoney): Problem[] => {
  try {
    const { minor } = parseMoney(input, moneyField)
    return minor < 0 ? [bad('A total is not negative.', ...moneyField, 'amount')] : []
  } catch (error) {
    if (isShopError(error)) return [...error.problems]
    throw error
  }
}

/**
 * Checks an input as a whole, without a look at the cart.
 * @throws ShopError BAD_USER_INPUT with every problem, each naming its field.
 */
export const parsePlaceOrder = (input: PlaceOrderInput): Demand => {
  const email = input.email.trim()
  const billing = input.billingAddress ?? input.shippingAddress
  refuseIfAny([
    ...checkLength(input.idempotencyKey, maxKey, ['input', 'idempotencyKey']),
    ...checkEmail(email),
    ...addressProblems(input.shippingAddress, ['input', 'shippingAddress']),
    ...(input.billingAddress ? addressProblems(input.billingAddress, ['input', 'billingAddress']) : []),
    ...checkMoney(input.acknowledgedTotal),
    ...checkLength(input.payment.provider, maxToken, ['input', 'payment', 'provider']),
    ...checkLength(input.payment.token, maxToken, ['input', 'payment', 'token']),
    // Before anything is written: an order keeps what it is to be paid with.
    ...cardDataProblems([
      [input.payment.token, ['input', 'payment', 'token']],
      [input.payment.provider, ['input', 'payment', 'provider']],
      [input.idempotencyKey, ['input', 'idempotencyKey']],
    ]),
  ])
  return {
    idempotencyKey: input.idempotencyKey,
    email,
    shippingAddress: toAddress(input.shippingAddress),
    billingAddress: toAddress(billing),
    shippingMethodId: input.shippingMethodId ?? null,
    acknowledgedTotal: parseMoney(input.acknowledgedTotal, moneyField),
    payment: { provider: input.payment.provider, token: input.payment.token },
  }
}

/** @throws ShopError NOT_SOLD, one problem for each line that cannot be sold. */
export const refuseUnsold = (offers: readonly Offer[]): void =>
  refuseIfAny(
    offers
      .filter(({ variant }) => !variant?.isSold)
      .map(({ variantId }) => ({ code: 'NOT_SOLD', message: `The variant ${variantId} is not for sale.` })),
  )

/** @throws ShopError LIMIT_EXCEEDED, one problem for each variant of which the order has more than it may. */
export const refuseBeyondCap = (offers: readonly Offer[]): void => {
  const units = new Map<string, number>()
  for (const { variantId, quantity } of offers) units.set(variantId, (units.get(variantId) ?? 0) + quantity)
  const capped = new Map(offers.map(({ variantId, variant }) => [variantId, variant?.maxPerOrder ?? null]))
  refuseIfAny(
    [...capped].flatMap(([variantId, most]): Problem[] =>
      most === null || (units.get(variantId) ?? 0) <= most
        ? []
        : [{ code: 'LIMIT_EXCEEDED', message: `At most ${most} of the variant ${variantId} in one order.` }],
    ),
  )
}

const show = (amount: Money): string => `${toDecimal(amount)} ${amount.currency}`

export interface PriceChange {
  readonly acknowledged: Money
  readonly total: Money
}

/** The total is not the one that the buyer has agreed to. */
export class PriceChanged extends ShopError {
  readonly change: PriceChange

  constructor(change: PriceChange) {
    const { acknowledged, total } = change
    super('PRICE_CHANGED', `The total is now ${show(total)}, not ${show(acknowledged)}.`, moneyField)
    this.change = change
  }
}

/**
 * The buyer pays what the buyer saw, or nothing (I7).
 * @throws ShopError CURRENCY_MISMATCH, PriceChanged.
 */
export const refuseOtherTotal = (acknowledged: Money, total: Money): void => {
  if (acknowledged.currency !== total.currency)
    throw new ShopError('CURRENCY_MISMATCH', `The cart is in ${total.currency}.`, [...moneyField, 'currencyCode'])
  if (!isSame(acknowledged, total)) throw new PriceChanged({ acknowledged, total })
}

/** Lines and totals add up to the last minor unit (I6); amounts that do not are a fault of whoever calculated them. */
const checkSums = (lines: readonly Line[], totals: Totals): void => {
  const { subtotal, discount, shipping, tax, taxIncluded, total } = totals
  const lineSum = sum(
    lines.map((line) => line.total),
    total.currency,
  )
  const net = add(subtract(subtotal, discount), shipping)
  if (!isSame(lineSum, subtotal) || !isSame(taxIncluded ? net : add(net, tax), total))
    throw new Error(`the quote does not add up: lines ${show(lineSum)}, total ${show(total)}`)
}

export interface Placement {
  readonly _id: string
  readonly ownerId: string
  readonly fingerprint: string
  readonly cartId: string
  readonly demand: Demand
  /** Network address of the buyer; empty when it is not known. */
  readonly clientAddress: string
  readonly lines: readonly Line[]
  readonly totals: Totals
  readonly shippingMethod: string
  readonly expiresAt: Millis
}

/**
 * A new order, before any stock is held or money moved.
 * @throws ShopError CURRENCY_MISMATCH, PRICE_CHANGED
 */
export const placeOrder = (placement: Placement, now: Millis): Order => {
  const { demand, clientAddress, lines, totals, cartId, ...facts } = placement
  refuseOtherTotal(demand.acknowledgedTotal, totals.total)
  checkSums(lines, totals)
  const order: Order = {
    ...facts,
    v: 1,
    cartId,
    liveCartId: cartId,
    idempotencyKey: demand.idempotencyKey,
    email: demand.email,
    shippingAddress: demand.shippingAddress,
    billingAddress: demand.billingAddress,
    payment: { ...demand.payment, ...(clientAddress !== '' && { clientAddress }) },
    lines,
    totals,
    acknowledgedTotal: demand.acknowledgedTotal,
    state: { status: 'AWAITING_PAYMENT' },
    steps: newSteps(),
    undo: null,
    refusals: [],
    events: [],
    placedAt: now,
    updatedAt: now,
  }
  return addEvent(order, 'OrderPlaced', now)
}
