import type { Viewer } from './auth.ts'
import type { Log } from './log.ts'

/** What every resolver gets, and nothing else: services come by closure. */
export interface RequestContext<Loaders = unknown> {
  readonly viewer: Viewer
  readonly log: Log
  /** Made anew for each operation, so that nothing is shared between viewers. */
  readonly loaders: Loaders
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: AbortSignal
  readonly requestId: string
}
