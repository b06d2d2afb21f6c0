import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  connectRedis,
  hasRedis,
  outages,
  type RedisServer,
  startForgetfulServer,
  startRedisServer,
} from '../../tests/redis.ts'
import { freshPrefix } from '../../tests/subgraph.ts'
import type { Redis } from '../redis.ts'
import { RedisAway } from '../redisPresence.ts'
import { queueContract } from './contract.ts'
import { makeRedisQueue, type RedisQueueOptions } from './redis.ts'

describe.skipIf(!hasRedis())('with a Redis server', () => {
  let server: RedisServer
  beforeAll(async () => {
    server = await startRedisServer()
  })
  afterAll(() => server?.stop())

  const quick = { attempts: 5, pause: 30, maxPause: 30 }
  const makeOne = (redis: Redis, options: Partial<RedisQueueOptions> = {}) =>
    makeRedisQueue({ redis, retries: quick, ...options })
  const connectTwo = async (from: Pick<RedisServer, 'url'>): Promise<[Redis, Redis]> => {
    const prefix = freshPrefix()
    return [await connectRedis(from, { prefix }), await connectRedis(from, { prefix })]
  }
  const mail = (id: string) => ({ id, payload: null })

  queueContract('redis queue', async () => makeOne(await connectRedis(server)))

  test('redis queue: given two processes that add the same jobs, then each job runs once, both take part, and both hear its end (I16)', async () => {
    const ran: string[] = []
    const ids = Array.from({ length: 60 }, (_, n) => `job${n}`)
    const queues = (await connectTwo(server)).map((redis, index) => {
      const queue = makeOne(redis)
      queue.work('mail', async ({ id }) => {
        await redis.ask('a', (commands) => commands.get('a step between'))
        ran.push(`${index} ${id}`)
      })
      return queue
    })
    const results = await Promise.all(queues.flatMap((queue) => ids.map((id) => queue.add('mail', mail(id)))))
    expect(results.every(({ status }) => status === 'done')).toBe(true)
    expect(ran.map((each) => each.slice(2)).toSorted()).toEqual(ids.toSorted())
    expect(new Set(ran.map((each) => each[0])).size).toBe(2)
    await Promise.all(queues.map((queue) => queue.stop()))
  })

  test('redis queue: given a job that fails in two processes, then its attempts are counted together, and both hear why it is dead (F11)', async () => {
    let tries = 0
    const queues = (await connectTwo(server)).map((redis) => {
      const queue = makeOne(redis)
      queue.work('mail', async () => {
        tries += 1
        throw new Error('cannot be read')
      })
      return queue
    })
    const dead = { status: 'dead', reason: 'cannot be read' }
    expect(await Promise.all(queues.map((queue) => queue.add('mail', mail('poison'))))).toEqual([dead, dead])
    expect(tries).toBe(5)
    await Promise.all(queues.map((queue) => queue.stop()))
  })

  /** A process that is lost while it works: its connection is gone and its work never ends. */
  const lose = async (redis: Redis, options: Partial<RedisQueueOptions>) => {
    const began = Promise.withResolvers<void>()
    const queue = makeOne(redis, options)
    queue.work('mail', () => {
      began.resolve()
      return new Promise(() => undefined)
    })
    void queue.add('mail', mail('a'))
    await began.promise
    await redis.stop()
  }

  test('redis queue: given a process that is lost with a job, when its lease is over, then another one does it (I16)', async () => {
    const [lost, left] = await connectTwo(server)
    await lose(lost, { leaseMs: 200 })
    const queue = makeOne(left, { leaseMs: 200 })
    queue.work('mail', async () => undefined)
    expect(await queue.add('mail', mail('a'))).toEqual({ status: 'done' })
    await queue.stop()
  })

  test('redis queue: given a job that takes its process along each time, then it is dead after its attempts (F11)', async () => {
    const [lost, left] = await connectTwo(server)
    const once = { leaseMs: 100, retries: { ...quick, attempts: 1 } }
    await lose(lost, once)
    const queue = makeOne(left, once)
    queue.work('mail', async () => undefined)
    expect(await queue.add('mail', mail('a'))).toEqual({ status: 'dead', reason: 'its process was lost each time' })
    await queue.stop()
  })

  test('redis queue: given a job that takes longer than its lease, then it is held as long as it takes', async () => {
    const [one, other] = await connectTwo(server)
    let runs = 0
    const end = Promise.withResolvers<void>()
    const queues = [one, other].map((redis) => {
      const queue = makeOne(redis, { leaseMs: 1_500 })
      queue.work('mail', async () => {
        runs += 1
        await end.promise
      })
      return queue
    })
    const all = Promise.all(queues.map((queue) => queue.add('mail', mail('long'))))
    const began = performance.now()
    await expect.poll(() => performance.now() - began).toBeGreaterThan(2_000)
    expect(runs).toBe(1)
    end.resolve()
    expect(await all).toEqual([{ status: 'done' }, { status: 'done' }])
    expect(runs).toBe(1)
    await Promise.all(queues.map((queue) => queue.stop()))
  })

  test('redis queue: given Redis forgets who works, when a second process takes the job, then the first one, late, takes over its result (F3, F7)', async () => {
    const own = await startRedisServer()
    const [one, other] = await connectTwo(own)
    const [late, second] = [makeOne(one), makeOne(other, { retries: { ...quick, attempts: 1 } })]
    const [began, end] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    late.work('mail', async () => {
      began.resolve()
      await end.promise
    })
    const first = late.add('mail', mail('a'))
    await began.promise
    await own.say('FLUSHALL')
    second.work('mail', async () => {
      throw new Error('refused')
    })
    const dead = { status: 'dead', reason: 'refused' }
    expect(await second.add('mail', mail('a'))).toEqual(dead)
    end.resolve()
    expect(await first).toEqual(dead)
    await Promise.all([late.stop(), second.stop(), own.stop()])
  })

  test.each(outages)(
    'redis queue: given Redis is $how, then nothing is begun; when it is back, then what waits is done (R12, F7)',
    async ({ begin, end }) => {
      const own = await startRedisServer()
      // What a server was told while it hung is a claim of nobody once it goes on, until its lease is over.
      const redis = await connectRedis(own)
      const queue = makeOne(redis, { leaseMs: 500 })
      const seen: string[] = []
      queue.work('mail', async ({ id }) => void seen.push(id))
      expect(await queue.add('mail', mail('before'))).toEqual({ status: 'done' })
      await begin(own)
      const waiting = queue.add('mail', mail('meanwhile'))
      const nextLook = queue.add('other', mail('nobody works here'))
      nextLook.catch(() => undefined)
      await expect(redis.ask('k', (commands) => commands.get('k'))).rejects.toThrow(RedisAway)
      expect(seen).toEqual(['before'])
      await end(own)
      expect(await waiting).toEqual({ status: 'done' })
      expect(seen).toEqual(['before', 'meanwhile'])
      await queue.stop()
      await expect(nextLook).rejects.toThrow('stopping')
      await own.stop()
    },
  )

  test('redis queue: given a server that is full, when it forgets a claim, then the job is done once more and never lost (F7, R12)', async () => {
    const own = await startForgetfulServer()
    const prefix = freshPrefix()
    const [began, end] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const late = makeOne(await connectRedis(own, { prefix }))
    late.work('mail', async () => {
      began.resolve()
      await end.promise
    })
    const first = late.add('mail', mail('a'))
    await began.promise
    await own.evict(`${prefix}job:mail:a`)
    let repetitions = 0
    const second = makeOne(await connectRedis(own, { prefix }))
    second.work('mail', async () => {
      repetitions += 1
    })
    expect(await second.add('mail', mail('a'))).toEqual({ status: 'done' })
    end.resolve()
    expect(await first).toEqual({ status: 'done' })
    expect(repetitions).toBe(1)
    await Promise.all([late.stop(), second.stop(), own.stop()])
  })

  test('redis queue: given a job, then Redis never holds what is in it (threat: privacy)', async () => {
    const own = await startRedisServer()
    const queue = makeOne(await connectRedis(own))
    queue.work('mail', async () => undefined)
    await queue.add('mail', { id: 'a', payload: { to: 'canary@example.com' } })
    expect(await own.holds('canary')).toBe(false)
    expect(await own.holds('done')).toBe(true)
    await Promise.all([queue.stop(), own.stop()])
  })
})
