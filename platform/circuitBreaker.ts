import { type Clock, type Millis, seconds } from '#kernel/time.ts'

/** Parameters table: breaker. */
export const breakerNumbers = {
  window: seconds(10),
  /** Below this many calls in the window a share says nothing. */
  fewestCalls: 20,
  failureShare: 0.5,
  failuresInARow: 5,
  openFor: seconds(10),
  probes: 2,
}

/** How a call ended; `unknown` when nobody waited for its end. */
export type Outcome = 'answered' | 'failed' | 'unknown'

export type BreakerState = 'closed' | 'open' | 'half-open'

export interface Breaker {
  /** Whether a call may be made now: null when not, otherwise what its outcome has to be told; the first time counts. */
  enter(): ((outcome: Outcome) => void) | null
  /** Until a call may be tried again; 0 when one may be now. */
  restsFor(): Millis
  /** Closes: whoever failed is gone, and another has taken its place. Calls to the one before count no more. */
  forget(): void
  readonly state: BreakerState
}

export interface BreakerOptions extends Partial<typeof breakerNumbers> {
  readonly clock: Clock
  readonly onChange?: (state: BreakerState) => void
}

interface Tally {
  readonly at: Millis
  calls: number
  failures: number
}

/** What came of the calls of the last seconds, in slots of a tenth of the window. */
const makeWindow = (window: Millis, clock: Clock) => {
  let slots: Tally[] = []
  return {
    add: (failed: boolean): { calls: number; failures: number } => {
      const now = clock.now()
      slots = slots.filter(({ at }) => at > now - window)
      const last = slots.at(-1)
      const slot = last && now - last.at < window / 10 ? last : { at: now, calls: 0, failures: 0 }
      if (slot !== last) slots.push(slot)
      slot.calls += 1
      if (failed) slot.failures += 1
      return slots.reduce(
        (sum, { calls, failures }) => ({ calls: sum.calls + calls, failures: sum.failures + failures }),
        { calls: 0, failures: 0 },
      )
    },
  }
}

/**
 * Leaves a dependency alone that fails: half of the calls of the last ten seconds, or five in a row. After a pause two calls try it;
 * both must be answered before the others come back. What nobody waited for counts neither way.
 */
export const makeBreaker = ({ clock, onChange, ...given }: BreakerOptions): Breaker => {
  const numbers = { ...breakerNumbers, ...given }
  let state: BreakerState = 'closed'
  let recent = makeWindow(numbers.window, clock)
  let inARow = 0
  let openUntil = 0
  let probing = 0
  let answered = 0
  /** Counts the dependencies that this one has known: see `forget`. */
  let generation = 0

  const become = (next: BreakerState): void => {
    state = next
    inARow = 0
    probing = 0
    answered = 0
    if (next === 'open') openUntil = clock.now() + numbers.openFor
    if (next === 'closed') recent = makeWindow(numbers.window, clock)
    onChange?.(next)
  }

  const whenClosed = (failed: boolean): void => {
    inARow = failed ? inARow + 1 : 0
    const { calls, failures } = recent.add(failed)
    const tooMany = calls >= numbers.fewestCalls && failures >= calls * numbers.failureShare
    if (failed && (tooMany || inARow >= numbers.failuresInARow)) become('open')
  }

  const whenProbed = (outcome: Outcome): void => {
    probing -= 1
    if (outcome === 'answered') answered += 1
    if (outcome === 'failed') become('open')
    else if (answered >= numbers.probes) become('closed')
  }

  return {
    enter: () => {
      if (state === 'open' && clock.now() >= openUntil) become('half-open')
      if (state === 'open' || (state === 'half-open' && probing + answered >= numbers.probes)) return null
      if (state === 'half-open') probing += 1
      const began = state
      const asked = generation
      let isTold = false
      return (outcome) => {
        // A call that began before the state changed says nothing about the state now.
        if (isTold || state !== began || generation !== asked) return
        isTold = true
        if (state === 'half-open') whenProbed(outcome)
        else if (outcome !== 'unknown') whenClosed(outcome === 'failed')
      }
    },
    restsFor: () => (state === 'open' ? Math.max(0, openUntil - clock.now()) : 0),
    forget: () => {
      generation += 1
      if (state !== 'closed') become('closed')
      inARow = 0
      recent = makeWindow(numbers.window, clock)
    },
    get state() {
      return state
    },
  }
}
