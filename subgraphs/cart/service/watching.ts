import type { Shopper } from '#platform/auth.ts'
import type { Bus } from '#platform/bus/bus.ts'
import { listenTo, makeFeed, readAfter } from '#platform/feed.ts'
import type { Log } from '#platform/log.ts'
import { makeSharedPoll } from '#platform/sharedPoll.ts'
import { type CartUpdate, updatesAfter } from '../domain/updates.ts'
import { type CartModel, ownerTopic } from '../model.ts'
import type { CurrentCart } from './current.ts'

export interface WatchingDeps {
  readonly carts: CartModel
  readonly current: CurrentCart
  readonly bus: Bus
  readonly log: Log
  readonly pollMs: number
}

/** Live views of carts. */
export const makeWatching = ({ carts, current, bus, log, pollMs }: WatchingDeps) => {
  const poll = makeSharedPoll({ everyMs: pollMs, read: carts.lastVersionsOf, log })
  return {
    /**
     * The viewer's cart from change to change, also from one cart to the next: see `updatesAfter`.
     * @throws ShopError BAD_USER_INPUT (after)
     */
    cartUpdated: async (shopper: Shopper, after: number | null | undefined) => {
      const seen = readAfter(after)
      await current(shopper)
      const { id } = shopper
      const read = async (last: number | null): Promise<CartUpdate[]> => updatesAfter(await carts.latestOf(id), last)
      return makeFeed({ listen: listenTo(bus, ownerTopic(id), { poll, id }), after: seen, read, log })
    },
  }
}

export type Watching = ReturnType<typeof makeWatching>
