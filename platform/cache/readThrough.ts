import { AsyncLocalStorage } from 'node:async_hooks'
import type { Clock, Millis } from '#kernel/time.ts'
import { type BulkheadOptions, makeBulkhead } from '../bulkhead.ts'
import { metrics } from '../metrics/table.ts'
import type { Cache } from './cache.ts'

/** Parameters table: 20 in flight for each dependency. Who waits is a request with a deadline of its own. */
const ordinaryRoom: BulkheadOptions = { inFlight: 20, waiting: 5_000 }

export interface ReadThroughDeps {
  readonly cache: Cache
  readonly clock: Clock
  readonly room?: BulkheadOptions
}

export interface Reading<T> {
  readonly key: string
  /** The oldest that an answer may be, from the moment at which it was asked for. */
  readonly ttl: Millis
  readonly load: () => Promise<T>
}

/** Keys begin with what they are about: `session:`. */
const count = (key: string, outcome: 'hit' | 'shared' | 'miss'): void =>
  metrics.cacheReads.inc({ cache: key.slice(0, Math.max(0, key.indexOf(':'))), outcome })

/**
 * Reads what the cache does not have, so that a cold or absent cache is no stampede (rule R12): whoever asks for the same at the same time
 * shares one read, and only so many different ones are under way. What takes longer than it may be old is neither shared nor kept.
 */
export const makeReadThrough = ({ cache, clock, room = ordinaryRoom }: ReadThroughDeps) => {
  const reads = new Map<string, { readonly began: Millis; readonly value: Promise<unknown> }>()
  const bulkhead = makeBulkhead(room)
  // Not under the deadline of whoever happens to ask first.
  const aside = AsyncLocalStorage.snapshot()

  const loadAndKeep = async <T>({ key, ttl, load }: Reading<T>): Promise<T> => {
    const { began, value } = await bulkhead.run(async () => ({ began: clock.now(), value: await load() }))
    const left = ttl - (clock.now() - began)
    if (left > 0) await cache.set(key, value, left)
    return value
  }

  const begin = <T>(reading: Reading<T>): Promise<T> => {
    const value = aside(loadAndKeep<T>, reading)
    const read = { began: clock.now(), value }
    reads.set(reading.key, read)
    const forget = (): void => {
      if (reads.get(reading.key) === read) reads.delete(reading.key)
    }
    value.then(forget, forget)
    return value
  }

  return async <T>(reading: Reading<T>): Promise<T> => {
    const cached = await cache.get<T>(reading.key)
    if (cached !== undefined) {
      count(reading.key, 'hit')
      return cached
    }
    const underWay = reads.get(reading.key)
    const isShared = underWay !== undefined && clock.now() - underWay.began < reading.ttl
    count(reading.key, isShared ? 'shared' : 'miss')
    if (isShared) return underWay.value as Promise<T>
    return begin(reading)
  }
}
