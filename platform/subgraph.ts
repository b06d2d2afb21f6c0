import type { Ids, RandomBytes } from '#kernel/id.ts'
import type { Clock } from '#kernel/time.ts'
import type { Viewer } from './auth.ts'
import type { Board } from './board.ts'
import type { Bus } from './bus/bus.ts'
import type { Cache } from './cache/cache.ts'
import type { SubgraphCaller } from './caller.ts'
import type { Config, SubgraphName } from './config.ts'
import type { SigningKeys } from './keys.ts'
import type { Limiter } from './limiter/limiter.ts'
import type { Log } from './log.ts'
import type { Database, IndexedModel } from './mongo.ts'
import type { Consumer } from './outbox/relay.ts'
import type { OutboxSource } from './outbox/source.ts'
import type { Records } from './snapshot.ts'
import type { Unfinished } from './unfinished.ts'

/** What a subgraph is built from. */
export interface SubgraphDeps {
  readonly config: Config
  readonly clock: Clock
  readonly ids: Ids
  readonly random: RandomBytes
  readonly log: Log
  readonly database: Database
  readonly bus: Bus
  readonly cache: Cache
  readonly limiter: Limiter
  /** Calls siblings under this subgraph's own service identity. */
  readonly call: SubgraphCaller
  readonly signingKeys: SigningKeys
  /** What the workers say of themselves. */
  readonly board: Pick<Board, 'backlog' | 'jobs'>
}

/** Something a subgraph wants done regularly; the workers run it, as often as `workers/timetable.ts` says and in one process at a time. */
export interface TimedJob {
  /** Unique name, for example `products.releaseExpiredHolds`. */
  readonly name: string
  run(): Promise<void>
}

/** Per type a map of resolvers; their exact types are checked where they are written, by `Complete`. */
export type ResolverMap = Readonly<Record<string, unknown>>

/** What a subgraph consists of. */
export interface SubgraphParts<Loaders> {
  readonly resolvers: ResolverMap
  /** New loaders for each operation. */
  readonly loaders: (viewer: Viewer) => Loaders
  readonly models?: readonly IndexedModel[]
  /** What must be there before it answers. Every process does it at its start, several at once, so it changes nothing when it is done. */
  readonly prepare?: () => Promise<void>
  readonly outboxes?: readonly OutboxSource[]
  readonly consumers?: readonly Consumer[]
  readonly jobs?: readonly TimedJob[]
  /** Sagas on their way, for metrics; those that wait for a buyer are not counted. */
  readonly unfinished?: () => Promise<Unfinished>
  /** All that it has on record, for `npm run dump-state`. */
  readonly records?: () => Promise<Records>
  /** Lets go of connections of its own. */
  readonly stop?: () => Promise<void>
}

export interface SubgraphDefinition {
  readonly name: SubgraphName
  readonly folder: string
  build(deps: SubgraphDeps): SubgraphParts<unknown>
}

/** Declares a subgraph: its name, its folder (which holds `schema.graphql`) and how it is built. */
export const defineSubgraph = <Loaders>(definition: {
  readonly name: SubgraphName
  readonly folder: string
  build(deps: SubgraphDeps): SubgraphParts<Loaders>
}): SubgraphDefinition => definition
