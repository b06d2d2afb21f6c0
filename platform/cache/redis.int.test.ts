import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeManualClock, systemClock } from '#kernel/time.ts'
import { connectRedis, hasRedis, outages, type RedisServer, startRedisServer } from '../../tests/redis.ts'
import { cacheContract } from './contract.ts'
import { makeRedisCache } from './redis.ts'

describe.skipIf(!hasRedis())('with a Redis server', () => {
  let server: RedisServer
  beforeAll(async () => {
    server = await startRedisServer(['--maxmemory', '3mb', '--maxmemory-policy', 'allkeys-lru'])
  })
  afterAll(() => server?.stop())

  cacheContract('redis cache', async (clock) => makeRedisCache(await connectRedis(server), clock))

  test('redis cache: given two processes, when one deletes, then the other does not find it any more', async () => {
    const prefix = 'shared_'
    const [one, other] = [await connectRedis(server, { prefix }), await connectRedis(server, { prefix })].map((redis) =>
      makeRedisCache(redis, systemClock),
    )
    await one!.set('session:a', { active: true }, 10_000)
    expect(await other!.get('session:a')).toEqual({ active: true })
    await other!.delete('session:a')
    expect(await one!.get('session:a')).toBeUndefined()
  })

  test('redis cache: given two shops on one server, then neither finds what the other keeps', async () => {
    const [one, other] = [await connectRedis(server), await connectRedis(server)].map((redis) =>
      makeRedisCache(redis, systemClock),
    )
    await one!.set('k', 1, 10_000)
    expect(await other!.get('k')).toBeUndefined()
  })

  test('redis cache: given a value, when its time is over by the clock of Redis alone, then it is gone', async () => {
    const cache = makeRedisCache(await connectRedis(server), makeManualClock())
    await cache.set('k', 1, 30)
    await expect.poll(() => cache.get('k')).toBeUndefined()
  })

  test('redis cache: given a server that is full, when it evicts, then what is missing is absent and the newest is there (F7)', async () => {
    const cache = makeRedisCache(await connectRedis(server), systemClock)
    const value = 'x'.repeat(10_000)
    for (let n = 0; n < 300; n++) await cache.set(`k${n}`, value, 60_000)
    expect((await cache.get('k299')) === value).toBe(true)
    const found = await Promise.all(Array.from({ length: 300 }, (_, n) => cache.get(`k${n}`)))
    expect(found.filter((each) => each === undefined).length).toBeGreaterThan(100)
  })

  test.each(outages)(
    'redis cache: given Redis is emptied, then $how, and is back, then entries are absent and new ones are kept (F7, R12)',
    async ({ begin, end }) => {
      const own = await startRedisServer()
      const cache = makeRedisCache(await connectRedis(own), systemClock)
      await cache.set('k', 1, 60_000)
      await own.say('FLUSHALL')
      expect(await cache.get('k')).toBeUndefined()
      await begin(own)
      await cache.set('k', 2, 60_000)
      expect(await cache.get('k')).toBeUndefined()
      await end(own)
      const keepsAgain = async () => {
        await cache.set('k', 3, 60_000)
        return cache.get('k')
      }
      await expect.poll(keepsAgain, { timeout: 10_000 }).toBe(3)
      await own.stop()
    },
  )
})
