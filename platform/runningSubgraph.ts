import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ApolloServer } from '@apollo/server'
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
} from '@apollo/server/plugin/disabled'
import { buildSubgraphSchema } from '@apollo/subgraph'
import {
  createSourceEventStream,
  type ExecutionResult,
  execute,
  GraphQLError,
  type GraphQLSchema,
  parse,
} from 'graphql'
import { callKey, makeNonceMemory, readCall, type VerifiedCall } from './auth.ts'
import type { SignedCall, SubgraphEndpoint } from './call.ts'
import type { SubgraphName } from './config.ts'
import type { RequestContext } from './context.ts'
import { ensureIndexes } from './mongo.ts'
import { unguardedMutations } from './resolvers.ts'
import { sharedScalars } from './scalars.ts'
import { mapStream } from './streams.ts'
import type { ResolverMap, SubgraphDefinition, SubgraphDeps, SubgraphParts } from './subgraph.ts'
import { formatResult, makeErrorFormatter } from './subgraphErrors.ts'

/** A subgraph that answers. */
export interface RunningSubgraph extends SubgraphEndpoint {
  readonly name: SubgraphName
  readonly parts: SubgraphParts<unknown>
}

interface OperationBody {
  readonly query: string
  readonly variables?: Record<string, unknown>
  readonly operationName?: string
}

interface Context extends RequestContext {
  readonly nonce: string
}

const refusal = (code: string, message: string): ExecutionResult => ({
  errors: [new GraphQLError(message, { extensions: { code } })],
})

const readSchema = async (definition: SubgraphDefinition, resolvers: ResolverMap): Promise<GraphQLSchema> => {
  const files = [join(import.meta.dirname, '../schema/shared.graphql'), join(definition.folder, 'schema.graphql')]
  const sdl = await Promise.all(files.map((file) => readFile(file, 'utf8')))
  const unguarded = unguardedMutations((resolvers.Mutation ?? {}) as Record<string, unknown>)
  if (unguarded.length > 0) throw new Error(`Mutations of ${definition.name} without a guard: ${unguarded.join(', ')}`)
  return buildSubgraphSchema({
    typeDefs: parse(sdl.join('\n')),
    resolvers: { ...sharedScalars, ...resolvers } as never,
  })
}

/** Starts a subgraph: indexes made, schema built, every mutation guarded, and no call believed that is not signed. */
export const startSubgraph = async (definition: SubgraphDefinition, deps: SubgraphDeps): Promise<RunningSubgraph> => {
  const log = deps.log.with({ subgraph: definition.name })
  const parts = definition.build(deps)
  const schema = await readSchema(definition, parts.resolvers)
  await ensureIndexes(parts.models ?? [])
  const formatError = makeErrorFormatter(log)
  const key = callKey(deps.config.internalSecret, definition.name)
  const nonces = makeNonceMemory(deps.clock)

  const server = new ApolloServer<Context>({
    schema,
    nodeEnv: 'production',
    introspection: false,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    formatError,
    plugins: [
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginCacheControlDisabled(),
      {
        requestDidStart: async () => ({
          didResolveOperation: async ({ operation, contextValue }) => {
            if (operation?.operation !== 'mutation' || nonces.first(contextValue.nonce)) return
            throw new GraphQLError('This call was made before.', { extensions: { code: 'UNAUTHENTICATED' } })
          },
        }),
      },
    ],
  })
  await server.start()

  const makeContext = (call: VerifiedCall, signal: AbortSignal): Context => ({
    viewer: call.viewer,
    nonce: call.nonce,
    requestId: call.requestId,
    log: log.with({ requestId: call.requestId }),
    loaders: parts.loaders(call.viewer),
    signal,
  })

  const open = ({ headers, body, signal }: SignedCall) => {
    const verified = readCall(key, deps.clock, headers, body)
    return (
      verified && {
        context: makeContext(verified, signal ?? new AbortController().signal),
        operation: JSON.parse(body) as OperationBody,
      }
    )
  }

  return {
    name: definition.name,
    parts,
    execute: async (call) => {
      const opened = open(call)
      if (!opened) return { status: 401, result: refusal('UNAUTHENTICATED', 'This call is not signed by the gateway.') }
      const response = await server.executeOperation(opened.operation, { contextValue: opened.context })
      if (response.body.kind !== 'single')
        return { status: 500, result: refusal('INTERNAL_SERVER_ERROR', 'Incremental delivery is off.') }
      return { status: response.http.status ?? 200, result: response.body.singleResult as ExecutionResult }
    },
    subscribe: async (call) => {
      const opened = open(call)
      if (!opened) return refusal('UNAUTHENTICATED', 'This call is not signed by the gateway.')
      const { context, operation } = opened
      // Each event gets fresh loaders: a loader remembers what it read, and the state has moved on since.
      const perEvent = (): Context => ({ ...context, loaders: parts.loaders(context.viewer) })
      const { query, variables: variableValues, operationName } = operation
      const args = { schema, document: parse(query), variableValues, operationName }
      const source = await createSourceEventStream({ ...args, contextValue: context })
      if (!(Symbol.asyncIterator in source)) return formatResult(source, formatError)
      return mapStream(source, async (event) =>
        formatResult(await execute({ ...args, rootValue: event, contextValue: perEvent() }), formatError),
      )
    },
    stop: () => server.stop(),
  }
}
