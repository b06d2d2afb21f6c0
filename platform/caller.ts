import type { ExecutionResult, GraphQLFormattedError } from 'graphql'
import { type ErrorCode, errorCodes, ShopError } from '#kernel/errors.ts'
import type { Ids } from '#kernel/id.ts'
import type { Clock } from '#kernel/time.ts'
import { type Call, type CallSigner, callKey, service, signCall } from './auth.ts'
import type { SignedCall, SubgraphEndpoint } from './call.ts'
import { presentCause } from './cause.ts'
import type { SubgraphName } from './config.ts'
import { patience } from './deadline.ts'
import { traced } from './tracing.ts'

/** One GraphQL operation for a sibling. */
export interface SubgraphOperation {
  readonly query: string
  readonly variables?: Readonly<Record<string, unknown>>
  /** Milliseconds to wait; the configured subgraph timeout when absent. */
  readonly timeoutMs?: number
  readonly requestId?: string
}

/**
 * Asks a sibling under the caller's service identity.
 * @throws ShopError with the sibling's code when it refuses, UNAVAILABLE when it does not answer in time.
 */
export type SubgraphCaller = <Data>(subgraph: SubgraphName, operation: SubgraphOperation) => Promise<Data>

export type Endpoints = (name: SubgraphName) => SubgraphEndpoint

export interface SigningDeps {
  readonly secret: string
  readonly clock: Clock
  readonly ids: Ids
}

/** A call as the caller knows it; without a request id it is for what the present work is done for, or begins a request of its own. */
export type UnsignedCall = Omit<Call, 'requestId' | 'traceparent'> &
  Pick<SignedCall, 'kind'> & { readonly requestId?: string }

/** Signs calls to any subgraph, each with that subgraph's own key. */
export const makeCallSigner = ({ secret, clock, ids }: SigningDeps) => {
  const signers = new Map<string, CallSigner>()
  const signerFor = (subgraph: SubgraphName): CallSigner => {
    const signer = signers.get(subgraph) ?? { key: callKey(secret, subgraph), clock, nonce: () => ids.next('req') }
    signers.set(subgraph, signer)
    return signer
  }
  return (subgraph: SubgraphName, call: UnsignedCall): SignedCall => {
    const cause = presentCause()
    const requestId = call.requestId ?? cause?.requestId ?? ids.next('req')
    return {
      body: call.body,
      kind: call.kind,
      headers: signCall(signerFor(subgraph), { ...call, requestId, traceparent: cause?.traceparent }),
    }
  }
}

export type SignSubgraphCall = ReturnType<typeof makeCallSigner>

const isErrorCode = (code: unknown): code is ErrorCode => errorCodes.some((known) => known === code)

/** Codes that only mean that our own call was not believed: no answer to whoever asked us. */
const internal: readonly unknown[] = ['UNAUTHENTICATED', 'FORBIDDEN']

/** The sibling's refusal without its `field`, which names an argument of our call and not of our client's. */
const asShopError = (subgraph: string, error: GraphQLFormattedError | undefined): ShopError => {
  const code = error?.extensions?.code
  if (error && isErrorCode(code) && !internal.includes(code)) return new ShopError(code, error.message)
  return new ShopError('UNAVAILABLE', `The ${subgraph} service failed; try again.`)
}

const away = (subgraph: string): ShopError =>
  new ShopError('UNAVAILABLE', `The ${subgraph} service does not answer; try again.`)

/** Our own documents begin with what they are. */
const kindOf = (query: string): 'query' | 'mutation' => (/^\s*mutation\b/.test(query) ? 'mutation' : 'query')

/** Rejects when the work is not done in time, also for work that does not know how to stop. */
export const withTimeout = async <T>(
  ms: number,
  late: () => Error,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> => {
  const controller = new AbortController()
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => {
    reject(late())
    controller.abort()
  }, ms)
  try {
    return await Promise.race([work(controller.signal), promise])
  } finally {
    clearTimeout(timer)
  }
}

export const makeSubgraphCaller = (
  identity: string,
  {
    endpoints,
    sign,
    timeoutMs,
  }: { readonly endpoints: Endpoints; readonly sign: SignSubgraphCall; readonly timeoutMs: number },
): SubgraphCaller => {
  const viewer = service(identity)
  return async <Data>(subgraph: SubgraphName, operation: SubgraphOperation): Promise<Data> => {
    const { query, variables, requestId } = operation
    const remainingMs = patience(operation.timeoutMs ?? timeoutMs)
    const kind = kindOf(query)
    const body = JSON.stringify({ query, variables })
    const run = async (signal: AbortSignal): Promise<ExecutionResult | null> => {
      try {
        const call = sign(subgraph, { viewer, body, requestId, remainingMs, kind })
        return (await endpoints(subgraph).execute({ ...call, signal })).result
      } catch {
        throw away(subgraph)
      }
    }
    const about = {
      kind: 'client',
      attributes: { 'emporion.subgraph': subgraph, 'graphql.operation.type': kind },
    } as const
    const { data, errors } =
      (await traced(`call ${subgraph}`, about, () => withTimeout(remainingMs, () => away(subgraph), run))) ?? {}
    if (errors?.length || !data) throw asShopError(subgraph, errors?.[0] as GraphQLFormattedError | undefined)
    return data as Data
  }
}
