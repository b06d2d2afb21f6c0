import { normaliseEmail } from '#kernel/email.ts'
import { ShopError } from '#kernel/errors.ts'
import type { Ids } from '#kernel/id.ts'
import { actDone } from '#platform/audit.ts'
import type { Asker } from '#platform/context.ts'
import { type Account, isOpen } from '../domain/account.ts'
import { isPossiblePassword, normalisePassword } from '../domain/password.ts'
import type { GuestBecameUser } from '../events.ts'
import type { AccountModel, PublicAccount } from '../model/accounts.ts'
import type { Passwords } from '../passwords.ts'
import type { Accounts } from './accounts.ts'
import { asUser } from './acts.ts'
import type { Auditing } from './auditing.ts'
import type { Guesses } from './guesses.ts'
import type { Sessions, SignedIn } from './sessions.ts'
import type { Throttling } from './throttling.ts'

export interface SigningDeps {
  readonly accounts: AccountModel
  readonly accountService: Pick<Accounts, 'register'>
  readonly sessions: Pick<Sessions, 'start' | 'end'>
  readonly passwords: Passwords
  readonly throttling: Pick<Throttling, 'guest' | 'signIn' | 'signedIn' | 'signUp'>
  readonly guesses: Guesses
  readonly auditing: Pick<Auditing, 'note'>
  readonly ids: Ids
}

export interface SignUpInput {
  readonly email: string
  readonly password: string
  readonly name: string
}

const guestBecameUser = (guestId: string, userId: string): GuestBecameUser => ({
  type: 'GuestBecameUser',
  payload: { guestId, userId },
})

/** How visitors become guests and users. */
export const makeSigning = (deps: SigningDeps) => {
  const { accounts, accountService, sessions, passwords, throttling, guesses, auditing, ids } = deps
  /**
   * A guest's session is absorbed: the new one names the guest, the fact goes out with it in one commit, and the guest's own
   * session ends, so that whoever else holds its tokens does not reach what is the user's now.
   */
  const startFor = async (
    asker: Asker,
    account: PublicAccount,
    action: 'SIGNED_IN' | 'SIGNED_UP',
  ): Promise<SignedIn> => {
    const guest = asker.viewer.kind === 'guest' ? asker.viewer : null
    const subject = { kind: 'user', accountId: account._id, absorbedGuestId: guest?.id ?? null } as const
    const signedIn = await sessions.start(asker, subject, account, [
      ...(guest ? [guestBecameUser(guest.id, account._id)] : []),
      actDone(asUser(asker, account._id), action, account._id),
    ])
    if (guest) await sessions.end(guest.sessionId)
    await throttling.signedIn(account.email, asker.client)
    return signedIn
  }

  /** Only here the password is at hand: a hash of older parameters is replaced, unless the password has changed meanwhile. */
  const rehash = async ({ _id, passwordHash: old }: Account, password: string): Promise<void> => {
    const passwordHash = await passwords.hash(password)
    await accounts.store.update(_id, (account) =>
      account.passwordHash === old ? { state: { ...account, passwordHash } } : null,
    )
  }

  return {
    /** Starts the session of an account for whoever asks, with the act in the log. */
    startFor,

    /** @throws ShopError RATE_LIMITED */
    continueAsGuest: async (asker: Asker): Promise<SignedIn> => {
      await throttling.guest(asker.client)
      return sessions.start(asker, { kind: 'guest', guestId: ids.next('gst') }, null, [])
    },

    /** @throws ShopError BAD_USER_INPUT, PASSWORD_TOO_WEAK, EMAIL_TAKEN, RATE_LIMITED. */
    signUp: async (asker: Asker, input: SignUpInput): Promise<SignedIn> => {
      await throttling.signUp(asker.client)
      const account = await accountService.register({ ...input, roles: ['BUYER'], shopName: null })
      return startFor(asker, account, 'SIGNED_UP')
    },

    /**
     * @throws ShopError INVALID_CREDENTIALS after equal work whether or not the account exists, and also for the right password from a
     *   strange network once strangers have guessed too often; RATE_LIMITED; FORBIDDEN, told only to
     * who knows the password, when an administrator has shut the account.
     */
    signIn: async (asker: Asker, input: { readonly email: string; readonly password: string }): Promise<SignedIn> => {
      const email = normaliseEmail(input.email)
      // No password is tried, so nothing has to be counted: a flood costs next to nothing once it is too much (L2).
      passwords.refuseWhenFull()
      const { fromKnown } = await throttling.signIn(email, asker.client)
      const password = normalisePassword(input.password)
      const account = await accounts.byEmail(email)
      const mayTry = fromKnown || (await guesses.mayTry(account, email))
      const fits = isPossiblePassword(password) && (await passwords.verify(account?.passwordHash ?? null, password))
      if (!account || !fits || !mayTry) {
        await auditing.note(asker, 'SIGN_IN_FAILED', account?._id ?? null)
        throw new ShopError('INVALID_CREDENTIALS', 'The e-mail address or the password is wrong.')
      }
      await guesses.forget(account._id)
      if (!isOpen(account)) throw new ShopError('FORBIDDEN', 'This account is suspended.')
      if (passwords.isOutdated(account.passwordHash)) await rehash(account, password)
      return startFor(asker, account, 'SIGNED_IN')
    },
  }
}

export type Signing = ReturnType<typeof makeSigning>
