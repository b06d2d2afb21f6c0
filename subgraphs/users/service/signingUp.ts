import type { Ids } from '#kernel/id.ts'
import type { Clock } from '#kernel/time.ts'
import type { Asker } from '#platform/context.ts'
import { answerSignUp, confirms, type SignUp, signUpLife } from '../domain/signUp.ts'
import type { SignUpRequested } from '../events.ts'
import type { MailTokens } from '../mailTokens.ts'
import type { AccountModel } from '../model/accounts.ts'
import type { SignUpModel } from '../model/signUps.ts'
import type { Passwords } from '../passwords.ts'
import type { Accounts } from './accounts.ts'
import type { Mailboxes } from './mailboxes.ts'
import { invalidToken, mailRequested } from './mails.ts'
import type { Sessions, SignedIn } from './sessions.ts'
import type { Signing, SignUpInput } from './signing.ts'
import type { Throttling } from './throttling.ts'

export interface SigningUpDeps {
  readonly accounts: Pick<AccountModel, 'byEmail'>
  readonly accountService: Pick<Accounts, 'check' | 'openProved'>
  readonly signUps: SignUpModel
  readonly signing: Pick<Signing, 'signUp' | 'startFor'>
  readonly sessions: Pick<Sessions, 'states'>
  readonly mailboxes: Pick<Mailboxes, 'proveAddress'>
  readonly passwords: Pick<Passwords, 'hash'>
  readonly mailTokens: MailTokens
  readonly throttling: Pick<Throttling, 'signUp' | 'mail' | 'mailToken'>
  readonly clock: Clock
  readonly ids: Ids
  /** Whether an account is made only when its address is proved, so that nobody learns whether there was one. */
  readonly confirmFirst: boolean
}

const requested: SignUpRequested = { type: 'SignUpRequested', payload: {} }

const notSignedIn = { session: null, viewer: null }

/** How accounts are asked for, and how a token from a mail makes one. */
export const makeSigningUp = (deps: SigningUpDeps) => {
  const { accounts, accountService, signUps, signing, sessions, mailboxes, passwords, mailTokens, throttling } = deps
  const { clock, ids, confirmFirst } = deps

  /**
   * Writes the sign-up down, with the work of hashing its password, whatever the address; whether there is an account is looked up
   * later, so that neither the answer nor the time it takes tells (threat: enumeration).
   */
  const writeDown = async (asker: Asker, input: SignUpInput): Promise<void> => {
    await throttling.signUp(asker.client)
    const { email, name, password } = accountService.check({ ...input, roles: ['BUYER'], shopName: null })
    await throttling.mail(email, asker.client)
    const passwordHash = await passwords.hash(password)
    const { viewer } = asker
    const guest = viewer.kind === 'guest' ? { id: viewer.id, sessionId: viewer.sessionId } : null
    const signUp = { _id: ids.next('usr'), v: 1, email, name, passwordHash, guest, isAnswered: false, token: null }
    await signUps.insert(signUp, new Date(clock.now() + signUpLife), [requested])
  }

  /** The guest who signed up comes along, unless the guest has become somebody else meanwhile. */
  const askerOf = async (asker: Asker, { guest }: SignUp): Promise<Asker> => {
    if (!guest) return asker
    const [session] = await sessions.states([guest.sessionId])
    return session?.active ? { ...asker, viewer: { kind: 'guest', ...guest } } : asker
  }

  /** @throws ShopError TOKEN_INVALID when the address has an account by now. */
  const finish = async (asker: Asker, signUp: SignUp): Promise<SignedIn> => {
    const account = await accountService.openProved(signUp)
    const signedIn = await signing.startFor(await askerOf(asker, signUp), account, 'SIGNED_UP')
    await signUps.remove(signUp._id)
    return signedIn
  }

  return {
    /** @throws ShopError BAD_USER_INPUT, PASSWORD_TOO_WEAK, RATE_LIMITED; EMAIL_TAKEN unless addresses are confirmed first. */
    signUp: async (asker: Asker, input: SignUpInput) => {
      if (!confirmFirst) return { ...(await signing.signUp(asker, input)), confirmationSent: false }
      await writeDown(asker, input)
      return { ...notSignedIn, confirmationSent: true }
    },

    /** Asks for the mail that a sign-up gets: the token, or to the owner of an account that there is one. Again: nothing changes. */
    answer: async (id: string): Promise<void> => {
      const signUp = await signUps.get(id)
      if (!signUp) return
      const account = await accounts.byEmail(signUp.email)
      const made = account ? null : mailTokens.make(id, 'VERIFY_EMAIL', mailTokens.idFor(id))
      const mail = account ? mailRequested(account._id, 'SIGN_UP_KNOWN') : mailRequested(id, 'SIGN_UP', made?.id)
      await signUps.update(id, (state) => answerSignUp(state, made, clock.now()), [mail])
    },

    /** A token from a mail proves an address, and makes the account that was asked for with it. @throws ShopError TOKEN_INVALID */
    verifyEmail: async (asker: Asker, token: string) => {
      await throttling.mailToken(asker.client)
      const shown = mailTokens.read(token)
      const signUp = shown && (await signUps.byTokenId(shown.id))
      if (!signUp) await mailboxes.proveAddress(asker, token)
      if (!signUp) return { verified: true, ...notSignedIn }
      if (!confirms(signUp, shown, clock.now())) throw invalidToken()
      return { verified: true, ...(await finish(asker, signUp)) }
    },
  }
}

export type SigningUp = ReturnType<typeof makeSigningUp>
