import type { Consumer } from '#platform/outbox/relay.ts'
import type { PaymentsEvent } from '../payments/events.ts'
import type { AccountClosed } from '../users/events.ts'
import type { Driving } from './service/driving.ts'
import type { Erasing } from './service/erasing.ts'

type News = Exclude<PaymentsEvent['type'], 'PaymentActionRequired'>

const accountClosed: AccountClosed['type'] = 'AccountClosed'

/** News of a payment wake an order that waits for it. Waking an order that does not wait changes nothing. A closed account takes its name out of its orders. */
export const makeConsumers = (driving: Pick<Driving, 'advance'>, erasing: Erasing): Consumer[] => {
  const erase: Consumer['on'][string] = ({ payload }) => {
    const { accountId, guestIds } = payload as AccountClosed['payload']
    return erasing.eraseBuyer([accountId, ...guestIds])
  }
  const advance = ({ payload }: { readonly payload: Readonly<Record<string, unknown>> }) =>
    driving.advance((payload as PaymentsEvent['payload']).orderId)
  const on: Readonly<Record<News, typeof advance>> = {
    PaymentAuthorized: advance,
    PaymentDeclined: advance,
    PaymentCaptured: advance,
    PaymentVoided: advance,
    PaymentRefunded: advance,
  }
  return [
    { name: 'orders.followPayment', on },
    { name: 'orders.eraseBuyer', on: { [accountClosed]: erase } },
  ]
}
