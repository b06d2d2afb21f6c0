import type { Clock } from '#kernel/time.ts'
import { makeScript, type Redis, type Script } from '../redis.ts'
import { RedisAway } from '../redisPresence.ts'
import type { Limiter } from './limiter.ts'

/** The time that a script is given, or that of Redis, which is the same for all processes. */
const now = `
local now = tonumber(ARGV[1])
if not now then
  local time = redis.call('TIME')
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end`

/**
 * Bucket: tokens and the time at which it held them. ARGV: time, capacity, per, units to take (negative: to put back). Answers
 * whether they were taken, milliseconds until they could be, and what is left in whole units. A bucket that is full again is forgotten.
 */
const bucket = makeScript(`${now}
local capacity, per, cost = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local kept = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local tokens, at = capacity, now
if kept[1] then
  at = math.max(tonumber(kept[2]), now)
  tokens = math.min(capacity, tonumber(kept[1]) + (at - tonumber(kept[2])) * capacity / per)
end
local allowed = tokens >= cost
local left = tokens
if allowed then left = math.min(capacity, tokens - cost) end
redis.call('HSET', KEYS[1], 'tokens', string.format('%.17g', left), 'at', string.format('%.0f', at))
redis.call('PEXPIRE', KEYS[1], math.ceil(per) + 60000)
local wait = 0
if not allowed then wait = math.ceil((cost - tokens) * per / capacity) end
return {allowed and 1 or 0, wait, math.floor(left)}`)

/** Attempts: how many, when the last one was, and until when none is allowed. ARGV: time, free, pause, maxPause, forgetAfter. */
const attempts = makeScript(`${now}
local free, pause, most, forget = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local kept = redis.call('HMGET', KEYS[1], 'count', 'at', 'until')
local count = 0
if kept[1] and now - tonumber(kept[2]) < forget then
  local wait = tonumber(kept[3]) - now
  if wait > 0 then return {0, math.ceil(wait), 0} end
  count = tonumber(kept[1])
end
count = count + 1
local wait = 0
if count >= free then wait = math.min(most, pause * 2 ^ (count - free)) end
redis.call('HSET', KEYS[1], 'count', count, 'at', string.format('%.0f', now), 'until', string.format('%.0f', now + wait))
redis.call('PEXPIRE', KEYS[1], math.ceil(forget))
return {1, 0, 0}`)

export interface RedisLimiterDeps {
  readonly redis: Redis
  /** Counts while Redis is away: each process for itself, from full buckets on (rule R12). */
  readonly local: Limiter
  /** For tests that decide what time it is; absent: the time of Redis. */
  readonly clock?: Clock
}

/** Buckets and attempts that hold across processes. */
export const makeRedisLimiter = ({ redis, local, clock }: RedisLimiterDeps): Limiter => {
  const run = async (script: Script, name: string, args: readonly number[]) => {
    const reply = (await redis.run(script, redis.key(name), [clock?.now() ?? '', ...args])) as number[]
    const [allowed = 0, retryAfter = 0, remaining = 0] = reply
    return { allowed: allowed === 1, retryAfter, remaining }
  }
  const orLocal = async <T>(shared: () => Promise<T>, alone: () => Promise<T>): Promise<T> => {
    try {
      return await shared()
    } catch (error) {
      if (error instanceof RedisAway) return alone()
      throw error
    }
  }
  return {
    take: (key, budget, cost = 1) =>
      orLocal(
        () => run(bucket, `bucket:${key}`, [budget.capacity, budget.per, cost]),
        () => local.take(key, budget, cost),
      ),
    refund: (key, budget, cost) =>
      orLocal(
        async () => (await run(bucket, `bucket:${key}`, [budget.capacity, budget.per, -cost])).remaining,
        () => local.refund(key, budget, cost),
      ),
    attempt: (key, { free, pause, maxPause, forgetAfter }) =>
      orLocal(
        async () => {
          const { allowed, retryAfter } = await run(attempts, `attempts:${key}`, [free, pause, maxPause, forgetAfter])
          return { allowed, retryAfter }
        },
        () => local.attempt(key, { free, pause, maxPause, forgetAfter }),
      ),
    forget: async (key) => {
      await local.forget(key)
      await orLocal(
        async () => {
          const name = redis.key(`attempts:${key}`)
          await redis.ask(name, (commands) => commands.unlink(name))
        },
        async () => undefined,
      )
    },
    stop: () => local.stop(),
  }
}
