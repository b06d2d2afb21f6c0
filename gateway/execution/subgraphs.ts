import type { ExecutionResult } from 'graphql'
import type { Client, Viewer } from '#platform/auth.ts'
import type { SubgraphRequest } from './run.ts'

/** What the gateway knows of an operation. */
export interface StreamingContext {
  readonly viewer: Viewer
  readonly client?: Client
  /** Set by transports that can stream: the executor hands the opened stream over instead of answering. */
  openStream?: (stream: AsyncIterable<ExecutionResult>) => void
}

/** How the gateway reaches subgraphs; `context` is the operation's context value. */
export interface SubgraphTransport<Context> {
  execute(
    subgraph: string,
    request: SubgraphRequest,
    context: Context,
    kind: 'query' | 'mutation',
  ): Promise<ExecutionResult>
  subscribe(
    subgraph: string,
    request: SubgraphRequest,
    context: Context,
  ): Promise<AsyncIterable<ExecutionResult> | ExecutionResult>
}
