import { LRUCache } from 'lru-cache'
import type { Clock } from '#kernel/time.ts'
import type { Backoff, Budget, Limiter, Verdict, Withdrawal } from './limiter.ts'

interface Bucket {
  readonly tokens: number
  readonly at: number
}

interface Attempts {
  readonly count: number
  readonly at: number
  /** None is allowed before. */
  readonly pauseUntil: number
}

const afterOneMore = (before: Attempts | undefined, { free, pause, maxPause }: Backoff, now: number): Attempts => {
  const count = (before?.count ?? 0) + 1
  const wait = count < free ? 0 : Math.min(maxPause, pause * 2 ** (count - free))
  return { count, at: now, pauseUntil: now + wait }
}

/** A clock that was put back takes nothing out (F14). */
const refill = (bucket: Bucket | undefined, budget: Budget, now: number): number =>
  bucket
    ? Math.min(budget.capacity, bucket.tokens + (Math.max(0, now - bucket.at) * budget.capacity) / budget.per)
    : budget.capacity

/** Buckets and attempts inside one process; a bucket that was forgotten because of the bound starts full again. */
export const makeMemoryLimiter = (clock: Clock, maxBuckets = 100_000): Limiter => {
  const attempts = new LRUCache<string, Attempts>({ max: maxBuckets })
  const buckets = new LRUCache<string, Bucket>({ max: maxBuckets })
  return {
    take: async (key, budget, cost = 1): Promise<Withdrawal> => {
      const now = clock.now()
      const tokens = refill(buckets.get(key), budget, now)
      const allowed = tokens >= cost
      const left = allowed ? tokens - cost : tokens
      buckets.set(key, { tokens: left, at: now })
      const retryAfter = allowed ? 0 : Math.ceil(((cost - tokens) * budget.per) / budget.capacity)
      return { allowed, retryAfter, remaining: Math.floor(left) }
    },
    refund: async (key, budget, cost): Promise<number> => {
      const now = clock.now()
      const tokens = Math.min(budget.capacity, refill(buckets.get(key), budget, now) + cost)
      buckets.set(key, { tokens, at: now })
      return Math.floor(tokens)
    },
    attempt: async (key, backoff): Promise<Verdict> => {
      const now = clock.now()
      const found = attempts.get(key)
      // Attempts of a time to come are those of a clock that was put back since: nobody waits for that hour (F14).
      const isRecent = found && found.at <= now && now - found.at < backoff.forgetAfter
      const before = isRecent ? found : undefined
      if (before && now < before.pauseUntil) return { allowed: false, retryAfter: before.pauseUntil - now }
      attempts.set(key, afterOneMore(before, backoff, now))
      return { allowed: true, retryAfter: 0 }
    },
    forget: async (key) => {
      attempts.delete(key)
    },
    stop: async () => {
      buckets.clear()
      attempts.clear()
    },
  }
}
