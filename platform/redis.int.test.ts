import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { describe, expect, onTestFinished, test } from 'vitest'
import { makeCertificate, writeCertificate } from '../commands/certificate/make.ts'
import { endsWithin } from '../tests/lateness.ts'
import { freePorts } from '../tests/ports.ts'
import { connectRedis, hasRedis, startClusterOfOne, startRedisServer, startSentinel } from '../tests/redis.ts'
import { startSlowLine } from '../tests/slowLine.ts'
import { type Log, makeLog } from './log.ts'
import type { Redis } from './redis.ts'
import { RedisRefused } from './redisConnection.ts'
import { RedisAway } from './redisPresence.ts'

const start = async (flags: readonly string[] = []) => {
  const server = await startRedisServer(flags)
  onTestFinished(server.stop)
  return server
}

/** Sets and gets a value; null when Redis is away. */
const roundTrip = async (redis: Redis): Promise<string | null> => {
  try {
    await redis.ask(redis.key('k'), (commands) => commands.set(redis.key('k'), 'there', 'PX', 10_000))
    return await redis.ask(redis.key('k'), (commands) => commands.get(redis.key('k')))
  } catch (error) {
    expect(error).toBeInstanceOf(RedisAway)
    return null
  }
}

/** Of ten questions, one after the other: how many were answered, how many waited, and how many for longer than twice the time of a command. */
const ten = async (redis: Redis) => {
  const told = { answered: 0, waited: 0, tooLong: 0 }
  for (let n = 0; n < 10; n++) {
    const asked = roundTrip(redis)
    const [isAtOnce, isInTime] = await Promise.all([endsWithin(125, asked), endsWithin(2 * 250, asked)])
    if (!isAtOnce) told.waited += 1
    if (!isInTime) told.tooLong += 1
    if ((await asked) !== null) told.answered += 1
  }
  return told
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
    const { answered, waited, tooLong } = await ten(redis)
    // Three in a row fail, the beat may be one of them, and nobody else waits.
    expect([answered, tooLong]).toEqual([0, 0])
    expect(waited).toBeLessThanOrEqual(3)
    server.goOn()
    await comesBack(redis)
  })

  test('given a line on which each answer takes 200 ms, then after a few slow ones nobody waits for it any more (F7)', async () => {
    const server = await start()
    const line = await startSlowLine(server.port, 200)
    onTestFinished(line.stop)
    const redis = await connectRedis({ url: `redis://127.0.0.1:${line.port}` })
    const { answered, waited, tooLong } = await ten(redis)
    expect(answered).toBeLessThan(4)
    expect(waited).toBeLessThanOrEqual(4)
    expect(tooLong).toBe(0)
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
    let waited = 0
    while (performance.now() < until) {
      waited += (await ten(redis)).waited
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(waited).toBe(0)
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
    const [lines, log] = readLog()
    const starting = connectRedis(server, { log })
    expect(await endsWithin(3_000, starting)).toBe(true)
    const redis = await starting
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
      await speaker.publish('news', 'again').catch(() => 0)
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
      await speaker.publish('news', 'again').catch(() => 0)
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
    const cluster = await startClusterOfOne()
    onTestFinished(cluster.stop)
    const redis = await connectRedis({ url: `redis://${cluster.nodes}` })
    await comesBack(redis)
    const heard: string[] = []
    await redis.listen('news', (message) => heard.push(message))
    await redis.publish('news', 'here')
    await expect.poll(() => heard).toEqual(['here'])
  })

  test('given a Cluster and a wrong password, when a process starts, then it ends at once (threat: operations)', async () => {
    const cluster = await startClusterOfOne(['--requirepass', 'right'])
    onTestFinished(cluster.stop)
    const error = await connectRedis({ url: `redis://:canary@${cluster.nodes}` }).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(RedisRefused)
    expect((error as Error).message).toMatch(/^Redis at [\d.:,]+ refuses us: WRONGPASS .* Check REDIS_URL\.$/)
  })

  const startWatched = async (server: readonly string[], sentinel: readonly string[]) => {
    const master = await start(server)
    const watcher = await startSentinel('shop', master.port, sentinel)
    onTestFinished(watcher.stop)
    return (login: string, query = '') => `redis+sentinel://${login}127.0.0.1:${watcher.port}/shop${query}`
  }

  test('given Sentinels, then the master that they name is found', async () => {
    const url = await startWatched([], [])
    await comesBack(await connectRedis({ url: url('') }))
  })

  test('given Sentinels and a master with passwords of their own, then both are given theirs; without the right one the start ends at once and names whose it is (threat: operations)', async () => {
    const url = await startWatched(['--requirepass', 'right'], ['requirepass own+', 'sentinel auth-pass shop right'])
    await comesBack(await connectRedis({ url: url(':right@', '?sentinelPassword=own+') }))
    for (const [login, query, sentence] of [
      [':right@', '', /^The Sentinel of Redis at [\d.:]+ refuses us: NOAUTH .* Check sentinelPassword in REDIS_URL\.$/],
      [
        ':right@',
        '?sentinelPassword=canary',
        /^The Sentinel of .*: WRONGPASS .* Check sentinelPassword in REDIS_URL\.$/,
      ],
      [':canary@', '?sentinelPassword=own%2B', /^Redis at [\d.:]+ refuses us: WRONGPASS .* Check REDIS_URL\.$/],
    ] as const) {
      const error = await connectRedis({ url: url(login, query) }).catch((thrown: unknown) => thrown)
      expect(error).toBeInstanceOf(RedisRefused)
      expect((error as Error).message).toMatch(sentence)
      expect((error as Error).message).not.toContain('canary')
    }
  })

  test('given one Sentinel that refuses us and one that does not, then the master is found all the same', async () => {
    const master = await start()
    const sentinels = [
      await startSentinel('shop', master.port, ['requirepass x']),
      await startSentinel('shop', master.port),
    ]
    for (const { stop } of sentinels) onTestFinished(stop)
    const hosts = sentinels.map(({ port }) => `127.0.0.1:${port}`).join(',')
    await comesBack(await connectRedis({ url: `redis+sentinel://${hosts}/shop` }))
  })

  test('given Sentinels and a master that speak TLS only, then both are spoken to in it, with certificates checked (threat: the line)', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'emporion-redis-tls-'))
    onTestFinished(() => rm(dir, { recursive: true, force: true }))
    const certificate = await makeCertificate(Date.now())
    const { certFile, keyFile } = await writeCertificate(dir, certificate)
    const files = { 'tls-cert-file': certFile, 'tls-key-file': keyFile, 'tls-ca-cert-file': certFile }
    const settings = Object.entries({ ...files, 'tls-auth-clients': 'no', 'tls-replication': 'yes' })
    const [tlsPort, sentinelPort] = await freePorts(2)
    await start(['--tls-port', `${tlsPort}`, ...settings.flatMap(([name, value]) => [`--${name}`, value])])
    const lines = [`tls-port ${sentinelPort}`, ...settings.map((each) => each.join(' '))]
    const sentinel = await startSentinel('shop', tlsPort!, lines)
    onTestFinished(sentinel.stop)
    const address = { url: `rediss+sentinel://127.0.0.1:${sentinelPort}/shop` }
    // Nobody has signed this certificate that we trust.
    expect(await roundTrip(await connectRedis(address))).toBeNull()
    const trusted = getCACertificates()
    setDefaultCACertificates([...trusted, certificate.cert])
    onTestFinished(() => setDefaultCACertificates(trusted))
    await comesBack(await connectRedis(address))
  })
})
