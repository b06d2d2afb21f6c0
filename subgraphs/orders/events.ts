import type { WireMoney } from '#kernel/money.ts'

/** What every event of an order tells. */
export type OrderEventPayload = {
  readonly orderId: string
  /** Number of the event within the order: 1, 2, 3 ... */
  readonly seq: number
  readonly ownerId: string
  /** The account that the order of a guest belongs to; null when it was not claimed. */
  readonly claimedBy: string | null
  readonly cartId: string
  /** Number for people; null before the confirmation. */
  readonly number: string | null
  readonly total: WireMoney
}

/** An order was written down; nothing is held or charged yet. */
export interface OrderPlaced {
  readonly type: 'OrderPlaced'
  readonly payload: OrderEventPayload
}

/** An order is paid and sold, and has its number. */
export interface OrderConfirmed {
  readonly type: 'OrderConfirmed'
  readonly payload: OrderEventPayload
}

/** An order ended unpaid; nothing is held or charged. */
export interface PaymentFailed {
  readonly type: 'PaymentFailed'
  readonly payload: OrderEventPayload
}

/** An order was canceled; money and stock went back. */
export interface OrderCanceled {
  readonly type: 'OrderCanceled'
  readonly payload: OrderEventPayload
}

/** The order of a guest belongs to the account `claimedBy` as well from now on. */
export interface OrderClaimed {
  readonly type: 'OrderClaimed'
  readonly payload: OrderEventPayload
}

/** Money of a sold order went back to its buyer: all of it or a part. How much is asked from this subgraph, by `seq`. */
export interface OrderRefunded {
  readonly type: 'OrderRefunded'
  readonly payload: OrderEventPayload
}

export type OrdersEvent = OrderPlaced | OrderConfirmed | PaymentFailed | OrderCanceled | OrderClaimed | OrderRefunded
