import { LRUCache } from 'lru-cache'
import type { Clock } from '#kernel/time.ts'
import type { Cache } from './cache.ts'

interface Entry {
  readonly value: unknown
  readonly expiresAt: number
}

/** A cache inside one process; when full, what was not used for the longest time goes first. */
export const makeMemoryCache = (clock: Clock, maxEntries = 50_000): Cache => {
  const entries = new LRUCache<string, Entry>({ max: maxEntries })
  return {
    isShared: false,
    get: async <T>(key: string) => {
      const entry = entries.get(key)
      if (entry && entry.expiresAt > clock.now()) return entry.value as T
      entries.delete(key)
      return undefined
    },
    set: async (key, value, ttl) => {
      entries.set(key, { value, expiresAt: clock.now() + ttl })
    },
    delete: async (key) => {
      entries.delete(key)
    },
    stop: async () => entries.clear(),
  }
}
