import { type Clock, seconds } from '#kernel/time.ts'
import { makeBreaker } from './circuitBreaker.ts'
import { faultFields, type Log } from './log.ts'
import { metrics } from './metrics/table.ts'

/** Redis did not answer in time, could not be reached, or is left alone for a while. What happens then is said by each port (rule R12). */
export class RedisAway extends Error {
  override readonly name = 'RedisAway'
}

/** An answer that takes longer counts as none: one request asks several times, and better without Redis than waiting for it each time (F7). */
const slowAnswer = 150
/** Each process asks it so often whether it is there: that is how it notices that it is gone when nobody else asks, and that it is back. */
const beatEvery = 500

export interface RedisPresenceOptions {
  readonly clock: Clock
  readonly log: Log
  /** Asks for any answer. */
  readonly ping: () => Promise<unknown>
}

/**
 * Whether Redis is there. Three failures in a row and it is left alone; whoever asks then hears at once that it is away. Only the beat of
 * this process tries whether it is back, so that no request waits for it (F7). One outage is two lines of the log.
 */
export const makeRedisPresence = ({ clock, log, ping }: RedisPresenceOptions) => {
  let lastFault: unknown = null
  let isAway = false
  const breaker = makeBreaker({
    clock,
    // It costs little to do without it for a moment, and each try of a request 250 ms. Less would be a matter of how busy this process is.
    failuresInARow: 3,
    // Shorter than that of a subgraph: without it limits are local, and that should not outlast the outage by much.
    openFor: seconds(1),
    onChange: (state) => {
      // A beat that fails opens it again and again: one outage is told once.
      if (state === 'open' && !isAway) log.warn('Redis is away', { status: state, ...faultFields(lastFault) })
      if (state === 'closed') log.info('Redis is back', { status: state })
      if (state !== 'half-open') isAway = state === 'open'
    },
  })

  const attempt = async <T>(work: () => Promise<T>): Promise<T> => {
    const tell = breaker.enter()
    if (!tell) throw new RedisAway('Redis is left alone for a while')
    const began = performance.now()
    try {
      const answer = await work()
      const ms = performance.now() - began
      if (ms > slowAnswer) lastFault = new RedisAway(`an answer took ${Math.round(ms)} ms`)
      tell(ms > slowAnswer ? 'failed' : 'answered')
      return answer
    } catch (error) {
      lastFault = error
      tell('failed')
      throw new RedisAway('Redis did not answer', { cause: error })
    }
  }

  let beating = false
  const beat = async (): Promise<void> => {
    if (beating) return
    beating = true
    // When it fails, the breaker has been told.
    await attempt(ping).catch(() => undefined)
    beating = false
  }
  const timer = setInterval(() => void beat(), beatEvery).unref()
  const unwatch = metrics.breakers.watch(() => [{ labels: { dependency: 'redis', state: breaker.state }, value: 1 }])

  return {
    /** Does the work if Redis is there. @throws RedisAway when it is not, or the work fails. */
    ask: async <T>(work: () => Promise<T>): Promise<T> => {
      if (breaker.state !== 'closed') throw new RedisAway('Redis is left alone for a while')
      return attempt(work)
    },
    /** It was not there when the process started: told once, here or by the beat. */
    wasNotReached: (): void => {
      if (isAway) return
      isAway = true
      log.warn('Redis is away', { status: 'not reached' })
    },
    stop: (): void => {
      clearInterval(timer)
      unwatch()
    },
  }
}
