import { type Model, type QueryFilter, Schema } from 'mongoose'
import type { Page } from '#kernel/page.ts'
import type { Millis } from '#kernel/time.ts'
import { type Database, isDuplicateKey, operationTimeout, readAll } from '#platform/mongo.ts'
import { type Delivery, deliveriesField } from '#platform/outbox/source.ts'
import {
  aggregateSchema,
  type Change,
  changeTopic,
  insertOnce,
  makeStore,
  type NewEvent,
  type StoreDeps,
} from '#platform/store.ts'
import { type Access, type SeenOrder, seenWith } from './domain/access.ts'
import { dueAt } from './domain/checkout.ts'
import { claimKeyOf } from './domain/claiming.ts'
import { type Order, type OrderStatus, sellersOf, soldStates } from './domain/order.ts'

/** What the use case decided. The same order: nothing is written. */
export interface Decided {
  readonly order: Order
  readonly events: readonly NewEvent[]
}

interface OrderRow extends Order {
  /** The normalised address by which an account may claim it; null: none may. */
  readonly claimKey: string | null
  readonly sellerIds: readonly string[]
  /** When somebody should look after it; null: never. */
  readonly dueAt: Millis | null
}

const schema = () => {
  const orders = aggregateSchema({
    ownerId: String,
    claimedBy: String,
    claimKey: String,
    idempotencyKey: String,
    fingerprint: String,
    cartId: String,
    liveCartId: String,
    email: String,
    shippingAddress: Schema.Types.Mixed,
    billingAddress: Schema.Types.Mixed,
    shippingMethod: String,
    lines: [Schema.Types.Mixed],
    totals: Schema.Types.Mixed,
    acknowledgedTotal: Schema.Types.Mixed,
    payment: Schema.Types.Mixed,
    state: new Schema({ status: String, number: Number }, { _id: false }),
    steps: [Schema.Types.Mixed],
    undo: Schema.Types.Mixed,
    refusals: [Schema.Types.Mixed],
    events: [Schema.Types.Mixed],
    refunds: [Schema.Types.Mixed],
    expiresAt: Number,
    placedAt: Number,
    updatedAt: Number,
    sellerIds: [String],
    dueAt: Number,
    delivered: deliveriesField,
  })
  // One key, one order (I14).
  orders.index({ ownerId: 1, idempotencyKey: 1 }, { unique: true })
  // One cart, one living order (C6).
  orders.index({ liveCartId: 1 }, { unique: true, partialFilterExpression: { liveCartId: { $gt: '' } } })
  // A number belongs to one order; who comes second takes the next, so that there are no gaps.
  orders.index({ 'state.number': 1 }, { unique: true, partialFilterExpression: { 'state.number': { $gt: 0 } } })
  orders.index({ ownerId: 1, placedAt: -1, _id: -1 })
  orders.index({ claimedBy: 1, placedAt: -1, _id: -1 }, { partialFilterExpression: { claimedBy: { $gt: '' } } })
  orders.index({ claimKey: 1 }, { partialFilterExpression: { claimKey: { $gt: '' } } })
  orders.index({ sellerIds: 1, placedAt: -1, _id: -1 })
  orders.index({ dueAt: 1 }, { partialFilterExpression: { dueAt: { $gt: 0 } } })
  return orders
}

/** The orders that these buyers placed, and those that they have claimed. */
const placedOrClaimedBy = (ownerIds: readonly string[]): QueryFilter<OrderRow>[] => [
  { ownerId: { $in: [...ownerIds] } },
  // `$gt` lets the partial index serve it.
  { claimedBy: { $in: [...ownerIds], $gt: '' } },
]

const allowed = (access: Access): QueryFilter<OrderRow> => {
  if (access === 'all') return {}
  const own = placedOrClaimedBy(access.ownerIds)
  return access.sellerId === null ? { $or: own } : { $or: [...own, { sellerIds: access.sellerId }] }
}

const beyond = ({ after }: Page): QueryFilter<OrderRow> =>
  after
    ? { $or: [{ placedAt: { $lt: Number(after.value) } }, { placedAt: Number(after.value), _id: { $lt: after.id } }] }
    : {}

const hidden = { outbox: 0, delivered: 0 } as const

const isRow = (order: Order): order is OrderRow => 'v' in order

const owned = (ownerIds: readonly string[], status: OrderStatus | null): QueryFilter<OrderRow> => ({
  $or: placedOrClaimedBy(ownerIds),
  ...(status && { 'state.status': status }),
})

/** The orders of the shop: the store for changes, and the only queries of this collection. `patience` is the time after which an order that stands still is due. */
export const makeOrderModel = (database: Database, deps: StoreDeps, patience: Millis) => {
  const model = database.model<OrderRow>('Order', schema(), 'orders') as unknown as Model<OrderRow>
  const store = makeStore<OrderRow>(model, 'order', deps)
  const toRow = (order: Order): OrderRow => ({
    ...order,
    claimKey: claimKeyOf(order),
    sellerIds: sellersOf(order),
    dueAt: dueAt(order, patience),
  })

  const change =
    (decide: (order: Order) => Decided) =>
    (row: OrderRow): Change<OrderRow> | null => {
      const { order, events } = decide(row)
      return order === row ? null : { state: toRow(order), events }
    }

  /** `known`: an order that this model gave out just now, which saves the read of the first round. */
  const update = (id: string, decide: (order: Order) => Decided, known?: Order): Promise<Order> =>
    store.update(id, change(decide), known && isRow(known) ? known : undefined)

  return {
    model,
    outbox: store.outbox,
    topic: (id: string): string => changeTopic(model.collection.name, id),
    get: (id: string): Promise<Order | null> => store.get(id),
    /** The number of each order's last event. */
    seqsOf: async (ids: readonly string[]): Promise<ReadonlyMap<string, number>> => {
      const rows = await model
        .aggregate<{ _id: string; seq: number }>([
          { $match: { _id: { $in: [...ids] } } },
          // Events are numbered without a gap (I15), so their count is the number of the last.
          { $project: { seq: { $size: '$events' } } },
        ])
        .option({ maxTimeMS: operationTimeout })
      return new Map(rows.map(({ _id, seq }) => [_id, seq]))
    },
    update,
    /** False when the key or the cart has an order already. */
    insert: (order: Order, events: readonly NewEvent[]): Promise<boolean> =>
      insertOnce(() => store.insert(toRow(order), events)),
    /** As `update`; null when the number is taken. */
    updateWithNumber: async (id: string, decide: (order: Order) => Decided, known?: Order): Promise<Order | null> => {
      try {
        return await update(id, decide, known)
      } catch (error) {
        if (isDuplicateKey(error)) return null
        throw error
      }
    },
    lastNumber: async (): Promise<number | null> => {
      const last = await model
        .findOne({ 'state.number': { $gt: 0 } }, { state: 1 })
        .sort({ 'state.number': -1 })
        .lean<Pick<Order, 'state'>>()
      return last && 'number' in last.state ? last.state.number : null
    },
    /** As much of each as the access shows; the others are left out. */
    byIds: async (ids: readonly string[], access: Access): Promise<SeenOrder[]> => {
      const found = await model
        .find({ $and: [{ _id: { $in: [...ids] } }, allowed(access)] }, hidden)
        .lean<Order[]>()
        .exec()
      return found.flatMap((order) => seenWith(order, access) ?? [])
    },
    byKey: (ownerId: string, idempotencyKey: string): Promise<Order | null> =>
      model.findOne({ ownerId, idempotencyKey }, hidden).lean<Order>().exec(),
    byLiveCart: (cartId: string): Promise<Order | null> =>
      model.findOne({ liveCartId: cartId }, hidden).lean<Order>().exec(),
    /** The last confirmed order of a buyer that was placed after a time. */
    lastConfirmed: (ownerIds: readonly string[], after: Millis): Promise<Order | null> =>
      model
        .findOne({ ...owned(ownerIds, null), 'state.status': { $in: soldStates }, placedAt: { $gt: after } }, hidden)
        .sort({ placedAt: -1, _id: -1 })
        .lean<Order>()
        .exec(),
    idsOf: async (ownerIds: readonly string[]): Promise<string[]> =>
      (await model.find(owned(ownerIds, null), { _id: 1 }).lean<{ _id: string }[]>()).map(({ _id }) => _id),
    /** Ids of orders that an account with this address, or these guests, may claim. */
    claimable: async (email: string, guestIds: readonly string[]): Promise<string[]> => {
      const byGuest = { ownerId: { $in: [...guestIds] }, claimedBy: null }
      const rows = await model
        .find({ $or: [{ claimKey: { $eq: email, $gt: '' } }, byGuest] }, { _id: 1 })
        .lean<{ _id: string }[]>()
      return rows.map(({ _id }) => _id)
    },
    /** One item more than the page holds tells that there is a next one. */
    page: (ownerIds: readonly string[], status: OrderStatus | null, page: Page): Promise<Order[]> =>
      model
        .find({ $and: [owned(ownerIds, status), beyond(page)] }, hidden)
        .sort({ placedAt: -1, _id: -1 })
        .limit(page.first + 1)
        .lean<Order[]>()
        .exec(),
    count: (ownerIds: readonly string[], status: OrderStatus | null): Promise<number> =>
      model.countDocuments(owned(ownerIds, status)).exec(),
    /** Every order, for the record. */
    all: (): Promise<Order[]> => readAll<OrderRow>(model, {}, { projection: hidden }),
    /** What consumers were told of each order. */
    deliveries: (): Promise<{ readonly _id: string; readonly delivered?: readonly Delivery[] }[]> =>
      readAll<OrderRow & { readonly delivered?: readonly Delivery[] }>(model, {}, { projection: { delivered: 1 } }),
    /** Checkouts and ways back that are under way, those that wait for their buyer left out, each with its last event. */
    unfinished: (limit: number): Promise<Pick<Order, 'placedAt' | 'events'>[]> =>
      readAll<OrderRow>(
        model,
        { dueAt: { $gt: 0 }, 'steps.status': { $ne: 'ACTION_REQUIRED' } } as QueryFilter<OrderRow>,
        { projection: { placedAt: 1, events: { $slice: -1 } }, sort: { dueAt: 1 }, limit },
      ),
    /** Ids of orders that somebody should look after, the longest waiting first. */
    due: async (now: Millis, limit: number): Promise<string[]> => {
      const rows = await model
        .find({ dueAt: { $gt: 0, $lte: now } }, { _id: 1 })
        .sort({ dueAt: 1 })
        .limit(limit)
        .lean<{ _id: string }[]>()
      return rows.map(({ _id }) => _id)
    },
  }
}

export type OrderModel = ReturnType<typeof makeOrderModel>
