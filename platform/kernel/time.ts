/** Milliseconds since 1970-01-01T00:00:00Z. */
export type Millis = number

/** Where the shop gets the time from: injected everywhere (rule R14), so that tests decide what time it is. */
export interface Clock {
  now(): Millis
}

export const systemClock: Clock = { now: () => Date.now() }

/** A clock that stands still until a test moves it; years ahead, because a database removes by its own time what is past its age. */
export const makeManualClock = (start: Millis = Date.UTC(2040, 0, 1)) => {
  let now = start
  return {
    now: () => now,
    advance: (by: Millis) => {
      now += by
    },
  }
}

/** Whether something happened within this span before now. Nothing is from the future: what a clock that was put back has left behind does not count (F14). */
export const isWithin = (clock: Clock, since: Millis, span: Millis): boolean => {
  const age = clock.now() - since
  return age >= 0 && age < span
}

export const seconds = (n: number): Millis => n * 1_000
export const minutes = (n: number): Millis => n * 60_000
export const hours = (n: number): Millis => n * 3_600_000
export const days = (n: number): Millis => n * 86_400_000
