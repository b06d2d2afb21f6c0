import { expect, test } from 'vitest'
import { makeManualClock } from '#kernel/time.ts'
import { cacheContract } from './contract.ts'
import { makeMemoryCache } from './memory.ts'

cacheContract('memory cache', async (clock) => makeMemoryCache(clock))

test('memory cache: given it is full, when one more comes, then the longest unused goes (R13)', async () => {
  const cache = makeMemoryCache(makeManualClock(), 2)
  await cache.set('a', 1, 1_000)
  await cache.set('b', 2, 1_000)
  await cache.get('a')
  await cache.set('c', 3, 1_000)
  expect([await cache.get('a'), await cache.get('b'), await cache.get('c')]).toEqual([1, undefined, 3])
})
