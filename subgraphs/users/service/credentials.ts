import { refuseIfAny, ShopError } from '#kernel/errors.ts'
import { actDone } from '#platform/audit.ts'
import type { User } from '#platform/auth.ts'
import type { Asker } from '#platform/context.ts'
import { endSessions } from '../domain/account.ts'
import { isPossiblePassword, normalisePassword, passwordProblems } from '../domain/password.ts'
import type { AccountModel } from '../model/accounts.ts'
import type { Passwords } from '../passwords.ts'
import { mailRequested } from './mails.ts'
import type { Sessions } from './sessions.ts'
import type { Throttling } from './throttling.ts'

export interface CredentialDeps {
  readonly accounts: AccountModel
  readonly passwords: Passwords
  readonly sessions: Pick<Sessions, 'endOthers'>
  readonly throttling: Pick<Throttling, 'confirm'>
}

/** How passwords change. */
export const makeCredentials = ({ accounts, passwords, sessions, throttling }: CredentialDeps) => {
  /** Whether it is the password of the account. @throws ShopError INVALID_CREDENTIALS naming `field`, RATE_LIMITED. */
  const confirm = async (id: string, given: string, field: readonly string[]) => {
    const account = await accounts.store.get(id)
    const password = normalisePassword(given)
    const fits = await throttling.confirm(
      id,
      async () => isPossiblePassword(password) && (await passwords.verify(account?.passwordHash ?? null, password)),
    )
    if (!account || !fits) throw new ShopError('INVALID_CREDENTIALS', 'The password is wrong.', field)
    return account
  }

  return {
    confirm,

    /**
     * A new password; every other session of the account ends in the same write.
     * @throws ShopError INVALID_CREDENTIALS, PASSWORD_TOO_WEAK, each naming its field; CONFLICT when it changed meanwhile.
     */
    changePassword: async (
      asker: Asker,
      viewer: User,
      input: { readonly currentPassword: string; readonly newPassword: string },
    ): Promise<void> => {
      const known = await confirm(viewer.id, input.currentPassword, ['input', 'currentPassword'])
      const password = normalisePassword(input.newPassword)
      refuseIfAny(passwordProblems(password, known, ['input', 'newPassword']))
      const passwordHash = await passwords.hash(password)
      await accounts.store.update(viewer.id, (account) => {
        // Two changes at once: the second was confirmed with a password that is no longer the account's.
        if (account.passwordHash !== known.passwordHash)
          throw new ShopError('CONFLICT', 'The password has just been changed; try again.')
        return {
          state: { ...endSessions(account, viewer.sessionId), passwordHash },
          events: [actDone(asker, 'PASSWORD_CHANGED', viewer.id), mailRequested(viewer.id, 'PASSWORD_CHANGED')],
        }
      })
      await sessions.endOthers(viewer.id, viewer.sessionId)
    },
  }
}

export type Credentials = ReturnType<typeof makeCredentials>
