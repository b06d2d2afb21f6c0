/** The only file of the gateway that knows @apollo/gateway (Elastic-2.0). */
import { ApolloGateway } from '@apollo/gateway'
import type { ApolloServerOptionsWithGateway } from '@apollo/server'
import { withoutApolloTelemetry } from '#platform/config.ts'
import type { SubgraphTransport } from './execution/subgraphs.ts'

export type GatewayInterface = ApolloServerOptionsWithGateway<Record<string, unknown>>['gateway']

/**
 * Apollo's gateway over a fixed supergraph, with our transport to the subgraphs. It loads the graph and tells Apollo Server of it, and
 * runs the queries and mutations that our executor leaves to it; subscriptions it cannot run.
 */
export const makeApolloGateway = <Context>(
  supergraphSdl: string,
  transport: Pick<SubgraphTransport<Context>, 'execute'>,
): GatewayInterface => {
  withoutApolloTelemetry()
  const gateway = new ApolloGateway({
    supergraphSdl,
    // Our planner has validated the same text a moment before, as Apollo would outside of production: a start has better things to do.
    validateSupergraph: false,
    // Else whoever sends a header reads query plans.
    __exposeQueryPlanExperimental: false,
    buildService: ({ name }) => ({
      process: async ({ request, context, ...options }) => {
        const incoming = 'incomingRequestContext' in options ? options.incomingRequestContext : undefined
        const kind = incoming?.operation.operation === 'mutation' ? 'mutation' : 'query'
        const { query = '', variables } = request
        return (await transport.execute(name, { query, variables }, context as Context, kind)) as never
      },
    }),
  })
  return gateway as unknown as GatewayInterface
}
