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
/** A Cluster that elects a new master says so of all its keys: the node that says it is there. That it lasts is for the beat to find out. */
const passing = /^CLUSTERDOWN\b/

export interface RedisPresenceOptions {
  readonly clock: Clock
  readonly log: Log
  /** Which node this is about; empty where there is one only. */
  readonly node: string
  /** Asks it for any answer. */
  readonly beat: () => Promise<unknown>
  /** Called when it is found away, and each time that it is found so again. */
  readonly onAway: () => void
}

/**
 * Whether Redis is there. Three failures in a row and it is left alone; whoever asks then hears at once that it is away. Only the beat of
 * this process tries whether it is back, so that no request waits for it (F7). One outage is two lines of the log.
 */
export const makeRedisPresence = ({ clock, log, node, beat: askBeat, onAway }: RedisPresenceOptions) => {
  const where = node ? { url: `redis://${node}` } : {}
  let lastFault: unknown = null
  let isAway = false
  /** A beat that fails opens the breaker again and again: one outage is told once. */
  const nowAway = (status: string): void => {
    if (!isAway) log.warn('Redis is away', { status, ...where, ...faultFields(lastFault) })
    isAway = true
  }
  const nowBack = (status: string): void => {
    if (isAway) log.info('Redis is back', { status, ...where })
    isAway = false
  }
  const breaker = makeBreaker({
    clock,
    // It costs little to do without it for a moment, and each try of a request 250 ms. Less would be a matter of how busy this process is.
    failuresInARow: 3,
    // Shorter than that of a subgraph: without it limits are local, and that should not outlast the outage by much.
    openFor: seconds(1),
    onChange: (state) => {
      if (state !== 'open') return
      nowAway(state)
      onAway()
    },
  })

  const attempt = async <T>(work: () => Promise<T>, isBeat: boolean): Promise<T> => {
    const tell = breaker.enter()
    if (!tell) throw new RedisAway('Redis is left alone for a while')
    const began = performance.now()
    try {
      const answer = await work()
      const ms = performance.now() - began
      if (ms > slowAnswer) lastFault = new RedisAway(`an answer took ${Math.round(ms)} ms`)
      tell(ms > slowAnswer ? 'failed' : 'answered')
      if (breaker.state === 'closed') nowBack(breaker.state)
      return answer
    } catch (error) {
      lastFault = error
      const isPassing = !isBeat && error instanceof Error && passing.test(error.message)
      tell(isPassing ? 'unknown' : 'failed')
      throw new RedisAway('Redis did not answer', { cause: error })
    }
  }

  let beating = false
  const beat = async (): Promise<void> => {
    if (beating) return
    beating = true
    // When it fails, the breaker has been told. Two good answers are needed once it was away.
    await attempt(askBeat, true).catch(() => undefined)
    if (breaker.state === 'half-open') await attempt(askBeat, true).catch(() => undefined)
    beating = false
  }
  const timer = setInterval(() => void beat(), beatEvery).unref()
  const unwatch = metrics.breakers.watch(() => [{ labels: { dependency: 'redis', state: breaker.state }, value: 1 }])

  const stop = (): void => {
    clearInterval(timer)
    unwatch()
  }
  return {
    /** Does the work if Redis is there. @throws RedisAway when it is not, or the work fails. */
    ask: async <T>(work: () => Promise<T>): Promise<T> => {
      if (breaker.state !== 'closed') throw new RedisAway('Redis is left alone for a while')
      return attempt(work, false)
    },
    /** It was not there when the process started, for this reason if that is known: told once, here or by the beat. */
    wasNotReached: (reason: unknown): void => {
      lastFault ??= reason
      nowAway('not reached')
    },
    /** Another node has taken its place. */
    leave: (): void => {
      nowBack('replaced')
      stop()
    },
    stop,
  }
}

export type RedisPresence = ReturnType<typeof makeRedisPresence>
