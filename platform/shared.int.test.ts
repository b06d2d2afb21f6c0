import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { hasRedis, startClusterOfOne, startRedisServer } from '../tests/redis.ts'
import { readRedis } from './config/redis.ts'
import { makeLog } from './log.ts'
import { makeShared } from './shared.ts'

const [, login = ''] = readFileSync(join(import.meta.dirname, '../deploy/redis/users.acl'), 'utf8').split('\n')
const password = />(\S+)/.exec(login)?.[1]

const startSingle = async () => {
  const server = await startRedisServer()
  return { ...server, nodes: `127.0.0.1:${server.port}` }
}

const kinds = [
  { kind: 'server', start: startSingle },
  { kind: 'Cluster', start: () => startClusterOfOne() },
] as const

describe.skipIf(!hasRedis())('with a Redis server', () => {
  test.each(kinds)(
    'given a $kind and the login of deploy/redis/users.acl, when all that processes share is used, then it is allowed to do all of it, and nothing else was tried (threat: operations)',
    async ({ start }) => {
      const server = await start()
      onTestFinished(server.stop)
      expect(await server.say(`ACL SETUSER ${login.replace('user ', '')}`)).toBe('+OK')
      const redis = readRedis({ REDIS_URL: `redis://shop:${password}@${server.nodes}` }, [])
      const config = { redis, databasePrefix: 'shop_' }
      const shared = await makeShared({ config, log: makeLog('silent') })
      const { bus, cache, limiter } = shared
      const queue = shared.makeQueue()
      onTestFinished(async () => {
        await queue.stop()
        await bus.stop()
        await shared.stop()
      })
      // A Cluster is known a moment after it is reached.
      await expect
        .poll(async () => {
          await cache.set('k', 'there', 60_000)
          return cache.get('k')
        })
        .toBe('there')
      await cache.delete('k')
      expect(await cache.get('k')).toBeUndefined()
      expect(await limiter.take('cost:a', { capacity: 1, per: 60_000 })).toMatchObject({ allowed: true })
      const backoff = { free: 1, pause: 60_000, maxPause: 60_000, forgetAfter: 60_000 }
      expect(await limiter.attempt('sign-in:a', backoff)).toMatchObject({ allowed: true })
      await limiter.forget('sign-in:a')
      const heard = Promise.withResolvers<void>()
      bus.subscribe('cart:1', heard.resolve)
      bus.publish('cart:1')
      await heard.promise
      queue.work('mail', async () => undefined)
      expect(await queue.add('mail', { id: 'a', payload: null })).toMatchObject({ status: 'done' })
      expect(await server.say('ACL LOG')).toBe('*0')
    },
  )
})
