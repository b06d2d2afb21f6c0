import { setTimeout } from 'node:timers/promises'
import type { Clock, Millis } from '#kernel/time.ts'
import { type BulkheadOptions, makeBulkhead } from './bulkhead.ts'
import { type SignedCall, type SubgraphEndpoint, takenBack } from './call.ts'
import { type BreakerOptions, makeBreaker } from './circuitBreaker.ts'
import { isBroken, isUnsent } from './connectionErrors.ts'
import type { RemoteEndpoint } from './endpoint.ts'
import type { Log } from './log.ts'
import { metrics } from './metrics/table.ts'
import { makePresence, restartTime } from './presence.ts'

/**
 * Calls to one subgraph in flight from this process, and waiting. The parameters table says 20 in flight; the gateway is the only
 * caller of most subgraphs, one page costs several calls, and 50 is the size of its pool of connections.
 */
const room: BulkheadOptions = { inFlight: 50, waiting: 200 }

/** The breaker is open: the subgraph was not asked. */
export class LeftAlone extends Error {
  override readonly name = 'LeftAlone'
  /** When it is asked again at the earliest. */
  readonly retryAfterMs: Millis

  constructor(message: string, retryAfterMs: Millis) {
    super(message)
    this.retryAfterMs = retryAfterMs
  }
}

/** Retries that a call earns (parameters table: retries, a tenth of the calls), and the most that are saved up. */
const earned = 0.1
const mostSaved = 10

/** Times that a call is written again that nobody has received: each waits until somebody listens. */
const mostUnsent = 3

const pause = (ms: Millis): Promise<void> => setTimeout(ms, undefined, { ref: false })

export interface ProtectionDeps {
  readonly name: string
  /** Which of its processes, for the log. */
  readonly at?: string
  readonly clock: Clock
  readonly log: Log
  readonly bulkhead?: BulkheadOptions
  readonly breaker?: Omit<BreakerOptions, 'clock' | 'onChange'>
  /** Whether there are others of its kind now: while nobody listens here, they are asked instead of waiting. */
  readonly isOneOfMany?: () => boolean
}

/**
 * An endpoint over the network behind a bulkhead and a breaker. While nobody listens there, calls wait for its restart for a moment
 * (`presence.ts`), mutations too: a refused connection has carried nothing. A query whose connection broke is sent once more, as long as
 * that is one call in ten; a mutation never is, since it may have been done (rule R20).
 */
export const protectEndpoint = (endpoint: RemoteEndpoint, deps: ProtectionDeps): SubgraphEndpoint => {
  const { name, at, clock, log } = deps
  const onChange = (state: string): void => log.warn('a breaker changed', { subgraph: name, url: at, status: state })
  const breaker = makeBreaker({ ...deps.breaker, clock, onChange })
  const bulkhead = makeBulkhead(deps.bulkhead ?? room)
  const patience = (): Millis => (deps.isOneOfMany?.() ? 0 : restartTime)
  const presence = makePresence({ clock, isThere: endpoint.isAlive, onReturn: breaker.forget, pause, patience })
  const unwatch = metrics.breakers.watch(() => [{ labels: { dependency: name, state: breaker.state }, value: 1 }])
  let retries = mostSaved

  const ask = async (call: SignedCall) => {
    await presence.whenThere(call.signal)
    const tell = breaker.enter()
    if (!tell) throw new LeftAlone(`${name} is left alone for a while`, breaker.restsFor())
    try {
      const response = await endpoint.execute(call)
      tell(response.status >= 500 ? 'failed' : 'answered')
      return response
    } catch (error) {
      const unsent = isUnsent(error)
      if (unsent || isBroken(error)) presence.missed()
      // That nobody listens is the affair of `presence`, which waits for less than a breaker does.
      tell(unsent || call.signal?.reason === takenBack ? 'unknown' : 'failed')
      throw error
    }
  }

  const mayRepeat = (call: SignedCall, error: unknown): boolean => {
    if (call.kind !== 'query' || call.signal?.aborted || !isBroken(error) || retries < 1) return false
    retries -= 1
    return true
  }

  /** Asks until the call was received by somebody, or nobody is there for too long. */
  const deliver = async (call: SignedCall) => {
    for (let left = mostUnsent; ; left--) {
      try {
        return await ask(call)
      } catch (error) {
        if (!isUnsent(error) || patience() === 0 || left === 0 || call.signal?.aborted) throw error
      }
    }
  }

  return {
    execute: (call) =>
      bulkhead.run(async () => {
        retries = Math.min(mostSaved, retries + earned)
        try {
          return await deliver(call)
        } catch (error) {
          if (!mayRepeat(call, error)) throw error
          return deliver(call)
        }
      }, call.signal),
    subscribe: (call) => endpoint.subscribe(call),
    stop: async () => {
      unwatch()
      presence.stop()
      await endpoint.stop()
    },
  }
}
