import type { Clock } from '#kernel/time.ts'
import { makeBulkhead } from '#platform/bulkhead.ts'
import type { Bus } from '#platform/bus/bus.ts'
import type { Hear, Listen } from '#platform/feed.ts'
import type { Log } from '#platform/log.ts'
import { makeSharedPoll } from '#platform/sharedPoll.ts'
import type { Cart } from '../domain/cart.ts'
import { hear as hearNews } from '../domain/news.ts'
import type { CartModel } from '../model/carts.ts'
import { type NewsModel, newsTopic, type VariantFact } from '../model/news.ts'

export interface NewsDeps {
  readonly carts: Pick<CartModel, 'update'>
  readonly news: NewsModel
  readonly bus: Bus
  readonly clock: Clock
  readonly log: Log
  readonly pollMs: number
}

/**
 * Watched carts that learn the same news at the same time: a variant may be in all of them. They take turns, so that a hot one
 * leaves room for those who buy; 12,000 is the number of sockets of a process.
 */
const turns = { inFlight: 20, waiting: 12_000 }

/**
 * News of variants for carts that somebody watches. A fact is written down once, per variant; a watched cart takes it in with a
 * guarded write of its own, which gives it a number in the cart's history, so that all devices and every resumption see it. What
 * nobody watches is not written: it learns the news when it is watched again.
 */
export const makeNews = ({ carts, news, bus, clock, log, pollMs }: NewsDeps) => {
  const poll = makeSharedPoll({ everyMs: pollMs, read: news.numbersOf, log })
  const queue = makeBulkhead(turns)

  return {
    /** A fact of a sibling; the same again changes nothing. */
    record: (fact: VariantFact): Promise<void> => news.record(fact, clock.now()),

    /** Follows the variants of one watched cart. */
    follow: () => {
      const followed = new Map<string, () => void>()
      const known = new Map<string, number>()
      let hear: Hear = () => undefined
      /** There may be news that the cart has not heard: always so at first, and for each line that came in. */
      let isDue = true
      let closed = false

      const mayBeNews = (): void => {
        isDue = true
        hear()
      }

      const followOne = (variantId: string): void => {
        const leaves = [
          bus.subscribe(newsTopic(variantId), mayBeNews),
          poll.watch(variantId, (at) => {
            if (at > (known.get(variantId) ?? 0)) mayBeNews()
          }),
        ]
        followed.set(variantId, () => {
          for (const leave of leaves) leave()
        })
        isDue = true
      }

      const followThose = (variantIds: ReadonlySet<string>): void => {
        if (closed) return
        for (const [id, leave] of followed) {
          if (variantIds.has(id)) continue
          leave()
          followed.delete(id)
        }
        for (const id of variantIds) if (!followed.has(id)) followOne(id)
      }

      const takeIn = async (cart: Cart): Promise<Cart> => {
        isDue = false
        try {
          const all = await news.of([...followed.keys()])
          for (const { variantId, at } of all) known.set(variantId, at)
          if (hearNews(cart, all, clock.now()) === cart) return cart
          return await carts.update(cart.id, (each) =>
            each.owner.id === cart.owner.id ? hearNews(each, all, clock.now()) : each,
          )
        } catch (error) {
          isDue = true
          throw error
        }
      }

      const listen: Listen = (told) => {
        hear = told
        return () => {
          closed = true
          for (const leave of followed.values()) leave()
          followed.clear()
        }
      }

      return {
        listen,
        /** True when an open cart has taken something in: it has moved on since it was read. */
        informed: async (cart: Cart): Promise<boolean> => {
          followThose(new Set(cart.lines.map(({ variantId }) => variantId)))
          if (!isDue || followed.size === 0) return false
          const after = await queue.run(() => takeIn(cart))
          return after.version !== cart.version
        },
      }
    },
  }
}

export type CartNews = ReturnType<typeof makeNews>
