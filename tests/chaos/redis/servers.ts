import { startClusterProgram } from '../../redisCluster.ts'
import { startWatchedRedis } from '../../redisSentinel.ts'
import { type RedisProgram, startRedisProgram } from '../../redisServer.ts'
import { type SlowLine, startSlowLine } from '../../slowLine.ts'

export const redisKinds = ['server', 'sentinel', 'cluster'] as const

export type RedisKind = (typeof redisKinds)[number]

/** The server that is made to die: behind Sentinel, and in a Cluster, whichever is a master then. */
export type Victim = Pick<RedisProgram, 'kill' | 'startAgain' | 'hang' | 'goOn' | 'say'>

/** A Redis in our hands. */
export interface HeldRedis {
  readonly url: string
  readonly server: Victim
  /** The line that all processes have to one server. */
  readonly line: Pick<SlowLine, 'delayBy' | 'mend'>
  readonly stop: () => Promise<void>
}

/** So long a master is silent until another one is chosen; Redis itself would wait 30 s behind Sentinel and 15 s in a Cluster. */
export const silenceMs = 5_000

const oneMaster = (servers: readonly RedisProgram[]): Victim => {
  let victim: RedisProgram | undefined
  const pick = async (): Promise<RedisProgram> => {
    for (const server of servers) {
      // Three lines about a master, five about a replica.
      if ((await server.say('ROLE').catch(() => '')) === '*3') return server
    }
    throw new Error('No server is a master.')
  }
  return {
    kill: async () => {
      victim = await pick()
      await victim.kill()
    },
    hang: async () => {
      victim = await pick()
      return victim.hang()
    },
    startAgain: async () => victim?.startAgain(),
    goOn: () => victim?.goOn(),
    say: async (command) => (await pick()).say(command),
  }
}

const noLine = { delayBy: () => undefined, mend: () => undefined }

const starts: Record<RedisKind, (program: string) => Promise<HeldRedis>> = {
  server: async (program) => {
    const server = await startRedisProgram(program)
    const line = await startSlowLine(server.port, 0)
    const stop = async (): Promise<void> => {
      await line.stop()
      await server.stop()
    }
    return { url: `redis://127.0.0.1:${line.port}`, server, line, stop }
  },
  sentinel: async (program) => {
    const { url, servers, stop } = await startWatchedRedis(program, silenceMs)
    return { url, server: oneMaster(servers), line: noLine, stop }
  },
  cluster: async (program) => {
    const { url, servers, stop } = await startClusterProgram({ program, nodeTimeout: silenceMs })
    return { url, server: oneMaster(servers), line: noLine, stop }
  },
}

export const startHeldRedis = (kind: RedisKind, program: string): Promise<HeldRedis> => starts[kind](program)
