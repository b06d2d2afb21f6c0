import type { ApolloServerOptionsWithGateway } from '@apollo/server'
import { readAccessRules } from './accessRules.ts'
import { withoutAuthClaims } from './authDirectives.ts'
import type { makeEnforcer } from './authorisation.ts'
import { makeExecutor } from './execution/executor.ts'
import { badRequest } from './execution/operations.ts'
import type { StreamingContext, SubgraphTransport } from './execution/subgraphs.ts'

type GatewayInterface = ApolloServerOptionsWithGateway<Record<string, unknown>>['gateway']
type SchemaCallback = Parameters<NonNullable<GatewayInterface['onSchemaLoadOrUpdate']>>[0]

/**
 * Our executor over a fixed supergraph as what Apollo Server takes for its gateway. Every operation, over whatever transport it came,
 * passes the one executor made here, and so the enforcer of the auth directives.
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
  const { schema, execute } = makeExecutor(supergraphSdl, transport)
  const listeners = new Set<SchemaCallback>()

  return {
    load: async () => {
      for (const listener of listeners) listener({ apiSchema: schema, coreSupergraphSdl: supergraphSdl })
      return {
        executor: async ({ document, operation, queryHash, request, context: given }) => {
          if (!document || !operation) return { errors: [badRequest('The document has no such operation.')] }
          const context = given as Context
          const refused = enforce?.(document, operation, context.viewer) ?? []
          if (refused.length > 0) return { errors: refused }
          return execute({ document, operation, documentId: queryHash, variables: request.variables, context })
        },
      }
    },
    onSchemaLoadOrUpdate: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    stop: async () => undefined,
  }
}
