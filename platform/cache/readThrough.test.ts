import { expect, test } from 'vitest'
import { makeManualClock } from '#kernel/time.ts'
import type { Cache } from './cache.ts'
import { makeMemoryCache } from './memory.ts'
import { makeReadThrough } from './readThrough.ts'

/** A cache as it is while Redis is away. */
const absent: Cache = {
  isShared: false,
  get: async () => undefined,
  set: async () => undefined,
  delete: async () => undefined,
  stop: async () => undefined,
}

const setUp = (cache: Cache | null = null, room?: { inFlight: number; waiting: number }) => {
  const clock = makeManualClock()
  const loads: { key: string; answer: PromiseWithResolvers<number> }[] = []
  const read = makeReadThrough({ cache: cache ?? makeMemoryCache(clock), clock, room })
  const ask = (key: string) =>
    read({
      key,
      ttl: 1_000,
      load: () => {
        const answer = Promise.withResolvers<number>()
        loads.push({ key, answer })
        return answer.promise
      },
    })
  const begun = (count: number) => expect.poll(() => loads.length).toBe(count)
  return { clock, loads, ask, begun }
}

test('given an empty cache, when a thousand ask for the same at once, then the store is asked once, and the next finds it (R12)', async () => {
  const { loads, ask, begun } = setUp()
  const all = Promise.all(Array.from({ length: 1_000 }, () => ask('a')))
  await begun(1)
  loads[0]!.answer.resolve(7)
  expect(new Set(await all)).toEqual(new Set([7]))
  expect(await ask('a')).toBe(7)
  expect(loads).toHaveLength(1)
})

test('given no cache, when many ask for different things, then only so many are read at once, and too many are refused (R12, R13)', async () => {
  const { loads, ask, begun } = setUp(absent, { inFlight: 2, waiting: 3 })
  const all = Promise.allSettled(['a', 'b', 'c', 'd', 'e', 'f'].map(ask))
  await begun(2)
  for (const n of [0, 1, 2, 3, 4]) {
    await begun(Math.min(5, n + 2))
    loads[n]!.answer.resolve(n)
  }
  expect((await all).map(({ status }) => status)).toEqual([...Array.from({ length: 5 }, () => 'fulfilled'), 'rejected'])
})

test('given a read that fails, then all who share it hear it, and the next one reads again', async () => {
  const { loads, ask, begun } = setUp()
  const all = Promise.allSettled([ask('a'), ask('a')])
  await begun(1)
  loads[0]!.answer.reject(new Error('away'))
  expect((await all).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  const next = ask('a')
  await begun(2)
  loads[1]!.answer.resolve(1)
  expect(await next).toBe(1)
})

test('given a read that takes longer than its answer may be old, then nobody else gets it, and it is not kept (threat: sessions)', async () => {
  const { clock, loads, ask, begun } = setUp()
  const early = ask('a')
  await begun(1)
  clock.advance(1_000)
  const late = ask('a')
  await begun(2)
  loads[0]!.answer.resolve(1)
  expect(await early).toBe(1)
  loads[1]!.answer.resolve(2)
  expect(await late).toBe(2)
  expect(await ask('a')).toBe(2)
  clock.advance(1_000)
  void ask('a')
  await begun(3)
})
