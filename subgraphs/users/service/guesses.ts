import type { Account } from '../domain/account.ts'
import type { AttemptModel } from '../model/attempts.ts'

/** NIST SP 800-63B 3.2.2: consecutive failures of one account, however slowly they come. */
const maxFailures = 100

/** Rows that all unknown addresses share, so that an attempt at one costs the same write and leaves nothing behind. */
const decoys = 'abcdefghijklmnop'

const decoyFor = (email: string): string => `nobody:${decoys.charAt(email.length % decoys.length)}`

/** Bounds how often strangers may guess at an account in all. */
export const makeGuesses = (attempts: AttemptModel) => ({
  /** Counts an attempt from a network that the account does not know; false when no password is good any more from there. */
  mayTry: (account: Pick<Account, '_id'> | null, email: string): Promise<boolean> =>
    account ? attempts.count(account._id, maxFailures) : attempts.count(decoyFor(email), Number.MAX_SAFE_INTEGER),

  /** The owner was there: a good sign-in, or a new password by mail. */
  forget: (accountId: string): Promise<void> => attempts.forget(accountId),
})

export type Guesses = ReturnType<typeof makeGuesses>
