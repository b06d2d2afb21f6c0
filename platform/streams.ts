/**
 * The same stream with each item mapped, one at a time and in order. Written by hand, not as an async generator: `return()` of a
 * generator waits behind a pending `next()`, and leaving a silent source would never reach it.
 */
export const mapStream = <A, B>(source: AsyncIterable<A>, map: (item: A) => B | Promise<B>): AsyncIterable<B> => ({
  [Symbol.asyncIterator]: () => {
    const items = source[Symbol.asyncIterator]()
    return {
      next: async () => {
        const item = await items.next()
        return item.done ? { done: true, value: undefined } : { done: false, value: await map(item.value) }
      },
      return: async () => {
        await items.return?.()
        return { done: true, value: undefined }
      },
    }
  },
})
