import { AsyncLocalStorage } from 'node:async_hooks'
import { setTimeout } from 'node:timers/promises'
import { LRUCache } from 'lru-cache'
import { isShopError } from '#kernel/errors.ts'
import { type Clock, isWithin, type Millis, minutes, seconds } from '#kernel/time.ts'
import { BulkheadFull, type BulkheadOptions, makeBulkhead } from '../bulkhead.ts'
import { asUnavailable } from '../mongo.ts'
import type { Cache } from './cache.ts'
import { countReadsOf } from './counting.ts'
import { noteStale } from './staleness.ts'

/** A value as it was read from the store, and when. */
export interface Copy<T> {
  /** Null when there is none. */
  readonly value: T | null
  readonly asOf: Millis
}

/** Reads what is asked for by its keys, in one operation; what is left out is not there. */
export type Load<T> = (keys: readonly string[]) => Promise<ReadonlyMap<string, T>>

export interface CopiesOptions {
  /** Unique among those that share a cache. */
  readonly name: string
  readonly clock: Clock
  /** Shared by processes; used for what is read by one key. */
  readonly cache: Cache
  /** How old an answer may be while the store answers. 0: every answer is read anew, and copies only stand in for it. */
  readonly freshFor?: Millis
  readonly room?: BulkheadOptions
  readonly pause?: (ms: Millis, signal: AbortSignal) => Promise<unknown>
}

interface Kept<T> extends Copy<T> {
  readonly generation: number
}

/** The same as for sessions: a change is seen everywhere within this time, and where the bus brings it, at once. */
const usuallyFresh = seconds(1)
/** How long a copy may stand in for a store that does not answer. */
const keptFor = minutes(10)
/** Rows in all copies of one kind, so that memory is bounded (R13): a list counts with what is in it. */
const maxRows = 10_000
/** Who has a copy waits this long for a store that hangs, and within this time after a failure for none. */
const patience = seconds(1)
/** Parameters table: 20 in flight for each dependency. */
const ordinaryRoom: BulkheadOptions = { inFlight: 20, waiting: 5_000 }

const rowsOf = (value: unknown): number => (Array.isArray(value) ? value.length + 1 : 1)

const isAway = (error: unknown): boolean =>
  asUnavailable(error) !== null || error instanceof BulkheadFull || (isShopError(error) && error.code === 'UNAVAILABLE')

/**
 * Copies of what everybody may see, in this process and, where there is one, in a cache that processes share. Nothing private goes in:
 * keys carry everything that changes the answer, and there is no viewer in them. Whoever asks for the same shares one read, only so many
 * reads are under way, and a store that is away or hangs is stood in for by the last copy, which is noted (F8, R12).
 * What decides about money or stock never reads here.
 */
export const makeCopies = <T>(options: CopiesOptions) => {
  const { name, clock, cache, freshFor = usuallyFresh, room = ordinaryRoom } = options
  const pause = options.pause ?? ((ms, signal) => setTimeout(ms, undefined, { signal }))
  const near = new LRUCache<string, Kept<T>>({ maxSize: maxRows, sizeCalculation: ({ value }) => rowsOf(value) })
  const underWay = new Map<string, { readonly generation: number; readonly began: Millis; readonly read: Reading<T> }>()
  const bulkhead = makeBulkhead(room)
  // Not under the deadline of whoever happens to ask first.
  const aside = AsyncLocalStorage.snapshot()
  const count = countReadsOf(name)
  const sharedKey = (key: string): string => `copies:${name}:${key}`
  let generation = 0
  let changedAt = Number.NEGATIVE_INFINITY
  let awaySince = Number.NEGATIVE_INFINITY

  const isFresh = (copy: Kept<T>): boolean => copy.generation === generation && isWithin(clock, copy.asOf, freshFor)

  /** What another process has read; it knows of no generations, so what was read before the last change here counts as old. */
  const shared = async (key: string): Promise<Copy<T> | undefined> =>
    cache.isShared && freshFor > 0 ? cache.get<Copy<T>>(sharedKey(key)) : undefined

  const loadAndKeep = async (keys: readonly string[], load: Load<T>): Promise<ReadonlyMap<string, Kept<T>>> => {
    const began = { generation, asOf: clock.now() }
    const [only = ''] = keys.length === 1 ? keys : []
    const known = only ? await shared(only) : undefined
    const isKnown = known !== undefined && known.asOf > changedAt && isWithin(clock, known.asOf, freshFor)
    count(isKnown ? 'hit' : 'miss', keys.length)
    const found = isKnown ? null : await bulkhead.run(() => load(keys))
    const kept = new Map(
      keys.map((key) => [
        key,
        known && isKnown ? { ...known, generation } : { value: found?.get(key) ?? null, ...began },
      ]),
    )
    for (const [key, copy] of kept) near.set(key, copy)
    if (only && !isKnown && cache.isShared && freshFor > 0)
      await cache.set<Copy<T>>(sharedKey(only), { value: found?.get(only) ?? null, asOf: began.asOf }, keptFor)
    return kept
  }

  const begin = (keys: readonly string[], load: Load<T>): Reading<T> => {
    const read = aside(loadAndKeep, keys, load)
    const mark = { generation, began: clock.now(), read }
    for (const key of keys) underWay.set(key, mark)
    const forget = (): void => {
      for (const key of keys) if (underWay.get(key) === mark) underWay.delete(key)
    }
    read.then(forget, forget)
    return read
  }

  /** Reads that are under way and not too old, and one for the rest. */
  const readAll = async (keys: readonly string[], load: Load<T>): Promise<ReadonlyMap<string, Kept<T>>> => {
    const running = (key: string) => {
      const known = underWay.get(key)
      return known && known.generation === generation && isWithin(clock, known.began, freshFor) ? known.read : null
    }
    const shares = new Set(keys.flatMap((key) => running(key) ?? []))
    const rest = keys.filter((key) => !running(key))
    count('shared', keys.length - rest.length)
    if (rest.length > 0) shares.add(begin(rest, load))
    const parts = await Promise.all(shares)
    return new Map(parts.flatMap((part) => [...part]))
  }

  const mayStandIn = (copy: Copy<T> | undefined): copy is Copy<T> =>
    copy !== undefined && clock.now() - copy.asOf <= keptFor

  /** The last copies of all of them; null when one is missing. */
  const lastOf = (keys: readonly string[]): ReadonlyMap<string, Copy<T>> | null => {
    const copies = keys.flatMap((key) => {
      const copy = near.get(key)
      return mayStandIn(copy) ? [[key, copy] as const] : []
    })
    return copies.length === keys.length ? new Map(copies) : null
  }

  const lastShared = async (keys: readonly string[]): Promise<ReadonlyMap<string, Copy<T>> | null> => {
    const [only] = keys
    const copy = only !== undefined && keys.length === 1 ? await shared(only) : undefined
    return only !== undefined && mayStandIn(copy) ? new Map([[only, copy]]) : null
  }

  /** Null when the store has not answered in the time that is waited for it by those who have a copy. */
  const inTime = async (read: Reading<T>): Promise<ReadonlyMap<string, Kept<T>> | null> => {
    const over = new AbortController()
    try {
      return await Promise.race([read, pause(patience, over.signal).then(() => null)])
    } finally {
      over.abort()
    }
  }

  const standIn = (last: ReadonlyMap<string, Copy<T>>): ReadonlyMap<string, Copy<T>> => {
    for (const { asOf } of last.values()) noteStale(asOf)
    count('stale', last.size)
    return last
  }

  const readOrStandIn = async (keys: readonly string[], load: Load<T>): Promise<ReadonlyMap<string, Copy<T>>> => {
    const here = lastOf(keys)
    if (here && isWithin(clock, awaySince, patience)) return standIn(here)
    const read = readAll(keys, load)
    try {
      const found = here ? await inTime(read) : await read
      if (found) return found
    } catch (error) {
      if (!isAway(error)) throw error
      const last = here ?? (await lastShared(keys))
      if (!last) throw error
      awaySince = clock.now()
      return standIn(last)
    }
    awaySince = clock.now()
    return standIn(here ?? new Map())
  }

  return {
    /**
     * A copy of each, fresh while the store answers.
     * @throws whatever `load` throws, when there is no copy.
     */
    read: async (keys: readonly string[], load: Load<T>): Promise<ReadonlyMap<string, Copy<T>>> => {
      const wanted = [...new Set(keys)]
      const fresh = new Map<string, Copy<T>>()
      for (const key of wanted) {
        const copy = near.get(key)
        if (copy && isFresh(copy)) fresh.set(key, copy)
      }
      count('hit', fresh.size)
      const rest = wanted.filter((key) => !fresh.has(key))
      if (rest.length > 0) for (const [key, copy] of await readOrStandIn(rest, load)) fresh.set(key, copy)
      return fresh
    },

    /** Something of what was copied is not as it was: nothing that was read before, or is being read, counts as fresh. */
    changed: (): void => {
      generation += 1
      changedAt = clock.now()
    },
  }
}

type Reading<T> = Promise<ReadonlyMap<string, Kept<T>>>

export type Copies<T> = ReturnType<typeof makeCopies<T>>
