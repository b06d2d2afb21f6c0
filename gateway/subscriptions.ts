import type { Server } from 'node:http'
import type { ApolloServer } from '@apollo/server'
import { type ExecutionArgs, type ExecutionResult, GraphQLError, parse } from 'graphql'
import { CloseCode, type SubscribePayload } from 'graphql-ws'
import { useServer } from 'graphql-ws/use/ws'
import { WebSocketServer } from 'ws'
import type { Ids } from '#kernel/id.ts'
import { type Clock, seconds } from '#kernel/time.ts'
import type { Client } from '#platform/auth.ts'
import { mapStream } from '#platform/streams.ts'
import { type Auth, type Identity, nobody } from './auth.ts'
import type { ClientOf } from './client.ts'
import type { Cors } from './cors.ts'
import { asGraphQLError, type ErrorFormatter } from './errors.ts'
import type { GatewayContext } from './transport.ts'

/** Parameters table: WS. */
const maxPayload = 64 * 1024
const initTimeout = seconds(3)
const pingEvery = seconds(12)

/** The client was away too long or restarts its session with a fresh token; stock clients reconnect on it. */
const closeExpired = CloseCode.Forbidden
const closeServiceRestart = 1012

export interface SocketDeps {
  readonly server: Server
  readonly apollo: ApolloServer<GatewayContext>
  readonly auth: Auth
  readonly clientOf: ClientOf
  readonly cors: Cors
  readonly clock: Clock
  readonly ids: Ids
  readonly formatError: ErrorFormatter
}

interface SocketState extends Record<PropertyKey, unknown> {
  identity?: Identity
  expiry?: NodeJS.Timeout
}

interface Answer extends ExecutionArgs {
  readonly answer: ExecutionResult | AsyncIterable<ExecutionResult>
}

/** The library only looks at the kind of the operation; the document itself is read by the guard, once for all transports. */
const answered = parse('{ __typename }')
const streamed = parse('subscription { __typename }')

type SubscribeExtensions = { readonly headers?: Readonly<Record<string, unknown>> } | null | undefined

const tokenRefused = new GraphQLError('The access token is not valid.', { extensions: { code: 'UNAUTHENTICATED' } })

/** The access token of `connection_init`: `{ "authorization": "Bearer ..." }`, as clients of this protocol send it. */
const authorizationOf = (params: Readonly<Record<string, unknown>> | undefined): string | undefined => {
  const found = params?.authorization ?? params?.Authorization
  return typeof found === 'string' ? found : undefined
}

/**
 * The WebSocket side of the gateway (graphql-transport-ws). Every operation goes through Apollo Server once, like over HTTP: the
 * same validation, limits and masking; a subscription then hands over its stream.
 */
export const serveSockets = ({ server, apollo, auth, clientOf, cors, clock, ids, formatError }: SocketDeps) => {
  const sockets = new WebSocketServer({
    server,
    path: '/graphql',
    maxPayload,
    perMessageDeflate: false,
    verifyClient: ({ req }: { req: { headers: { origin?: string; host?: string } } }) =>
      cors.allows(req.headers.origin, req.headers.host),
  })

  const mask = (result: ExecutionResult): ExecutionResult =>
    result.errors
      ? { ...result, errors: result.errors.map((error) => asGraphQLError(formatError(asFormatted(error), error))) }
      : result

  const run = async (
    identity: Identity,
    client: Client,
    payload: Pick<SubscribePayload, 'query' | 'variables' | 'operationName' | 'extensions'>,
  ) => {
    const opened: { stream?: AsyncIterable<ExecutionResult> } = {}
    const context: GatewayContext = {
      viewer: identity.viewer,
      client,
      requestId: ids.next('req'),
      openStream: (stream) => {
        opened.stream = stream
      },
    }
    const { query, variables, operationName, extensions } = payload
    const response = await apollo.executeOperation(
      {
        query: query === '' ? undefined : query,
        variables: variables ?? {},
        operationName: operationName ?? undefined,
        extensions: extensions ?? undefined,
      },
      { contextValue: context },
    )
    if (opened.stream) return { stream: mapStream(opened.stream, mask) }
    if (response.body.kind !== 'single') throw new Error('incremental delivery is off')
    const { data, errors, extensions: about } = response.body.singleResult
    return { result: { data, extensions: about, errors: errors?.map(asGraphQLError) } as ExecutionResult }
  }

  /** GraphiQL cannot set connection parameters: it sends its headers with each operation, and they count like those of HTTP. */
  const identityOf = async (
    { identity = nobody }: SocketState,
    extensions: SubscribeExtensions,
  ): Promise<Identity | null> => {
    const own = authorizationOf(extensions?.headers)
    return own ? auth.identify(own) : identity
  }

  const disposable = useServer<Record<string, unknown>, SocketState>(
    {
      connectionInitWaitTimeout: initTimeout,
      onConnect: async (socket) => {
        const identity = await auth.identify(authorizationOf(socket.connectionParams))
        // 4403: the stock client asks its token function again and comes back.
        if (!identity) return false
        const { extra } = socket
        extra.identity = identity
        if (identity.expiresAt === null) return true
        const life = identity.expiresAt - clock.now()
        extra.expiry = setTimeout(() => extra.socket.close(closeExpired, 'Access token expired'), Math.max(0, life))
        extra.expiry.unref()
        return true
      },
      onDisconnect: ({ extra }) => clearTimeout((extra as SocketState).expiry),
      onSubscribe: async ({ extra }, _id, payload): Promise<Answer | readonly GraphQLError[]> => {
        const identity = await identityOf(extra as SocketState, payload.extensions)
        if (!identity) return [tokenRefused]
        const { stream, result } = await run(identity, clientOf(extra.request), payload)
        if (stream) return { schema: undefined as never, document: streamed, answer: stream }
        // A request error is the protocol's `error` message; an answer with data is a `next`.
        if (result?.errors && result.data == null) return result.errors
        return { schema: undefined as never, document: answered, answer: result ?? {} }
      },
      execute: (args) => (args as Answer).answer as never,
      subscribe: (args) => (args as Answer).answer as never,
    },
    sockets,
    pingEvery,
  )

  // A client that breaks the protocol (a message above the limit, a bad frame) is closed by ws with its code. The library would
  // print a stack for each, which lets anybody flood the output.
  sockets.on('connection', (socket) => socket.removeAllListeners('error').on('error', () => undefined))

  return {
    name: 'sockets',
    stop: async (): Promise<void> => {
      for (const socket of sockets.clients) socket.close(closeServiceRestart, 'Restarting')
      await disposable.dispose()
      sockets.close()
    },
  }
}

const asFormatted = (
  error: GraphQLError | { message: string; path?: GraphQLError['path']; extensions?: GraphQLError['extensions'] },
) => ({
  message: error.message,
  ...(error.path && { path: error.path }),
  extensions: error.extensions ?? {},
})
