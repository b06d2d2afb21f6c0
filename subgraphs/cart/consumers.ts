import type { Consumer } from '#platform/outbox/relay.ts'
import type { PricesChanged } from '../pricing/events.ts'
import type { AvailabilityChanged } from '../products/events.ts'
import type { AccountClosed, GuestBecameUser } from '../users/events.ts'
import type { Checkout } from './service/checkout.ts'
import type { CartNews } from './service/news.ts'

const accountClosed: AccountClosed['type'] = 'AccountClosed'
const guestBecameUser: GuestBecameUser['type'] = 'GuestBecameUser'
const availabilityChanged: AvailabilityChanged['type'] = 'AvailabilityChanged'
const pricesChanged: PricesChanged['type'] = 'PricesChanged'

/**
 * Sign-ins bring the guest's cart along, also when nobody reads the cart afterwards; merging again changes nothing. A closed account
 * leaves no cart. News of variants is kept for the carts that somebody watches.
 */
export const makeConsumers = (
  checkout: Pick<Checkout, 'mergeGuest' | 'forget'>,
  news: Pick<CartNews, 'record'>,
): Consumer[] => [
  {
    name: 'cart.mergeGuestCart',
    on: { [guestBecameUser]: ({ payload }) => checkout.mergeGuest(payload as GuestBecameUser['payload']) },
  },
  {
    name: 'cart.forgetOwner',
    on: {
      [accountClosed]: ({ payload }) => {
        const { accountId, guestIds } = payload as AccountClosed['payload']
        return checkout.forget([accountId, ...guestIds])
      },
    },
  },
  {
    name: 'cart.variantNews',
    on: {
      [availabilityChanged]: ({ id, at, payload }) => {
        const { variantId } = payload as AvailabilityChanged['payload']
        const parts = ['availability']
        return news.record({ variantId, eventId: id, changedAt: at.getTime(), from: 'products', parts })
      },
      [pricesChanged]: ({ id, at, payload }) => {
        const { variantId, currencies } = payload as PricesChanged['payload']
        const parts = currencies.map((currency) => `prices.${currency}`)
        return news.record({ variantId, eventId: id, changedAt: at.getTime(), from: 'pricing', parts })
      },
    },
  },
]
