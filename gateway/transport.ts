import type { ExecutionResult } from 'graphql'
import { GraphQLError } from 'graphql'
import type { Client, Viewer } from '#platform/auth.ts'
import { type Endpoints, type SignSubgraphCall, withTimeout } from '#platform/caller.ts'
import type { SubgraphName } from '#platform/config.ts'
import { faultFields, type Log } from '#platform/log.ts'
import type { StreamingContext, SubgraphTransport } from './execution/subgraphs.ts'

/** What the gateway knows while it works on one operation. */
export interface GatewayContext extends StreamingContext {
  readonly viewer: Viewer
  readonly client: Client
  readonly requestId: string
}

export interface TransportDeps {
  readonly endpoints: Endpoints
  readonly sign: SignSubgraphCall
  readonly timeoutMs: number
  /** For subgraphs whose mutations run a whole checkout or wait for a payment provider. */
  readonly checkoutTimeoutMs: number
  readonly log: Log
}

const slowMutations: readonly string[] = ['orders', 'payments'] satisfies SubgraphName[]

/** Calls subgraphs, in this process or over the network, each call signed for its viewer and bounded in time. */
export const makeTransport = ({
  endpoints,
  sign,
  timeoutMs,
  checkoutTimeoutMs,
  log,
}: TransportDeps): SubgraphTransport<GatewayContext> => {
  // The message names no subgraph and no address (rule R17); the log does.
  const away = () =>
    new GraphQLError('A part of the shop does not answer; try again.', {
      extensions: { code: 'UNAVAILABLE', retryable: true },
    })

  const signed = (subgraph: string, request: object, { viewer, client, requestId }: GatewayContext) =>
    sign(subgraph as SubgraphName, viewer, JSON.stringify(request), requestId, client)

  return {
    execute: async (subgraph, request, context, kind): Promise<ExecutionResult> => {
      const timeout = kind === 'mutation' && slowMutations.includes(subgraph) ? checkoutTimeoutMs : timeoutMs
      try {
        const call = signed(subgraph, request, context)
        const response = await withTimeout(timeout, away, (signal) =>
          endpoints(subgraph as SubgraphName).execute({ ...call, signal }),
        )
        return response.result
      } catch (error) {
        log.warn('a subgraph did not answer', { subgraph, requestId: context.requestId, ...faultFields(error) })
        throw away()
      }
    },
    subscribe: async (subgraph, request, context) => {
      try {
        return await endpoints(subgraph as SubgraphName).subscribe(signed(subgraph, request, context))
      } catch (error) {
        log.warn('a subgraph did not open a stream', { subgraph, requestId: context.requestId, ...faultFields(error) })
        return { errors: [away()] }
      }
    },
  }
}
