import { type Clock, type Millis, seconds } from '#kernel/time.ts'
import { withTimeout } from './caller.ts'
import { untilAborted } from './signals.ts'

/** The other end is away, and has been for too long to wait for it: nothing was sent. */
export class Away extends Error {
  override readonly name = 'Away'
}

/** A process that restarts is back within 5 s (F2); who is away for longer is refused at once. */
export const restartTime = seconds(5)
/** Longest wait of one call: a client that waits for it is still told within its 3 s. */
const longestWait: Millis = 2_500
/** Longest wait for one look: who is back is found by the first who asks for it, who is away refuses a connection at once. */
const longestLook: Millis = 300
const firstPause: Millis = 25
const longestPause: Millis = 250

export interface PresenceDeps {
  readonly clock: Clock
  /** Whether the other end answers now; must end by itself. */
  readonly isThere: () => Promise<boolean>
  /** It was away and is back: what is known of the one before says nothing about the new one. */
  readonly onReturn: () => void
  /** Injected (rule R14). */
  readonly pause: (ms: Millis) => Promise<unknown>
  /** How long after its loss it is waited for; with 0 nobody waits: once it is known to be away, calls are refused at once. */
  readonly patience: () => Millis
}

export interface Presence {
  /** A connection was refused or broke: from now on the other end is looked for, until it answers. */
  missed(): void
  /** Settles at once while the other end is there, else when it is back. @throws Away, or the reason of the signal. */
  whenThere(signal?: AbortSignal): Promise<void>
  stop(): void
}

/**
 * Tells a dependency that is being restarted from one that is slow: a refused connection has not carried anything and says that nobody
 * listens, so the call may wait and be sent, once somebody does. It is looked for in the background, by one question at a time,
 * each 250 ms and when somebody asks for it, and so is found at once and not when a breaker's pause is over.
 */
export const makePresence = (deps: PresenceDeps): Presence => {
  const { clock, isThere, onReturn, pause, patience } = deps
  let search: { readonly since: Millis; readonly found: Promise<void> } | null = null
  /** Sure only after the first look: whoever is there may have closed a connection that rested. */
  let isAway = false
  let stopped = false
  /** Settles when the present look, or else the next one, has ended. */
  let looked = Promise.withResolvers<void>()
  /** Ends the pause before the next look. */
  let hurry = (): void => undefined

  const isFound = async (): Promise<boolean> => {
    const found = stopped || (await isThere())
    if (found && isAway && !stopped) onReturn()
    if (found) search = null
    isAway = !found
    looked.resolve()
    looked = Promise.withResolvers()
    return found
  }

  const look = async (): Promise<void> => {
    for (let wait = firstPause; !(await isFound()); wait = Math.min(longestPause, wait * 2)) {
      const hurried = Promise.withResolvers<void>()
      hurry = hurried.resolve
      await Promise.race([pause(wait), hurried.promise])
    }
  }

  const late = () => new Away('nobody listens there')

  /** One more look, now. */
  const lookAgain = async (signal: AbortSignal | undefined): Promise<void> => {
    const { promise } = looked
    hurry()
    await withTimeout(longestLook, late, () => untilAborted(promise, signal))
    if (search) throw late()
  }

  return {
    missed: () => {
      if (!stopped) search ??= { since: clock.now(), found: look() }
    },
    whenThere: async (signal) => {
      if (!search || (patience() === 0 && !isAway)) return
      const { since, found } = search
      const left = Math.min(longestWait, since + patience() - clock.now())
      if (left <= 0) return lookAgain(signal)
      await withTimeout(left, late, () => untilAborted(found, signal))
    },
    stop: () => {
      stopped = true
    },
  }
}
