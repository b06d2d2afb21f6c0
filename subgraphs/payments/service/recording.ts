import type { PaymentRecord, Records } from '#platform/snapshot.ts'
import { balances, type Payment, type PaymentStatus } from '../domain/payment.ts'
import type { PaymentModel } from '../model/payments.ts'

const states: Readonly<Record<PaymentStatus, PaymentRecord['state']>> = {
  PENDING: 'created',
  REQUIRES_ACTION: 'created',
  AUTHORIZED: 'authorized',
  PARTIALLY_CAPTURED: 'captured',
  CAPTURED: 'captured',
  DECLINED: 'failed',
  VOIDED: 'canceled',
  REFUNDED: 'refunded',
}

const paymentOf = (payment: Payment): PaymentRecord => {
  const { captured, refunded } = balances(payment)
  const { _id: id, orderId: order, amount, state } = payment
  const { currency, minor } = amount
  return {
    id,
    order,
    state: states[state.kind],
    currency,
    amount: minor,
    captured: captured.minor,
    refunded: refunded.minor,
  }
}

/** The payments as their ledgers have them, for `npm run dump-state`. */
export const makeRecording = (payments: PaymentModel) => async (): Promise<Records> => ({
  payments: (await payments.all()).map(paymentOf),
})
