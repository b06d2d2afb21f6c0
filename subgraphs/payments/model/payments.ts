import { type Model, type QueryFilter, Schema } from 'mongoose'
import type { Millis } from '#kernel/time.ts'
import type { Database } from '#platform/mongo.ts'
import { aggregateSchema, type Change, insertOnce, makeStore, type NewEvent, type StoreDeps } from '#platform/store.ts'
import { type Payment, pendingOperations } from '../domain/payment.ts'

/** Whose payments may be read: everybody's, or those of these buyers. */
export type Access = 'all' | { readonly ownerIds: readonly string[] }

interface PaymentRow extends Payment {
  /** When the oldest open call was begun; null: none is open. */
  readonly openSince: Millis | null
}

const schema = () => {
  const payments = aggregateSchema({
    orderId: String,
    ownerId: String,
    claimedBy: String,
    amount: Schema.Types.Mixed,
    provider: String,
    token: String,
    reference: String,
    state: Schema.Types.Mixed,
    canceling: Boolean,
    operations: [Schema.Types.Mixed],
    transactions: [Schema.Types.Mixed],
    createdAt: Number,
    updatedAt: Number,
    openSince: Number,
  })
  // One order, one payment (I8): the last line of defence against two authorisations.
  payments.index({ orderId: 1 }, { unique: true })
  payments.index({ ownerId: 1 })
  payments.index({ openSince: 1 }, { partialFilterExpression: { openSince: { $gt: 0 } } })
  return payments
}

const toRow = (payment: Payment): PaymentRow => ({ ...payment, openSince: pendingOperations(payment)[0]?.at ?? null })

const allowed = (access: Access): QueryFilter<PaymentRow> =>
  access === 'all'
    ? {}
    : { $or: [{ ownerId: { $in: [...access.ownerIds] } }, { claimedBy: { $in: [...access.ownerIds] } }] }

const hidden = { outbox: 0 } as const

const isRow = (payment: Payment): payment is PaymentRow => 'v' in payment

/** The payments of the shop: the store for changes, and the only queries of this collection. */
export const makePaymentModel = (database: Database, deps: StoreDeps) => {
  const model = database.model<PaymentRow>('Payment', schema(), 'payments') as unknown as Model<PaymentRow>
  const store = makeStore<PaymentRow>(model, 'payment', deps)
  return {
    model,
    outbox: store.outbox,
    get: (id: string): Promise<Payment | null> => store.get(id),
    /** False when the order has a payment already. */
    insert: (payment: Payment): Promise<boolean> => insertOnce(() => store.insert(toRow(payment))),
    /** `known`: a payment that this model gave out just now, which saves the read of the first round. */
    update: (
      id: string,
      decide: (payment: Payment) => { payment: Payment; events: readonly NewEvent[] },
      known?: Payment,
    ): Promise<Payment> => {
      const change = (row: PaymentRow): Change<PaymentRow> | null => {
        const { payment, events } = decide(row)
        return payment === row ? null : { state: toRow(payment), events }
      }
      return store.update(id, change, known && isRow(known) ? known : undefined)
    },
    byIds: (ids: readonly string[], access: Access): Promise<Payment[]> =>
      model
        .find({ _id: { $in: [...ids] }, ...allowed(access) }, hidden)
        .lean<Payment[]>()
        .exec(),
    byOrderIds: (orderIds: readonly string[], access: Access): Promise<Payment[]> =>
      model
        .find({ orderId: { $in: [...orderIds] }, ...allowed(access) }, hidden)
        .sort({ createdAt: 1 })
        .lean<Payment[]>()
        .exec(),
    /** Ids of payments with a call that is open since before a time, oldest first. */
    openBefore: async (time: Millis, limit: number): Promise<string[]> => {
      const rows = await model
        .find({ openSince: { $gt: 0, $lt: time } }, { _id: 1 })
        .sort({ openSince: 1 })
        .limit(limit)
        .lean<{ _id: string }[]>()
      return rows.map(({ _id }) => _id)
    },
  }
}

export type PaymentModel = ReturnType<typeof makePaymentModel>
