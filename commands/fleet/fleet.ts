import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { readConfig } from '#platform/config.ts'
import { startEmbedded } from '#platform/embedded.ts'
import { makeLifecycle } from '#platform/lifecycle.ts'
import { makeLog } from '#platform/log.ts'
import { startProvider } from '../../provider/server.ts'
import { startShop } from '../../shop.ts'
import { seedIfEmpty } from '../seed/firstStart.ts'
import { startFront } from './front.ts'
import { type FleetShape, type Member, planFleet, portsOf } from './plan.ts'
import { compileAhead, launch, type Running } from './program.ts'
import { findRedis, startRedisServer } from './redis.ts'

export interface FleetOptions extends FleetShape {
  /** The front port, that of Redis, and as many more as `portsOf` the shape. */
  readonly ports: readonly number[]
  readonly dataDir: string
  /** Settings of every process, as in README "Settings". */
  readonly env?: Readonly<Record<string, string>>
  /** A database that runs already; absent: an embedded one. */
  readonly mongoUrl?: string
  /** False: no Redis although there is one on this machine. */
  readonly redis?: boolean
  /** Told in a line what has come up, or has ended. */
  readonly tell?: (line: string) => void
}

/** Ports of a fleet of this shape, the front and Redis included. */
export const fleetPorts = (shape: FleetShape): number => 2 + portsOf(shape)

const ownSecret = 'shared by the fleet and its sandbox provider'

/** How long a process that has ended by itself stays away: one that ends at once must not keep the machine busy. */
const restartAfterMs = 1_000

/** Each process, started again whenever it ends by itself. */
const makeCrew = (env: Readonly<Record<string, string>>, logs: string, tell: (line: string) => void) => {
  const running = new Map<string, Running>()
  let stopping = false
  const begin = async (member: Member): Promise<void> => {
    const began = performance.now()
    const one = await launch(member, { env, logFile: join(logs, `${member.name}.log`) })
    if (stopping) return one.stop()
    running.set(member.name, one)
    tell(
      `${member.name.padEnd(12)} ready after ${((performance.now() - began) / 1_000).toFixed(1)} s, process ${one.child.pid}`,
    )
    void one.ended.then(async (how) => {
      if (stopping || running.get(member.name) !== one) return
      tell(`${member.name.padEnd(12)} has ended ${how} and is started again`)
      await pause(restartAfterMs)
      if (stopping) return
      await begin(member).catch((error: Error) => tell(error.message))
    })
  }
  return {
    begin,
    /** Stops it as a deployment does, and starts it again. */
    restart: async (member: Member): Promise<void> => {
      const old = running.get(member.name)
      running.delete(member.name)
      await old?.stop()
      await begin(member)
    },
    pidOf: ({ name }: Member): number | undefined => running.get(name)?.child.pid,
    stopAll: async (members: readonly Member[]): Promise<void> => {
      stopping = true
      await Promise.all(members.map(({ name }) => running.get(name)?.stop()))
    },
  }
}

/**
 * A whole shop of many processes on this machine: database, Redis, provider, every replica of every unit, and one port in front.
 * @throws MemberFailed, CannotListen or EmbeddedRefused; what had started is stopped.
 */
export const startFleet = async (options: FleetOptions) => {
  const { dataDir, tell = () => undefined } = options
  const [frontPort = 0, redisPort = 0, ...ports] = options.ports
  const log = makeLog('error')
  const secret = options.env?.PROVIDER_SECRET ?? ownSecret
  const lifecycle = makeLifecycle(log, { partMs: 40_000, totalMs: 120_000 })
  const plan = planFleet(options, ports)
  const members = [...plan.subgraphs, ...plan.workers, ...plan.gateways]
  const logs = join(dataDir, 'logs')
  await mkdir(logs, { recursive: true })

  const startDatabase = async (): Promise<string> => {
    if (options.mongoUrl) return options.mongoUrl
    const database = await lifecycle.start(() => startEmbedded({ folder: join(dataDir, 'database') }))
    tell(`database     embedded, process ${database.pid}`)
    return database.url
  }

  const startSharing = async (): Promise<Record<string, string>> => {
    const program = options.redis === false ? null : findRedis()
    if (!program) {
      tell('Redis        none: each process keeps its own limits, and hears of the others by polling')
      return {}
    }
    const redis = await lifecycle.start(async () => ({
      name: 'redis',
      ...(await startRedisServer(program, { port: redisPort, folder: join(dataDir, 'redis') })),
    }))
    tell(`Redis        ${redis.url}, process ${redis.pid}`)
    return { REDIS_URL: redis.url }
  }

  const startPaying = async () => {
    const file = join(dataDir, 'provider', 'books.sqlite')
    const provider = await lifecycle.start(() => startProvider({ host: '127.0.0.1', port: 0, secret, file }))
    tell(`provider     ${provider.url}, in this process`)
    provider.deliverTo(`http://127.0.0.1:${frontPort}/webhooks/payments/sandbox`)
    return provider
  }

  /** The catalogue is there before anybody can ask. */
  const fill = async (env: Record<string, string>): Promise<void> => {
    const config = readConfig(env, ['users', 'products', 'pricing'])
    const seeder = await startShop(config, { attach: true, log })
    try {
      if (config.seed && (await seedIfEmpty(seeder.callAs('seed')))) tell('catalogue    seeded with the demo products')
    } finally {
      await seeder.stop()
    }
  }

  const mongoUrl = await startDatabase()
  const sharing = await startSharing()
  const provider = await startPaying()
  const env: Record<string, string> = {
    LOG_LEVEL: 'warn',
    DATA_DIR: dataDir,
    MONGODB_URL: mongoUrl,
    PROVIDER_URL: provider.url,
    PROVIDER_SECRET: secret,
    TOKEN_ISSUER: `http://localhost:${frontPort}`,
    // Long enough for everybody to hear that a process stops, short enough for somebody who waits for Ctrl-C.
    DRAIN_MS: '1000',
    ...sharing,
    ...plan.env,
    ...options.env,
  }
  const crew = makeCrew(env, logs, tell)
  await lifecycle.start(async () => {
    await Promise.all([fill(env), compileAhead(env)])
    return { name: 'catalogue', stop: () => undefined }
  })
  for (const tier of [plan.subgraphs, plan.workers, plan.gateways]) {
    await lifecycle.start(async () => {
      const part = { name: tier[0]?.name ?? 'nothing', stop: () => crew.stopAll(tier) }
      await Promise.all(tier.map(crew.begin)).catch(async (error: unknown) => {
        await part.stop()
        throw error
      })
      return part
    })
  }
  const front = await lifecycle.start(async () => ({
    name: 'front',
    ...(await startFront(
      plan.gateways.map(({ probeUrl }) => probeUrl),
      frontPort,
    )),
  }))
  return {
    /** Where clients come in: a port that spreads connections over the gateways. */
    url: front.url,
    members,
    gateways: plan.gateways,
    provider,
    /** The environment of every process. */
    env,
    restart: crew.restart,
    pidOf: crew.pidOf,
    stop: lifecycle.stop,
  }
}

export type Fleet = Awaited<ReturnType<typeof startFleet>>
