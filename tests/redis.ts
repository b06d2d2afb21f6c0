import { inject, onTestFinished } from 'vitest'
import { readRedis } from '../platform/config/redis.ts'
import { type Log, makeLog } from '../platform/log.ts'
import { startRedis } from '../platform/redis.ts'
import { freePorts } from './ports.ts'
import { startSentinelProgram } from './redisSentinel.ts'
import { startRedisProgram } from './redisServer.ts'
import { freshPrefix } from './subgraph.ts'

/** Whether this machine has a Redis server; where it has none, stories with Redis are left out (in CI they then fail). */
export const hasRedis = (): boolean => inject('redisServer') !== null

/** A Redis server that keeps nothing on disk, for a test to hang, kill and empty. */
export const startRedisServer = (flags: readonly string[] = []) => startRedisProgram(inject('redisServer') ?? '', flags)

export type RedisServer = Awaited<ReturnType<typeof startRedisServer>>

/**
 * A Cluster of one node that has all keys; its URL names the node twice, as one does that means a Cluster. Nodes talk to each other over a
 * second port, by default the first plus 10,000, which may be anybody's: it gets one of ours.
 */
export const startClusterOfOne = async (flags: readonly string[] = []) => {
  const [busPort] = await freePorts(1)
  const own = ['--cluster-enabled', 'yes', '--cluster-port', `${busPort}`, '--cluster-announce-ip', '127.0.0.1']
  const server = await startRedisServer([...own, ...flags])
  await server.say('CLUSTER ADDSLOTSRANGE 0 16383')
  return { ...server, nodes: `127.0.0.1:${server.port},127.0.0.1:${server.port}` }
}

/** How a server may be away for a while: one that is killed comes back empty, one that hangs does late what it was told. */
export const outages = [
  {
    how: 'killed',
    begin: async (server: RedisServer) => server.kill(),
    end: async (server: RedisServer) => server.startAgain(),
  },
  {
    how: 'hung',
    begin: async (server: RedisServer) => server.hang(),
    end: async (server: RedisServer) => server.goOn(),
  },
] as const

const flood = `EVAL "for n = 1, 100 do redis.call('SET', 'flood' .. math.random(), string.rep('x', 10000)) end" 0`

/** A server that is soon full and then forgets what it likes. */
export const startForgetfulServer = async () => {
  const server = await startRedisServer(['--maxmemory', '3mb', '--maxmemory-policy', 'allkeys-lru'])
  return {
    ...server,
    /** Fills it until it has forgotten this key, which it must have had. */
    evict: async (key: string): Promise<void> => {
      if ((await server.say(`EXISTS ${key}`)) !== ':1') throw new Error(`${key} is not there`)
      while ((await server.say(`EXISTS ${key}`)) === ':1') await server.say(flood)
    },
  }
}

/** A Sentinel that watches a server under a name, with more lines of its file. */
export const startSentinel = (name: string, masterPort: number, lines: readonly string[] = []) =>
  startSentinelProgram({ program: inject('redisServer') ?? '', name, masterPort, lines })

/** A connection as a process of the shop has it, closed when the test ends. The same prefix is the same shop. */
export const connectRedis = async (
  { url }: Pick<RedisServer, 'url'>,
  { prefix = freshPrefix(), log = makeLog('silent') }: { readonly prefix?: string; readonly log?: Log } = {},
) => {
  const problems: string[] = []
  const address = readRedis({ REDIS_URL: url }, problems)
  if (!address) throw new Error(problems.join())
  const redis = await startRedis({ address, prefix, log })
  onTestFinished(() => redis.stop())
  return redis
}
