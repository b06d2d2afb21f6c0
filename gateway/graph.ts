import type { ExecutionResult, GraphQLSchema } from 'graphql'
import type { Clock } from '#kernel/time.ts'
import { traced } from '#platform/tracing.ts'
import { readAccessRules } from './accessRules.ts'
import { type GatewayInterface, makeApolloGateway } from './apolloGateway.ts'
import { withoutAuthClaims } from './authDirectives.ts'
import type { makeEnforcer } from './authorisation.ts'
import { makeExecutor } from './execution/executor.ts'
import { badRequest } from './execution/operations.ts'
import type { StreamingContext, SubgraphTransport } from './execution/subgraphs.ts'
import { rootFieldOf } from './rootField.ts'

type LoadOptions = Parameters<GatewayInterface['load']>[0]
type Loaded = Awaited<ReturnType<GatewayInterface['load']>>
export type GraphRequest = Parameters<NonNullable<Loaded['executor']>>[0]

/** A graph as Apollo Server and the guard know it. */
export interface GraphSchema {
  /** What clients see. */
  readonly apiSchema: GraphQLSchema
  readonly coreSupergraphSdl: string
}

export interface GraphOptions<Context> {
  readonly transport: SubgraphTransport<Context>
  /** Makes what enforces the auth directives; null: nothing does. */
  readonly enforcer: typeof makeEnforcer | null
  readonly clock?: Clock
  /** Who runs the plans of queries and mutations; absent: our executor. */
  readonly runsPlans?: 'own' | 'apollo'
}

/**
 * All that follows from the text of one supergraph and runs operations: the rules of the auth directives, the planner with its plans,
 * Apollo's gateway. Nothing in it is shared with the graph before or after it.
 * @throws Error when the text is no supergraph, or carries auth directives and there is no enforcer.
 */
export const makeGraph = <Context extends StreamingContext>(
  given: string,
  { transport, enforcer, clock, runsPlans = 'own' }: GraphOptions<Context>,
) => {
  const rules = readAccessRules(given)
  if (rules.present && !enforcer)
    throw new Error('The supergraph carries @authenticated or @requiresScopes, and their enforcer is off: not used.')
  const enforce = enforcer?.(rules)
  const supergraphSdl = withoutAuthClaims(given)
  const { execute, kept } = makeExecutor(supergraphSdl, transport, { clock })
  const apollo = makeApolloGateway(supergraphSdl, transport)
  let otherwise: Loaded['executor'] = null

  return {
    load: async (options: LoadOptions): Promise<GraphSchema> => {
      const loaded = Promise.withResolvers<GraphSchema>()
      apollo.onSchemaLoadOrUpdate(loaded.resolve)
      otherwise = (await apollo.load(options)).executor
      return loaded.promise
    },
    execute: async (incoming: GraphRequest): Promise<ExecutionResult> => {
      const { document, operation, queryHash, request, context: own } = incoming
      if (!document || !operation) return { errors: [badRequest('The document has no such operation.')] }
      const executor = otherwise
      if (!executor) throw new Error('The gateway of Apollo has no executor.')
      const context = own as Context
      const refused = enforce?.(document, operation, context.viewer) ?? []
      if (refused.length > 0) return { errors: refused }
      const { variables } = request
      const run = (): Promise<ExecutionResult> =>
        runsPlans === 'apollo' && operation.operation !== 'subscription'
          ? executor(incoming)
          : execute({ document, operation, documentId: queryHash, variables, context }, () => executor(incoming))
      const attributes = { 'graphql.operation.type': operation.operation }
      return traced(
        `${operation.operation} ${rootFieldOf(operation)}`,
        { kind: 'server', begins: true, attributes },
        run,
      )
    },
    /** How many operations are planned and kept. */
    plansKept: kept,
    stop: () => apollo.stop(),
  }
}

export type Graph<Context extends StreamingContext> = ReturnType<typeof makeGraph<Context>>
