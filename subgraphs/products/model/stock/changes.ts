import type { Model } from 'mongoose'
import type { OutboxSource } from '#platform/outbox/source.ts'
import { changeTopic, type NewEvent, outboxEntry, type StoreDeps } from '#platform/store.ts'
import type { Adjustment, Hold, Stock } from '../../domain/stock.ts'
import { remembered, type StockRow } from './rows.ts'

export const stockTopic = (variantId: string): string => changeTopic('stock', variantId)

/** Where a change takes place. */
export type Place = Pick<Stock, '_id' | 'variantId'>

/** One place of a variant, or, without a place, the one for which the guard of the change holds. */
type Where = Pick<Place, 'variantId'> & Partial<Pick<Place, '_id'>>

/** Units that an order takes of one place. */
export interface Taking {
  readonly orderId: string
  readonly quantity: number
}

const last = <Entry>(entry: Entry) => ({ $each: [entry], $slice: -remembered })

/**
 * The fence (R8): an order that turned back never goes forward again, so its end is kept with the units, and a command that was
 * sent before and comes late finds it closed.
 */
const living = (orderId: string) => ({ ended: { $ne: orderId }, restocks: { $ne: orderId } })
const heldBy = ({ orderId, quantity }: Taking) => ({ holds: { $elemMatch: { orderId, quantity } } })
/** Free units at a place that sells, for an order that has none of them yet. */
const free = ({ orderId, quantity }: Taking) => ({
  ...living(orderId),
  isActive: true,
  available: { $gte: quantity },
  'holds.orderId': { $ne: orderId },
  'claims.orderId': { $ne: orderId },
})

/**
 * Every change is one guarded update of one document (rule R5): its filter says when it may happen and that it has not happened yet,
 * so each can be repeated safely and races are decided by the database (I1, I2, I3). True when it happened.
 */
export const makeStockChanges = (
  model: Pick<Model<StockRow>, 'updateOne'>,
  deps: StoreDeps & { readonly outbox: OutboxSource },
) => {
  /** Applies an update when its guard holds; the version rises with every change. */
  const guarded = async (
    { _id, variantId }: Where,
    guard: object,
    update: { $inc: object; [operator: string]: object },
  ): Promise<boolean> => {
    const where = _id === undefined ? { variantId } : { _id }
    const { matchedCount } = await model.updateOne(
      { ...where, ...guard } as never,
      { ...update, $inc: { ...update.$inc, v: 1 } } as never,
    )
    if (matchedCount > 0) deps.bus.publish(stockTopic(variantId))
    return matchedCount > 0
  }

  return {
    hold: (place: Place, { orderId, ...hold }: Hold): Promise<boolean> =>
      guarded(place, free({ orderId, quantity: hold.quantity }), {
        $inc: { available: -hold.quantity, reserved: hold.quantity },
        $push: { holds: { orderId, ...hold } },
      }),

    /** Without knowing where: at the place that holds all of it. */
    claimHeld: (where: Where, { orderId, quantity }: Taking): Promise<boolean> =>
      guarded(
        where,
        { ...living(orderId), ...heldBy({ orderId, quantity }) },
        {
          $inc: { reserved: -quantity, sold: quantity },
          $pull: { holds: { orderId } },
          $push: { claims: last({ orderId, quantity }) },
        },
      ),

    /** For an order whose hold has ended before it was paid: takes units that are still there (C10). */
    claimFree: (place: Place, { orderId, quantity }: Taking): Promise<boolean> =>
      guarded(place, free({ orderId, quantity }), {
        $inc: { available: -quantity, sold: quantity },
        $push: { claims: last({ orderId, quantity }) },
      }),

    /** Gives held units back; the order may still take free ones. */
    release: (place: Place, taking: Taking): Promise<boolean> =>
      guarded(place, heldBy(taking), {
        $inc: { available: taking.quantity, reserved: -taking.quantity },
        $pull: { holds: { orderId: taking.orderId } },
      }),

    /** The same for units that were sold twice to an order that still wants those of another place. */
    unclaim: (place: Place, { orderId, quantity }: Taking): Promise<boolean> =>
      guarded(
        place,
        { ...living(orderId), claims: { $elemMatch: { orderId, quantity } } },
        { $inc: { available: quantity, sold: -quantity }, $pull: { claims: { orderId } } },
      ),

    /** Closes a place for an order that is over; what is held there comes back. */
    end: async (place: Place, taking: Taking): Promise<void> => {
      const close = { ended: last(taking.orderId) }
      const { orderId, quantity } = taking
      const back = { $inc: { available: quantity, reserved: -quantity }, $pull: { holds: { orderId } }, $push: close }
      if (quantity > 0 && (await guarded(place, heldBy(taking), back))) return
      await guarded(place, { ended: { $ne: orderId }, 'holds.orderId': { $ne: orderId } }, { $inc: {}, $push: close })
    },

    /** Puts the units of a claim that is known to be done back. */
    restock: (place: Place, { orderId, quantity }: Taking): Promise<boolean> =>
      guarded(
        place,
        { restocks: { $ne: orderId } },
        { $inc: { available: quantity, sold: -quantity }, $push: { restocks: last(orderId) } },
      ),

    /** Closes a place for an order that has no claim there, so that one that is late finds it closed. */
    refuseClaims: (place: Place, orderId: string): Promise<boolean> =>
      guarded(
        place,
        { restocks: { $ne: orderId }, 'claims.orderId': { $ne: orderId } },
        { $inc: {}, $push: { restocks: last(orderId) } },
      ),

    /** `act`: goes into the audit log with the change. */
    adjust: async (place: Place, { delta, reason, idempotencyKey: key, at, act }: KeptAdjustment): Promise<boolean> => {
      const isDone = await guarded(
        place,
        { available: { $gte: Math.max(0, -delta) }, 'adjustments.key': { $ne: key } },
        {
          $inc: { available: delta, adjusted: delta },
          $push: { adjustments: last({ key, delta, reason, at }), outbox: outboxEntry(deps, act) },
        },
      )
      if (isDone) deps.outbox.wake()
      return isDone
    },
  }
}

export interface KeptAdjustment extends Pick<Adjustment, 'delta' | 'reason' | 'idempotencyKey'> {
  readonly at: number
  readonly act: NewEvent
}
