import type { Millis } from '#kernel/time.ts'

/** How often something may happen: `capacity` at once, refilled evenly over `per`. */
export interface Budget {
  readonly capacity: number
  readonly per: Millis
}

export interface Verdict {
  readonly allowed: boolean
  /** Milliseconds until one unit is available again; 0 when allowed. */
  readonly retryAfter: Millis
}

/** Token buckets by key. When the shared store is away, an adapter falls back to local buckets (rule R12). */
export interface Limiter {
  take(key: string, budget: Budget, cost?: number): Promise<Verdict>
  stop(): Promise<void>
}
