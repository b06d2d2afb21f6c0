import type { Millis } from '#kernel/time.ts'

/** Work that was begun and is not done: how much of it, and since when the oldest waits (epoch milliseconds). */
export interface Unfinished {
  readonly name: string
  readonly count: number
  readonly oldestAt: Millis | null
}

/** More than this is not counted: it is too much by far. */
export const mostUnfinished = 1_000

/** From the times since which each piece of work waits. */
export const unfinishedSince = (name: string, times: readonly Millis[]): Unfinished => ({
  name,
  count: times.length,
  oldestAt: times.length > 0 ? Math.min(...times) : null,
})
