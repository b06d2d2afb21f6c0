import { ShopError } from '#kernel/errors.ts'
import type { Bus } from './bus/bus.ts'
import { lastingCause } from './cause.ts'
import { faultFields, type Log } from './log.ts'
import type { SharedPoll } from './sharedPoll.ts'

/** What a subscriber is told: a state with the number it had. */
export interface FeedItem {
  readonly seq: number
}

/** Something may have changed. With a number: it is the newest one; the same as the subscriber's means that nothing has. */
export type Hear = (seq?: number) => void

/** Begins to listen for changes; the returned function ends it. */
export type Listen = (hear: Hear) => () => void

export interface FeedOptions<T extends FeedItem> {
  /** Where hints come from: see `listenTo`. */
  readonly listen: Listen
  /** The last number the client has seen; null: it wants the present state first. */
  readonly after: number | null
  /**
   * Reads what came after a number, in order; `null` asks for the present state. A number that the history cannot go on from
   * is answered with the present state, marked as a reset.
   */
  readonly read: (after: number | null) => Promise<readonly T[]>
  /** After telling something the feed rests this long; what changes meanwhile is told as one. Absent: no rest. */
  readonly restMs?: number
  readonly log: Log
}

const ended = { done: true, value: undefined } as const

/**
 * Listens to the bus for changes of this process and to the poll for those of others; a lost announcement is made good by the
 * poll (rule R12).
 */
export const listenTo =
  (bus: Bus, topic: string, { poll, id }: { readonly poll: SharedPoll; readonly id: string }): Listen =>
  (hear) => {
    const leaves = [bus.subscribe(topic, () => hear()), poll.watch(id, hear)]
    return () => {
      for (const leave of leaves) leave()
    }
  }

/** The `after` of a subscription, null when there is none. @throws ShopError BAD_USER_INPUT when it is negative */
export const readAfter = (after: number | null | undefined): number | null => {
  if (after != null && after < 0) throw new ShopError('BAD_USER_INPUT', '"after" is not negative.', ['after'])
  return after ?? null
}

/**
 * A live view of an aggregate for one subscriber: first the present state (or what came after `after`), then every change in
 * order, without a gap (rule R15). The store is read only when the subscriber is ready for more, so a slow one costs no memory.
 *
 * Written by hand, not as an async generator: `return()` of a generator waits behind a pending `next()`, and a silent stream
 * would never be left.
 */
export const makeFeed = <T extends FeedItem>(options: FeedOptions<T>): AsyncIterableIterator<T> => {
  const { read, restMs = 0, log } = options
  const ready: T[] = []
  const waiters: ((result: IteratorResult<T>) => void)[] = []
  let after = options.after
  let closed = false
  let stale = true
  let reading = false
  /** A read that failed is tried again at the next hint, whatever its number is. */
  let failed = false
  let rest: NodeJS.Timeout | null = null
  const asSubscribed = lastingCause()

  const close = (): void => {
    if (closed) return
    closed = true
    if (rest) clearTimeout(rest)
    leave()
    ready.length = 0
    for (const waiter of waiters.splice(0)) waiter(ended)
  }

  const hand = (items: readonly T[]): void => {
    for (const item of items) {
      after = item.seq
      const waiter = waiters.shift()
      if (waiter) waiter({ done: false, value: item })
      else ready.push(item)
    }
    if (restMs === 0 || items.length === 0) return
    rest = setTimeout(() => {
      rest = null
      void pump()
    }, restMs)
    rest.unref()
  }

  const pump = async (): Promise<void> => {
    if (reading || rest || closed || !stale || waiters.length === 0) return
    reading = true
    stale = false
    try {
      const items = await read(after)
      if (!closed) hand(items)
    } catch (error) {
      failed = true
      log.warn('a feed will read again', faultFields(error))
    } finally {
      reading = false
    }
    if (stale) await pump()
  }

  const hear: Hear = (seq) => {
    if (seq !== undefined && seq === after && !failed) return
    failed = false
    stale = true
    void asSubscribed(pump)
  }

  const leave = options.listen(hear)

  return {
    next: () => {
      const item = ready.shift()
      if (item) return Promise.resolve({ done: false, value: item })
      if (closed) return Promise.resolve(ended)
      const { promise, resolve } = Promise.withResolvers<IteratorResult<T>>()
      waiters.push(resolve)
      void asSubscribed(pump)
      return promise
    },
    return: () => {
      close()
      return Promise.resolve(ended)
    },
    throw: (error) => {
      close()
      return Promise.reject(error)
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}
