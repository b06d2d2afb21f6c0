import type { Clock } from '#kernel/time.ts'
import type { Redis } from '../redis.ts'
import { RedisAway } from '../redisPresence.ts'
import type { Cache } from './cache.ts'

/** When Redis is away, what it was asked for is absent. */
const orAbsent = <T>(work: Promise<T>): Promise<T | undefined> =>
  work.catch((error: unknown) => {
    if (error instanceof RedisAway) return undefined
    throw error
  })

/**
 * A cache that processes share. When Redis is away nothing is found and nothing is kept (rule R12). An entry ends when the first
 * of two clocks says so, ours or that of Redis: one that runs wrong makes it end too early, never too late.
 */
export const makeRedisCache = (redis: Redis, clock: Clock): Cache => {
  const keyOf = (key: string): string => redis.key(`cache:${key}`)
  return {
    isShared: true,
    get: async <T>(key: string) => {
      const text = await orAbsent(redis.ask(keyOf(key), (commands) => commands.get(keyOf(key))))
      if (!text) return undefined
      const { until, value } = JSON.parse(text) as { readonly until: number; readonly value: T }
      return until > clock.now() ? value : undefined
    },
    set: async (key, value, ttl) => {
      const text = JSON.stringify({ until: clock.now() + ttl, value })
      await orAbsent(redis.ask(keyOf(key), (commands) => commands.set(keyOf(key), text, 'PX', Math.ceil(ttl))))
    },
    delete: async (key) => {
      await orAbsent(redis.ask(keyOf(key), (commands) => commands.unlink(keyOf(key))))
    },
    stop: async () => undefined,
  }
}
