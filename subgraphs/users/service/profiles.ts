import { refuseIfAny } from '#kernel/errors.ts'
import type { Ids } from '#kernel/id.ts'
import type { Clock } from '#kernel/time.ts'
import { actDone } from '#platform/audit.ts'
import type { User } from '#platform/auth.ts'
import type { Asker } from '#platform/context.ts'
import { type Account, nameProblems, normaliseName } from '../domain/account.ts'
import {
  addAddress,
  addressesOf,
  removeAddress,
  type SavedAddress,
  type StatedEntry,
  updateAddress,
} from '../domain/addressBook.ts'
import { preferencesOf, type StatedPreferences, setPreferences } from '../domain/preferences.ts'
import { becomeSeller, closeAccount } from '../domain/standing.ts'
import type { AccountClosed } from '../events.ts'
import type { AccountModel } from '../model/accounts.ts'
import type { SessionModel } from '../model/sessions.ts'
import type { Passwords } from '../passwords.ts'
import type { Auditing } from './auditing.ts'
import type { Credentials } from './credentials.ts'
import type { Sessions } from './sessions.ts'

export interface ProfileDeps {
  readonly accounts: AccountModel
  readonly sessionModel: Pick<SessionModel, 'guestsAbsorbedBy'>
  readonly sessions: Pick<Sessions, 'endOthers' | 'list'>
  readonly credentials: Pick<Credentials, 'confirm'>
  readonly auditing: Pick<Auditing, 'page'>
  readonly passwords: Pick<Passwords, 'unusableHash'>
  readonly clock: Clock
  readonly ids: Ids
}

/** Entries of the audit log in an export. */
const maxExportedActs = 1_000

/** What owners do with their accounts. */
export const makeProfiles = (deps: ProfileDeps) => {
  const { accounts, sessionModel, sessions, credentials, auditing, passwords, clock, ids } = deps

  const change = (viewer: User, decide: (account: Account) => Account): Promise<Account> =>
    accounts.store.update(viewer.id, (account) => {
      const state = decide(account)
      return state === account ? null : { state }
    })

  const book = async (viewer: User, decide: (account: Account) => Account): Promise<readonly SavedAddress[]> =>
    addressesOf(await change(viewer, decide))

  return {
    /** @throws ShopError BAD_USER_INPUT */
    updateProfile: async (viewer: User, given: string): Promise<void> => {
      const name = normaliseName(given)
      refuseIfAny(nameProblems(name, ['input', 'name']))
      await change(viewer, (account) => ({ ...account, name }))
    },

    /** @throws ShopError BAD_USER_INPUT, LIMIT_EXCEEDED */
    addAddress: (viewer: User, stated: StatedEntry) => {
      const id = ids.next('addr')
      return book(viewer, (account) => addAddress(account, id, stated))
    },
    /** @throws ShopError BAD_USER_INPUT, NOT_FOUND */
    updateAddress: (viewer: User, { id, ...stated }: StatedEntry & { readonly id: string }) =>
      book(viewer, (account) => updateAddress(account, id, stated)),
    /** @throws ShopError NOT_FOUND */
    removeAddress: (viewer: User, id: string) => book(viewer, (account) => removeAddress(account, id)),

    /** @throws ShopError BAD_USER_INPUT */
    setPreferences: async (viewer: User, stated: StatedPreferences): Promise<void> => {
      await change(viewer, (account) => setPreferences(account, stated))
    },

    /** @throws ShopError BAD_USER_INPUT */
    becomeSeller: async (asker: Asker, viewer: User, given: string): Promise<void> => {
      const shopName = normaliseName(given)
      refuseIfAny(nameProblems(shopName, ['input', 'shopName']))
      await accounts.store.update(viewer.id, (account) => ({
        state: becomeSeller(account, shopName),
        events: account.roles.includes('SELLER') ? [] : [actDone(asker, 'ROLE_GRANTED', viewer.id)],
      }))
    },

    /** Erases what is personal; the fact tells other subgraphs to do the same. @throws ShopError INVALID_CREDENTIALS, ILLEGAL_STATE */
    closeAccount: async (asker: Asker, viewer: User, password: string): Promise<void> => {
      await credentials.confirm(viewer.id, password, ['input', 'password'])
      const guestIds = await sessionModel.guestsAbsorbedBy(viewer.id)
      const closed: AccountClosed = { type: 'AccountClosed', payload: { accountId: viewer.id, guestIds } }
      await accounts.store.update(viewer.id, (account) => ({
        state: closeAccount(account, passwords.unusableHash, clock.now()),
        events: [closed, actDone(asker, 'ACCOUNT_CLOSED', viewer.id)],
      }))
      await sessions.endOthers(viewer.id, null)
    },

    /** Everything that this subgraph knows about the viewer, as JSON (GDPR 20). @throws ShopError INVALID_CREDENTIALS */
    exportData: async (asker: Asker, viewer: User, password: string): Promise<string> => {
      const account = await credentials.confirm(viewer.id, password, ['input', 'password'])
      await accounts.store.update(viewer.id, (state) => ({
        state: { ...state },
        events: [actDone(asker, 'DATA_EXPORTED', viewer.id)],
      }))
      const search = { before: null, action: null, actorId: viewer.id, target: null, since: null }
      const acts = await auditing.page({ ...search, first: maxExportedActs })
      const { _id: id, email, name, roles, shopName, createdAt, emailVerifiedAt } = account
      return JSON.stringify(
        {
          account: {
            id,
            email,
            name,
            roles,
            shopName,
            createdAt: asTime(createdAt),
            emailVerifiedAt: asTime(emailVerifiedAt),
          },
          addresses: addressesOf(account).map(({ address }) => address),
          preferences: preferencesOf(account),
          sessions: (await sessions.list(viewer)).map(({ device, createdAt: signedInAt, lastUsedAt }) => ({
            device,
            signedInAt: asTime(signedInAt),
            lastUsedAt: asTime(lastUsedAt),
          })),
          acts: acts.map(({ at, action, address }) => ({ at: asTime(at), action, address })),
        },
        null,
        2,
      )
    },
  }
}

const asTime = (at: number | undefined): string | null => (at === undefined ? null : new Date(at).toISOString())

export type Profiles = ReturnType<typeof makeProfiles>
