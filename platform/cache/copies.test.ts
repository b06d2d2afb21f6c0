import { expect, test } from 'vitest'
import { ShopError } from '#kernel/errors.ts'
import { makeManualClock } from '#kernel/time.ts'
import { metrics } from '../metrics/table.ts'
import type { Cache } from './cache.ts'
import { makeCopies } from './copies.ts'
import { makeMemoryCache } from './memory.ts'
import { withStaleness } from './staleness.ts'

/** What two processes share. */
const sharing = (clock: ReturnType<typeof makeManualClock>): Cache => ({ ...makeMemoryCache(clock), isShared: true })

const setUp = ({
  freshFor = 1_000,
  cache,
  name = 'test',
}: {
  freshFor?: number
  cache?: Cache
  name?: string
} = {}) => {
  const clock = makeManualClock()
  const loads: string[][] = []
  let truth: Record<string, number> = { a: 1, b: 2 }
  let fault: Error | null = null
  let hold: Promise<void> = Promise.resolve()
  let endPause: (() => void) | null = null
  const process = (shared = cache ?? makeMemoryCache(clock)) => {
    const copies = makeCopies<number>({
      name,
      clock,
      cache: shared,
      freshFor,
      pause: (_, signal) =>
        new Promise((resolve, reject) => {
          endPause = () => resolve(undefined)
          signal.addEventListener('abort', () => reject(signal.reason))
        }),
    })
    const load = async (keys: readonly string[]) => {
      loads.push([...keys])
      const [now, failed] = [truth, fault]
      await hold
      if (failed) throw failed
      return new Map(keys.flatMap((key) => (now[key] === undefined ? [] : [[key, now[key]] as const])))
    }
    const read = async (...keys: string[]) => {
      const { result, staleSince } = await withStaleness(() => copies.read(keys, load))
      return { values: keys.map((key) => result.get(key)?.value), staleSince }
    }
    return { ...copies, read }
  }
  return {
    clock,
    loads,
    process,
    ...process(),
    set: (next: Record<string, number>) => {
      truth = next
    },
    fail: (error: Error | null) => {
      fault = error
    },
    hang: () => {
      const { promise, resolve } = Promise.withResolvers<void>()
      hold = promise
      return resolve
    },
    /** Whether somebody was waiting. */
    patienceEnds: () => {
      endPause?.()
      return endPause !== null
    },
  }
}

const away = new ShopError('UNAVAILABLE', 'The database does not answer; try again.')

test('given what was read within the second, then the store is asked for the rest only, and again when the second is over', async () => {
  const { read, loads, clock, set } = setUp()
  expect((await read('a')).values).toEqual([1])
  set({ a: 10, b: 20 })
  expect((await read('a', 'b', 'a', 'none')).values).toEqual([1, 20, 1, null])
  clock.advance(1_000)
  expect((await read('a', 'none')).values).toEqual([10, null])
  expect(loads).toEqual([['a'], ['b', 'none'], ['a', 'none']])
})

test('given a change, then nothing that was read or is being read before it is given to anybody who asks after it', async () => {
  const { read, changed, set, hang, loads } = setUp()
  await read('a')
  set({ a: 10 })
  changed()
  const go = hang()
  const early = read('a')
  await expect.poll(() => loads).toHaveLength(2)
  set({ a: 100 })
  changed()
  const late = read('a')
  go()
  expect([(await early).values, (await late).values]).toEqual([[10], [100]])
  expect((await read('a')).values).toEqual([100])
  expect(loads).toHaveLength(3)
})

test('given a thousand who ask for the same at once, then the store is asked once (R12)', async () => {
  const { read, loads } = setUp()
  await Promise.all(Array.from({ length: 1_000 }, () => read('a', 'b')))
  expect(loads).toHaveLength(1)
})

test('given a store that is away, then the last copy stands in, and it is told since when, until the store is back; without a copy it is refused (F8)', async () => {
  const { read, fail, clock, set, loads } = setUp()
  const asOf = clock.now()
  await read('a')
  clock.advance(5_000)
  fail(away)
  expect(await read('a')).toEqual({ values: [1], staleSince: asOf })
  await expect(read('a', 'b')).rejects.toThrow(away)
  const asked = loads.length
  expect((await read('a')).staleSince).toBe(asOf)
  // It was asked a moment ago.
  expect(loads).toHaveLength(asked)
  fail(null)
  set({ a: 7 })
  clock.advance(1_000)
  expect(await read('a')).toEqual({ values: [7], staleSince: null })
})

test('given a copy of more than ten minutes, or a fault that is no absence, then nothing stands in (F8)', async () => {
  const { read, fail, clock } = setUp()
  await read('a')
  clock.advance(2_000)
  fail(new TypeError('a mistake of ours'))
  await expect(read('a')).rejects.toThrow('a mistake of ours')
  clock.advance(600_000)
  fail(away)
  await expect(read('a')).rejects.toThrow(away)
})

test('given a store that hangs, then the last copy stands in after a moment, and the next ones do not wait (F8)', async () => {
  const { read, clock, hang, patienceEnds } = setUp()
  await read('a')
  clock.advance(1_000)
  const go = hang()
  const waiting = read('a')
  await expect.poll(() => patienceEnds()).toBe(true)
  expect((await waiting).values).toEqual([1])
  expect((await read('a')).staleSince).not.toBeNull()
  go()
  clock.advance(1_000)
  expect(await read('a')).toEqual({ values: [1], staleSince: null })
})

test('given no time for which an answer may be kept, then each is read anew, and copies only stand in (availability)', async () => {
  const { read, loads, fail, clock } = setUp({ freshFor: 0 })
  for (const _ of [1, 2]) expect((await read('a')).staleSince).toBeNull()
  expect(loads).toHaveLength(2)
  fail(away)
  expect((await read('a')).staleSince).toBe(clock.now())
})

test('given two processes that share a cache, then what one has read by one key the other finds, unless it has heard of a change since', async () => {
  const shared = sharing(makeManualClock())
  const { process, loads, set, clock, fail } = setUp({ cache: shared })
  const [one, other, third] = [process(shared), process(shared), process(shared)]
  expect((await one.read('a')).values).toEqual([1])
  set({ a: 10 })
  expect((await other.read('a')).values).toEqual([1])
  expect(loads).toHaveLength(1)
  clock.advance(1)
  other.changed()
  clock.advance(1)
  expect((await other.read('a')).values).toEqual([10])
  clock.advance(1_000)
  fail(away)
  expect((await third.read('a')).values).toEqual([10])
})

/** What was counted of a cache, by outcome. */
const countedOf = async (cache: string) => {
  const { values } = await metrics.cacheReads.get()
  return Object.fromEntries(
    values.filter(({ labels }) => labels.cache === cache).map(({ labels, value }) => [labels.outcome, value]),
  )
}

test('given reads, then each is counted by where its answer came from, and what stood in for the store as stale (F8)', async () => {
  const name = 'counted'
  const { read, fail, clock } = setUp({ name })
  expect(await countedOf(name)).toEqual({ hit: 0, shared: 0, miss: 0, stale: 0 })
  await Promise.all([read('a', 'b'), read('b', 'none')])
  expect(await countedOf(name)).toEqual({ hit: 0, shared: 1, miss: 3, stale: 0 })
  await read('a', 'none')
  expect(await countedOf(name)).toEqual({ hit: 2, shared: 1, miss: 3, stale: 0 })
  clock.advance(1_000)
  fail(away)
  await read('a', 'b')
  // The store was asked a moment ago.
  await read('a')
  expect(await countedOf(name)).toEqual({ hit: 2, shared: 1, miss: 5, stale: 3 })
})
