import type { Action } from '#kernel/act.ts'
import { normaliseEmail } from '#kernel/email.ts'
import { ShopError } from '#kernel/errors.ts'
import type { Clock } from '#kernel/time.ts'
import { actDone } from '#platform/audit.ts'
import type { User } from '#platform/auth.ts'
import type { Asker } from '#platform/context.ts'
import type { Account, Role } from '../domain/account.ts'
import { ban, grantRole, revokeRole, unban } from '../domain/standing.ts'
import type { AccountModel, PublicAccount } from '../model/accounts.ts'
import type { Sessions } from './sessions.ts'

export interface AdministrationDeps {
  readonly accounts: AccountModel
  readonly sessions: Pick<Sessions, 'endOthers'>
  readonly clock: Clock
}

/** What administrators do with the accounts of others. */
export const makeAdministration = ({ accounts, sessions, clock }: AdministrationDeps) => {
  /** One write for the change and its entry in the audit log; no change, no entry. */
  const change = async (asker: Asker, id: string, action: Action, decide: (account: Account) => Account) => {
    await accounts.store.update(id, (account) => {
      const state = decide(account)
      return state === account ? null : { state, events: [actDone(asker, action, id)] }
    })
  }

  const find = async (id: string): Promise<PublicAccount> => {
    const [account] = await accounts.byIds([id])
    if (!account) throw new ShopError('NOT_FOUND', 'There is no such account.', ['input', 'id'])
    return account
  }

  /** Whoever shuts out the last administrator needs somebody at the machine. */
  const notOneself = (viewer: User, id: string): void => {
    if (viewer.id === id)
      throw new ShopError('ILLEGAL_STATE', 'An administrator does this for others only.', ['input', 'id'])
  }

  return {
    /** The account with this id or address; null when there is none, or its owner has closed it. */
    account: async ({ id, email }: { readonly id?: string | null; readonly email?: string | null }) => {
      if ((id == null) === (email == null))
        throw new ShopError('BAD_USER_INPUT', 'Exactly one of "id" and "email" is needed.', ['id'])
      const found = id == null ? await accounts.byEmail(normaliseEmail(email ?? '')) : (await accounts.byIds([id]))[0]
      return found && found.closedAt === undefined ? found : null
    },

    /** Shuts the account: its sessions end at once. @throws ShopError NOT_FOUND, ILLEGAL_STATE */
    ban: async (asker: Asker, viewer: User, id: string): Promise<PublicAccount> => {
      notOneself(viewer, id)
      await change(asker, id, 'ACCOUNT_BANNED', (account) => ban(account, clock.now()))
      await sessions.endOthers(id, null)
      return find(id)
    },

    /** @throws ShopError NOT_FOUND */
    unban: async (asker: Asker, id: string): Promise<PublicAccount> => {
      await change(asker, id, 'ACCOUNT_UNBANNED', unban)
      return find(id)
    },

    /** @throws ShopError NOT_FOUND, ILLEGAL_STATE */
    grantRole: async (asker: Asker, id: string, role: Role): Promise<PublicAccount> => {
      await change(asker, id, 'ROLE_GRANTED', (account) => grantRole(account, role))
      return find(id)
    },

    /** @throws ShopError NOT_FOUND, ILLEGAL_STATE */
    revokeRole: async (asker: Asker, viewer: User, id: string, role: Role): Promise<PublicAccount> => {
      notOneself(viewer, id)
      await change(asker, id, 'ROLE_REVOKED', (account) => revokeRole(account, role))
      return find(id)
    },

    /** The first administrator, named by whoever sits at the machine. @throws ShopError NOT_FOUND */
    makeAdmin: async (asker: Asker, email: string): Promise<string> => {
      const account = await accounts.byEmail(normaliseEmail(email))
      if (!account)
        throw new ShopError('NOT_FOUND', 'There is no account with this address: sign up first.', ['input', 'email'])
      await change(asker, account._id, 'ROLE_GRANTED', (state) => grantRole(state, 'ADMIN'))
      return account._id
    },
  }
}

export type Administration = ReturnType<typeof makeAdministration>
