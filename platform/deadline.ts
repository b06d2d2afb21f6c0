import { AsyncLocalStorage } from 'node:async_hooks'
import { ShopError } from '#kernel/errors.ts'
import type { Clock, Millis } from '#kernel/time.ts'

/** Until when an answer is of use to whoever asked, and whether anybody still waits for it. */
export interface Deadline {
  readonly clock: Clock
  readonly endsAt: Millis
  readonly signal: AbortSignal
}

const current = new AsyncLocalStorage<Deadline | null>()

/**
 * Does the work within a deadline, which everything below it honours: `null` for work that goes on to its end. A mutation is such
 * work: once it has begun, its effects are worth more than its answer.
 */
export const within = <T>(deadline: Deadline | null, work: () => T): T => current.run(deadline, work)

/**
 * How long something may take that usually may take `usual`: that, or less when less is left.
 * @throws ShopError UNAVAILABLE when the time is over or nobody waits: what is not begun costs nothing.
 */
export const patience = (usual: Millis): Millis => {
  const deadline = current.getStore()
  if (!deadline) return usual
  const left = deadline.signal.aborted ? 0 : deadline.endsAt - deadline.clock.now()
  if (left <= 0) throw new ShopError('UNAVAILABLE', 'The time for this request is over; try again.')
  return Math.min(usual, Math.ceil(left))
}
