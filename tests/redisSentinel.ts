import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { freePorts } from './ports.ts'
import { answerOf, spawnBesideUs, startRedisProgram, waitUntilRedisAnswers } from './redisServer.ts'

export interface SentinelOptions {
  /** Where redis-server is. */
  readonly program: string
  /** What the master is called. */
  readonly name: string
  readonly masterPort: number
  /** More lines of its file. */
  readonly lines?: readonly string[]
}

/** A Sentinel that watches a server under a name. */
export const startSentinelProgram = async ({ program, name, masterPort, lines = [] }: SentinelOptions) => {
  const [port = 0] = await freePorts(1)
  const dir = await mkdtemp(join(tmpdir(), 'emporion-sentinel-'))
  const file = join(dir, 'sentinel.conf')
  const monitor = `sentinel monitor ${name} 127.0.0.1 ${masterPort} 1`
  await writeFile(file, [`port ${port}`, 'bind 127.0.0.1', `dir ${dir}`, monitor, ...lines, ''].join('\n'))
  const child = spawnBesideUs(program, [file, '--sentinel'])
  await waitUntilRedisAnswers(port)
  return {
    port,
    ask: (command: string) => answerOf(port, command),
    stop: async () => {
      const exited = once(child, 'exit')
      child.kill('SIGKILL')
      await exited
      await rm(dir, { recursive: true, force: true })
    },
  }
}

const isLinked = `EVAL "return string.find(redis.call('INFO', 'replication'), 'master_link_status:up') and 1 or 0" 0`

/** A master with a replica, and one Sentinel that puts the replica in its place when it is silent for so long. */
export const startWatchedRedis = async (program: string, downAfter = 1_000) => {
  const quick = ['--repl-diskless-sync-delay', '0']
  const master = await startRedisProgram(program, quick)
  const replica = await startRedisProgram(program, [...quick, '--replicaof', '127.0.0.1', `${master.port}`])
  // A replica whose first word to the Sentinel is that it has no link to its master is not good enough, for its next ten seconds.
  while ((await replica.say(isLinked)) !== ':1') await setTimeout(20)
  const lines = [`sentinel down-after-milliseconds shop ${downAfter}`, 'sentinel failover-timeout shop 2000']
  const sentinel = await startSentinelProgram({ program, name: 'shop', masterPort: master.port, lines })
  while (!/master-link-status\r\n\$2\r\nok/.test(await sentinel.ask('SENTINEL REPLICAS shop'))) await setTimeout(50)
  return {
    url: `redis+sentinel://127.0.0.1:${sentinel.port}/shop`,
    /** The master at the start, and its replica. */
    servers: [master, replica],
    stop: async () => {
      for (const { stop } of [sentinel, replica, master]) await stop()
    },
  }
}
