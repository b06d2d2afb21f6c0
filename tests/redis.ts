import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inject, onTestFinished } from 'vitest'
import { readRedis } from '../platform/config/redis.ts'
import { type Log, makeLog } from '../platform/log.ts'
import { startRedis } from '../platform/redis.ts'
import { freePorts } from './ports.ts'
import { startRedisProgram, waitUntilRedisAnswers } from './redisServer.ts'
import { freshPrefix } from './subgraph.ts'

/** Whether this machine has a Redis server; where it has none, stories with Redis are left out (in CI they then fail). */
export const hasRedis = (): boolean => inject('redisServer') !== null

/** A Redis server that keeps nothing on disk, for a test to hang, kill and empty. */
export const startRedisServer = (flags: readonly string[] = []) => startRedisProgram(inject('redisServer') ?? '', flags)

export type RedisServer = Awaited<ReturnType<typeof startRedisServer>>

/** A Sentinel that watches a server under a name. */
export const startSentinel = async (name: string, masterPort: number) => {
  const [port = 0] = await freePorts(1)
  const dir = await mkdtemp(join(tmpdir(), 'emporion-sentinel-'))
  const file = join(dir, 'sentinel.conf')
  await writeFile(file, `port ${port}\nbind 127.0.0.1\nsentinel monitor ${name} 127.0.0.1 ${masterPort} 1\n`)
  const child = spawn(inject('redisServer') ?? '', [file, '--sentinel'], { stdio: 'ignore' })
  await waitUntilRedisAnswers(port)
  return {
    port,
    stop: async () => {
      const exited = once(child, 'exit')
      child.kill('SIGKILL')
      await exited
      await rm(dir, { recursive: true, force: true })
    },
  }
}

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
