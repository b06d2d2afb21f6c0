import { setImmediate, setTimeout } from 'node:timers/promises'
import { ShopError } from '#kernel/errors.ts'
import { type Clock, isWithin, type Millis, seconds } from '#kernel/time.ts'

/** With the 1 s that a gateway waits for its look at the session, a mutation is refused within 3 s (F8). */
const numbers = {
  /** An answer of the database counts as long; while mutations are under way it is asked as often. */
  freshFor: seconds(0.5),
  /** A look that takes longer has failed: a database as slow as that cannot carry a mutation either. */
  patience: seconds(1.5),
}

export interface DatabaseWatchDeps {
  readonly clock: Clock
  /** Asks the database for a sign of life; ends by itself, later than our patience. */
  readonly ping: () => Promise<unknown>
  /** Injected (rule R14). */
  readonly pause?: (ms: Millis) => Promise<unknown>
}

const gone = () => new ShopError('UNAVAILABLE', 'The database does not answer; try again.')

/**
 * Refuses mutations as soon as it is known that the database is away. A command that hangs tells nothing for seconds, and a mutation
 * sends one after the other. What has not begun has no effect; what is under way goes on, and was done wholly or not at all.
 */
export const watchDatabase = ({
  clock,
  ping,
  pause = (ms) => setTimeout(ms, null, { ref: false }),
}: DatabaseWatchDeps) => {
  let heardAt = Number.NEGATIVE_INFINITY
  let looking: Promise<boolean> | null = null
  let isFollowing = false
  const underWay = new Set<(reason: ShopError) => void>()

  const look = async (): Promise<boolean> => {
    const began = clock.now()
    const answered = ping().then(
      () => true,
      () => false,
    )
    // A process that was stopped itself gets to read the answer before it is called late.
    const late = pause(numbers.patience).then(() => setImmediate(false))
    const isThere = await Promise.race([answered, late])
    if (isThere) heardAt = began
    return isThere
  }

  const isThere = (): Promise<boolean> => {
    looking ??= look().finally(() => {
      looking = null
    })
    return looking
  }

  /** Looks as long as anything is under way. */
  const follow = async (): Promise<void> => {
    if (isFollowing) return
    isFollowing = true
    while (underWay.size > 0) {
      await pause(numbers.freshFor)
      const waiting = [...underWay]
      if (waiting.length > 0 && !(await isThere())) for (const refuse of waiting) refuse(gone())
    }
    isFollowing = false
  }

  return {
    /**
     * Does the work while the database is there.
     * @throws ShopError UNAVAILABLE when it is not, or is lost on the way; what the work throws.
     */
    whileThere: async <T>(work: () => T | Promise<T>): Promise<T> => {
      if (!isWithin(clock, heardAt, numbers.freshFor) && !(await isThere())) throw gone()
      const { promise: lost, reject } = Promise.withResolvers<never>()
      underWay.add(reject)
      void follow()
      try {
        return await Promise.race([work(), lost])
      } finally {
        underWay.delete(reject)
      }
    },
  }
}

export type WhileThere = ReturnType<typeof watchDatabase>['whileThere']
