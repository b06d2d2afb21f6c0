import type { ExecutionResult } from 'graphql'
import type { CallHeaders } from './auth.ts'

/** A call to a subgraph, over the network or in the same process: the same signed headers, the same check. */
export interface SignedCall {
  readonly headers: CallHeaders
  /** JSON of `{ query, variables, operationName, extensions }`, exactly as signed. */
  readonly body: string
  /** A query may be sent again when its connection broke, and stops when nobody waits for it any more; a mutation neither. */
  readonly kind?: 'query' | 'mutation'
  readonly signal?: AbortSignal
}

/** The reason of a signal when whoever asked has left: it says nothing about the subgraph. */
export const takenBack = new Error('nobody waits for this call any more')

export interface SubgraphResponse {
  /** HTTP status: 401 when the call is not signed as it should be. */
  readonly status: number
  readonly result: ExecutionResult
  /** The process that answered is about to stop: better ask another one. */
  readonly isStopping?: boolean
}

export type ResultStream = AsyncIterable<ExecutionResult>

/** Where a subgraph is reached: in this process or over the network. Calls look the same to both. */
export interface SubgraphEndpoint {
  execute(call: SignedCall): Promise<SubgraphResponse>
  /** A stream, or the refusal to open one. */
  subscribe(call: SignedCall): Promise<ResultStream | ExecutionResult>
  stop(): Promise<void>
}
