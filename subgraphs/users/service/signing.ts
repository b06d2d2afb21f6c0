import { createHash } from 'node:crypto'
import { ShopError } from '#kernel/errors.ts'
import type { Ids } from '#kernel/id.ts'
import { minutes } from '#kernel/time.ts'
import type { Viewer } from '#platform/auth.ts'
import type { Budget, Limiter } from '#platform/limiter/limiter.ts'
import { normaliseEmail } from '../domain/email.ts'
import { isPossiblePassword, normalisePassword } from '../domain/password.ts'
import type { GuestBecameUser } from '../events.ts'
import type { AccountModel, PublicAccount } from '../model/accounts.ts'
import type { Passwords } from '../passwords.ts'
import type { Accounts } from './accounts.ts'
import type { Sessions, SignedIn } from './sessions.ts'

export interface SigningDeps {
  readonly accounts: AccountModel
  readonly accountService: Pick<Accounts, 'register'>
  readonly sessions: Pick<Sessions, 'start' | 'end'>
  readonly passwords: Passwords
  readonly limiter: Limiter
  readonly ids: Ids
}

/** Attempts per address, whether or not it has an account: slows guessing without telling anything. */
const signInBudget: Budget = { capacity: 20, per: minutes(1) }

/** Keys of the limiter may live in a shared store, where addresses have no business; and this one is short whatever was given. */
const fingerprint = (email: string): string => createHash('sha256').update(email).digest('base64url')

const guestBecameUser = (guestId: string, userId: string): GuestBecameUser => ({
  type: 'GuestBecameUser',
  payload: { guestId, userId },
})

/** How visitors become guests and users. */
export const makeSigning = ({ accounts, accountService, sessions, passwords, limiter, ids }: SigningDeps) => {
  /**
   * A guest's session is absorbed: the new one names the guest, the fact goes out with it in one commit, and the guest's own
   * session ends, so that whoever else holds its tokens does not reach what is the user's now.
   */
  const startFor = async (viewer: Viewer, account: PublicAccount): Promise<SignedIn> => {
    const guest = viewer.kind === 'guest' ? viewer : null
    const subject = { kind: 'user', accountId: account._id, absorbedGuestId: guest?.id ?? null } as const
    const signedIn = await sessions.start(subject, account, guest ? [guestBecameUser(guest.id, account._id)] : [])
    if (guest) await sessions.end(guest.sessionId)
    return signedIn
  }

  const mayTry = async (email: string): Promise<void> => {
    const { allowed } = await limiter.take(`sign-in:${fingerprint(email)}`, signInBudget)
    if (!allowed) throw new ShopError('RATE_LIMITED', 'Too many sign-ins for this address; try again in a minute.')
  }

  return {
    continueAsGuest: (): Promise<SignedIn> => sessions.start({ kind: 'guest', guestId: ids.next('gst') }, null, []),

    /** @throws ShopError BAD_USER_INPUT, PASSWORD_TOO_WEAK, EMAIL_TAKEN, RATE_LIMITED. */
    signUp: async (
      viewer: Viewer,
      input: { readonly email: string; readonly password: string; readonly name: string },
    ): Promise<SignedIn> =>
      startFor(viewer, await accountService.register({ ...input, roles: ['BUYER'], shopName: null })),

    /** @throws ShopError INVALID_CREDENTIALS after equal work whether or not the account exists, RATE_LIMITED. */
    signIn: async (viewer: Viewer, input: { readonly email: string; readonly password: string }): Promise<SignedIn> => {
      const email = normaliseEmail(input.email)
      await mayTry(email)
      const password = normalisePassword(input.password)
      const account = await accounts.byEmail(email)
      const fits = isPossiblePassword(password) && (await passwords.verify(account?.passwordHash ?? null, password))
      if (!account || !fits) throw new ShopError('INVALID_CREDENTIALS', 'The e-mail address or the password is wrong.')
      return startFor(viewer, account)
    },
  }
}

export type Signing = ReturnType<typeof makeSigning>
