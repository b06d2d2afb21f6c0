import { type Problem, ShopError } from '#kernel/errors.ts'
import type { Millis } from '#kernel/time.ts'
import type { SavedAddress } from './addressBook.ts'
import type { MailToken } from './mailToken.ts'
import type { Preferences } from './preferences.ts'

/** What an account may do beyond buying; the order is the one in which roles are stored and shown. */
export const roles = ['BUYER', 'SELLER', 'SUPPORT', 'ADMIN'] as const
export type Role = (typeof roles)[number]

export interface Account {
  readonly _id: string
  readonly v: number
  /** Normalised: see `normaliseEmail`. */
  readonly email: string
  /** PHC string of argon2id. */
  readonly passwordHash: string
  readonly name: string
  readonly roles: readonly Role[]
  /** The name buyers see; null unless the account sells. */
  readonly shopName: string | null
  readonly createdAt: Millis
  /** Rises when all sessions must end: sessions of an older version do not stand, except the kept one. */
  readonly tokenVersion?: number
  readonly keptSession?: string
  /** When its owner proved to receive mail at the address. */
  readonly emailVerifiedAt?: Millis
  readonly addresses?: readonly SavedAddress[]
  readonly preferences?: Preferences
  /** Tokens that went out in mails and were not used. */
  readonly tokens?: readonly MailToken[]
  /** When an administrator shut the account; absent otherwise. */
  readonly bannedAt?: Millis
  /** When its owner closed it: nothing personal is left. */
  readonly closedAt?: Millis
}

/** Whether the account may be used at all. */
export const isOpen = ({ bannedAt, closedAt }: Pick<Account, 'bannedAt' | 'closedAt'>): boolean =>
  bannedAt === undefined && closedAt === undefined

/** How many times all sessions of the account were ended. */
export const tokenVersionOf = ({ tokenVersion }: Pick<Account, 'tokenVersion'>): number => tokenVersion ?? 0

/** Ends all sessions of the account in one write, whatever else is signing in meanwhile; `kept` stays. */
export const endSessions = (account: Account, kept?: string): Account => ({
  ...account,
  tokenVersion: tokenVersionOf(account) + 1,
  keptSession: kept,
})

/** Whether the account lets this session stand. */
export const admits = (
  account: Pick<Account, 'bannedAt' | 'closedAt' | 'tokenVersion' | 'keptSession'>,
  session: { readonly _id: string; readonly tokenVersion: number },
): boolean =>
  isOpen(account) && (session.tokenVersion === tokenVersionOf(account) || session._id === account.keptSession)

/** What the owner of an account, or the seed, says about it. */
export interface AccountProfile {
  readonly email: string
  readonly name: string
  readonly roles: readonly Role[]
  readonly shopName: string | null
}

const maxNameLength = 200

const isName = (text: string): boolean => text.length >= 1 && text.length <= maxNameLength && !/\p{Cc}/u.test(text)

export const normaliseName = (text: string): string => text.trim().normalize('NFC')

/** What is wrong with a normalised name of a person or a shop: BAD_USER_INPUT naming `field` (its last part is the name told), or nothing. */
export const nameProblems = (name: string, field: readonly string[]): Problem[] =>
  isName(name)
    ? []
    : [
        {
          code: 'BAD_USER_INPUT',
          message: `"${field.at(-1)}" must have 1 to ${maxNameLength} characters and no control characters.`,
          field,
        },
      ]

/** Whether the account sells: only then it is a `Seller` that buyers can see. */
export const isSeller = (account: Pick<Account, 'roles' | 'shopName'>): boolean =>
  account.roles.includes('SELLER') && account.shopName !== null

/** Each role once, in the declared order; everybody buys. */
export const orderedRoles = (given: readonly Role[]): Role[] =>
  roles.filter((role) => role === 'BUYER' || given.includes(role))

/**
 * A new account. The profile has been checked before.
 * @throws ShopError BAD_USER_INPUT when it would sell without a shop name: buyers could not tell who sells.
 */
export const openAccount = (profile: AccountProfile & Pick<Account, '_id' | 'passwordHash'>, now: Millis): Account => {
  if (profile.roles.includes('SELLER') && profile.shopName === null)
    throw new ShopError('BAD_USER_INPUT', 'A seller needs a "shopName".', ['input', 'shopName'])
  return { ...profile, v: 1, roles: orderedRoles(profile.roles), createdAt: now }
}
