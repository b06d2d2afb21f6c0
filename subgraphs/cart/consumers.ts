import type { Consumer } from '#platform/outbox/relay.ts'
import type { GuestBecameUser } from '../users/events.ts'
import type { Checkout } from './service/checkout.ts'

const eventType: GuestBecameUser['type'] = 'GuestBecameUser'

/** Sign-ins bring the guest's cart along, also when nobody reads the cart afterwards. Merging again changes nothing. */
export const makeConsumers = (checkout: Checkout): Consumer[] => [
  {
    name: 'cart.mergeGuestCart',
    on: { [eventType]: ({ payload }) => checkout.mergeGuest(payload as GuestBecameUser['payload']) },
  },
]
