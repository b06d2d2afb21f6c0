import type { Clock } from '#kernel/time.ts'
import { type BulkheadOptions, makeBulkhead } from './bulkhead.ts'
import { type SignedCall, type SubgraphEndpoint, takenBack } from './call.ts'
import { type BreakerOptions, makeBreaker } from './circuitBreaker.ts'
import type { Log } from './log.ts'

/**
 * Calls to one subgraph in flight from this process, and waiting. The parameters table says 20 in flight; the gateway is the only
 * caller of most subgraphs, one page costs several calls, and 50 is the size of its pool of connections.
 */
const room: BulkheadOptions = { inFlight: 50, waiting: 200 }

/** The breaker is open: the subgraph was not asked. */
export class LeftAlone extends Error {
  override readonly name = 'LeftAlone'
}

const brokenConnection: readonly unknown[] = ['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']

/** The subgraph may have closed a resting connection just when we wrote to it: it saw nothing of the call. */
const isBroken = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && brokenConnection.includes(error.code)

/** Retries that a call earns (parameters table: retries, a tenth of the calls), and the most that are saved up. */
const earned = 0.1
const mostSaved = 10

export interface ProtectionDeps {
  readonly name: string
  readonly clock: Clock
  readonly log: Log
  readonly bulkhead?: BulkheadOptions
  readonly breaker?: Omit<BreakerOptions, 'clock' | 'onChange'>
}

/**
 * An endpoint over the network behind a bulkhead and a breaker. A query whose connection broke is sent once more, as long as that is
 * one call in ten; a mutation never is, since it may have been done (rule R20).
 */
export const protectEndpoint = (endpoint: SubgraphEndpoint, deps: ProtectionDeps): SubgraphEndpoint => {
  const { name, clock, log } = deps
  const onChange = (state: string): void => log.warn('a breaker changed', { subgraph: name, status: state })
  const breaker = makeBreaker({ ...deps.breaker, clock, onChange })
  const bulkhead = makeBulkhead(deps.bulkhead ?? room)
  let retries = mostSaved

  const ask = async (call: SignedCall) => {
    const tell = breaker.enter()
    if (!tell) throw new LeftAlone(`${name} is left alone for a while`)
    try {
      const response = await endpoint.execute(call)
      tell(response.status >= 500 ? 'failed' : 'answered')
      return response
    } catch (error) {
      tell(call.signal?.reason === takenBack ? 'unknown' : 'failed')
      throw error
    }
  }

  const mayRepeat = (call: SignedCall, error: unknown): boolean => {
    if (call.kind !== 'query' || call.signal?.aborted || !isBroken(error) || retries < 1) return false
    retries -= 1
    return true
  }

  return {
    execute: (call) =>
      bulkhead.run(async () => {
        retries = Math.min(mostSaved, retries + earned)
        try {
          return await ask(call)
        } catch (error) {
          if (!mayRepeat(call, error)) throw error
          return ask(call)
        }
      }, call.signal),
    subscribe: (call) => endpoint.subscribe(call),
    stop: endpoint.stop,
  }
}
