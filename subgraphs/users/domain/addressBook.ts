import { type Address, addressProblems, type StatedAddress, toAddress } from '#kernel/address.ts'
import { refuseIfAny, ShopError } from '#kernel/errors.ts'
import type { Account } from './account.ts'

/** An address that its owner keeps for the next order. */
export interface SavedAddress {
  readonly id: string
  readonly address: Address
}

/** More than anybody sends things to, few enough to live in the account (R13). */
const maxAddresses = 50

/** An entry as its owner states it. */
export interface StatedEntry {
  readonly address: StatedAddress
  /** Whether it becomes the one that a checkout offers first. */
  readonly isDefault?: boolean | null
}

export const addressesOf = ({ addresses }: Pick<Account, 'addresses'>): readonly SavedAddress[] => addresses ?? []

/** Entries in a fixed order: the default one is the first. */
const placed = (account: Account, entry: SavedAddress, isDefault: boolean): Account => {
  const others = addressesOf(account).filter(({ id }) => id !== entry.id)
  const index = addressesOf(account).findIndex(({ id }) => id === entry.id)
  const at = isDefault ? 0 : index === -1 ? others.length : index
  return { ...account, addresses: others.toSpliced(at, 0, entry) }
}

const checked = (stated: StatedAddress): Address => {
  refuseIfAny(addressProblems(stated, ['input', 'address']))
  return toAddress(stated)
}

const known = (account: Account, id: string): void => {
  if (!addressesOf(account).some((entry) => entry.id === id))
    throw new ShopError('NOT_FOUND', 'There is no such address.', ['input', 'id'])
}

/** @throws ShopError BAD_USER_INPUT, LIMIT_EXCEEDED */
export const addAddress = (account: Account, id: string, stated: StatedEntry): Account => {
  const address = checked(stated.address)
  if (addressesOf(account).length >= maxAddresses)
    throw new ShopError('LIMIT_EXCEEDED', `An address book has at most ${maxAddresses} addresses.`)
  return placed(account, { id, address }, stated.isDefault === true)
}

/** @throws ShopError BAD_USER_INPUT, NOT_FOUND */
export const updateAddress = (account: Account, id: string, stated: StatedEntry): Account => {
  const address = checked(stated.address)
  known(account, id)
  return placed(account, { id, address }, stated.isDefault === true)
}

/** @throws ShopError NOT_FOUND */
export const removeAddress = (account: Account, id: string): Account => {
  known(account, id)
  return { ...account, addresses: addressesOf(account).filter((entry) => entry.id !== id) }
}
