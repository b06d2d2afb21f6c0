import { days, type Millis } from '#kernel/time.ts'
import { liveToken, type MailToken } from './mailToken.ts'

/**
 * Somebody wants an account and has not yet proved to read the mails of its address. Until then there is no account: nobody can
 * sign in to it, keep the address from its owner, or find out whether there was one before.
 */
export interface SignUp {
  /** Also the id that the account will have. */
  readonly _id: string
  readonly v: number
  /** Normalised. */
  readonly email: string
  readonly name: string
  /** PHC string of argon2id; empty once it is known that there is an account already. */
  readonly passwordHash: string
  /** The guest who signed up: the cart comes along. */
  readonly guest: { readonly id: string; readonly sessionId: string } | null
  /** Whether it was found out if there is an account, and the mail asked for. */
  readonly isAnswered: boolean
  /** The token that makes the account; null when there is one already, or nobody has looked yet. */
  readonly token: MailToken | null
}

/** As long as the token in its mail works. */
export const signUpLife: Millis = days(1)

/** What comes of it: a token for the mail, or nothing when there is an account already. Answered again: unchanged. */
export const answerSignUp = (signUp: SignUp, made: Omit<MailToken, 'expiresAt'> | null, now: Millis): SignUp => {
  if (signUp.isAnswered) return signUp
  return made
    ? { ...signUp, isAnswered: true, token: { ...made, expiresAt: now + signUpLife } }
    : { ...signUp, isAnswered: true, passwordHash: '' }
}

/** Whether a token that somebody showed makes the account now. */
export const confirms = ({ token }: SignUp, shown: Pick<MailToken, 'id' | 'hash'>, now: Millis): boolean =>
  token !== null && liveToken({ tokens: [token] }, shown.id, now)?.hash === shown.hash
