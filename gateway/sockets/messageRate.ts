import { type Clock, minutes } from '#kernel/time.ts'

/** True for each message of a client that keeps to `perMinute`; a burst of that many is fine. */
export const makeMessageRate = (clock: Clock, perMinute: number): (() => boolean) => {
  let left = perMinute
  let at = clock.now()
  return () => {
    const now = clock.now()
    left = Math.min(perMinute, left + ((now - at) / minutes(1)) * perMinute)
    at = now
    if (left < 1) return false
    left -= 1
    return true
  }
}
