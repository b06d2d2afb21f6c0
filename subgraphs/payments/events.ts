import type { WireMoney } from '#kernel/money.ts'

/** What every event of a payment tells: which payment, of which order, and how much moved (for a refusal: would have moved). */
export type PaymentEventPayload = {
  readonly paymentId: string
  readonly orderId: string
  readonly amount: WireMoney
}

/** The money is reserved. */
export interface PaymentAuthorized {
  readonly type: 'PaymentAuthorized'
  readonly payload: PaymentEventPayload
}

/** The buyer has to act before anything is reserved. */
export interface PaymentActionRequired {
  readonly type: 'PaymentActionRequired'
  readonly payload: PaymentEventPayload
}

/** The provider refused to reserve the money. */
export interface PaymentDeclined {
  readonly type: 'PaymentDeclined'
  readonly payload: PaymentEventPayload
}

/** The reserved money was taken. */
export interface PaymentCaptured {
  readonly type: 'PaymentCaptured'
  readonly payload: PaymentEventPayload
}

/** The payment ended before any money was taken. */
export interface PaymentVoided {
  readonly type: 'PaymentVoided'
  readonly payload: PaymentEventPayload
}

/** Taken money went back: the whole or this part of it. */
export interface PaymentRefunded {
  readonly type: 'PaymentRefunded'
  readonly payload: PaymentEventPayload
}

export type PaymentsEvent =
  | PaymentAuthorized
  | PaymentActionRequired
  | PaymentDeclined
  | PaymentCaptured
  | PaymentVoided
  | PaymentRefunded
