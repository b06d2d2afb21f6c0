import { createHash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type { Problem } from '#kernel/errors.ts'
import { networkOf } from '#kernel/network.ts'
import { hours, type Millis, minutes, seconds } from '#kernel/time.ts'
import type { Backoff, Budget, Limiter } from '#platform/limiter/limiter.ts'

/**
 * Attempts of one buyer to pay that did not succeed (threats: card testing): five at once, then one after 20 s, 40 s ... half an hour.
 * A payment that is authorised ends the row.
 */
const perBuyer: Backoff = { free: 5, pause: seconds(20), maxPause: minutes(30), forgetAfter: hours(24) }

/**
 * Refused payments from one network, where a new guest costs nothing, and with one token. A good one gives one back: many people may
 * sit behind one address, and who tries out cards has hardly any good ones.
 */
const refusals: Budget = { capacity: 10, per: hours(1) }

/** A burst gets no further than a row: while as many are under way as may be refused, the next one waits for their answers. */
const longestWait: Millis = 500
const look: Millis = 25

export interface Payer {
  readonly ownerId: string
  /** Where the order came from; empty when it is not known. */
  readonly address: string
  readonly token: string
}

/** `unknown`: nobody can say yet, or nothing was tried after all. */
export type EndOfAttempt = 'succeeded' | 'declined' | 'unknown'

/** An attempt that is under way; its end is told once. */
export interface Attempt {
  end(as: EndOfAttempt): Promise<void>
}

export interface VelocityDeps {
  readonly limiter: Limiter
  /** Injected (rule R14). */
  readonly pause: (ms: Millis) => Promise<void>
}

/** Keys may lie in a shared store, where addresses and tokens have no business. */
const fingerprint = (text: string): string => createHash('sha256').update(text).digest('base64url')

const buyerKey = ({ ownerId }: Payer): string => `pay:buyer:${fingerprint(ownerId)}`

const budgetKeys = ({ address, token }: Payer): string[] => [
  `pay:card:${fingerprint(token)}`,
  ...(address === '' ? [] : [`pay:from:${fingerprint(networkOf(address))}`]),
]

const tooMany = (when: string): Problem => ({
  code: 'PAYMENT_DECLINED',
  message: `Too many attempts to pay; try again ${when}.`,
  field: ['input', 'token'],
})

/** What this process knows of a key: how many attempts are under way, and how many were good since the last refused one. */
const makeTally = () => {
  const underWay = new Map<string, number>()
  const good = new LRUCache<string, number>({ max: 10_000 })
  return {
    /** Whether one more may be under way: as many as may be refused, and one for each good one. */
    hasRoom: (key: string, left: number): boolean => (underWay.get(key) ?? 0) < left + (good.get(key) ?? 0),
    enter: (key: string): void => void underWay.set(key, (underWay.get(key) ?? 0) + 1),
    leave: (key: string, as: EndOfAttempt): void => {
      const others = (underWay.get(key) ?? 1) - 1
      if (others > 0) underWay.set(key, others)
      else underWay.delete(key)
      if (as === 'declined') good.delete(key)
      if (as === 'succeeded') good.set(key, (good.get(key) ?? 0) + 1)
    },
  }
}

/** Keeps stolen cards from being tried out here: by one buyer, from one network, or one card by many. */
export const makeVelocity = ({ limiter, pause }: VelocityDeps) => {
  const tally = makeTally()

  const leftOf = async (key: string): Promise<number> => (await limiter.take(key, refusals, 0)).remaining

  /** Waits until an attempt fits into what is left of each key, at most half a second, and enters; null when nothing is left. */
  const enter = async (keys: readonly string[]): Promise<readonly number[] | null> => {
    for (let waited = 0; ; waited += look) {
      const left = await Promise.all(keys.map(leftOf))
      if (left.some((each) => each < 1)) return null
      if (waited >= longestWait || keys.every((key, index) => tally.hasRoom(key, left[index] ?? 0))) {
        // In the same breath as the look: others who wait look after it.
        keys.forEach(tally.enter)
        return left
      }
      await pause(look)
    }
  }

  const leave = (keys: readonly string[], as: EndOfAttempt): void => {
    for (const key of keys) tally.leave(key, as)
  }

  return {
    /** Counts an attempt before it is made; the refusal when there were too many. */
    begin: async (payer: Payer): Promise<Attempt | Problem> => {
      const keys = budgetKeys(payer)
      const left = await enter(keys)
      if (!left) return tooMany('later')
      const { allowed, retryAfter } = await limiter.attempt(buyerKey(payer), perBuyer)
      if (!allowed) {
        leave(keys, 'unknown')
        return tooMany(`in ${Math.ceil(retryAfter / 1_000)} s`)
      }
      // A full budget takes nothing back: mostly there is nothing to write.
      const givesBack = keys.filter((_, index) => left[index] !== refusals.capacity)
      return {
        end: async (as) => {
          try {
            if (as === 'declined') await Promise.all(keys.map((key) => limiter.take(key, refusals)))
            if (as !== 'succeeded') return
            await limiter.forget(buyerKey(payer))
            await Promise.all(givesBack.map((key) => limiter.refund(key, refusals, 1)))
          } finally {
            leave(keys, as)
          }
        },
      }
    },
  }
}

export type Velocity = ReturnType<typeof makeVelocity>
