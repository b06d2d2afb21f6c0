const ended = { done: true, value: undefined } as const

/**
 * The same stream with each item mapped, one at a time and in order. Written by hand, not as an async generator: `return()` of a
 * generator waits behind a pending `next()`, and leaving a silent source would never reach it. It is its own iterator, with all three
 * methods: graphql-ws leaves only what looks like a generator.
 */
export const mapStream = <A, B>(
  source: AsyncIterable<A>,
  map: (item: A) => B | Promise<B>,
): AsyncIterableIterator<B> => {
  let opened: AsyncIterator<A> | undefined
  const items = (): AsyncIterator<A> => {
    opened ??= source[Symbol.asyncIterator]()
    return opened
  }
  const leave = async (): Promise<void> => void (await items().return?.())
  return {
    next: async () => {
      const item = await items().next()
      return item.done ? ended : { done: false, value: await map(item.value) }
    },
    return: async () => {
      await leave()
      return ended
    },
    throw: async (error) => {
      await leave()
      throw error
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}

export interface Channel<T> extends AsyncIterableIterator<T> {
  /** Hands an item to whoever waits, or keeps it. False: nobody reads fast enough, the item is lost and the channel is over. */
  push(item: T): boolean
  /** No more items; what is kept can still be read. */
  end(): void
}

/** A stream that is fed from outside and keeps at most `limit` items (rule R13). `onLeave` runs once, when its reader leaves. */
export const makeChannel = <T>(limit: number, onLeave: () => void): Channel<T> => {
  const kept: T[] = []
  const waiting: ((result: IteratorResult<T>) => void)[] = []
  let isOver = false
  let isLeft = false

  const end = (): void => {
    isOver = true
    for (const answer of waiting.splice(0)) answer(ended)
  }
  const leave = (): void => {
    if (isLeft) return
    isLeft = true
    kept.length = 0
    end()
    onLeave()
  }

  return {
    push: (value) => {
      if (isOver) return false
      const answer = waiting.shift()
      if (answer) answer({ done: false, value })
      else if (kept.length < limit) kept.push(value)
      else end()
      return !isOver
    },
    end,
    next: async () => {
      if (kept.length > 0) return { done: false, value: kept.shift() as T }
      if (isOver) return ended
      const { promise, resolve } = Promise.withResolvers<IteratorResult<T>>()
      waiting.push(resolve)
      return promise
    },
    return: async () => {
      leave()
      return ended
    },
    throw: async (error) => {
      leave()
      throw error
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}
