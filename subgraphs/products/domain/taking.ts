import { type Stock, unitsAt, type VariantStock } from './stock.ts'

/** A place of a variant as an order sees it: with what of the order's own is remembered there, and nothing of others'. */
export interface OwnPlace extends Stock {
  /** The own claim. Without a quantity it is of a time when a variant had one place: then it is all of the order's units. */
  readonly claims?: readonly { readonly orderId: string; readonly quantity?: number }[]
  /** The order itself, when its claim went back. */
  readonly restocks?: readonly string[]
  /** The order itself, when it is over. */
  readonly ended?: readonly string[]
}

export interface OwnStock extends VariantStock {
  readonly places: readonly OwnPlace[]
}

/** Units of an order at one place. */
export interface Share {
  readonly place: Stock
  readonly quantity: number
}

export interface Demand {
  readonly orderId: string
  readonly quantity: number
}

/** What an order has of a variant, place by place. */
export interface Standing {
  readonly held: readonly Share[]
  readonly claimed: readonly Share[]
  /** It is over (R8): nothing is held for it or sold to it any more. */
  readonly isOver: boolean
}

/** What an order has to do next to have its units, no more and no less. It is asked again after every step, until all is settled. */
export type NextStep =
  | { readonly kind: 'settled' }
  | { readonly kind: 'over' }
  | { readonly kind: 'giveBack'; readonly shares: readonly Share[] }
  | { readonly kind: 'take'; readonly shares: readonly Share[] }
  /** `mayChange`: somebody who cannot be served either is about to give units back. */
  | { readonly kind: 'short'; readonly mayChange: boolean }

const sumOf = (shares: readonly Share[]): number => shares.reduce((sum, { quantity }) => sum + quantity, 0)

export const standingOf = ({ places }: OwnStock, { orderId, quantity: all }: Demand): Standing => {
  const isBack = (place: OwnPlace): boolean => place.restocks?.includes(orderId) ?? false
  const held = places.flatMap((place) =>
    place.holds.flatMap((hold) => (hold.orderId === orderId ? [{ place, quantity: hold.quantity }] : [])),
  )
  const claimed = places.flatMap((place) =>
    (isBack(place) ? [] : (place.claims ?? [])).flatMap((claim) =>
      claim.orderId === orderId ? [{ place, quantity: claim.quantity ?? all }] : [],
    ),
  )
  return { held, claimed, isOver: places.some((place) => isBack(place) || place.ended?.includes(orderId)) }
}

/**
 * From where so many units are taken: from the first location that has them all, so that an order is sent from one place when it can
 * be; else from as many as it needs, in their order. Null when all of them together have too few.
 */
export const sharesFor = (places: readonly Stock[], quantity: number, now: number): Share[] | null => {
  const whole = places.find((place) => unitsAt(place, now) >= quantity)
  if (whole) return [{ place: whole, quantity }]
  let missing = quantity
  const shares = places.flatMap((place): Share[] => {
    const taken = Math.min(missing, unitsAt(place, now))
    missing -= taken
    return taken > 0 ? [{ place, quantity: taken }] : []
  })
  return missing > 0 ? null : shares
}

/** Somebody has a part and looks for the rest: what does not find it goes back. */
const isIncomplete = ({ places }: VariantStock, orderId: string, now: number): boolean => {
  const parts = places.flatMap(({ holds }) =>
    holds.filter((hold) => hold.of !== undefined && hold.orderId !== orderId && hold.expiresAt > now),
  )
  return [...Map.groupBy(parts, (hold) => hold.orderId).values()].some(
    (own) => own.reduce((sum, { quantity }) => sum + quantity, 0) < (own[0]?.of ?? 0),
  )
}

/** What is too much: two that act for one order at once may have taken from different places. Those taken from first are kept. */
const surplusOf = (shares: readonly Share[], quantity: number): Share[] => {
  let kept = 0
  return shares.filter((share) => {
    const fits = kept + share.quantity <= quantity
    if (fits) kept += share.quantity
    return !fits
  })
}

export const nextStep = (stock: OwnStock, demand: Demand, now: number): NextStep => {
  const { orderId, quantity } = demand
  const { held, claimed, isOver } = standingOf(stock, demand)
  if (isOver) return { kind: 'over' }
  const own = [...claimed, ...held]
  const surplus = surplusOf(own, quantity)
  if (surplus.length > 0) return { kind: 'giveBack', shares: surplus }
  const missing = quantity - sumOf(own)
  if (missing === 0) return { kind: 'settled' }
  const others = stock.places.filter((place) => own.every((share) => share.place !== place))
  const shares = sharesFor(others, missing, now)
  return shares ? { kind: 'take', shares } : { kind: 'short', mayChange: isIncomplete(stock, orderId, now) }
}

/**
 * Where the units of a claim go back to: each to the place it was taken from. What no place remembers any more (each remembers a
 * bounded number) goes to the first one.
 */
export const sharesBack = (stock: OwnStock, demand: Demand): Share[] => {
  const claims = stock.places.flatMap((place) =>
    (place.claims ?? []).flatMap((claim) =>
      claim.orderId === demand.orderId ? [{ place, quantity: claim.quantity ?? demand.quantity }] : [],
    ),
  )
  const forgotten = demand.quantity - sumOf(claims)
  const [home] = stock.places.filter(({ _id }) => _id === stock.variantId)
  if (forgotten <= 0 || !home) return claims
  const atHome = claims.find(({ place }) => place === home)?.quantity ?? 0
  return [...claims.filter(({ place }) => place !== home), { place: home, quantity: atHome + forgotten }]
}
