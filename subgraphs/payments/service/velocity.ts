import { createHash } from 'node:crypto'
import type { Problem } from '#kernel/errors.ts'
import { hours, type Millis, minutes, seconds } from '#kernel/time.ts'
import type { Cache } from '#platform/cache/cache.ts'
import type { Backoff, Budget, Limiter } from '#platform/limiter/limiter.ts'

/**
 * Attempts of one buyer to pay that did not succeed (threats: card testing): five at once, then one after 20 s, 40 s ... half an hour.
 * A payment that is authorised ends the row.
 */
const perBuyer: Backoff = { free: 5, pause: seconds(20), maxPause: minutes(30), forgetAfter: hours(24) }

/** Refused payments from one network, where a new guest costs nothing. Good ones do not count: many people may sit there. */
const perNetwork: Budget = { capacity: 10, per: hours(1) }

export interface Payer {
  readonly ownerId: string
  /** Where the order came from; empty when it is not known. */
  readonly address: string
}

/** Keys may lie in a shared store, where addresses have no business. */
const fingerprint = (text: string): string => createHash('sha256').update(text).digest('base64url')

const buyerKey = ({ ownerId }: Payer): string => `pay:buyer:${fingerprint(ownerId)}`
const networkKey = ({ address }: Payer): string => `pay:from:${fingerprint(address)}`

const tooMany = (retryAfter: Millis | null): Problem => ({
  code: 'PAYMENT_DECLINED',
  message: `Too many attempts to pay; try again ${retryAfter === null ? 'later' : `in ${Math.ceil(retryAfter / 1_000)} s`}.`,
  field: ['input', 'token'],
})

/** Keeps stolen cards from being tried out here. */
export const makeVelocity = ({ limiter, cache }: { readonly limiter: Limiter; readonly cache: Cache }) => ({
  /** Counts an attempt before it is made; the refusal when there were too many. */
  attempt: async (payer: Payer): Promise<Problem | null> => {
    if (payer.address !== '' && (await cache.get(networkKey(payer))) === true) return tooMany(null)
    const { allowed, retryAfter } = await limiter.attempt(buyerKey(payer), perBuyer)
    return allowed ? null : tooMany(retryAfter)
  },

  succeeded: async (payer: Payer): Promise<void> => limiter.forget(buyerKey(payer)),

  /** The provider refused. */
  declined: async (payer: Payer): Promise<void> => {
    if (payer.address === '') return
    const { allowed, retryAfter } = await limiter.take(networkKey(payer), perNetwork)
    if (!allowed) await cache.set(networkKey(payer), true, retryAfter)
  },
})

export type Velocity = ReturnType<typeof makeVelocity>
