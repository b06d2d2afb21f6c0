import type { Millis } from '#kernel/time.ts'

/** How often something may happen: `capacity` at once, refilled evenly over `per`. */
export interface Budget {
  readonly capacity: number
  readonly per: Millis
}

export interface Verdict {
  readonly allowed: boolean
  /** Milliseconds until what was asked for is available; 0 when allowed. */
  readonly retryAfter: Millis
}

/** What became of a withdrawal from a bucket. */
export interface Withdrawal extends Verdict {
  /** What is left in the bucket, in whole units. */
  readonly remaining: number
}

/**
 * How attempts at one thing slow down: `free` ones at once, then a pause that doubles with each, up to `maxPause`. Never a hard lock.
 * Forgotten when none was made for `forgetAfter`.
 */
export interface Backoff {
  readonly free: number
  readonly pause: Millis
  readonly maxPause: Millis
  readonly forgetAfter: Millis
}

/** Token buckets by key. When the shared store is away, an adapter falls back to local buckets (rule R12). */
export interface Limiter {
  /** Takes `cost` units, or none when there are fewer. A cost above the capacity is never allowed. */
  take(key: string, budget: Budget, cost?: number): Promise<Withdrawal>
  /** Puts back what turned out not to be needed, up to the capacity. Resolves to what is left in the bucket, in whole units. */
  refund(key: string, budget: Budget, cost: number): Promise<number>
  /** Counts an attempt, unless it comes during a pause: those neither count nor make the pause longer. */
  attempt(key: string, backoff: Backoff): Promise<Verdict>
  /** Forgets the attempts of a key: the last one was good. */
  forget(key: string): Promise<void>
  stop(): Promise<void>
}
