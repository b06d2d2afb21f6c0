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
}

/** The stock of one variant. Units on hand = available + reserved. */
export interface Stock {
  readonly _id: string
  readonly v: number
  readonly sellerId: string
  readonly available: number
  /** Always the sum of `holds` (I3). */
  readonly reserved: number
  readonly holds: readonly Hold[]
}

/** Units that can be bought: an expired hold no longer counts, even before the sweeper has taken it away (I4). */
export const unitsLeft = (stock: Pick<Stock, 'available' | 'holds'> | null, now: number): number =>
  stock ? stock.holds.reduce((left, hold) => left + (hold.expiresAt <= now ? hold.quantity : 0), stock.available) : 0

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
