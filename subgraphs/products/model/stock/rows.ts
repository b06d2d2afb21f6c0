import { aggregateSchema } from '#platform/store.ts'
import { mainLocation } from '../../domain/location.ts'
import type { Stock } from '../../domain/stock.ts'

/** Remembered keys per row: enough for every retry that can still come; older ones are forgotten so that documents stay small. */
export const remembered = 1_000

export interface StockRow extends Stock {
  /** The version of the location from which `priority` and `isActive` were taken. */
  readonly locationV: number
  /** What it began with, what adjustments have brought in all, and what orders have taken: available + reserved + sold = initial + adjusted (I2). */
  readonly initial?: number
  readonly adjusted?: number
  readonly sold?: number
  /** Consumers were told that there is nothing for sale here, see `availability.ts`. */
  readonly soldOut?: boolean
  /** Without a quantity: all units of its order. */
  readonly claims: readonly { readonly orderId: string; readonly quantity?: number }[]
  readonly restocks: readonly string[]
  /** Orders that are over: nothing is held for them or sold to them any more (R8). */
  readonly ended?: readonly string[]
  readonly adjustments: readonly {
    readonly key: string
    readonly delta: number
    readonly reason: string
    readonly at: number
  }[]
}

/** One document for each variant and location; at the main location it has the id of the variant. */
export const rowId = (variantId: string, location: string): string =>
  location === mainLocation._id ? variantId : `${variantId}@${location}`

export const stockSchema = () => {
  const stock = aggregateSchema({
    variantId: String,
    location: String,
    priority: Number,
    isActive: Boolean,
    locationV: Number,
    sellerId: String,
    initial: Number,
    adjusted: Number,
    sold: Number,
    available: Number,
    soldOut: Boolean,
    reserved: Number,
    holds: [{ _id: false, orderId: String, quantity: Number, expiresAt: Number, of: Number }],
    claims: [{ _id: false, orderId: String, quantity: Number }],
    restocks: [String],
    ended: [String],
    adjustments: [{ _id: false, key: String, delta: Number, reason: String, at: Number }],
  })
  stock.index({ variantId: 1 })
  // Rows that have not followed their location yet.
  stock.index({ location: 1, locationV: 1 })
  stock.index({ 'holds.expiresAt': 1 })
  // What `availability.ts` has to tell, and nothing else.
  stock.index({ soldOut: 1 }, { partialFilterExpression: { soldOut: false, available: { $lte: 0 } } })
  stock.index({ available: 1 }, { partialFilterExpression: { soldOut: true, available: { $gt: 0 } } })
  stock.index({ isActive: 1 }, { partialFilterExpression: { soldOut: false, isActive: false } })
  return stock
}
