import type { Model } from 'mongoose'
import { type Database, readAll } from '#platform/mongo.ts'
import { shareReads } from '#platform/sharedReads.ts'
import { aggregateSchema, changeTopic, makeStore, type NewEvent, outboxEntry, type StoreDeps } from '#platform/store.ts'
import type { Adjustment, Hold, Stock, StockLine } from '../domain/stock.ts'
import { makeAvailabilitySource } from './availability.ts'

/** Remembered keys per variant: enough for every retry that can still come; older ones are forgotten so that documents stay small. */
const remembered = 1_000

export interface StockRow extends Stock {
  /** What the variant began with, what adjustments have brought in all, and what orders have taken: available + reserved + sold = initial + adjusted (I2). */
  readonly initial?: number
  readonly adjusted?: number
  readonly sold?: number
  /** Consumers were told that it is sold out, see `availability.ts`. */
  readonly soldOut?: boolean
  readonly claims: readonly string[]
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

const schema = () => {
  const stock = aggregateSchema({
    sellerId: String,
    initial: Number,
    adjusted: Number,
    sold: Number,
    available: Number,
    soldOut: Boolean,
    reserved: Number,
    holds: [{ _id: false, orderId: String, quantity: Number, expiresAt: Number }],
    claims: [String],
    restocks: [String],
    ended: [String],
    adjustments: [{ _id: false, key: String, delta: Number, reason: String, at: Number }],
  })
  stock.index({ 'holds.expiresAt': 1 })
  // What `availability.ts` has to tell, and nothing else.
  stock.index({ soldOut: 1 }, { partialFilterExpression: { soldOut: false, available: { $lte: 0 } } })
  stock.index({ available: 1 }, { partialFilterExpression: { soldOut: true, available: { $gt: 0 } } })
  return stock
}

export const stockTopic = (variantId: string): string => changeTopic('stock', variantId)

/**
 * One document per variant. Every change is one guarded update (rule R5): its filter says when it may happen and that it has
 * not happened yet, so each can be repeated safely and races are decided by the database (I1, I2, I3).
 */
export const makeStockModel = (database: Database, deps: StoreDeps) => {
  const { bus } = deps
  const model = database.model('Stock', schema(), 'stock') as unknown as Model<StockRow>

  /** Applies an update when its guard holds; the version rises with every change. */
  const guarded = async (
    variantId: string,
    guard: object,
    update: { $inc: object; [operator: string]: object },
  ): Promise<boolean> => {
    const { matchedCount } = await model.updateOne(
      { _id: variantId, ...guard },
      { ...update, $inc: { ...update.$inc, v: 1 } },
    )
    if (matchedCount > 0) bus.publish(stockTopic(variantId))
    return matchedCount > 0
  }

  const { outbox } = makeStore(model, 'stock', deps)

  /** Everybody who watches a variant asks for it when it changes. */
  const readTogether = shareReads<Stock>({
    read: (ids) =>
      readAll<StockRow>(
        model,
        { _id: { $in: ids } },
        { projection: { claims: 0, restocks: 0, ended: 0, adjustments: 0, outbox: 0 } },
      ),
    keysOf: ({ _id }) => [_id],
  })

  /**
   * The fence (R8): an order that turned back never goes forward again, so its end is kept with the units, and a command that was
   * sent before and comes late finds it closed.
   */
  const living = (orderId: string) => ({ ended: { $ne: orderId }, restocks: { $ne: orderId } })
  const heldBy = (orderId: string, quantity: number) => ({ holds: { $elemMatch: { orderId, quantity } } })
  const last = (key: string) => ({ $each: [key], $slice: -remembered })

  return {
    model,
    outbox,
    availability: makeAvailabilitySource(model, deps.clock),
    byIds: (variantIds: readonly string[]): Promise<Stock[]> => readTogether(variantIds, undefined),

    /** The number of each one's last change. */
    versionsOf: async (variantIds: readonly string[]): Promise<ReadonlyMap<string, number>> => {
      const rows = await readAll<Pick<StockRow, '_id' | 'v'>>(
        model,
        { _id: { $in: variantIds } },
        { projection: { v: 1 } },
      )
      return new Map(rows.map(({ _id, v }) => [_id, v]))
    },

    /** Stock of new variants; those that have stock already keep it. */
    create: async (sellerId: string, lines: readonly StockLine[]): Promise<void> => {
      if (lines.length === 0) return
      const empty = {
        v: 1,
        sellerId,
        reserved: 0,
        adjusted: 0,
        sold: 0,
        holds: [],
        claims: [],
        restocks: [],
        adjustments: [],
      }
      const operations = lines.map(({ variantId, quantity }) => ({
        updateOne: {
          filter: { _id: variantId },
          update: { $setOnInsert: { ...empty, initial: quantity, available: quantity, soldOut: quantity === 0 } },
          upsert: true,
        },
      }))
      await model.bulkWrite(operations as never, { ordered: false })
    },

    hold: (orderId: string, { variantId, quantity }: StockLine, expiresAt: number): Promise<boolean> =>
      guarded(
        variantId,
        {
          ...living(orderId),
          available: { $gte: quantity },
          'holds.orderId': { $ne: orderId },
          claims: { $ne: orderId },
        },
        { $inc: { available: -quantity, reserved: quantity }, $push: { holds: { orderId, quantity, expiresAt } } },
      ),

    isHeldOrClaimed: async (orderId: string, variantId: string): Promise<boolean> =>
      (await model.exists({ _id: variantId, $or: [{ 'holds.orderId': orderId }, { claims: orderId }] })) !== null,

    isClaimed: async (orderId: string, variantId: string): Promise<boolean> =>
      (await model.exists({ _id: variantId, claims: orderId, restocks: { $ne: orderId } })) !== null,

    claimHeld: (orderId: string, { variantId, quantity }: StockLine): Promise<boolean> =>
      guarded(
        variantId,
        { ...living(orderId), ...heldBy(orderId, quantity) },
        {
          $inc: { reserved: -quantity, sold: quantity },
          $pull: { holds: { orderId } },
          $push: { claims: last(orderId) },
        },
      ),

    /** For an order whose hold has ended before it was paid: takes units that are still there (C10). */
    claimFree: (orderId: string, { variantId, quantity }: StockLine): Promise<boolean> =>
      guarded(
        variantId,
        {
          ...living(orderId),
          available: { $gte: quantity },
          claims: { $ne: orderId },
          'holds.orderId': { $ne: orderId },
        },
        { $inc: { available: -quantity, sold: quantity }, $push: { claims: last(orderId) } },
      ),

    /** Gives held units back; the order may still take free ones. */
    release: (variantId: string, { orderId, quantity }: Pick<Hold, 'orderId' | 'quantity'>): Promise<boolean> =>
      guarded(variantId, heldBy(orderId, quantity), {
        $inc: { available: quantity, reserved: -quantity },
        $pull: { holds: { orderId } },
      }),

    /** The same for an order that is over, whether or not anything is held. */
    end: async (orderId: string, { variantId, quantity }: StockLine): Promise<void> => {
      const close = { ended: last(orderId) }
      const back = { $inc: { available: quantity, reserved: -quantity }, $pull: { holds: { orderId } }, $push: close }
      if (await guarded(variantId, heldBy(orderId, quantity), back)) return
      await guarded(variantId, { ended: { $ne: orderId } }, { $inc: {}, $push: close })
    },

    /** Puts the units of a claim that is known to be done back. */
    restock: (orderId: string, { variantId, quantity }: StockLine): Promise<boolean> =>
      guarded(
        variantId,
        { restocks: { $ne: orderId } },
        { $inc: { available: quantity, sold: -quantity }, $push: { restocks: last(orderId) } },
      ),

    /** The same for a claim of unknown outcome: puts back only what was claimed, and remembers the order either way. */
    restockIfClaimed: async (orderId: string, { variantId, quantity }: StockLine): Promise<void> => {
      const remember = { $push: { restocks: last(orderId) } }
      const notYet = { restocks: { $ne: orderId } }
      const back = await guarded(
        variantId,
        { ...notYet, claims: orderId },
        { $inc: { available: quantity, sold: -quantity }, ...remember },
      )
      if (!back) await guarded(variantId, { ...notYet, claims: { $ne: orderId } }, { $inc: {}, ...remember })
    },

    /** `act`: goes into the audit log with the change. */
    adjust: async (
      { variantId, delta, reason, idempotencyKey: key }: Adjustment,
      at: number,
      act: NewEvent,
    ): Promise<boolean> => {
      const isDone = await guarded(
        variantId,
        { available: { $gte: Math.max(0, -delta) }, 'adjustments.key': { $ne: key } },
        {
          $inc: { available: delta, adjusted: delta },
          $push: {
            adjustments: { $each: [{ key, delta, reason, at }], $slice: -remembered },
            outbox: outboxEntry(deps, act),
          },
        },
      )
      if (isDone) outbox.wake()
      return isDone
    },

    adjustmentOf: async (variantId: string, key: string): Promise<number | null> => {
      const row = await model.findOne({ _id: variantId, 'adjustments.key': key }, { adjustments: 1 }).lean<StockRow>()
      return row?.adjustments.find((adjustment) => adjustment.key === key)?.delta ?? null
    },

    /** Every row, for the record. */
    all: (): Promise<StockRow[]> => readAll<StockRow>(model, {}, { projection: { adjustments: 0, outbox: 0 } }),

    withExpiredHolds: async (now: number, limit: number): Promise<Stock[]> =>
      model
        .find({ 'holds.expiresAt': { $lte: now } }, { holds: 1, available: 1, reserved: 1, v: 1 })
        .limit(limit)
        .lean<Stock[]>(),
  }
}

export type StockModel = ReturnType<typeof makeStockModel>
