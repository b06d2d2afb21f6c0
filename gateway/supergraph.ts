/**
 * The only file that knows Apollo's gateway packages (Elastic-2.0). It adds what they lack, federated subscriptions: the planner
 * yields a plan with a primary fetch (the subscription of one subgraph) and the rest; we open the primary as a stream and run the
 * rest of the plan for each of its events, as if the event were the answer of the primary fetch.
 */

import { operationFromDocument, Supergraph } from '@apollo/federation-internals'
import { ApolloGateway, buildOperationContext, executeQueryPlan, type ServiceMap } from '@apollo/gateway'
import { type FetchNode, type QueryPlan, QueryPlanner } from '@apollo/query-planner'
import type { ApolloServerOptionsWithGateway } from '@apollo/server'
import { type ExecutionResult, GraphQLError, type GraphQLSchema, getOperationAST, getVariableValues } from 'graphql'
import { LRUCache } from 'lru-cache'
import type { Viewer } from '#platform/auth.ts'
import { mapStream } from '#platform/streams.ts'
import { readAccessRules } from './accessRules.ts'
import { withoutAuthClaims } from './authDirectives.ts'
import type { makeEnforcer } from './authorisation.ts'

type GatewayInterface = ApolloServerOptionsWithGateway<Record<string, unknown>>['gateway']
type Load = Awaited<ReturnType<GatewayInterface['load']>>
type Executor = NonNullable<Load['executor']>
type RequestContext = Parameters<Executor>[0]
type SubgraphRequest = { readonly query: string; readonly variables?: Readonly<Record<string, unknown>> }

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

/** What the gateway knows of an operation. */
export interface StreamingContext {
  readonly viewer: Viewer
  /** Set by transports that can stream: the executor hands the opened stream over instead of answering. */
  openStream?: (stream: AsyncIterable<ExecutionResult>) => void
}

interface Snapshot {
  readonly planner: QueryPlanner
  readonly apiSchema: ReturnType<Supergraph['apiSchema']>
  readonly executable: GraphQLSchema
  readonly supergraphSchema: GraphQLSchema
}

interface StreamPlan {
  readonly primary: FetchNode
  /** What runs for each event: the primary, answered by the event, then the rest. */
  readonly perEvent: QueryPlan
}

const maxStreamPlans = 500

const badRequest = (message: string): GraphQLError => new GraphQLError(message, { extensions: { code: 'BAD_REQUEST' } })

const makeSnapshot = (sdl: string): Snapshot => {
  const supergraph = Supergraph.build(sdl, { validateSupergraph: true })
  const apiSchema = supergraph.apiSchema()
  return {
    planner: new QueryPlanner(supergraph),
    apiSchema,
    executable: apiSchema.toGraphQLJSSchema(),
    supergraphSchema: supergraph.schema.toGraphQLJSSchema(),
  }
}

const planStream = ({ planner, apiSchema }: Snapshot, { document, operationName }: RequestContext): StreamPlan => {
  if (!document) throw badRequest('There is no document.')
  const { node } = planner.buildQueryPlan(
    operationFromDocument(apiSchema, document, { operationName: operationName ?? undefined }),
  )
  if (node?.kind !== 'Subscription') throw badRequest('This subscription cannot be planned.')
  const { primary, rest } = node
  // The event already holds what the primary asked for, so its variables are not looked up again.
  const answered: FetchNode = { ...primary, variableUsages: undefined }
  return {
    primary,
    perEvent: { kind: 'QueryPlan', node: rest ? { kind: 'Sequence', nodes: [answered, rest] } : answered },
  }
}

const primaryVariables = (primary: FetchNode, all: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries((primary.variableUsages ?? []).filter((name) => name in all).map((name) => [name, all[name]]))

/** A stream of one result: a subgraph that refuses a stream looks the same whether it runs here or apart. */
async function* single(result: ExecutionResult): AsyncIterable<ExecutionResult> {
  yield result
}

/**
 * ApolloGateway over a fixed supergraph, with our transport to the subgraphs, and subscriptions. Every operation, over whatever
 * transport it came, passes the one executor made here, and so the enforcer of the auth directives.
 * @throws Error when the supergraph carries auth directives and there is no enforcer.
 */
export const makeSupergraphGateway = <Context extends StreamingContext>(
  givenSdl: string,
  transport: SubgraphTransport<Context>,
  enforcer: typeof makeEnforcer | null,
): GatewayInterface => {
  const rules = readAccessRules(givenSdl)
  if (rules.present && !enforcer)
    throw new Error('The supergraph carries @authenticated or @requiresScopes, and their enforcer is off: not started.')
  const enforce = enforcer?.(rules)
  const supergraphSdl = withoutAuthClaims(givenSdl)
  const services: ServiceMap = {}
  const plans = new LRUCache<string, StreamPlan>({ max: maxStreamPlans })
  const snapshot = makeSnapshot(supergraphSdl)

  const inner = new ApolloGateway({
    supergraphSdl,
    __exposeQueryPlanExperimental: false,
    buildService: ({ name }) => {
      const dataSource: ServiceMap[string] = {
        process: async ({ request, context, ...options }) => {
          const incoming = 'incomingRequestContext' in options ? options.incomingRequestContext : undefined
          const kind = incoming?.operation.operation === 'mutation' ? 'mutation' : 'query'
          const { query = '', variables } = request
          return (await transport.execute(name, { query, variables }, context as Context, kind)) as never
        },
      }
      services[name] = dataSource
      return dataSource
    },
  })

  const streamPlan = (request: RequestContext): StreamPlan => {
    const key = `${request.queryHash}:${request.operationName ?? ''}`
    const plan = plans.get(key) ?? planStream(snapshot, request)
    plans.set(key, plan)
    return plan
  }

  /** The data sources for one event: the primary fetch is answered by the event itself. */
  const servicesFor = ({ primary }: StreamPlan, event: ExecutionResult): ServiceMap => {
    const real = services[primary.serviceName]
    // The plan's execution writes into what it gets, so it gets a copy of its own.
    const answer = async (options: Parameters<NonNullable<typeof real>['process']>[0]) =>
      options.request.query === primary.operation
        ? structuredClone({ data: event.data, errors: event.errors?.map(plain) })
        : real?.process(options)
    return { ...services, [primary.serviceName]: { process: answer as never } }
  }

  const runEvent = (request: RequestContext, plan: StreamPlan) => {
    const { document, operationName } = request
    const operationContext = buildOperationContext({
      schema: snapshot.executable,
      operationDocument: document as NonNullable<typeof document>,
      operationName: operationName ?? undefined,
    })
    const perEvent = { ...request, metrics: {} } as unknown as Parameters<typeof executeQueryPlan>[2]
    return async (event: ExecutionResult): Promise<ExecutionResult> => {
      if (!event.data && event.errors) return event
      const { supergraphSchema, apiSchema } = snapshot
      return executeQueryPlan(
        plan.perEvent,
        servicesFor(plan, event),
        perEvent,
        operationContext,
        supergraphSchema,
        apiSchema,
      )
    }
  }

  const openStream = async (request: RequestContext): Promise<ExecutionResult> => {
    const context = request.context as Context
    const operation = request.document && getOperationAST(request.document, request.operationName)
    if (!context.openStream || !operation)
      return { errors: [badRequest('Subscriptions go over WebSocket (graphql-transport-ws).')] }
    const variables = getVariableValues(
      snapshot.executable,
      operation.variableDefinitions ?? [],
      request.request.variables ?? {},
    )
    if (variables.errors)
      return {
        errors: variables.errors.map(
          ({ message }) => new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } }),
        ),
      }
    const plan = streamPlan(request)
    const { serviceName, operation: query } = plan.primary
    const opened = await transport.subscribe(
      serviceName,
      { query, variables: primaryVariables(plan.primary, variables.coerced) },
      context,
    )
    const source = Symbol.asyncIterator in opened ? opened : single(opened)
    context.openStream(mapStream(source, runEvent(request, plan)))
    return { data: null }
  }

  return {
    load: async (options) => {
      const { executor } = await inner.load(options as never)
      return {
        executor: async (request) => {
          // Apollo's own gateway throws here, which would be a fault of ours.
          if (!request.operation) return { errors: [badRequest('The document has no such operation.')] }
          const refused =
            request.document && enforce?.(request.document, request.operation, (request.context as Context).viewer)
          if (refused && refused.length > 0) return { errors: refused }
          const isStream = request.operation.operation === 'subscription'
          return isStream ? openStream(request) : (executor as unknown as Executor)(request)
        },
      }
    },
    onSchemaLoadOrUpdate: (callback) => inner.onSchemaLoadOrUpdate(callback as never),
    stop: () => inner.stop(),
  }
}

const plain = ({ message, path, extensions }: { message: string; path?: unknown; extensions?: unknown }) => ({
  message,
  path,
  extensions,
})
