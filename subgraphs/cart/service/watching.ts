import type { Shopper } from '#platform/auth.ts'
import type { Bus } from '#platform/bus/bus.ts'
import { type Listen, listenTo, makeFeed, readAfter } from '#platform/feed.ts'
import type { Log } from '#platform/log.ts'
import { makeSharedPoll } from '#platform/sharedPoll.ts'
import { type CartUpdate, updatesAfter } from '../domain/updates.ts'
import { type CartModel, ownerTopic } from '../model/carts.ts'
import type { CurrentCart } from './current.ts'
import type { CartNews } from './news.ts'

export interface WatchingDeps {
  readonly carts: CartModel
  readonly current: CurrentCart
  readonly news: Pick<CartNews, 'follow'>
  readonly bus: Bus
  readonly log: Log
  readonly pollMs: number
}

/** Live views of carts. */
export const makeWatching = ({ carts, current, news, bus, log, pollMs }: WatchingDeps) => {
  const poll = makeSharedPoll({ everyMs: pollMs, read: carts.lastVersionsOf, log })
  return {
    /**
     * The viewer's cart from change to change, also from one cart to the next: see `updatesAfter`.
     * @throws ShopError BAD_USER_INPUT (after)
     */
    cartUpdated: async (shopper: Shopper, after: number | null | undefined) => {
      const seen = readAfter(after)
      // Whoever was no guest before has no cart that has to be merged into this one first.
      if ('guestId' in shopper) await current(shopper)
      const { id } = shopper
      const follower = news.follow()
      const read = async (last: number | null): Promise<CartUpdate[]> => {
        const history = await carts.latestOf(id)
        const open = history.find(({ state }) => state === 'active')
        const isNewer = open !== undefined && (await follower.informed(open))
        return updatesAfter(isNewer ? await carts.latestOf(id) : history, last)
      }
      const listen: Listen = (hear) => {
        const leaves = [listenTo(bus, ownerTopic(id), { poll, id })(hear), follower.listen(hear)]
        return () => {
          for (const leave of leaves) leave()
        }
      }
      return makeFeed({ listen, after: seen, read, log })
    },
  }
}

export type Watching = ReturnType<typeof makeWatching>
