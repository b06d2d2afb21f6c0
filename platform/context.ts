import type { Client, Viewer } from './auth.ts'
import type { Log } from './log.ts'

/** Who asks, from where, in which request: what use cases need that keep a record of it. */
export type Asker = Pick<RequestContext, 'viewer' | 'client' | 'requestId'>

/** What every resolver gets, and nothing else: services come by closure. */
export interface RequestContext<Loaders = unknown> {
  readonly viewer: Viewer
  /** Where the request came from. */
  readonly client: Client
  readonly log: Log
  /** Made anew for each operation, so that nothing is shared between viewers. */
  readonly loaders: Loaders
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: AbortSignal
  readonly requestId: string
}
