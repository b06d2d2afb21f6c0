import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { makeIds } from '#kernel/id.ts'
import { type Clock, systemClock } from '#kernel/time.ts'
import type { WorkQueue } from '#platform/board.ts'
import { makeCallSigner, makeSubgraphCaller, type SubgraphCaller } from '#platform/caller.ts'
import { type Config, type SubgraphName, unitNames } from '#platform/config.ts'
import { armCrashPoint } from '#platform/crashPoint.ts'
import {
  type EmbeddedDatabase,
  type EmbeddedLost,
  embeddedFolder,
  findEmbedded,
  startEmbedded,
} from '#platform/embedded.ts'
import { makeEndpoints } from '#platform/endpoints.ts'
import { makeReadiness } from '#platform/health.ts'
import { type Lifecycle, makeLifecycle } from '#platform/lifecycle.ts'
import { type Log, makeLog } from '#platform/log.ts'
import { measuredCalls } from '#platform/measuredCalls.ts'
import type { OnCommand } from '#platform/mongo.ts'
import { systemRandom } from '#platform/random.ts'
import type { RunningSubgraph } from '#platform/runningSubgraph.ts'
import { makeShared } from '#platform/shared.ts'
import { collectRecords, type ShopRecords } from '#platform/snapshot.ts'
import type { Gateway } from './gateway/index.ts'
import type { Provider } from './provider/server.ts'
import type { DatabaseUnits } from './shop/databaseUnits.ts'

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
  const shared = await lifecycle.start(() => makeShared({ config, log, given: options.clock }))
  const endpoints = await lifecycle.start(() => makeEndpoints({ config, running, clock, log }))
  const endpointOf = measuredCalls(endpoints.of)
  const sign = makeCallSigner({ secret: config.internalSecret, clock, ids })
  const callAs = (identity: string): SubgraphCaller =>
    makeSubgraphCaller(identity, { endpoints: endpointOf, sign, timeoutMs: config.subgraphTimeoutMs })

  const startGatewayUnit = async (): Promise<Gateway | null> => {
    if (!config.units.includes('gateway')) return null
    await beforeOpening?.(callAs)
    const { startGateway } = await import('./gateway/index.ts')
    const { cache, limiter } = shared
    return lifecycle.start(() =>
      startGateway({ config, clock, ids, log, cache, limiter, readiness, endpoints: endpointOf, sign }),
    )
  }

  let embedded: EmbeddedDatabase | null = null
  let stored: DatabaseUnits = { records: () => collectRecords([]), queues: () => [] }
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
    if (config.units.some((unit) => unit !== 'gateway')) {
      const { startDatabaseUnits } = await import('./shop/databaseUnits.ts')
      const { url, embedded: own } = await openDatabase(config, attach, lifecycle)
      embedded = own
      if (embedded) void watch(embedded)
      stored = await startDatabaseUnits({
        config,
        database: { url, waitMs: attach ? 0 : config.databaseWaitMs, onCommand },
        running,
        isApart: !attach && config.units.length < unitNames.length,
        shared,
        callAs,
        clock,
        ids,
        log,
        lifecycle,
        readiness,
      })
    }
    const gateway = await startGatewayUnit()
    const url = gateway?.url ?? null
    if (url) provider?.deliverTo(`${url}/webhooks/payments/sandbox`)
    const reload = async () => gateway?.reload()
    return {
      url,
      metricsUrl: shownMetrics?.url ?? null,
      callAs,
      embedded,
      provider,
      records: stored.records,
      queues: stored.queues,
      lost: lost.promise,
      reload,
      stop,
    }
  } catch (error) {
    await lifecycle.stop()
    throw error
  }
}
