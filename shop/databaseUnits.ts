import type { Ids } from '#kernel/id.ts'
import type { Clock } from '#kernel/time.ts'
import { makeBoard, type WorkQueue } from '#platform/board.ts'
import type { SubgraphCaller } from '#platform/caller.ts'
import { type Config, type SubgraphName, subgraphNames } from '#platform/config.ts'
import { watchDatabase } from '#platform/databaseWatch.ts'
import type { Readiness } from '#platform/health.ts'
import { loadSigningKeys } from '#platform/keyRing.ts'
import { makeThrowawayKeys } from '#platform/keys.ts'
import type { Lifecycle } from '#platform/lifecycle.ts'
import type { Log } from '#platform/log.ts'
import { connectMongo, type OnCommand } from '#platform/mongo.ts'
import { systemRandom } from '#platform/random.ts'
import { type RunningSubgraph, startSubgraph } from '#platform/runningSubgraph.ts'
import { serveProbes, serveSubgraph } from '#platform/serve.ts'
import type { Shared } from '#platform/shared.ts'
import { collectRecords, type ShopRecords } from '#platform/snapshot.ts'
import { subgraphs } from '../subgraphs/index.ts'
import { makeMailKeeper } from '../workers/emails/recording.ts'

/** Of whoever starts the shop. */
export interface DatabaseUnitsDeps {
  readonly config: Config
  /** Where the database is, and how long to wait for it. */
  readonly database: { readonly url: string; readonly waitMs: number; readonly onCommand?: OnCommand | undefined }
  /** The subgraphs of this process, for its own calls to them: filled here. */
  readonly running: Map<SubgraphName, RunningSubgraph>
  /** What has no port: units of a command beside a running shop, and those of a shop in one process. */
  readonly isApart: boolean
  readonly shared: Shared
  readonly callAs: (identity: string) => SubgraphCaller
  readonly clock: Clock
  readonly ids: Ids
  readonly log: Log
  readonly lifecycle: Lifecycle
  readonly readiness: Readiness
}

/** What the units with a database tell of themselves. */
export interface DatabaseUnits {
  /** What the subgraphs of this process have on record, and what waits in their outboxes. */
  readonly records: () => Promise<ShopRecords>
  /** What waits for the workers, and was given up. */
  readonly queues: () => readonly WorkQueue[]
}

/** The subgraphs to build here: the chosen ones, and all of them for the workers, who run their consumers and jobs. */
const neededSubgraphs = ({ units }: Config): SubgraphName[] =>
  units.includes('workers') ? [...subgraphNames] : subgraphNames.filter((name) => units.includes(name))

/**
 * Connects to the database and starts the chosen units that need it: subgraphs, then workers. A process without them, such as one of
 * the gateway alone, never loads this file: it has no use for a client of the database, which takes a tenth of its start.
 * @throws DatabaseUnreachable, KeyError, CannotListen or MailServerRefused.
 */
export const startDatabaseUnits = async (deps: DatabaseUnitsDeps): Promise<DatabaseUnits> => {
  const { config, database, running, isApart, shared, callAs, clock, ids, log, lifecycle, readiness } = deps
  const { bus, cache, limiter, makeQueue } = shared
  const mongo = await lifecycle.start(() =>
    connectMongo({
      url: database.url,
      prefix: config.databasePrefix,
      onCommand: database.onCommand,
      wait: { ms: database.waitMs, tell: (sentence) => log.warn(sentence) },
    }),
  )

  const startSubgraphs = async (): Promise<void> => {
    // Only a process that serves users may sign access tokens; others get a key that nobody trusts.
    const signingKeys = config.units.includes('users') ? await loadSigningKeys(config, clock) : makeThrowawayKeys()
    const board = makeBoard(mongo.database('workers'))
    const common = { config, clock, ids, random: systemRandom, log, bus, cache, limiter, signingKeys, board }
    const { whileThere } = watchDatabase({ clock, ping: mongo.signOfLife })
    const start = async (name: SubgraphName): Promise<void> => {
      const definition = await subgraphs[name]()
      const own = { ...common, database: mongo.database(name), call: callAs(name) }
      running.set(name, await lifecycle.start(() => startSubgraph(definition, own, { whileThere })))
    }
    await Promise.all(neededSubgraphs(config).map(start))
  }

  const serving = async () => {
    const health = readiness.health({ mongo: mongo.ping })
    // It has its database now: ready before anybody probes it, should that go away in between.
    await health()
    return { host: config.host, health, isStopping: readiness.isHindered, log }
  }

  /** A subgraph listens on its own port only when another process may need it. */
  const serveApart = async (): Promise<void> => {
    if (!isApart) return
    const options = await serving()
    for (const subgraph of running.values()) {
      if (!config.units.includes(subgraph.name)) continue
      const port = Number(new URL(config.subgraphUrls[subgraph.name][0]).port)
      await lifecycle.start(() => serveSubgraph(subgraph, { ...options, port }))
    }
  }

  const startWorkersUnit = async (): Promise<void> => {
    if (!config.units.includes('workers')) return
    const { startWorkers } = await import('../workers/index.ts')
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
    if (isApart && port !== null) await lifecycle.start(async () => serveProbes({ ...(await serving()), port }))
  }

  await startSubgraphs()
  await serveApart()
  await startWorkersUnit()
  const mails = makeMailKeeper(mongo.database('workers'), clock)
  const parts = [...running.values()].map((subgraph) => subgraph.parts)
  return {
    records: () => collectRecords([...parts, mails]),
    queues: () => [...parts.flatMap(({ outboxes }) => outboxes ?? []), mails.queue],
  }
}
