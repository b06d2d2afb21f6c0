import type { Act } from '#kernel/act.ts'
import { normaliseEmail } from '#kernel/email.ts'
import { refuseIfAny } from '#kernel/errors.ts'
import type { Ids } from '#kernel/id.ts'
import { type Clock, days } from '#kernel/time.ts'
import { actDone, actOf } from '#platform/audit.ts'
import type { User } from '#platform/auth.ts'
import type { Asker } from '#platform/context.ts'
import type { NewEvent, PendingEvent } from '#platform/store.ts'
import { type Account, endSessions, isOpen } from '../domain/account.ts'
import { emailProblems } from '../domain/email.ts'
import { addToken, liveToken, type TokenPurpose, useTokens, works } from '../domain/mailToken.ts'
import { normalisePassword, passwordProblems } from '../domain/password.ts'
import type { EmailVerified, PasswordResetRequested } from '../events.ts'
import type { MailTokens } from '../mailTokens.ts'
import type { AccountModel } from '../model/accounts.ts'
import type { ResetRequestModel } from '../model/resetRequests.ts'
import type { SessionModel } from '../model/sessions.ts'
import type { SignUpModel } from '../model/signUps.ts'
import type { Passwords } from '../passwords.ts'
import type { Guesses } from './guesses.ts'
import { invalidToken, mailRequested } from './mails.ts'
import type { Sessions } from './sessions.ts'
import type { Throttling } from './throttling.ts'

export interface MailboxDeps {
  readonly accounts: AccountModel
  readonly resetRequests: ResetRequestModel
  readonly sessionModel: Pick<SessionModel, 'guestsAbsorbedBy'>
  readonly signUps: Pick<SignUpModel, 'get'>
  readonly passwords: Passwords
  readonly mailTokens: MailTokens
  readonly sessions: Pick<Sessions, 'endOthers'>
  readonly throttling: Pick<Throttling, 'mail' | 'mailToken' | 'reset'>
  readonly guesses: Pick<Guesses, 'forget'>
  readonly clock: Clock
  readonly ids: Ids
}

/** What a mail needs to know about whom it goes to. */
export interface Mailing {
  readonly to: string
  readonly name: string
  readonly token: string | null
}

/** What the holder of a mailbox may do: prove it, and set a new password. */
export const makeMailboxes = (deps: MailboxDeps) => {
  const {
    accounts,
    resetRequests,
    sessionModel,
    signUps,
    passwords,
    mailTokens,
    sessions,
    throttling,
    guesses,
    clock,
    ids,
  } = deps

  const verified = (account: Account): { state: Account; events: NewEvent[] } => {
    if (account.emailVerifiedAt !== undefined) return { state: account, events: [] }
    const event: EmailVerified = { type: 'EmailVerified', payload: { accountId: account._id } }
    return { state: { ...account, emailVerifiedAt: clock.now() }, events: [event] }
  }

  /** The account that a token belongs to, and how to see whether it still works at the moment of the write. */
  const findByToken = async (token: string, purpose: TokenPurpose) => {
    const read = mailTokens.read(token)
    const account = read && (await accounts.byTokenId(read.id))
    const check = (state: Account): void => {
      if (!read || !isOpen(state) || !works(state, { ...read, purpose }, clock.now())) throw invalidToken()
    }
    if (!account) throw invalidToken()
    check(account)
    return { account, check }
  }

  /** Somebody whose account waits for the answer to the mail. */
  const waiting = async (id: string) => {
    const signUp = await signUps.get(id)
    return signUp?.token
      ? { email: signUp.email, name: signUp.name, tokens: [signUp.token], closedAt: undefined }
      : null
  }

  return {
    /**
     * Writes the request down, whatever the address; whether there is an account is looked up later, so that neither the answer
     * nor the time it takes tells (threat: enumeration). @throws ShopError BAD_USER_INPUT, RATE_LIMITED
     */
    requestPasswordReset: async (asker: Asker, given: string): Promise<void> => {
      const email = normaliseEmail(given)
      refuseIfAny(emailProblems(email, ['input', 'email']))
      await throttling.mail(email, asker.client)
      const requested: PasswordResetRequested = {
        type: 'PasswordResetRequested',
        payload: { ...actOf(asker, 'PASSWORD_RESET_REQUESTED', null) },
      }
      const expireAt = new Date(clock.now() + days(1))
      await resetRequests.insert({ _id: ids.next('req'), v: 1, email, expireAt }, [requested])
    },

    /** Gives the account of a request its token and asks for the mail. The same request again changes nothing. */
    issueResetToken: async ({ aggregateId, payload }: PendingEvent): Promise<void> => {
      const request = await resetRequests.get(aggregateId)
      if (!request) return
      const account = await accounts.byEmail(request.email)
      if (account && isOpen(account)) {
        const token = mailTokens.make(account._id, 'RESET_PASSWORD', mailTokens.idFor(request._id))
        await accounts.store.update(account._id, (state) => {
          const next = addToken(state, token, clock.now())
          const act = { ...(payload as unknown as Act), target: state._id }
          const events = [{ type: 'ActDone', payload: act }, mailRequested(state._id, 'PASSWORD_RESET', token.id)]
          return next === state ? null : { state: next, events }
        })
      }
      await resetRequests.remove(request._id)
    },

    /**
     * Sets a new password with a token from a mail and ends every session. Who got the mail has proved the address.
     * @throws ShopError TOKEN_INVALID, PASSWORD_TOO_WEAK
     */
    resetPassword: async (
      asker: Asker,
      input: { readonly token: string; readonly newPassword: string },
    ): Promise<void> => {
      await throttling.mailToken(asker.client)
      const { account, check } = await findByToken(input.token, 'RESET_PASSWORD')
      const password = normalisePassword(input.newPassword)
      refuseIfAny(passwordProblems(password, account, ['input', 'newPassword']))
      const passwordHash = await passwords.hash(password)
      await accounts.store.update(account._id, (state) => {
        check(state)
        const { state: proved, events } = verified(useTokens(endSessions(state), 'RESET_PASSWORD'))
        return {
          state: { ...proved, passwordHash },
          events: [
            ...events,
            actDone(asker, 'PASSWORD_RESET', state._id),
            mailRequested(state._id, 'PASSWORD_CHANGED'),
          ],
        }
      })
      await sessions.endOthers(account._id, null)
      await throttling.reset(account.email)
      await guesses.forget(account._id)
    },

    /** Asks for another mail that proves the address; nothing happens when it is proved already. */
    requestEmailVerification: async (asker: Asker, viewer: User): Promise<void> => {
      await throttling.mail(viewer.id, asker.client)
      await accounts.store.update(viewer.id, (state) => {
        if (state.emailVerifiedAt !== undefined || !isOpen(state)) return null
        const token = mailTokens.make(state._id, 'VERIFY_EMAIL', mailTokens.idFor(`${state._id} ${state.v}`))
        const events = [mailRequested(state._id, 'VERIFY_EMAIL', token.id)]
        return { state: addToken(state, token, clock.now()), events }
      })
    },

    /** @throws ShopError TOKEN_INVALID */
    proveAddress: async (asker: Asker, token: string): Promise<void> => {
      const { account, check } = await findByToken(token, 'VERIFY_EMAIL')
      await accounts.store.update(account._id, (state) => {
        check(state)
        const { state: proved, events } = verified(useTokens(state, 'VERIFY_EMAIL'))
        return { state: proved, events: [...events, actDone(asker, 'EMAIL_VERIFIED', state._id)] }
      })
    },

    /** What the account may claim of what was ordered by guests; null unless its owner has proved the address. */
    provedBuyer: async (accountId: string) => {
      const [account] = await accounts.byIds([accountId])
      if (!account || !isOpen(account) || account.emailVerifiedAt === undefined) return null
      return { email: account.email, guestIds: await sessionModel.guestsAbsorbedBy(accountId) }
    },

    /** What a mail needs; null when it must not go out any more: the account is closed, or its token was used or has expired. */
    mailing: async (accountId: string, tokenId: string | null): Promise<Mailing | null> => {
      const account = (await accounts.store.get(accountId)) ?? (await waiting(accountId))
      if (!account || account.closedAt !== undefined) return null
      const { email: to, name } = account
      if (tokenId === null) return { to, name, token: null }
      const token = liveToken(account, tokenId, clock.now())
      return token && { to, name, token: mailTokens.tokenOf(accountId, token.purpose, token.id) }
    },
  }
}

export type Mailboxes = ReturnType<typeof makeMailboxes>
