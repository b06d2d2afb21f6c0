import { ShopError } from '#kernel/errors.ts'
import type { Millis } from '#kernel/time.ts'
import { type Account, endSessions, orderedRoles, type Role } from './account.ts'

const illegal = (message: string, field?: readonly string[]): ShopError =>
  new ShopError('ILLEGAL_STATE', message, field)

/** What an administrator sees of an account that its owner has closed: nothing. @throws ShopError NOT_FOUND */
const assertThere = (account: Account): void => {
  if (account.closedAt !== undefined) throw new ShopError('NOT_FOUND', 'There is no such account.', ['input', 'id'])
}

/** Shuts the account and ends its sessions; shutting it again changes nothing. @throws ShopError NOT_FOUND */
export const ban = (account: Account, now: Millis): Account => {
  assertThere(account)
  return account.bannedAt === undefined ? { ...endSessions(account), bannedAt: now } : account
}

/** @throws ShopError NOT_FOUND */
export const unban = (account: Account): Account => {
  assertThere(account)
  return account.bannedAt === undefined ? account : { ...account, bannedAt: undefined }
}

/** @throws ShopError NOT_FOUND; ILLEGAL_STATE for a seller without a shop name: buyers could not tell who sells. */
export const grantRole = (account: Account, role: Role): Account => {
  assertThere(account)
  if (account.roles.includes(role)) return account
  if (role === 'SELLER' && account.shopName === null)
    throw illegal('An account becomes a seller by itself: its owner chooses the name of the shop.', ['input', 'role'])
  return { ...account, roles: orderedRoles([...account.roles, role]) }
}

/** @throws ShopError NOT_FOUND; ILLEGAL_STATE for BUYER: everybody buys. */
export const revokeRole = (account: Account, role: Role): Account => {
  assertThere(account)
  if (role === 'BUYER') throw illegal('Everybody buys: shut the account instead.', ['input', 'role'])
  return account.roles.includes(role) ? { ...account, roles: account.roles.filter((each) => each !== role) } : account
}

/** The account sells from now on, under this name; a seller changes the name. The name has been checked before. */
export const becomeSeller = (account: Account, shopName: string): Account => ({
  ...account,
  shopName,
  roles: orderedRoles([...account.roles, 'SELLER']),
})

/**
 * Nothing personal is left; the id stays, because orders point to it, and so does the name of a shop, which products show.
 * @throws ShopError ILLEGAL_STATE while the account sells or runs the shop: somebody has to take that over first.
 */
export const closeAccount = (account: Account, unusableHash: string, now: Millis): Account => {
  if (account.roles.some((role) => role !== 'BUYER'))
    throw illegal('An account with other roles than BUYER cannot be closed; ask an administrator to take them away.')
  return {
    ...endSessions(account),
    // Unique, so that the index holds, and no address that anybody can have (RFC 2606).
    email: `${account._id.toLowerCase()}@closed.invalid`,
    name: '',
    passwordHash: unusableHash,
    closedAt: now,
    emailVerifiedAt: undefined,
    addresses: undefined,
    preferences: undefined,
    tokens: undefined,
  }
}
