import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { makeIds } from '#kernel/id.ts'
import { type Clock, systemClock } from '#kernel/time.ts'
import { makeBoard, type WorkQueue } from '#platform/board.ts'
import { makeCallSigner, makeSubgraphCaller, type SubgraphCaller } from '#platform/caller.ts'
import { type Config, type SubgraphName, subgraphNames, unitNames } from '#platform/config.ts'
import { armCrashPoint } from '#platform/crashPoint.ts'
import { watchDatabase } from '#platform/databaseWatch.ts'
import {
  type EmbeddedDatabase,
  type EmbeddedLost,
  embeddedFolder,
  findEmbedded,
  startEmbedded,
} from '#platform/embedded.ts'
import { makeEndpoints } from '#platform/endpoints.ts'
import { makeReadiness } from '#platform/health.ts'
import { loadSigningKeys } from '#platform/keyRing.ts'
import { makeThrowawayKeys } from '#platform/keys.ts'
import { type Lifecycle, makeLifecycle } from '#platform/lifecycle.ts'
import { type Log, makeLog } from '#platform/log.ts'
import { measuredCalls } from '#platform/measuredCalls.ts'
import { connectMongo, type Mongo, type OnCommand } from '#platform/mongo.ts'
import { systemRandom } from '#platform/random.ts'
import { type RunningSubgraph, startSubgraph } from '#platform/runningSubgraph.ts'
import { serveProbes, serveSubgraph } from '#platform/serve.ts'
import { makeShared } from '#platform/shared.ts'
import { collectRecords, type ShopRecords } from '#platform/snapshot.ts'
import type { Gateway } from './gateway/index.ts'
import type { Provider } from './provider/server.ts'
import { subgraphs } from './subgraphs/index.ts'
import { makeMailKeeper } from './workers/emails/recording.ts'

export interface ShopOptions {
  readonly clock?: Clock
  readonly log?: Log
  /** Told about every command sent to the database, for tests that count operations. */
  readonly onCommand?: OnCommand
  /** For commands beside a running shop: share its embedded database, and open no port. */
  readonly attach?: boolean
  /** Done when all parts run and before the gateway opens its port, for what clients must never miss. */
  readonly beforeOpening?: (callAs: Shop['callAs']) => Promise<void>
}

/** A running part of the shop: some or all units in this process. */
export interface Shop {
  /** Where clients reach the graph; null when the gateway runs elsewhere. */
  readonly url: string | null
  /** Asks a subgraph under a service identity, as siblings do. */
  readonly callAs: (identity: string) => SubgraphCaller
  /** Where metrics are shown; null: nowhere. */
  readonly metricsUrl: string | null
  /** The embedded database, when this process has started it. */
  readonly embedded: EmbeddedDatabase | null
  /** The sandbox provider, when it runs in this process. */
  readonly provider: Pick<Provider, 'url' | 'turn' | 'movements' | 'deliverTo'> | null
  /** What the subgraphs of this process have on record, and what waits in their outboxes. */
  readonly records: () => Promise<ShopRecords>
  /** What waits for the workers, and was given up: the outboxes of the subgraphs of this process, and the mails. */
  readonly queues: () => readonly WorkQueue[]
  /** Told when the shop cannot go on, and should be stopped. It is not ready from then on. */
  readonly lost: Promise<EmbeddedLost>
  /** The gateway looks now whether the files of its graph have changed; without one, nothing happens. */
  readonly reload: () => Promise<void>
  /** First it is not ready any more, then requests drain, then the parts stop: 25 s in all (parameters table: Shutdown). */
  stop(): Promise<void>
}

interface OpenDatabase {
  readonly url: string
  readonly embedded: EmbeddedDatabase | null
}

/** The configured server, else the embedded database: the running one when attaching, or one of our own. */
const openDatabase = async (config: Config, attach: boolean, lifecycle: Lifecycle): Promise<OpenDatabase> => {
  if (config.mongoUrl) return { url: config.mongoUrl, embedded: null }
  const folder = embeddedFolder(config.dataDir)
  const running = attach ? await findEmbedded(folder) : null
  if (running) return { url: running, embedded: null }
  const embedded = await lifecycle.start(() => startEmbedded({ folder }))
  return { url: embedded.url, embedded }
}

/** The sandbox provider, in a process that has payments and was told of no other. Its books outlive the process. */
const startProviderInside = async (config: Config, lifecycle: Lifecycle): Promise<Provider | null> => {
  if (config.providerUrl !== null || !config.units.includes('payments')) return null
  const { startProvider } = await import('./provider/server.ts')
  const { providerPort: port, providerSecret: secret, dataDir } = config
  const file = join(dataDir, 'provider', 'books.sqlite')
  return lifecycle.start(() => startProvider({ host: '127.0.0.1', port, secret, file }))
}

/** Spans, where somebody collects them: what makes them is not even loaded otherwise. */
const traceIf = async ({ tracing, units }: Config, lifecycle: Lifecycle): Promise<void> => {
  if (!tracing) return
  const { startTracing } = await import('#platform/tracing/otlp.ts')
  const service = units.length === 1 ? `emporion-${units[0]}` : 'emporion'
  await lifecycle.start(() => startTracing(tracing, service))
}

const showMetrics = async ({ metrics }: Config, lifecycle: Lifecycle) => {
  if (!metrics) return null
  const { serveMetrics } = await import('#platform/metrics/serve.ts')
  return lifecycle.start(() => serveMetrics(metrics))
}

/** Parameters table: Shutdown. Compose and Kubernetes kill after 30 s. */
const shutdownMs = 25_000

/** The subgraphs to build here: the chosen ones, and all of them for the workers, who run their consumers and jobs. */
const neededSubgraphs = ({ units }: Config): SubgraphName[] =>
  units.includes('workers') ? [...subgraphNames] : subgraphNames.filter((name) => units.includes(name))

/**
 * Starts the chosen units in order: database, subgraphs, workers, gateway. Stopping goes in reverse order.
 * @throws ConfigError, CannotListen, DatabaseUnreachable, MailServerRefused or the embedded database's own sentence; everything started is stopped.
 */
export const startShop = async (given: Config, options: ShopOptions = {}): Promise<Shop> => {
  const { clock = systemClock, log = makeLog(given.logLevel), onCommand, attach = false, beforeOpening } = options
  if (given.crashAt) armCrashPoint(given.crashAt)
  const ids = makeIds(clock, systemRandom)
  const lifecycle = makeLifecycle(log, { totalMs: shutdownMs - given.drainMs })
  const readiness = makeReadiness(clock)
  const provider = attach ? null : await startProviderInside(given, lifecycle)
  const config: Config = provider ? { ...given, providerUrl: provider.url } : given
  await traceIf(config, lifecycle)
  const shownMetrics = attach ? null : await showMetrics(config, lifecycle)
  const running = new Map<SubgraphName, RunningSubgraph>()
  const needed = neededSubgraphs(config)

  const { bus, cache, limiter, makeQueue } = await lifecycle.start(() =>
    makeShared({ config, log, given: options.clock }),
  )
  const endpoints = await lifecycle.start(() => makeEndpoints({ config, running, clock, log }))
  const endpointOf = measuredCalls(endpoints.of)
  const sign = makeCallSigner({ secret: config.internalSecret, clock, ids })
  const callAs = (identity: string): SubgraphCaller =>
    makeSubgraphCaller(identity, { endpoints: endpointOf, sign, timeoutMs: config.subgraphTimeoutMs })

  const startSubgraphs = async (mongo: Mongo): Promise<void> => {
    // Only a process that serves users may sign access tokens; others get a key that nobody trusts.
    const signingKeys = config.units.includes('users') ? await loadSigningKeys(config, clock) : makeThrowawayKeys()
    const shared = {
      config,
      clock,
      ids,
      random: systemRandom,
      log,
      bus,
      cache,
      limiter,
      signingKeys,
      board: makeBoard(mongo.database('workers')),
    }
    const { whileThere } = watchDatabase({ clock, ping: mongo.signOfLife })
    const start = async (name: SubgraphName): Promise<void> => {
      const definition = await subgraphs[name]()
      const deps = { ...shared, database: mongo.database(name), call: callAs(name) }
      running.set(name, await lifecycle.start(() => startSubgraph(definition, deps, { whileThere })))
    }
    await Promise.all(needed.map(start))
  }

  const isApart = !attach && config.units.length < unitNames.length
  const serving = async (mongo: Mongo) => {
    const health = readiness.health({ mongo: mongo.ping })
    // It has its database now: ready before anybody probes it, should that go away in between.
    await health()
    return { host: config.host, health, isStopping: readiness.isHindered, log }
  }

  /** A subgraph listens on its own port only when another process may need it. */
  const serveApart = async (mongo: Mongo): Promise<void> => {
    if (!isApart) return
    const shared = await serving(mongo)
    for (const subgraph of running.values()) {
      if (!config.units.includes(subgraph.name)) continue
      const port = Number(new URL(config.subgraphUrls[subgraph.name][0]).port)
      await lifecycle.start(() => serveSubgraph(subgraph, { ...shared, port }))
    }
  }

  const startWorkersUnit = async (mongo: Mongo): Promise<void> => {
    if (!config.units.includes('workers')) return
    const { startWorkers } = await import('./workers/index.ts')
    const queue = await lifecycle.start(() => ({ name: 'queue', ...makeQueue() }))
    await lifecycle.start(() =>
      startWorkers({
        subgraphs: [...running.values()],
        database: mongo.database('workers'),
        queue,
        clock,
        log,
        call: callAs('workers'),
        ids,
        config,
      }),
    )
    const { workersPort: port } = config
    if (isApart && port !== null) await lifecycle.start(async () => serveProbes({ ...(await serving(mongo)), port }))
  }

  const startGatewayUnit = async (): Promise<Gateway | null> => {
    if (!config.units.includes('gateway')) return null
    await beforeOpening?.(callAs)
    const { startGateway } = await import('./gateway/index.ts')
    return lifecycle.start(() =>
      startGateway({ config, clock, ids, log, cache, limiter, readiness, endpoints: endpointOf, sign }),
    )
  }

  let embedded: EmbeddedDatabase | null = null
  const mails: ReturnType<typeof makeMailKeeper>[] = []
  let goingOn = true
  const stop = async (): Promise<void> => {
    readiness.hinder('stopping')
    // Only who can be reached and still works has anybody to wait for.
    if (config.drainMs > 0 && goingOn && !attach) await setTimeout(config.drainMs)
    goingOn = false
    await lifecycle.stop()
  }
  const lost = Promise.withResolvers<EmbeddedLost>()
  const watch = async (database: EmbeddedDatabase): Promise<void> => {
    const reason = await database.lost
    goingOn = false
    readiness.hinder('database')
    lost.resolve(reason)
  }
  try {
    if (needed.length > 0) {
      const database = await openDatabase(config, attach, lifecycle)
      embedded = database.embedded
      if (embedded) void watch(embedded)
      const mongo = await lifecycle.start(() =>
        connectMongo({
          url: database.url,
          prefix: config.databasePrefix,
          onCommand,
          wait: { ms: attach ? 0 : config.databaseWaitMs, tell: (sentence) => log.warn(sentence) },
        }),
      )
      await startSubgraphs(mongo)
      await serveApart(mongo)
      await startWorkersUnit(mongo)
      mails.push(makeMailKeeper(mongo.database('workers'), clock))
    }
    const gateway = await startGatewayUnit()
    const url = gateway?.url ?? null
    if (url) provider?.deliverTo(`${url}/webhooks/payments/sandbox`)
    const records = () => collectRecords([...[...running.values()].map(({ parts }) => parts), ...mails])
    const reload = async () => gateway?.reload()
    return {
      url,
      metricsUrl: shownMetrics?.url ?? null,
      callAs,
      embedded,
      provider,
      records,
      queues: () => [
        ...[...running.values()].flatMap(({ parts }) => parts.outboxes ?? []),
        ...mails.map(({ queue }) => queue),
      ],
      lost: lost.promise,
      reload,
      stop,
    }
  } catch (error) {
    await lifecycle.stop()
    throw error
  }
}
