import { type Address, addressProblems, isSameAddress, type StatedAddress, toAddress } from '#kernel/address.ts'
import { type Problem, refuseIfAny, ShopError } from '#kernel/errors.ts'
import { isCurrency } from '#kernel/money.ts'
import { days, type Millis } from '#kernel/time.ts'

/** `merging` is a frozen guest cart whose lines are on their way into a user's cart; `ordered` and `merged` are final. */
export type CartState = 'active' | 'merging' | 'merged' | 'ordered'

export type ChangeReason =
  | 'LINE_ADDED'
  | 'LINE_CHANGED'
  | 'LINE_REMOVED'
  | 'DESTINATION_CHANGED'
  | 'CURRENCY_CHANGED'
  | 'MERGED'
  | 'PRICE_CHANGED'
  | 'AVAILABILITY_CHANGED'
  | 'ORDERED'

export interface CartLine {
  readonly id: string
  readonly variantId: string
  readonly quantity: number
  readonly addedAt?: Millis
  /** The numbers of the last news that the line was told, see `news.ts`; absent: none yet. */
  readonly heardPrice?: Millis
  readonly heardAvailability?: Millis
}

/** One change, numbered by the version it led to. */
export interface CartChange {
  readonly seq: number
  readonly reason: ChangeReason
  readonly at: Millis
}

export interface Owner {
  readonly id: string
  readonly kind: 'guest' | 'user'
}

export interface Cart {
  readonly id: string
  readonly owner: Owner
  readonly state: CartState
  /** Rises by one with every change; the next cart of the same owner goes on from here, so that it always rises for an owner. */
  readonly version: number
  readonly lines: readonly CartLine[]
  readonly currency: string
  readonly shippingAddress: Address | null
  readonly shippingMethodId: string | null
  /** The last changes, oldest first. */
  readonly changes: readonly CartChange[]
  /** Carts whose lines came in: each counts once. */
  readonly mergedFrom: readonly string[]
  /** The user who gets the lines of a `merging` or `merged` cart. */
  readonly mergedInto: string | null
  /** The order that an `ordered` cart became. */
  readonly orderId: string | null
  readonly updatedAt: Millis
  readonly expiresAt: Millis
}

export const maxQuantity = 999
export const maxLines = 100
export const maxChanges = 100
const maxMergedFrom = 100

/** How long a cart is kept after its last change: about as long as a guest's session, and half a year for users. */
const life = { guest: days(30), user: days(180) } as const

/** A cart before its first change: exists in memory only. `afterVersion` is the last version of the owner's former cart, or 0. */
export const newCart = (
  id: string,
  owner: Owner,
  start: { currency: string; afterVersion: number; now: Millis },
): Cart => ({
  id,
  owner,
  state: 'active',
  version: start.afterVersion,
  lines: [],
  currency: start.currency,
  shippingAddress: null,
  shippingMethodId: null,
  changes: [],
  mergedFrom: [],
  mergedInto: null,
  orderId: null,
  updatedAt: start.now,
  expiresAt: start.now + life[owner.kind],
})

/** The cart after a change: numbered, remembered, and kept longer for it. */
export const changed = (cart: Cart, reason: ChangeReason, now: Millis, parts: Partial<Cart>): Cart => {
  const next = { ...cart, ...parts }
  const version = next.version + 1
  const changes = [...next.changes, { seq: version, reason, at: now }].slice(-maxChanges)
  return { ...next, version, changes, updatedAt: now, expiresAt: now + life[next.owner.kind] }
}

/** @throws ShopError CART_ALREADY_ORDERED or ILLEGAL_STATE when the cart takes no more changes */
const requireActive = (cart: Cart): void => {
  if (cart.state === 'active') return
  if (cart.state === 'ordered') throw new ShopError('CART_ALREADY_ORDERED', 'This cart has become an order.')
  throw new ShopError('ILLEGAL_STATE', 'This cart went into the cart of the account.')
}

/** What is wrong with a quantity from a client. */
export const quantityProblems = (quantity: number, min: 0 | 1): Problem[] => {
  if (Number.isInteger(quantity) && quantity >= min && quantity <= maxQuantity) return []
  const message = `"quantity" must be between ${min} and ${maxQuantity}.`
  return [{ code: 'BAD_USER_INPUT', message, field: ['input', 'quantity'] }]
}

const raised = (line: CartLine, by: number): CartLine => {
  const quantity = line.quantity + by
  if (quantity <= maxQuantity) return { ...line, quantity }
  const message = `At most ${maxQuantity} units of a variant; the cart has ${line.quantity}.`
  throw new ShopError('LIMIT_EXCEEDED', message, ['input', 'quantity'])
}

/**
 * Puts units in the cart: raises the line of the same variant, or appends `line`.
 * @throws ShopError BAD_USER_INPUT (quantity), LIMIT_EXCEEDED (over 999 units or 100 lines)
 */
export const addLine = (cart: Cart, line: CartLine, now: Millis): Cart => {
  requireActive(cart)
  refuseIfAny(quantityProblems(line.quantity, 1))
  const existing = cart.lines.find(({ variantId }) => variantId === line.variantId)
  if (!existing && cart.lines.length >= maxLines) {
    throw new ShopError('LIMIT_EXCEEDED', `At most ${maxLines} lines in a cart.`, ['input', 'variantId'])
  }
  const lines = existing
    ? cart.lines.map((each) => (each === existing ? raised(each, line.quantity) : each))
    : [...cart.lines, { ...line, addedAt: now }]
  return changed(cart, 'LINE_ADDED', now, { lines })
}

/**
 * Sets the quantity of a line; 0 removes it, the same quantity changes nothing.
 * @throws ShopError BAD_USER_INPUT (quantity), NOT_FOUND (line)
 */
export const setQuantity = (cart: Cart, lineId: string, quantity: number, now: Millis): Cart => {
  requireActive(cart)
  refuseIfAny(quantityProblems(quantity, 0))
  const line = cart.lines.find(({ id }) => id === lineId)
  if (!line) throw new ShopError('NOT_FOUND', 'The cart has no such line.', ['input', 'lineId'])
  if (quantity === 0) return removeLine(cart, lineId, now)
  if (line.quantity === quantity) return cart
  const lines = cart.lines.map((each) => (each === line ? { ...each, quantity } : each))
  return changed(cart, 'LINE_CHANGED', now, { lines })
}

/**
 * The cart with at most so many units of a variant; null: no limit of its own.
 * @throws ShopError LIMIT_EXCEEDED (quantity)
 */
export const withinCap = (cart: Cart, variantId: string, most: number | null): Cart => {
  const units = cart.lines.reduce((sum, line) => sum + (line.variantId === variantId ? line.quantity : 0), 0)
  if (most === null || units <= most) return cart
  throw new ShopError('LIMIT_EXCEEDED', `At most ${most} of this variant in one order.`, ['input', 'quantity'])
}

/** Removes a line; the same cart when there is none (any more). */
export const removeLine = (cart: Cart, lineId: string, now: Millis): Cart => {
  requireActive(cart)
  const lines = cart.lines.filter(({ id }) => id !== lineId)
  return lines.length === cart.lines.length ? cart : changed(cart, 'LINE_REMOVED', now, { lines })
}

/** What `setDestination` changes: an absent part stays as it is, null forgets it. */
export interface Destination {
  readonly shippingAddress?: StatedAddress | null
  readonly shippingMethodId?: string | null
}

const destinationAfter = (cart: Cart, { shippingAddress, shippingMethodId }: Destination) => ({
  shippingAddress:
    shippingAddress === undefined ? cart.shippingAddress : shippingAddress === null ? null : toAddress(shippingAddress),
  shippingMethodId: shippingMethodId === undefined ? cart.shippingMethodId : shippingMethodId,
})

/** @throws ShopError BAD_USER_INPUT naming every wrong part of the address, or the method */
export const checkDestination = ({ shippingAddress, shippingMethodId }: Destination): void => {
  const problems = shippingAddress ? addressProblems(shippingAddress, ['input', 'shippingAddress']) : []
  if (shippingMethodId && !/^[a-z0-9_-]{1,40}$/i.test(shippingMethodId)) {
    const message = 'There is no such way of delivery.'
    problems.push({ code: 'BAD_USER_INPUT', message, field: ['input', 'shippingMethodId'] })
  }
  refuseIfAny(problems)
}

/** Says where the cart goes. @throws ShopError BAD_USER_INPUT naming every wrong part */
export const setDestination = (cart: Cart, destination: Destination, now: Millis): Cart => {
  requireActive(cart)
  checkDestination(destination)
  const next = destinationAfter(cart, destination)
  const same =
    isSameAddress(cart.shippingAddress, next.shippingAddress) && cart.shippingMethodId === next.shippingMethodId
  return same ? cart : changed(cart, 'DESTINATION_CHANGED', now, next)
}

/** Switches the currency. @throws ShopError BAD_USER_INPUT when it is unknown */
export const setCurrency = (cart: Cart, currency: string, now: Millis): Cart => {
  requireActive(cart)
  if (!isCurrency(currency)) {
    throw new ShopError('BAD_USER_INPUT', 'An ISO 4217 currency code is needed.', ['input', 'currency'])
  }
  return cart.currency === currency ? cart : changed(cart, 'CURRENCY_CHANGED', now, { currency })
}

/**
 * Closes the cart that became an order; repeating it changes nothing. Neither does closing a cart whose lines went into another
 * one while the order was being paid: the order stands, and the lines stay where they are.
 * @throws ShopError CART_ALREADY_ORDERED when it became another order
 */
export const close = (cart: Cart, orderId: string, now: Millis): Cart => {
  if (cart.orderId === orderId || cart.state === 'merging' || cart.state === 'merged') return cart
  requireActive(cart)
  return changed(cart, 'ORDERED', now, { state: 'ordered', orderId })
}

const mergedLines = (into: readonly CartLine[], from: readonly CartLine[]): CartLine[] => {
  const coming = new Map(from.map((line) => [line.variantId, line.quantity]))
  const known = new Set(into.map(({ variantId }) => variantId))
  const raisedLines = into.map((line) => ({
    ...line,
    quantity: Math.min(maxQuantity, line.quantity + (coming.get(line.variantId) ?? 0)),
  }))
  return [...raisedLines, ...from.filter(({ variantId }) => !known.has(variantId))].slice(0, maxLines)
}

/**
 * Takes the lines of a guest's cart into a user's: quantities of the same variant add up, at most 999; lines beyond 100 are left
 * out, the user's own come first. Currency and destination stay the user's. The same cart never counts twice.
 */
export const merge = (cart: Cart, guestCart: Cart, now: Millis): Cart => {
  requireActive(cart)
  if (cart.mergedFrom.includes(guestCart.id)) return cart
  return changed(cart, 'MERGED', now, {
    lines: mergedLines(cart.lines, guestCart.lines),
    shippingAddress: cart.shippingAddress ?? guestCart.shippingAddress,
    mergedFrom: [...cart.mergedFrom, guestCart.id].slice(-maxMergedFrom),
  })
}

/** Freezes a guest's cart before its lines go to a user, so that no line added meanwhile gets lost. Final carts stay. */
export const beginMerge = (guestCart: Cart, userId: string, now: Millis): Cart =>
  guestCart.state === 'active' ? changed(guestCart, 'MERGED', now, { state: 'merging', mergedInto: userId }) : guestCart

/** Marks a frozen cart whose lines are in the user's cart. */
export const endMerge = (guestCart: Cart): Cart =>
  guestCart.state === 'merging' ? { ...guestCart, state: 'merged' } : guestCart

/** Makes a guest's cart the active cart of a user who has none; `afterVersion` is the last version of the user's former cart. */
export const adopt = (guestCart: Cart, userId: string, afterVersion: number, now: Millis): Cart =>
  changed(guestCart, 'MERGED', now, {
    owner: { id: userId, kind: 'user' },
    state: 'active',
    mergedInto: null,
    version: Math.max(guestCart.version, afterVersion),
    changes: [],
  })
