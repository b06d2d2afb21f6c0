import type { Shopper } from '#platform/auth.ts'
import type { Bus } from '#platform/bus/bus.ts'
import { makeFeed } from '#platform/feed.ts'
import type { Log } from '#platform/log.ts'
import { type Cart, type ChangeReason, maxChanges } from '../domain/cart.ts'
import { type CartModel, ownerTopic } from '../model.ts'
import type { CurrentCart } from './current.ts'

/** One change of a viewer's cart, with the cart as it stands when the change is sent. */
export interface CartUpdate {
  readonly seq: number
  readonly reason: ChangeReason | 'SNAPSHOT'
  readonly cart: Cart | null
}

export interface WatchingDeps {
  readonly carts: CartModel
  readonly current: CurrentCart
  readonly bus: Bus
  readonly log: Log
  readonly pollMs: number
}

/** What a subscriber who saw `after` has to be told, from the carts of an owner, oldest first. */
export const updatesAfter = (history: readonly Cart[], after: number | null): CartUpdate[] => {
  const cart = history.find(({ state }) => state === 'active') ?? null
  const seq = history.at(-1)?.version ?? 0
  const changes = history.flatMap((each) => each.changes).filter((change) => after !== null && change.seq > after)
  const oldest = history[0]?.changes
  const mayBeForgotten = oldest?.length === maxChanges && (oldest[0]?.seq ?? 0) > (after ?? 0) + 1
  if (after === null || (mayBeForgotten && changes.length > 0)) return [{ seq, reason: 'SNAPSHOT', cart }]
  return changes.map((change) => ({ seq: change.seq, reason: change.reason, cart }))
}

/** Live views of carts. */
export const makeWatching = ({ carts, current, bus, log, pollMs }: WatchingDeps) => ({
  /**
   * The viewer's cart from change to change, also from one cart to the next: first the present state (or what came after
   * `after`), then every change. A client that was away for more changes than a cart remembers gets the present state.
   */
  cartUpdated: async (shopper: Shopper, after: number | null) => {
    await current(shopper)
    const read = async (seen: number | null) => updatesAfter(await carts.latestOf(shopper.id), seen)
    return makeFeed({ bus, topics: [ownerTopic(shopper.id)], pollMs, after, read, log })
  },
})

export type Watching = ReturnType<typeof makeWatching>
