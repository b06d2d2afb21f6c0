import { hash as argon2, verify as argon2Verify, type Options } from '@node-rs/argon2'
import { ShopError } from '#kernel/errors.ts'
import { metrics } from '#platform/metrics/table.ts'

/** argon2id with 19 MiB, 2 passes, 1 lane (OWASP password storage cheat sheet; 26 ms on the reference machine). argon2id is the default algorithm. */
const parameters: Options = { memoryCost: 19_456, timeCost: 2, parallelism: 1, outputLen: 32 }

/**
 * The hash of a random password that nobody knows, with the same parameters: verifying against it makes an unknown account cost as
 * much time as a known one (threat: enumeration).
 */
const nobodysHash = '$argon2id$v=19$m=19456,t=2,p=1$bjEnli4h/n6DTSQ7xMNBbA$6p/j8LpIjx80eUrx6L5iFuQmN80Mpy41FvcfetucfI0'

/** How hashes of today begin. */
const current = `$argon2id$v=19$m=${parameters.memoryCost},t=${parameters.timeCost},p=${parameters.parallelism}$`

/**
 * Two at a time leave the event loop its thread pool and the machine its second core. 30 waiting are less than half a second of work, and
 * less than two and a half in a crowd: whoever waits is answered within the three that the gateway waits.
 */
const defaultBounds = { concurrent: 2, waiting: 30 }

/** In a crowd, for each hash twice its time of rest: with as long as itself, a checkout took 2.8 times as long beside a flood of sign-ins (L2). */
const restsPerHash = 2

/**
 * Runs at most `concurrent` works at once and lets `waiting` more queue; refuses the rest with RATE_LIMITED before any work is done. While
 * more than half of the queue is taken it runs one at a time and rests after each: so many are no customers, and
 * these need the machine (L2).
 */
export const makeGate = ({ concurrent, waiting }: typeof defaultBounds) => {
  const queue: (() => void)[] = []
  const state = { running: 0 }
  const refuseWhenFull = (): void => {
    if (queue.length >= waiting)
      throw new ShopError('RATE_LIMITED', 'Too many sign-ins at once; try again in a moment.')
  }
  const enter = async (): Promise<void> => {
    // Nobody slips in before those who wait.
    if (queue.length === 0 && state.running < concurrent) {
      state.running += 1
      return
    }
    refuseWhenFull()
    await new Promise<void>((resolve) => queue.push(resolve))
  }
  const isCrowded = (): boolean => queue.length > waiting / 2
  const leave = (): void => {
    state.running -= 1
    const most = isCrowded() ? 1 : concurrent
    while (state.running < most) {
      const next = queue.shift()
      if (!next) return
      state.running += 1
      next()
    }
  }
  return {
    refuseWhenFull,
    /** How many works are under way, and how many wait. */
    load: () => ({ running: state.running, waiting: queue.length }),
    run: async <T>(work: () => Promise<T>): Promise<T> => {
      await enter()
      const began = performance.now()
      try {
        return await work()
      } finally {
        if (isCrowded()) setTimeout(leave, restsPerHash * (performance.now() - began))
        else leave()
      }
    },
  }
}

/** Hashing of passwords, bounded: a flood of sign-ins must not take the machine from the checkout (L2). */
export const makePasswords = (bounds = defaultBounds) => {
  const gate = makeGate(bounds)
  const unwatch = metrics.passwords.watch(() =>
    Object.entries(gate.load()).map(([state, value]) => ({ labels: { state }, value })),
  )
  return {
    /** Refuses at once who would be refused later all the same, before anything is read or written for it. @throws ShopError RATE_LIMITED */
    refuseWhenFull: gate.refuseWhenFull,
    /** Whether a hash was made with other parameters than those of today. */
    isOutdated: (phc: string): boolean => !phc.startsWith(current),
    /** A hash that no password fits, for accounts that nobody may open any more. */
    unusableHash: nobodysHash,
    /**
     * The PHC string to keep of a password.
     * @throws ShopError RATE_LIMITED when too many wait.
     */
    hash: (password: string): Promise<string> => gate.run(() => argon2(password, parameters)),
    /**
     * Whether it is the password of this PHC string; null (no such account) costs the same and is false.
     * @throws ShopError RATE_LIMITED when too many wait.
     */
    verify: (phc: string | null, password: string): Promise<boolean> =>
      gate.run(async () => (await argon2Verify(phc ?? nobodysHash, password)) && phc !== null),
    /** Is not shown in the metrics any more. */
    stop: async (): Promise<void> => unwatch(),
  }
}

export type Passwords = ReturnType<typeof makePasswords>
