import { LRUCache } from 'lru-cache'
import type { Clock } from '#kernel/time.ts'
import type { Budget, Limiter, Verdict } from './limiter.ts'

interface Bucket {
  readonly tokens: number
  readonly at: number
}

const refill = (bucket: Bucket | undefined, budget: Budget, now: number): number =>
  bucket
    ? Math.min(budget.capacity, bucket.tokens + ((now - bucket.at) * budget.capacity) / budget.per)
    : budget.capacity

/** Buckets inside one process; a bucket that was forgotten because of the bound starts full again. */
export const makeMemoryLimiter = (clock: Clock, maxBuckets = 100_000): Limiter => {
  const buckets = new LRUCache<string, Bucket>({ max: maxBuckets })
  return {
    take: async (key, budget, cost = 1): Promise<Verdict> => {
      const now = clock.now()
      const tokens = refill(buckets.get(key), budget, now)
      const allowed = tokens >= cost
      buckets.set(key, { tokens: allowed ? tokens - cost : tokens, at: now })
      return { allowed, retryAfter: allowed ? 0 : Math.ceil(((cost - tokens) * budget.per) / budget.capacity) }
    },
    stop: async () => buckets.clear(),
  }
}
