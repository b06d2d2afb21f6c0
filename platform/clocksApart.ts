import { type Clock, type Millis, minutes, seconds } from '#kernel/time.ts'
import { signatureWindow } from './auth.ts'
import type { Log } from './log.ts'
import { metrics } from './metrics/table.ts'

export interface ClocksApartDeps {
  readonly subgraph: string
  readonly log: Log
  /** Runs on whatever the time of day does; absent: the one of this machine. */
  readonly steady?: Clock
}

const remembered = minutes(1)
const toldEvery = minutes(1)

const steadyClock: Clock = { now: () => performance.now() }

/**
 * Watches how far the clocks of callers and ours are apart, as signed calls show it, time on the way included: the most of the last minute
 * or two as a metric, and a line, once a minute at most, when calls are refused for it. Nobody else could know: outside all refusals look alike.
 */
export const watchClocksApart = ({ subgraph, log, steady = steadyClock }: ClocksApartDeps) => {
  let most = { before: 0, now: 0, since: steady.now() }
  let told = Number.NEGATIVE_INFINITY

  const turn = (): void => {
    const age = steady.now() - most.since
    if (age > remembered) most = { before: age > 2 * remembered ? 0 : most.now, now: 0, since: steady.now() }
  }
  const stop = metrics.clocksApart.watch(() => {
    turn()
    return [{ labels: { subgraph }, value: Math.max(most.before, most.now) / seconds(1) }]
  })

  return {
    /** A call whose signature is right came, and our clock is ahead of what it says; negative: behind. */
    note: (aheadMs: Millis): void => {
      turn()
      most.now = Math.max(most.now, Math.abs(aheadMs))
      if (Math.abs(aheadMs) <= signatureWindow || steady.now() - told < toldEvery) return
      told = steady.now()
      log.warn('a signed call is refused: its time is too far from ours, see that clocks are set', {
        durationMs: aheadMs,
      })
    },
    stop,
  }
}
