import { describe, expect, onTestFinished, test } from 'vitest'
import { connectRedis, hasRedis, startRedisServer, startSentinel } from '../tests/redis.ts'
import { startSlowLine } from '../tests/slowLine.ts'
import { type Log, makeLog } from './log.ts'
import { type Redis, RedisRefused } from './redis.ts'
import { RedisAway } from './redisPresence.ts'

const start = async (flags: readonly string[] = []) => {
  const server = await startRedisServer(flags)
  onTestFinished(server.stop)
  return server
}

/** Sets and gets a value; null when Redis is away. */
const roundTrip = async (redis: Redis): Promise<string | null> => {
  try {
    await redis.ask((commands) => commands.set(redis.key('k'), 'there', 'PX', 10_000))
    return await redis.ask((commands) => commands.get(redis.key('k')))
  } catch (error) {
    expect(error).toBeInstanceOf(RedisAway)
    return null
  }
}

/** How long ten questions take, one after the other, and how many were answered. */
const ten = async (redis: Redis) => {
  const began = performance.now()
  const answers: (string | null)[] = []
  for (let n = 0; n < 10; n++) answers.push(await roundTrip(redis))
  return { ms: performance.now() - began, answered: answers.filter((answer) => answer !== null).length }
}

/** What a process of the shop says from information on, and its log. */
const readLog = (): [lines: () => string[], log: Log] => {
  const lines: string[] = []
  return [() => lines, makeLog('info', { write: (line: string) => void lines.push(JSON.parse(line).msg) })]
}

const comesBack = (redis: Redis) => expect.poll(() => roundTrip(redis), { timeout: 15_000 }).toBe('there')

describe.skipIf(!hasRedis())('with a Redis server', () => {
  test('given a server that hangs, then three wait 250 ms, the others hear at once that it is away, and all is well when it goes on (F7, R11)', async () => {
    const server = await start()
    const redis = await connectRedis(server)
    await comesBack(redis)
    server.hang()
    const first = await ten(redis)
    expect(first.answered).toBe(0)
    // Three in a row fail, and nobody else waits. Twice the time, for a busy machine.
    expect(first.ms).toBeLessThan(2 * 3 * 250)
    server.goOn()
    await comesBack(redis)
  })

  test('given a line on which each answer takes 200 ms, then after a few slow ones nobody waits for it any more (F7)', async () => {
    const server = await start()
    const line = await startSlowLine(server.port, 200)
    onTestFinished(line.stop)
    const redis = await connectRedis({ url: `redis://127.0.0.1:${line.port}` })
    const first = await ten(redis)
    expect(first.answered).toBeLessThan(4)
    expect(first.ms).toBeLessThan(2 * 4 * 250)
    line.mend()
    await comesBack(redis)
  })

  test('given a server that hangs while nobody asks, then it is noticed; and as long as it hangs, nobody who asks ever waits for it (F7)', async () => {
    const server = await start()
    const [lines, log] = readLog()
    const redis = await connectRedis(server, { log })
    await comesBack(redis)
    server.hang()
    await expect.poll(lines).toEqual(['Redis is away'])
    // Three seconds are three tries whether it is back. Half a try would be noticed.
    const until = performance.now() + 3_000
    let slowest = 0
    while (performance.now() < until) {
      const { ms } = await ten(redis)
      slowest = Math.max(slowest, ms)
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(slowest).toBeLessThan(125)
    server.goOn()
    await comesBack(redis)
  })

  test('given a server that is killed and comes back, twice, then each outage is one line of the log and each return another (F7, R18)', async () => {
    const server = await start()
    const [lines, log] = readLog()
    await connectRedis(server, { log })
    for (const outage of [1, 2]) {
      await server.kill()
      await expect.poll(lines).toHaveLength(2 * outage - 1)
      await server.startAgain()
      await expect.poll(lines, { timeout: 15_000 }).toHaveLength(2 * outage)
    }
    expect(lines()).toEqual(['Redis is away', 'Redis is back', 'Redis is away', 'Redis is back'])
  })

  test('given a server that is not there at the start, then the start does not wait for it, and it is found when it comes (F7)', async () => {
    const server = await start()
    await server.kill()
    const began = performance.now()
    const [lines, log] = readLog()
    const redis = await connectRedis(server, { log })
    expect(performance.now() - began).toBeLessThan(3_000)
    expect((await ten(redis)).answered).toBe(0)
    await server.startAgain()
    await comesBack(redis)
    expect(lines()).toEqual(['Redis is away', 'Redis is back'])
  })

  test('given a server that hangs while somebody listens, then what is said after it goes on is heard (F7)', async () => {
    const server = await start()
    const [speaker, listener] = [await connectRedis(server), await connectRedis(server)]
    const heard: string[] = []
    await listener.listen('news', (message) => heard.push(message))
    server.hang()
    expect(await roundTrip(speaker)).toBeNull()
    server.goOn()
    const say = async () => {
      await speaker.ask((commands) => commands.publish('news', 'again')).catch(() => 0)
      return heard.at(-1)
    }
    await expect.poll(say, { timeout: 15_000 }).toBe('again')
  })

  test('given a connection that comes back, and a server that does not answer its subscription, then nothing ends of it, and what is said afterwards is heard (F7)', async () => {
    const server = await start()
    const line = await startSlowLine(server.port, 0)
    onTestFinished(line.stop)
    const speaker = await connectRedis(server)
    const listener = await connectRedis({ url: `redis://127.0.0.1:${line.port}` })
    const heard: string[] = []
    await listener.listen('news', (message) => heard.push(message))
    line.swallow(/subscribe/i)
    line.cut()
    await expect.poll(line.swallowed, { timeout: 15_000 }).toBeGreaterThan(1)
    line.mend()
    const say = async () => {
      await speaker.ask((commands) => commands.publish('news', 'again')).catch(() => 0)
      return heard.at(-1)
    }
    await expect.poll(say, { timeout: 15_000 }).toBe('again')
  })

  test('given a wrong password or none, when a process starts, then it is told at once what to check, without the password (threat: operations)', async () => {
    const server = await start(['--requirepass', 'right'])
    for (const [login, code] of [
      [':canary@', 'WRONGPASS'],
      ['', 'NOAUTH'],
    ]) {
      const error = await connectRedis({ url: server.url.replace('//', `//${login}`) }).catch(
        (thrown: unknown) => thrown,
      )
      expect(error).toBeInstanceOf(RedisRefused)
      const { message } = error as Error
      expect(message).toMatch(
        new RegExp(`^Redis at 127\\.0\\.0\\.1:${server.port} refuses us: ${code} .* Check REDIS_URL\\.$`),
      )
      expect(message).not.toContain('canary')
    }
    expect(await roundTrip(await connectRedis({ url: server.url.replace('//', '//:right@') }))).toBe('there')
  })

  test('given a Cluster, then commands, scripts and the channel work as on one server', async () => {
    const server = await start(['--cluster-enabled', 'yes', '--cluster-announce-ip', '127.0.0.1'])
    await server.say('CLUSTER ADDSLOTSRANGE 0 16383')
    const node = server.url.replace('redis://', '')
    const redis = await connectRedis({ url: `redis://${node},${node}` })
    await comesBack(redis)
    const heard: string[] = []
    await redis.listen('news', (message) => heard.push(message))
    await redis.ask((commands) => commands.publish('news', 'here'))
    await expect.poll(() => heard).toEqual(['here'])
  })

  test('given Sentinels, then the master that they name is found', async () => {
    const master = await start()
    const sentinel = await startSentinel('shop', master.port)
    onTestFinished(sentinel.stop)
    const redis = await connectRedis({ url: `redis+sentinel://127.0.0.1:${sentinel.port}/shop` })
    await comesBack(redis)
  })
})
