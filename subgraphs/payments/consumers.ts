import type { Consumer } from '#platform/outbox/relay.ts'
import type { OrderClaimed } from '../orders/events.ts'
import type { makePaying } from './service/paying.ts'

const orderClaimed: OrderClaimed['type'] = 'OrderClaimed'

/** An account that has claimed the order of a guest sees how it was paid. Hearing it again changes nothing. */
export const makeConsumers = (paying: Pick<ReturnType<typeof makePaying>, 'follow'>): Consumer[] => [
  {
    name: 'payments.followClaim',
    on: {
      [orderClaimed]: async ({ payload }) => {
        const { orderId, claimedBy } = payload as OrderClaimed['payload']
        if (claimedBy !== null) await paying.follow({ orderId, accountId: claimedBy })
      },
    },
  },
]
