import { describe, inject, type TestContext, test } from 'vitest'
import { endsWithin, watchLateness } from '../tests/lateness.ts'
import { hasRedis } from '../tests/redis.ts'
import { startClusterProgram } from '../tests/redisCluster.ts'
import { startWatchedRedis } from '../tests/redisSentinel.ts'
import { freshPrefix } from '../tests/subgraph.ts'
import { readRedis } from './config/redis.ts'
import { makeLog } from './log.ts'
import { makeScript, startRedis } from './redis.ts'

const keep = makeScript(`redis.call('SET', KEYS[1], ARGV[1]) return 1`)
const keys = Array.from({ length: 30 }, (_, n) => `k${n}`)

interface Asked {
  readonly key: string
  readonly isAnswered: boolean
  /** Within twice the time that a command has. */
  readonly isInTime: boolean
  /** This process was on time, and has been for so long that nothing is left alone because it was not. */
  readonly isCalm: boolean
}

/** Two processes of a shop: one asks for every key by command and by script and says something, the other one listens. */
const openTwo = async (url: string, { onTestFinished }: TestContext) => {
  const address = readRedis({ REDIS_URL: url }, [])
  if (!address) throw new Error(url)
  const open = async () => {
    const redis = await startRedis({ address, prefix: freshPrefix(), log: makeLog('silent') })
    onTestFinished(redis.stop)
    return redis
  }
  const [speaker, listener] = [await open(), await open()]
  const asked: Asked[] = []
  const lateness = watchLateness()
  onTestFinished(lateness.stop)
  let [noted, lateAt] = [0, Number.NEGATIVE_INFINITY]
  /** Three late answers, and a node is left alone for a second and until two beats are answered. */
  const isCalm = (): boolean => {
    const ms = lateness.ms()
    if (ms > noted + 50) lateAt = performance.now()
    noted = ms
    return performance.now() - lateAt > 2_000
  }
  let heard = 0
  await listener.listen('news', () => {
    heard += 1
  })
  const one = async (key: string, work: Promise<unknown>): Promise<boolean> => {
    let isAnswered = false
    const isInTime = await endsWithin(
      2 * 250,
      work.then(() => {
        isAnswered = true
      }),
    )
    asked.push({ key, isAnswered, isInTime, isCalm: isCalm() })
    return isAnswered
  }
  return {
    asked,
    /** Whether everything is answered, and something was heard since the last time. */
    isWell: async (): Promise<boolean> => {
      const before = heard
      const answers = keys.flatMap((key) => [
        one(key, speaker.run(keep, key, ['x'])),
        one(
          key,
          speaker.ask(key, (commands) => commands.set(key, 'x')),
        ),
      ])
      const isSaid = await speaker
        .publish('news', 'x')
        .then(() => true)
        .catch(() => false)
      const all = await Promise.all(answers)
      return all.every(Boolean) && isSaid && heard > before
    },
  }
}

const kinds = { Sentinels: startWatchedRedis, 'a Cluster': (program: string) => startClusterProgram({ program }) }

/** By `THOROUGH=1` both ways for both, otherwise one for each: they take some seconds. */
const cases = [
  { kind: 'Sentinels', how: 'killed', isShort: true },
  { kind: 'Sentinels', how: 'frozen', isShort: false },
  { kind: 'a Cluster', how: 'killed', isShort: false },
  { kind: 'a Cluster', how: 'frozen', isShort: true },
] as const

describe.skipIf(!hasRedis()).concurrent('with Redis servers that stand in for each other', () => {
  test.for(cases.filter(({ isShort }) => isShort || inject('thorough')))(
    'given $kind and a master that is $how, then commands, scripts and the channel are back in 12 s, nobody waits longer than for any Redis, and keys of other masters hardly notice (F7, R11, R12)',
    async ({ kind, how }, context) => {
      const { expect, onTestFinished } = context
      const redis = await kinds[kind](inject('redisServer') ?? '')
      onTestFinished(redis.stop)
      const { asked, isWell } = await openTwo(redis.url, context)
      await expect.poll(isWell).toBe(true)
      const [victim] = redis.servers
      const slots = await Promise.all(keys.map((key) => victim!.say(`CLUSTER KEYSLOT ${key}`)))
      const others = keys.filter((_, index) => Number(slots[index]!.slice(1)) > 5_460)
      asked.length = 0
      if (how === 'killed') await victim!.kill()
      else victim!.hang()
      await expect.poll(isWell).toBe(false)
      // A second until it is silent for too long, an election, the next try of ours: two to four seconds.
      await expect.poll(isWell, { timeout: 12_000 }).toBe(true)
      expect(asked.some(({ isAnswered }) => !isAnswered)).toBe(true)
      // Parameters table: Redis 250 ms. Twice the time, for a busy machine.
      expect(asked.filter(({ isInTime }) => !isInTime)).toEqual([])
      const ofOthers = asked.filter(({ key, isCalm }) => isCalm && others.includes(key))
      expect(ofOthers.filter(({ isAnswered }) => isAnswered).length).toBeGreaterThanOrEqual(0.95 * ofOthers.length)
    },
  )
})
