import type { ApolloServer } from '@apollo/server'
import { type ExecutionResult, GraphQLError } from 'graphql'
import type { SubscribePayload } from 'graphql-ws'
import type { Ids } from '#kernel/id.ts'
import type { Client } from '#platform/auth.ts'
import { causedBy } from '#platform/cause.ts'
import type { Auth, Identity } from '../auth.ts'
import { asGraphQLError, type ErrorFormatter } from '../errors.ts'
import type { Pace } from '../pace.ts'
import type { GatewayContext } from '../transport.ts'

/** What became of an operation: a stream, one answer, or a refusal before anything ran. */
export type Opened =
  | { readonly kind: 'stream'; readonly results: AsyncIterable<ExecutionResult>; readonly identity: Identity }
  | { readonly kind: 'answer'; readonly result: ExecutionResult }
  | { readonly kind: 'refused'; readonly errors: readonly GraphQLError[] }

export interface Asking {
  readonly payload: SubscribePayload
  /** Who the socket belongs to. */
  readonly identity: Identity
  readonly client: Client
  /** Aborted when the operation is over, for whatever reason. */
  readonly signal: AbortSignal
}

export interface OperationDeps {
  readonly apollo: ApolloServer<GatewayContext>
  readonly auth: Auth
  readonly ids: Ids
  readonly formatError: ErrorFormatter
  /** All sockets together: when thousands come at once, they join a few in each turn. */
  readonly pace: Pace
}

const refused = (...errors: readonly GraphQLError[]): Opened => ({ kind: 'refused', errors })

/** Refusals of one operation; its neighbours on the socket go on. */
export const refusals = {
  token: new GraphQLError('The access token is not valid.', { extensions: { code: 'UNAUTHENTICATED' } }),
  tooMany: new GraphQLError('There are too many operations on this socket: end one of them first.', {
    extensions: { code: 'RATE_LIMITED', retryable: true },
  }),
} as const

/** The access token in `{ "authorization": "Bearer ..." }`, as clients of this protocol send it. */
export const authorizationOf = (params: unknown): string | undefined => {
  const { authorization, Authorization } = (params ?? {}) as Record<string, unknown>
  const found = authorization ?? Authorization
  return typeof found === 'string' ? found : undefined
}

const shape = (error: GraphQLError) => ({
  message: error.message,
  ...(error.path && { path: error.path }),
  extensions: error.extensions ?? {},
})

/**
 * Runs operations that come over a socket. Each goes through Apollo Server once, like over HTTP: the same validation, limits and
 * masking; a subscription then hands over its stream.
 */
export const makeOperations = ({ apollo, auth, ids, formatError, pace }: OperationDeps) => {
  const mask = (error: GraphQLError): GraphQLError => asGraphQLError(formatError(shape(error), error))

  /** GraphiQL cannot set connection parameters: it sends its headers with each operation, and they count like those of HTTP. */
  const identityOf = async ({ payload, identity }: Asking): Promise<Identity | null> => {
    const own = authorizationOf(payload.extensions?.headers)
    return own ? auth.identify(own) : identity
  }

  return {
    /** Masks what a subgraph says in the middle of a stream. */
    maskResult: (result: ExecutionResult): ExecutionResult =>
      result.errors ? { ...result, errors: result.errors.map(mask) } : result,

    /** What a client hears of a fault of ours; the log gets the rest. */
    maskFault: (fault: unknown): GraphQLError =>
      mask(fault instanceof GraphQLError ? fault : new GraphQLError('fault', { originalError: fault as Error })),

    open: async (asking: Asking): Promise<Opened> => {
      const { query, variables, operationName, extensions } = asking.payload
      await pace()
      const identity = await identityOf(asking)
      if (!identity) return refused(refusals.token)
      const requestId = ids.next('req')
      const opened: { results?: AsyncIterable<ExecutionResult> } = {}
      const contextValue: GatewayContext = {
        viewer: identity.viewer,
        client: asking.client,
        requestId,
        signal: asking.signal,
        openStream: (stream) => {
          opened.results = stream
        },
      }
      const request = {
        // Empty when the document is named by its hash.
        query: query === '' ? undefined : query,
        variables: variables ?? {},
        operationName: operationName ?? undefined,
        extensions: extensions ?? undefined,
      }
      const { body } = await causedBy({ requestId }, () => apollo.executeOperation(request, { contextValue }))
      if (opened.results) return { kind: 'stream', results: opened.results, identity }
      if (body.kind !== 'single') throw new Error('incremental delivery is off')
      const { data, errors, extensions: about } = body.singleResult
      // A request error is the protocol's `error` message; an answer with data is a `next`.
      if (errors && data == null) return refused(...errors.map(asGraphQLError))
      return {
        kind: 'answer',
        result: { data, extensions: about, errors: errors?.map(asGraphQLError) } as ExecutionResult,
      }
    },
  }
}

export type Operations = ReturnType<typeof makeOperations>
