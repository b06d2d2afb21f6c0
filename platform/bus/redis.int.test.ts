import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connectRedis, hasRedis, outages, type RedisServer, startRedisServer } from '../../tests/redis.ts'
import { freshPrefix } from '../../tests/subgraph.ts'
import { busContract } from './contract.ts'
import { makeRedisBus } from './redis.ts'

describe.skipIf(!hasRedis())('with a Redis server', () => {
  let server: RedisServer
  beforeAll(async () => {
    server = await startRedisServer()
  })
  afterAll(() => server?.stop())

  const makePair = async (from: Pick<RedisServer, 'url'>) => {
    const prefix = freshPrefix()
    return Promise.all([0, 1].map(async () => makeRedisBus(await connectRedis(from, { prefix }))))
  }

  busContract('redis bus', async () => makeRedisBus(await connectRedis(server)))

  // One process publishes, the other one listens.
  busContract('redis bus between processes', async () => {
    const [one, other] = await makePair(server)
    return {
      publish: one!.publish,
      subscribe: other!.subscribe,
      stop: async () => void (await Promise.all([one!.stop(), other!.stop()])),
    }
  })

  test.each(outages)(
    'redis bus: given Redis was $how and is back, then a process hears itself meanwhile and the other one afterwards (R12, F7)',
    async ({ begin, end }) => {
      const own = await startRedisServer()
      const [one, other] = await makePair(own)
      let [here, there] = [0, 0]
      one!.subscribe('cart:1', () => {
        here += 1
      })
      other!.subscribe('cart:1', () => {
        there += 1
      })
      await begin(own)
      one!.publish('cart:1')
      await expect.poll(() => here).toBe(1)
      expect(there).toBe(0)
      await end(own)
      const tell = () => {
        one!.publish('cart:1')
        return there
      }
      await expect.poll(tell, { timeout: 10_000 }).toBeGreaterThan(0)
      await own.stop()
    },
  )

  test('redis bus: given junk and a message told twice in the channel, then nothing fails, and it is heard once more (R12)', async () => {
    const redis = await connectRedis(server)
    const bus = await makeRedisBus(redis)
    let heard = 0
    bus.subscribe('t', () => {
      heard += 1
    })
    const say = (text: string) => redis.publish(redis.key('bus'), text)
    for (const text of ['junk', '5', 'null', '{"from":1}', '{"from":"x","topics":5}']) await say(text)
    const message = JSON.stringify({ from: 'another process', topics: ['t', 'u'] })
    await say(message)
    await say(message)
    await expect.poll(() => heard).toBe(2)
  })
})
