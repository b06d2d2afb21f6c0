import type { Clock } from '#kernel/time.ts'
import { socketLimits } from '../guard/limits.ts'
import { type Closing, closings } from './closings.ts'

/** What is due for a socket: to be closed, to be cut because nobody is there, or to be pinged. */
export type Due = Closing | 'dead' | 'ping' | null

/** The clock of one socket. It is asked now and then, so that ten thousand sockets need no timers of their own. */
export const makeVitals = (clock: Clock) => {
  const openedAt = clock.now()
  let pingedAt = openedAt
  let unanswered = 0

  const pingDue = (now: number): Due => {
    if (now - pingedAt < socketLimits.pingEvery) return null
    if (unanswered >= socketLimits.missedPings) return 'dead'
    pingedAt = now
    unanswered += 1
    return 'ping'
  }

  return {
    answered: (): void => {
      unanswered = 0
    },
    inspect: (initialised: boolean): Due => {
      const now = clock.now()
      const age = now - openedAt
      if (age >= socketLimits.life) return closings.lifeOver
      if (!initialised && age >= socketLimits.initWithin) return closings.noInit
      return pingDue(now)
    },
  }
}
