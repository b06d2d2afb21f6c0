import type { EventRecord, LineRecord, OrderRecord, OrderRecordState, Records } from '#platform/snapshot.ts'
import { type Line, type Order, type OrderStatus, unitsOf } from '../domain/order.ts'
import { currentStep } from '../domain/steps.ts'
import type { OrderModel } from '../model.ts'

const states: Readonly<Record<OrderStatus, OrderRecordState>> = {
  AWAITING_PAYMENT: 'pending',
  CONFIRMED: 'paid',
  PARTIALLY_REFUNDED: 'paid',
  REFUNDED: 'refunded',
  PAYMENT_FAILED: 'payment_failed',
  CANCELED: 'canceled',
}

const lineOf = (line: Line): LineRecord => ({
  sku: line.variantId,
  qty: line.quantity,
  unit: line.unitPrice.minor,
  // There are no discounts of single lines.
  discount: 0,
  tax: line.tax.minor,
  total: line.total.minor,
  units: unitsOf(line).map(({ variantId, quantity }) => ({ sku: variantId, qty: quantity })),
})

const orderOf = (order: Order): OrderRecord => {
  const { discount, shipping, tax, taxIncluded, total } = order.totals
  return {
    id: order._id,
    buyer: order.ownerId,
    key: order.idempotencyKey,
    state: states[order.state.status],
    waitsForBuyer: order.undo === null && currentStep(order)?.status === 'ACTION_REQUIRED',
    currency: total.currency,
    lines: order.lines.map(lineOf),
    discount: discount.minor,
    shipping: shipping.minor,
    tax: tax.minor,
    taxIncluded,
    total: total.minor,
    cartTotal: (order.acknowledgedTotal ?? total).minor,
    createdAt: order.placedAt,
  }
}

const eventsOf = ({ _id, events }: Order): EventRecord[] =>
  events.map(({ seq, event }) => ({ id: `${_id}:${seq}`, order: _id, seq, type: event }))

/** The orders as they are written down, for `npm run dump-state`. */
export const makeRecording = (orders: OrderModel) => async (): Promise<Records> => {
  const [rows, told] = await Promise.all([orders.all(), orders.deliveries()])
  const delivered = told.flatMap(({ _id: order, delivered: own = [] }) => own.map((one) => ({ ...one, order })))
  return { orders: rows.map(orderOf), events: rows.flatMap(eventsOf), delivered }
}
