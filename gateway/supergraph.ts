import { readAccessRules } from './accessRules.ts'
import { type GatewayInterface, makeApolloGateway } from './apolloGateway.ts'
import { withoutAuthClaims } from './authDirectives.ts'
import type { makeEnforcer } from './authorisation.ts'
import { makeExecutor } from './execution/executor.ts'
import { badRequest } from './execution/operations.ts'
import type { StreamingContext, SubgraphTransport } from './execution/subgraphs.ts'

export interface SupergraphOptions<Context> {
  readonly supergraphSdl: string
  readonly transport: SubgraphTransport<Context>
  /** Makes what enforces the auth directives; null: nothing does. */
  readonly enforcer: typeof makeEnforcer | null
  /** Who runs the plans of queries and mutations; absent: our executor. */
  readonly runsPlans?: 'own' | 'apollo'
}

/**
 * ApolloGateway with what it lacks: our executor, which runs subscriptions too, and the enforcer of the auth directives. Every operation,
 * over whatever transport it came, passes the one executor made here. Plans that ours does not cover are left to Apollo's.
 * @throws Error when the supergraph carries auth directives and there is no enforcer.
 */
export const makeSupergraphGateway = <Context extends StreamingContext>({
  supergraphSdl: given,
  transport,
  enforcer,
  runsPlans = 'own',
}: SupergraphOptions<Context>): GatewayInterface => {
  const rules = readAccessRules(given)
  if (rules.present && !enforcer)
    throw new Error('The supergraph carries @authenticated or @requiresScopes, and their enforcer is off: not started.')
  const enforce = enforcer?.(rules)
  const supergraphSdl = withoutAuthClaims(given)
  const { execute } = makeExecutor(supergraphSdl, transport)
  const apollo = makeApolloGateway(supergraphSdl, transport)

  return {
    load: async (options) => {
      const { executor } = await apollo.load(options)
      if (!executor) throw new Error('The gateway of Apollo has no executor.')
      return {
        executor: async (incoming) => {
          const { document, operation, queryHash, request, context: own } = incoming
          if (!document || !operation) return { errors: [badRequest('The document has no such operation.')] }
          const context = own as Context
          const refused = enforce?.(document, operation, context.viewer) ?? []
          if (refused.length > 0) return { errors: refused }
          if (runsPlans === 'apollo' && operation.operation !== 'subscription') return executor(incoming)
          const { variables } = request
          return execute({ document, operation, documentId: queryHash, variables, context }, () => executor(incoming))
        },
      }
    },
    onSchemaLoadOrUpdate: (listener) => apollo.onSchemaLoadOrUpdate(listener),
    stop: () => apollo.stop(),
  }
}
