import type { ExecutionResult } from 'graphql'
import { GraphQLError } from 'graphql'
import type { Clock, Millis } from '#kernel/time.ts'
import type { Client, Viewer } from '#platform/auth.ts'
import { type Endpoints, type SignSubgraphCall, type UnsignedCall, withTimeout } from '#platform/caller.ts'
import type { SubgraphName } from '#platform/config.ts'
import { faultFields, type Log } from '#platform/log.ts'
import { LeftAlone } from '#platform/protectedEndpoint.ts'
import { withEither } from '#platform/signals.ts'
import { traced } from '#platform/tracing.ts'
import type { StreamingContext, SubgraphTransport } from './execution/subgraphs.ts'
import { openHealing } from './healing.ts'

/** What the gateway knows while it works on one operation. */
export interface GatewayContext extends StreamingContext {
  readonly viewer: Viewer
  readonly client: Client
  readonly requestId: string
  /** When the client has waited long enough; absent where nobody counts. */
  readonly endsAt?: Millis
  /** Aborted when the client has left. */
  readonly signal?: AbortSignal
  /** It was given a place among the operations under way at the door. */
  readonly hasPlace?: boolean
}

export interface TransportDeps {
  readonly clock: Clock
  readonly endpoints: Endpoints
  readonly sign: SignSubgraphCall
  readonly timeoutMs: number
  /** For subgraphs whose mutations run a whole checkout or wait for a payment provider. */
  readonly checkoutTimeoutMs: number
  readonly log: Log
}

const slowMutations: readonly string[] = ['orders', 'payments'] satisfies SubgraphName[]

type Kind = 'query' | 'mutation'

type SignedParts = Pick<UnsignedCall, 'kind' | 'remainingMs'> & { readonly context: GatewayContext }

/** Whole seconds. A part that restarts is mostly back within one; one that is left alone is not asked before its time. */
const retryAfter = (error: unknown): number =>
  error instanceof LeftAlone ? Math.max(1, Math.ceil(error.retryAfterMs / 1_000)) : 1

/** A mutation may have been done already, and a fetch of entities may be somebody else's as well. */
const mayBeTakenBack = (kind: Kind, { variables }: { readonly variables?: object }): boolean =>
  kind === 'query' && !(variables && 'representations' in variables)

/** Calls subgraphs, in this process or over the network, each call signed for its viewer and bounded in time. */
export const makeTransport = ({
  clock,
  endpoints,
  sign,
  timeoutMs,
  checkoutTimeoutMs,
  log,
}: TransportDeps): SubgraphTransport<GatewayContext> => {
  // The message names no subgraph and no address (rule R17); the log does.
  const away = (error?: unknown) =>
    new GraphQLError('A part of the shop does not answer; try again.', {
      extensions: { code: 'UNAVAILABLE', retryable: true, retryAfter: retryAfter(error) },
    })

  const signed = (subgraph: string, request: object, { context, ...call }: SignedParts) => {
    const { viewer, client, requestId } = context
    return sign(subgraph as SubgraphName, { ...call, viewer, client, requestId, body: JSON.stringify(request) })
  }

  const remaining = (subgraph: string, kind: Kind, { endsAt }: GatewayContext): Millis => {
    const usual = kind === 'mutation' && slowMutations.includes(subgraph) ? checkoutTimeoutMs : timeoutMs
    return endsAt === undefined ? usual : Math.min(usual, endsAt - clock.now())
  }

  return {
    execute: async (subgraph, request, context, kind): Promise<ExecutionResult> => {
      try {
        const remainingMs = remaining(subgraph, kind, context)
        if (remainingMs <= 0) throw away()
        const leaving = mayBeTakenBack(kind, request) ? context.signal : undefined
        const ask = () => {
          const call = signed(subgraph, request, { context, kind, remainingMs })
          return withTimeout(remainingMs, away, (late) =>
            withEither(late, leaving, (signal) => endpoints(subgraph as SubgraphName).execute({ ...call, signal })),
          )
        }
        const attributes = { 'emporion.subgraph': subgraph, 'graphql.operation.type': kind }
        const { status, result } = await traced(`call ${subgraph}`, { kind: 'client', attributes }, ask)
        // Its own refusals come with 200. This one is about us, and no answer to a client who has signed in.
        if (status === 401) throw new Error('It does not believe our calls: INTERNAL_SECRET or the clocks differ.')
        return result
      } catch (error) {
        // Who has left gets no answer, which is nobody's fault.
        if (!context.signal?.aborted)
          log.warn('a subgraph did not answer', { subgraph, requestId: context.requestId, ...faultFields(error) })
        throw away(error)
      }
    },
    subscribe: (subgraph, request, context) => {
      const about = { subgraph, requestId: context.requestId }
      const open = async (after: number | null) => {
        try {
          const resumed = after === null ? request : { ...request, extensions: { after } }
          return await endpoints(subgraph as SubgraphName).subscribe(signed(subgraph, resumed, { context }))
        } catch (error) {
          log.warn('a subgraph did not open a stream', { ...about, ...faultFields(error) })
          return { errors: [away()] }
        }
      }
      return openHealing({ open, onLoss: (attempt) => log.debug('a stream was lost', { ...about, attempt }) })
    },
  }
}
