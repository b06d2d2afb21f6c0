import { type Model, type QueryFilter, Schema } from 'mongoose'
import type { Millis } from '#kernel/time.ts'
import { type Database, readAll } from '#platform/mongo.ts'
import { aggregateSchema, type Change, insertOnce, makeStore, type NewEvent, type StoreDeps } from '#platform/store.ts'
import { type Payment, pendingOperations } from '../domain/payment.ts'

/** Whose payments may be read: everybody's, or those of these buyers. */
export type Access = 'all' | { readonly ownerIds: readonly string[] }

interface PaymentRow extends Payment {
  /** When the first of the open calls may be taken over; null: none is open. */
  readonly dueAt: Millis | null
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
    dueAt: Number,
  })
  // One order, one payment (I8): the last line of defence against two authorisations.
  payments.index({ orderId: 1 }, { unique: true })
  payments.index({ ownerId: 1 })
  payments.index({ dueAt: 1 }, { partialFilterExpression: { dueAt: { $gt: 0 } } })
  payments.index({ updatedAt: 1 })
  payments.index(
    { updatedAt: 1 },
    { name: 'waiting_for_buyer', partialFilterExpression: { 'state.kind': 'REQUIRES_ACTION' } },
  )
  return payments
}

const toRow = (payment: Payment): PaymentRow => {
  const times = pendingOperations(payment).map(({ dueAt }) => dueAt)
  return { ...payment, dueAt: times.length > 0 ? Math.min(...times) : null }
}

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
      readAll<PaymentRow>(model, { _id: { $in: [...ids] }, ...allowed(access) }, { projection: hidden }),
    byOrderIds: (orderIds: readonly string[], access: Access): Promise<Payment[]> =>
      readAll<PaymentRow>(
        model,
        { orderId: { $in: [...orderIds] }, ...allowed(access) },
        { projection: hidden, sort: { createdAt: 1 } },
      ),
    /** Every payment, for the record. */
    all: (): Promise<Payment[]> => readAll<PaymentRow>(model, {}, { projection: hidden }),
    /** Payments with an open call to the provider. */
    unfinished: (limit: number): Promise<Payment[]> =>
      readAll<PaymentRow>(model, { dueAt: { $gt: 0 } }, { projection: hidden, sort: { dueAt: 1 }, limit }),
    /** Payments with a call that anybody may take over, those that wait longest first. */
    due: (now: Millis, limit: number): Promise<Payment[]> =>
      model
        .find({ dueAt: { $gt: 0, $lte: now } }, hidden)
        .sort({ dueAt: 1 })
        .limit(limit)
        .lean<Payment[]>()
        .exec(),
    /** Payments that have waited for their buyer since before a time, the latest first. */
    waitingForBuyer: (before: Millis, limit: number): Promise<Payment[]> =>
      model
        .find({ 'state.kind': 'REQUIRES_ACTION', updatedAt: { $lte: before } } as QueryFilter<PaymentRow>, hidden)
        .sort({ updatedAt: -1 })
        .limit(limit)
        .lean<Payment[]>()
        .exec(),
    /** Payments that changed after one time and not after another, oldest change first. */
    changedBetween: (after: Millis, until: Millis, limit: number): Promise<Payment[]> =>
      model
        .find({ updatedAt: { $gt: after, $lte: until } }, hidden)
        .sort({ updatedAt: 1 })
        .limit(limit)
        .lean<Payment[]>()
        .exec(),
  }
}

export type PaymentModel = ReturnType<typeof makePaymentModel>
