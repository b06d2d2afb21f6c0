import { toWire } from '#kernel/money.ts'
import type { NewEvent } from '#platform/store.ts'
import { type EventName, numberOf, type Order } from '../domain/order.ts'
import type { OrderEventPayload, OrdersEvent } from '../events.ts'
import type { Decided, OrderModel } from '../model.ts'

/** What of the timeline others hear, and under which name; the steps in between are nobody else's business. */
const published: Readonly<Partial<Record<EventName, OrdersEvent['type']>>> = {
  OrderPlaced: 'OrderPlaced',
  OrderConfirmed: 'OrderConfirmed',
  PaymentFailed: 'PaymentFailed',
  OrderCanceled: 'OrderCanceled',
  OrderClaimed: 'OrderClaimed',
  PaymentRefunded: 'OrderRefunded',
}

/** The number as people see it. */
export const shownNumber = (order: Pick<Order, 'state'>): string | null => numberOf(order)?.toString() ?? null

const payloadOf = (order: Order, seq: number): OrderEventPayload => ({
  orderId: order._id,
  seq,
  ownerId: order.ownerId,
  claimedBy: order.claimedBy ?? null,
  cartId: order.cartId,
  number: shownNumber(order),
  total: toWire(order.totals.total),
})

/** The published events among those that are new in `after`. */
export const newEvents = (before: Pick<Order, 'events'>, after: Order): OrdersEvent[] =>
  after.events.slice(before.events.length).flatMap(({ seq, event }) => {
    const type = published[event]
    return type ? [{ type, payload: payloadOf(after, seq) }] : []
  })

/** Applies a pure function of the domain; its events are published with the same write. */
const decided =
  (change: (order: Order) => Order) =>
  (before: Order): Decided => {
    const order = change(before)
    return { order, events: newEvents(before, order) }
  }

/** The same, with the act of whoever asked for it, if it changed anything. */
const decidedBy =
  (act: NewEvent, change: (order: Order) => Order) =>
  (before: Order): Decided => {
    const { order, events } = decided(change)(before)
    return { order, events: order === before ? events : [...events, act] }
  }

/** `known`: the order as it was read or written just now. */
export const makeChanging = (orders: Pick<OrderModel, 'update' | 'updateWithNumber'>) => ({
  change: (id: string, change: (order: Order) => Order, known?: Order): Promise<Order> =>
    orders.update(id, decided(change), known),
  /** `act` goes into the audit log when anything changes. */
  changeBy: (act: NewEvent, id: string, change: (order: Order) => Order): Promise<Order> =>
    orders.update(id, decidedBy(act, change)),
  /** Null when another order has the number. */
  changeNumbered: (id: string, change: (order: Order) => Order, known?: Order): Promise<Order | null> =>
    orders.updateWithNumber(id, decided(change), known),
})

export type Changing = ReturnType<typeof makeChanging>
