import type { ExecutionResult } from 'graphql'
import type { CallHeaders } from './auth.ts'

/** A call to a subgraph, over the network or in the same process: the same signed headers, the same check. */
export interface SignedCall {
  readonly headers: CallHeaders
  /** JSON of `{ query, variables, operationName }`, exactly as signed. */
  readonly body: string
  readonly signal?: AbortSignal
}

export interface SubgraphResponse {
  /** HTTP status: 401 when the call is not signed as it should be. */
  readonly status: number
  readonly result: ExecutionResult
}

export type ResultStream = AsyncIterable<ExecutionResult>

/** Where a subgraph is reached: in this process or over the network. Calls look the same to both. */
export interface SubgraphEndpoint {
  execute(call: SignedCall): Promise<SubgraphResponse>
  /** A stream, or the refusal to open one. */
  subscribe(call: SignedCall): Promise<ResultStream | ExecutionResult>
  stop(): Promise<void>
}
