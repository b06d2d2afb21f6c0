import type { Bus } from './bus/bus.ts'
import { faultFields, type Log } from './log.ts'

/** What a subscriber is told: a state with the number it had. */
export interface FeedItem {
  readonly seq: number
}

export interface FeedOptions<T extends FeedItem> {
  readonly bus: Bus
  /** Topics that announce a change; a lost announcement is made good by the poll. */
  readonly topics: readonly string[]
  /** How often the store is asked without an announcement: covers changes made by another process (rule R12). */
  readonly pollMs: number
  /** The last number the client has seen; null: it wants the present state first. */
  readonly after: number | null
  /** Reads what came after a number, in order; `null` asks for the present state. */
  readonly read: (after: number | null) => Promise<readonly T[]>
  readonly log: Log
}

const ended = { done: true, value: undefined } as const

/**
 * A live view of an aggregate for one subscriber: first the present state (or what came after `after`), then every change in
 * order, without a gap (rule R15). The store is read only when the subscriber is ready for more, so a slow one costs no memory.
 *
 * Written by hand, not as an async generator: `return()` of a generator waits behind a pending `next()`, and a silent stream
 * would never be left.
 */
export const makeFeed = <T extends FeedItem>(options: FeedOptions<T>): AsyncIterableIterator<T> => {
  const { bus, topics, pollMs, read, log } = options
  const ready: T[] = []
  const waiters: ((result: IteratorResult<T>) => void)[] = []
  let after = options.after
  let closed = false
  let stale = true
  let reading = false

  const close = (): void => {
    if (closed) return
    closed = true
    clearInterval(timer)
    for (const leave of leaves) leave()
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
  }

  const pump = async (): Promise<void> => {
    if (reading || closed || !stale || waiters.length === 0) return
    reading = true
    stale = false
    try {
      const items = await read(after)
      if (!closed) hand(items)
    } catch (error) {
      log.warn('a feed will read again', faultFields(error))
    } finally {
      reading = false
    }
    if (stale) await pump()
  }

  const announce = (): void => {
    stale = true
    void pump()
  }

  const leaves = topics.map((topic) => bus.subscribe(topic, announce))
  const timer = setInterval(announce, pollMs)
  timer.unref()

  return {
    next: () => {
      const item = ready.shift()
      if (item) return Promise.resolve({ done: false, value: item })
      if (closed) return Promise.resolve(ended)
      const { promise, resolve } = Promise.withResolvers<IteratorResult<T>>()
      waiters.push(resolve)
      void pump()
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
