import type { Consumer } from '#platform/outbox/relay.ts'
import type { PaymentsEvent } from '../payments/events.ts'
import type { Driving } from './service/driving.ts'

type News = Exclude<PaymentsEvent['type'], 'PaymentActionRequired'>

/** News of a payment wake an order that waits for it. Waking an order that does not wait changes nothing. */
export const makeConsumers = (driving: Pick<Driving, 'advance'>): Consumer[] => {
  const advance = ({ payload }: { readonly payload: Readonly<Record<string, unknown>> }) =>
    driving.advance((payload as PaymentsEvent['payload']).orderId)
  const on: Readonly<Record<News, typeof advance>> = {
    PaymentAuthorized: advance,
    PaymentDeclined: advance,
    PaymentCaptured: advance,
    PaymentVoided: advance,
    PaymentRefunded: advance,
  }
  return [{ name: 'orders.followPayment', on }]
}
