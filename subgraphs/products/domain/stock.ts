import { type Problem, refuseIfAny, ShopError } from '#kernel/errors.ts'

/** Units of a variant. */
export interface StockLine {
  readonly variantId: string
  readonly quantity: number
}

/** Units kept for an order until a time. */
export interface Hold {
  readonly orderId: string
  readonly quantity: number
  /** Epoch milliseconds. */
  readonly expiresAt: number
  /** All that the order wants of the variant, when this is only a part of it and other locations have the rest. */
  readonly of?: number
}

/** The stock of one variant at one location. Units on hand = available + reserved. */
export interface Stock {
  readonly _id: string
  readonly v: number
  readonly variantId: string
  /** Code of the location. */
  readonly location: string
  /** As the location has it: lower ones are taken from first. */
  readonly priority: number
  /** False: its units are not for sale. What is held there can still be claimed. */
  readonly isActive: boolean
  readonly sellerId: string
  readonly available: number
  /** Always the sum of `holds` (I3). */
  readonly reserved: number
  readonly holds: readonly Hold[]
}

/** All stock of one variant, the location that is taken from first in front. */
export interface VariantStock {
  readonly variantId: string
  /** Rises with every change of any of its places. */
  readonly v: number
  readonly places: readonly Stock[]
}

const byPriority = (a: Stock, b: Stock): number => a.priority - b.priority || (a.location < b.location ? -1 : 1)

/** Rows of any variants, put together for each of them. */
export const byVariant = <Row extends Stock>(rows: readonly Row[]): (VariantStock & { readonly places: Row[] })[] =>
  [...Map.groupBy(rows, ({ variantId }) => variantId)].map(([variantId, own]) => ({
    variantId,
    v: own.reduce((sum, { v }) => sum + v, 0),
    places: own.toSorted(byPriority),
  }))

/** Units that can be bought at one location: an expired hold no longer counts, even before the sweeper has taken it away (I4). */
export const unitsAt = (
  { available, holds, isActive }: Pick<Stock, 'available' | 'holds' | 'isActive'>,
  now: number,
): number =>
  isActive ? holds.reduce((left, hold) => left + (hold.expiresAt <= now ? hold.quantity : 0), available) : 0

/** Units of a variant that can be bought, at all active locations together. */
export const unitsLeft = (stock: Pick<VariantStock, 'places'> | null, now: number): number =>
  (stock?.places ?? []).reduce((sum, place) => sum + unitsAt(place, now), 0)

/**
 * The demand per variant, sorted by variant: two lines of the same variant are one demand (C4), and all orders take variants in
 * the same order, so that two orders cannot wait for each other (C3).
 * @throws ShopError BAD_USER_INPUT for quantities that are not positive integers.
 */
export const sumDemand = (lines: readonly StockLine[]): StockLine[] => {
  const problems = lines.flatMap(({ quantity }, index): Problem[] =>
    Number.isSafeInteger(quantity) && quantity > 0
      ? []
      : [
          {
            code: 'BAD_USER_INPUT',
            message: 'A quantity is a positive whole number.',
            field: ['input', 'lines', String(index), 'quantity'],
          },
        ],
  )
  refuseIfAny(problems)
  const demand = new Map<string, number>()
  for (const { variantId, quantity } of lines) demand.set(variantId, (demand.get(variantId) ?? 0) + quantity)
  return [...demand]
    .map(([variantId, quantity]) => ({ variantId, quantity }))
    .sort((a, b) => (a.variantId < b.variantId ? -1 : 1))
}

const maxDelta = 1_000_000

export interface Adjustment {
  readonly variantId: string
  /** Code of the location. */
  readonly location: string
  readonly delta: number
  readonly reason: string
  readonly idempotencyKey: string
}

/** @throws ShopError BAD_USER_INPUT with everything that is wrong. */
export const checkAdjustment = ({ delta, reason, idempotencyKey }: Adjustment): void => {
  const bad = (field: string, message: string): Problem => ({
    code: 'BAD_USER_INPUT',
    message,
    field: ['input', field],
  })
  const isDelta = Number.isInteger(delta) && delta !== 0 && Math.abs(delta) <= maxDelta
  refuseIfAny([
    ...(isDelta ? [] : [bad('delta', `A change of stock is -${maxDelta} to ${maxDelta}, not 0.`)]),
    ...(reason.trim() !== '' && reason.length <= 200 ? [] : [bad('reason', 'A reason has 1 to 200 characters.')]),
    ...(idempotencyKey !== '' && idempotencyKey.length <= 255
      ? []
      : [bad('idempotencyKey', 'A key has 1 to 255 characters.')]),
  ])
}

export const outOfStock = (variantId: string, left: number): ShopError =>
  new ShopError('OUT_OF_STOCK', left > 0 ? `Only ${left} left.` : 'None left.', ['input', 'lines', variantId])
