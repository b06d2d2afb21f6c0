import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Clock, systemClock } from '#kernel/time.ts'
import {
  connectRedis,
  hasRedis,
  outages,
  type RedisServer,
  startForgetfulServer,
  startRedisServer,
} from '../../tests/redis.ts'
import { limiterContract } from './contract.ts'
import { makeMemoryLimiter } from './memory.ts'
import { makeRedisLimiter } from './redis.ts'

describe.skipIf(!hasRedis())('with a Redis server', () => {
  let server: RedisServer
  beforeAll(async () => {
    server = await startRedisServer()
  })
  afterAll(() => server?.stop())

  /** The limiter of one process; its local one is empty, so that it shows who answers. */
  const makeOne = async (from: Pick<RedisServer, 'url'>, given: { clock?: Clock; prefix?: string } = {}) =>
    makeRedisLimiter({
      redis: await connectRedis(from, given),
      local: makeMemoryLimiter(given.clock ?? systemClock),
      ...given,
    })

  limiterContract('redis limiter', (clock) => makeOne(server, { clock }))

  const slow = { capacity: 10, per: 3_600_000 }

  test('redis limiter: given two processes, when both take at once, then the budget holds across them (F7)', async () => {
    const [one, other] = [await makeOne(server, { prefix: 'a_' }), await makeOne(server, { prefix: 'a_' })]
    const all = Array.from({ length: 30 }, (_, n) => (n % 2 ? one : other).take('cost:a', slow))
    expect((await Promise.all(all)).filter(({ allowed }) => allowed)).toHaveLength(10)
    const backoff = { free: 3, pause: 60_000, maxPause: 900_000, forgetAfter: 86_400_000 }
    const tries = Array.from({ length: 12 }, (_, n) => (n % 2 ? one : other).attempt('sign-in:a', backoff))
    expect((await Promise.all(tries)).filter(({ allowed }) => allowed)).toHaveLength(3)
    await other.forget('sign-in:a')
    expect(await one.attempt('sign-in:a', backoff)).toEqual({ allowed: true, retryAfter: 0 })
  })

  test('redis limiter: given no clock is given, then the time of Redis refills', async () => {
    const limiter = await makeOne(server)
    const budget = { capacity: 2, per: 200 }
    expect((await limiter.take('k', budget, 2)).allowed).toBe(true)
    await expect.poll(async () => (await limiter.take('k', budget, 2)).allowed).toBe(true)
  })

  test.each(outages)(
    'redis limiter: given Redis is $how, then limits are kept by each process; when it is back, by all again (R12, F7)',
    async ({ begin, end }) => {
      const own = await startRedisServer()
      const prefix = 'b_'
      const [one, other] = [await makeOne(own, { prefix }), await makeOne(own, { prefix })]
      const passing = async (limiter: typeof one) => {
        const all = await Promise.all(Array.from({ length: 15 }, () => limiter.take('cost:a', slow)))
        return all.filter(({ allowed }) => allowed).length
      }
      expect([await passing(one), await passing(other)]).toEqual([10, 0])
      await begin(own)
      expect([await passing(one), await passing(other)]).toEqual([10, 10])
      expect([await passing(one), await passing(other)]).toEqual([0, 0])
      await end(own)
      // Both are empty locally: whoever passes has asked Redis.
      const asksRedis = (limiter: typeof one) => async () => (await limiter.take('other:key', slow, 0.1)).remaining
      await one.take('other:key', slow, 9)
      await expect
        .poll(async () => Math.min(await asksRedis(one)(), await asksRedis(other)()), { timeout: 10_000 })
        .toBe(0)
      await own.stop()
    },
  )

  test('redis limiter: given a server that is full, when it forgets a bucket, then that one is full again, and the limit holds from there on (F7, R12)', async () => {
    const own = await startForgetfulServer()
    const limiter = await makeOne(own, { prefix: 'c_' })
    expect(await limiter.take('cost:a', slow, 10)).toMatchObject({ allowed: true, remaining: 0 })
    await own.evict('c_bucket:cost:a')
    const all = await Promise.all(Array.from({ length: 15 }, () => limiter.take('cost:a', slow)))
    expect(all.filter(({ allowed }) => allowed)).toHaveLength(10)
    await own.stop()
  })
})
