import { fromWire } from '#kernel/money.ts'
import type { Consumer } from '#platform/outbox/relay.ts'
import { moneyRetries } from '#platform/queue/queue.ts'
import type { PaymentRefunded, PaymentsEvent } from '../payments/events.ts'
import type { AccountClosed, EmailVerified, GuestBecameUser } from '../users/events.ts'
import type { Claiming } from './service/claiming.ts'
import type { Driving } from './service/driving.ts'
import type { Erasing } from './service/erasing.ts'
import type { Refunding } from './service/refunding.ts'

type News = Exclude<PaymentsEvent['type'], 'PaymentActionRequired'>

const paymentRefunded: PaymentRefunded['type'] = 'PaymentRefunded'

const accountClosed: AccountClosed['type'] = 'AccountClosed'
const emailVerified: EmailVerified['type'] = 'EmailVerified'
const guestBecameUser: GuestBecameUser['type'] = 'GuestBecameUser'

export interface Handlers {
  readonly driving: Pick<Driving, 'advance'>
  readonly erasing: Erasing
  readonly claiming: Claiming
  readonly refunding: Refunding
}

/**
 * News of a payment wake an order that waits for it; waking an order that does not wait changes nothing; money that went back shows in the state of
 * its order. A closed account takes its name out of its orders; one whose address is proved gets what its owner has ordered as a guest.
 */
export const makeConsumers = ({ driving, erasing, claiming, refunding }: Handlers): Consumer[] => {
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
    { name: 'orders.followPayment', retries: moneyRetries, on },
    {
      name: 'orders.recordRefund',
      retries: moneyRetries,
      on: {
        [paymentRefunded]: ({ id, payload }) => {
          const { orderId, amount } = payload as PaymentRefunded['payload']
          return refunding.recordRefund(orderId, { id, amount: fromWire(amount) })
        },
      },
    },
    { name: 'orders.eraseBuyer', on: { [accountClosed]: erase } },
    {
      name: 'orders.claimGuestOrders',
      on: {
        [emailVerified]: ({ payload }) => claiming.claimFor((payload as EmailVerified['payload']).accountId),
        [guestBecameUser]: ({ payload }) => claiming.claimFor((payload as GuestBecameUser['payload']).userId),
      },
    },
  ]
}
