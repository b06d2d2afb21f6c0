import type { ExecutionResult } from 'graphql'
import type { Client, Viewer } from '#platform/auth.ts'
import type { SubgraphRequest } from './run.ts'

/** What is known of an answer when it is sent. */
export interface AnswerNotes {
  /** Nobody in particular asks, in a way that may be kept for others: GET without a token. */
  readonly mayBeShared: boolean
  /** All that was fetched is the same for everybody. */
  isPublic: boolean
  isQuery: boolean
}

/** What the gateway knows of an operation. */
export interface StreamingContext {
  readonly viewer: Viewer
  readonly client?: Client
  /** Set by transports that want to know; the executor says whether all was public. */
  readonly answer?: AnswerNotes
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
