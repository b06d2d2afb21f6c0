import { randomBytes } from 'node:crypto'
import type { ExecutionResult } from 'graphql'
import { inject, onTestFinished } from 'vitest'
import type { Client, Viewer } from '../platform/auth.ts'
import { makeBoard } from '../platform/board.ts'
import { makeMemoryBus } from '../platform/bus/memory.ts'
import { makeMemoryCache } from '../platform/cache/memory.ts'
import { makeCallSigner, type SubgraphCaller } from '../platform/caller.ts'
import { type Config, readConfig } from '../platform/config.ts'
import { makeIds } from '../platform/kernel/id.ts'
import { type Clock, systemClock } from '../platform/kernel/time.ts'
import { loadSigningKeys } from '../platform/keyRing.ts'
import { makeMemoryLimiter } from '../platform/limiter/memory.ts'
import { makeLog } from '../platform/log.ts'
import { connectMongo } from '../platform/mongo.ts'
import { systemRandom } from '../platform/random.ts'
import { type RunningSubgraph, startSubgraph } from '../platform/runningSubgraph.ts'
import type { SubgraphDefinition, SubgraphDeps } from '../platform/subgraph.ts'

/** A database name prefix of its own for each shop under test. */
export const freshPrefix = (): string => `t${randomBytes(6).toString('hex')}_`

const noSiblings: SubgraphCaller = async (subgraph) => {
  throw new Error(`this test does not reach ${subgraph}`)
}

export interface TestDeps extends SubgraphDeps {
  /** Names of the commands sent to the database since the last `operations.length = 0`. */
  readonly operations: string[]
}

/** Everything a subgraph is built from, over a fresh database that is dropped when the test ends. */
export const makeTestDeps = async (
  name: SubgraphDefinition['name'],
  overrides: { clock?: Clock; call?: SubgraphCaller; config?: Partial<Config>; log?: SubgraphDeps['log'] } = {},
): Promise<TestDeps> => {
  const clock = overrides.clock ?? systemClock
  const ids = makeIds(clock, systemRandom)
  const config = {
    ...readConfig({ MONGODB_URL: inject('mongoUrl'), DATABASE_PREFIX: freshPrefix(), DATA_DIR: '.data/test' }),
    ...overrides.config,
  }
  const log = overrides.log ?? makeLog('silent')
  const operations: string[] = []
  const onCommand = (command: string) => {
    if (!['endSessions', 'createIndexes', 'hello', 'ping', 'dropDatabase'].includes(command)) operations.push(command)
  }
  const mongo = await connectMongo({ url: inject('mongoUrl'), prefix: config.databasePrefix, onCommand })
  const database = mongo.database(name)
  const bus = makeMemoryBus()
  onTestFinished(async () => {
    await database.dropDatabase()
    await mongo.stop()
    await bus.stop()
  })
  return {
    config,
    clock,
    ids,
    random: systemRandom,
    log,
    database,
    bus,
    cache: makeMemoryCache(clock),
    limiter: makeMemoryLimiter(clock),
    call: overrides.call ?? noSiblings,
    signingKeys: await loadSigningKeys(config, clock),
    board: makeBoard(mongo.database('workers')),
    operations,
  }
}

/** Asks a running subgraph as any viewer, signed as the gateway signs; the whole result, errors included. */
export const askSubgraph = (subgraph: RunningSubgraph, deps: SubgraphDeps) => {
  const sign = makeCallSigner({ secret: deps.config.internalSecret, clock: deps.clock, ids: deps.ids })
  return async (
    viewer: Viewer,
    query: string,
    variables: Record<string, unknown> = {},
    client?: Client,
  ): Promise<ExecutionResult> => {
    const body = JSON.stringify({ query, variables })
    return (await subgraph.execute(sign(subgraph.name, { viewer, body, client }))).result
  }
}

/** A running subgraph and a way to ask it as any viewer, signed as the gateway signs. */
export const startTestSubgraph = async (
  definition: SubgraphDefinition,
  overrides: Parameters<typeof makeTestDeps>[1] = {},
) => {
  const deps = await makeTestDeps(definition.name, overrides)
  const subgraph = await startSubgraph(definition, deps)
  onTestFinished(() => subgraph.stop())
  const sign = makeCallSigner({ secret: deps.config.internalSecret, clock: deps.clock, ids: deps.ids })
  return {
    deps,
    subgraph,
    ask: askSubgraph(subgraph, deps),
    subscribe: (viewer: Viewer, query: string, variables: Record<string, unknown> = {}) =>
      subgraph.subscribe(sign(definition.name, { viewer, body: JSON.stringify({ query, variables }) })),
  }
}
