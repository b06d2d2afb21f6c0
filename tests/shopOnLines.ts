import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inject } from 'vitest'
import { seed } from '../commands/seed/seed.ts'
import { readConfig, subgraphNames } from '../platform/config.ts'
import { startProvider } from '../provider/server.ts'
import { startShop as startInProcess } from '../shop.ts'
import type { Answer } from './client.ts'
import { freePorts } from './ports.ts'
import { startProxy } from './proxy.ts'
import { startRedisServer } from './redis.ts'
import { providerSecret, quickEnv, soonTired } from './shop.ts'
import { startMailServer } from './smtp.ts'
import { startStrictDoor } from './strictDoor.ts'
import { freshPrefix } from './subgraph.ts'

export const dependencies = ['Redis', 'MongoDB', 'the provider', 'the mail server', ...subgraphNames] as const
export type Dependency = (typeof dependencies)[number]

/** Takes something away, and brings it back. */
interface Switch {
  readonly off: () => unknown
  readonly on: () => unknown
}

type Line = Awaited<ReturnType<typeof startProxy>>

const originOf = ({ url }: Line): string => new URL(url).origin

/**
 * Every unit by itself: whatever one needs of another, or of what stands around the shop, goes over a line that can be taken away, and to
 * subgraphs and gateway through a door that lets nobody in while they are not ready. They
 * share this process, since what is tested is what they do without each other and not how they start.
 */
export const startOnLines = async (env: Record<string, string> = {}) => {
  const stops: (() => Promise<unknown>)[] = []
  const stop = async (): Promise<void> => {
    for (const each of stops.toReversed()) await each()
  }
  const started = async <T extends { stop(): Promise<unknown> }>(starting: Promise<T>): Promise<T> => {
    const part = await starting
    stops.push(part.stop)
    return part
  }
  try {
    const dataDir = await mkdtemp(join(tmpdir(), 'emporion-'))
    stops.push(() => rm(dataDir, { recursive: true, force: true }))
    const lineTo = (url: string): Promise<Line> => started(startProxy(Number(new URL(url).port)))
    const redis = inject('redisServer') === null ? null : await started(startRedisServer())
    const mail = await started(startMailServer())
    const provider = await started(startProvider({ host: '127.0.0.1', port: 0, secret: providerSecret, file: null }))
    const [toProvider, toMongo] = [await lineTo(provider.url), await lineTo(inject('mongoUrl'))]
    const direct = (await freePorts(subgraphNames.length)).map((port) => `http://127.0.0.1:${port}/graphql`)
    const doors = await Promise.all(direct.map((url) => started(startStrictDoor(url))))
    const lines = await Promise.all(doors.map(({ url }) => lineTo(url)))
    const addressed = (name: string, index: number) => [name, direct[index]!] as const
    const urls = subgraphNames.map((name, index) => [`${name.toUpperCase()}_URL`, lines[index]!.url])
    const shared = {
      ...quickEnv,
      ...soonTired,
      LOG_LEVEL: 'silent',
      PROVIDER_URL: originOf(toProvider),
      PROVIDER_SECRET: providerSecret,
      // Straight to the line: the database would tell its own address.
      MONGODB_URL: `mongodb://${new URL(toMongo.url).host}/?directConnection=true`,
      DATABASE_PREFIX: freshPrefix(),
      SMTP_URL: mail.url,
      DATA_DIR: dataDir,
      PORT: '0',
      ...(redis && { REDIS_URL: redis.url }),
      ...Object.fromEntries(urls),
      ...env,
    }
    const start = (...[units, own = {}]: [Parameters<typeof readConfig>[1], Record<string, string>?]) =>
      started(startInProcess(readConfig({ ...shared, ...own }, units)))
    await Promise.all(
      subgraphNames.map((name, index) => start([name], { [`${name.toUpperCase()}_URL`]: direct[index]! })),
    )
    const [workersPort] = await freePorts(1)
    const workers = await start(['workers'], { WORKERS_PORT: String(workersPort) })
    await seed(workers.callAs('seed'))
    const gateway = await start(['gateway'])
    const front = await started(startStrictDoor(gateway.url!))
    provider.deliverTo(`${front.url}/webhooks/payments/sandbox`)
    const switchOf = (line: Line, off: 'down' | 'gone'): Switch => ({
      off: () => line.become(off),
      on: () => line.become('fair'),
    })
    return {
      url: front.url,
      /** What each unit says when it is asked whether it is ready. */
      health: async (): Promise<Record<string, Answer>> => {
        const workersUrl = `http://127.0.0.1:${workersPort}`
        const units = [['gateway', gateway.url!], ['workers', workersUrl], ...subgraphNames.map(addressed)] as const
        const asking = units.map(async ([name, url]) => [
          name,
          await (await fetch(new URL('/health/ready', url))).json(),
        ])
        return Object.fromEntries(await Promise.all(asking))
      },
      /** The provider as buyers reach it. */
      provider: provider.url,
      switches: {
        Redis: { off: () => redis?.kill(), on: () => redis?.startAgain() },
        MongoDB: switchOf(toMongo, 'down'),
        'the provider': switchOf(toProvider, 'gone'),
        'the mail server': { off: mail.goAway, on: mail.comeBack },
        ...(Object.fromEntries(subgraphNames.map((name, index) => [name, switchOf(lines[index]!, 'gone')])) as Record<
          (typeof subgraphNames)[number],
          Switch
        >),
      } satisfies Record<Dependency, Switch>,
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}
