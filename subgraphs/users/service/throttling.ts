import { createHash } from 'node:crypto'
import { ShopError } from '#kernel/errors.ts'
import { networkOf } from '#kernel/network.ts'
import { days, type Millis, minutes, seconds } from '#kernel/time.ts'
import type { Client } from '#platform/auth.ts'
import type { Cache } from '#platform/cache/cache.ts'
import type { Backoff, Budget, Limiter, Verdict } from '#platform/limiter/limiter.ts'

export interface ThrottlingDeps {
  readonly limiter: Limiter
  readonly cache: Cache
  /** Attempts per minute from one network. */
  readonly attemptsPerAddress: number
}

/** Parameters table: login limits. 5 attempts, then 1, 2, 4 ... 900 s apart. */
const backoff: Backoff = { free: 5, pause: seconds(1), maxPause: seconds(900), forgetAfter: days(1) }

/** All attempts together: twice what two cores can hash, so that a flood from everywhere ends here and not in the hashing queue. */
const everybody: Budget = { capacity: 6_000, per: minutes(1) }

/** Mails to one address: enough for whoever lost one, too few to annoy. */
const mailsPerMailbox: Budget = { capacity: 5, per: minutes(15) }

/** Exchanges of one family: a client needs one in five minutes, fifty tabs one each. */
const exchangesPerFamily: Budget = { capacity: 100, per: minutes(1) }

/** A network with many people behind it refreshes more often than it signs in. */
const exchangesPerAttempt = 30

/** Visitors of a shop who share a network become guests more often than they sign in. */
const guestsPerAttempt = 5

/** How long a network counts as the account's own after a good sign-in there. */
const knownFor: Millis = days(30)

/** Keys may lie in a shared store, where addresses have no business; and this one is short whatever was given. */
const fingerprint = (text: string): string => createHash('sha256').update(text).digest('base64url')

const refuseUnless = ({ allowed, retryAfter }: Verdict): void => {
  if (allowed) return
  const wait = Math.ceil(retryAfter / 1_000)
  throw new ShopError('RATE_LIMITED', `Too many attempts; try again in ${wait} s.`)
}

/**
 * Slows down guessing (threats: credential stuffing, lockout, alias batching). Every attempt counts before it is tried, however many
 * stand in one document, and in the same way whether or not there is such an account. All methods: @throws ShopError RATE_LIMITED
 */
export const makeThrottling = ({ limiter, cache, attemptsPerAddress }: ThrottlingDeps) => {
  const perNetwork = async (kind: string, { address }: Client, capacity = attemptsPerAddress): Promise<void> => {
    if (address === '') return
    refuseUnless(await limiter.take(`${kind}:from:${networkOf(address)}`, { capacity, per: minutes(1) }))
  }

  const all = async (kind: string): Promise<void> => refuseUnless(await limiter.take(`${kind}:all`, everybody))

  const knownKey = (account: string, { address }: Client): string =>
    `known:${account}:${fingerprint(networkOf(address))}`

  /**
   * Strangers share one line per account. A network where the account has signed in lately has a line of its own, so that nobody
   * elsewhere can lock the owner out. Should the cache forget, the owner stands in the line of the strangers.
   */
  const isKnown = async (email: string, client: Client): Promise<boolean> =>
    client.address !== '' && (await cache.get(knownKey(fingerprint(email), client))) === true

  const lineOf = (email: string, client: Client, known: boolean): string =>
    known ? `sign-in:${fingerprint(email)}:${fingerprint(networkOf(client.address))}` : `sign-in:${fingerprint(email)}`

  return {
    /** Says whether the account has signed in from this network lately. */
    signIn: async (email: string, client: Client): Promise<{ readonly fromKnown: boolean }> => {
      await perNetwork('sign-in', client)
      const fromKnown = await isKnown(email, client)
      refuseUnless(await limiter.attempt(lineOf(email, client, fromKnown), backoff))
      await all('sign-in')
      return { fromKnown }
    },

    /** Whoever wants to be a guest: cheap, but each is a session. */
    guest: (client: Client): Promise<void> => perNetwork('guest', client, attemptsPerAddress * guestsPerAttempt),

    /** The attempt was good: the line is empty again, and the network is known. */
    signedIn: async (email: string, client: Client): Promise<void> => {
      await limiter.forget(lineOf(email, client, await isKnown(email, client)))
      if (client.address !== '') await cache.set(knownKey(fingerprint(email), client), true, knownFor)
    },

    /** The owner has a new password: what strangers have tried with the old one no longer counts. */
    reset: async (email: string): Promise<void> => limiter.forget(`sign-in:${fingerprint(email)}`),

    signUp: async (client: Client): Promise<void> => {
      await perNetwork('sign-up', client)
      await all('sign-up')
    },

    /** Whoever asks for mails to this address. */
    mail: async (email: string, client: Client): Promise<void> => {
      await perNetwork('mail', client)
      refuseUnless(await limiter.take(`mail:${fingerprint(email)}`, mailsPerMailbox))
      await all('mail')
    },

    /** Whoever shows a token from a mail. */
    mailToken: async (client: Client): Promise<void> => {
      await perNetwork('mail-token', client)
      await all('mail-token')
    },

    refresh: async (family: string, client: Client): Promise<void> => {
      await perNetwork('refresh', client, attemptsPerAddress * exchangesPerAttempt)
      refuseUnless(await limiter.take(`refresh:${family}`, exchangesPerFamily))
    },

    /** Whoever gives the password of the account that is signed in; true attempts are forgotten. */
    confirm: async (accountId: string, attempt: () => Promise<boolean>): Promise<boolean> => {
      refuseUnless(await limiter.attempt(`confirm:${accountId}`, backoff))
      const good = await attempt()
      if (good) await limiter.forget(`confirm:${accountId}`)
      return good
    },
  }
}

export type Throttling = ReturnType<typeof makeThrottling>
