import { describe, expect, it } from 'vitest'
import { openAccount } from './account.ts'
import { addAddress, addressesOf, removeAddress, updateAddress } from './addressBook.ts'

const account = openAccount(
  { _id: 'usr_1', email: 'ada@example.org', name: 'Ada', roles: [], shopName: null, passwordHash: 'h' },
  0,
)
const address = { name: 'Ada', line1: ' Hauptstr. 1 ', city: 'Berlin', postalCode: '10115', countryCode: 'DE' }
const three = ['a', 'b', 'c'].reduce((to, id) => addAddress(to, id, { address }), account)
const idsOf = (of: typeof account) => addressesOf(of).map(({ id }) => id)

describe('the address book', () => {
  it('given addresses, then they stay in the order in which they came, the default one first, in stored form', () => {
    expect(idsOf(three)).toEqual(['a', 'b', 'c'])
    expect(addressesOf(three)[0]?.address).toMatchObject({ line1: 'Hauptstr. 1', line2: null })
    expect(idsOf(addAddress(three, 'd', { address, isDefault: true }))).toEqual(['d', 'a', 'b', 'c'])
    expect(idsOf(updateAddress(three, 'c', { address, isDefault: true }))).toEqual(['c', 'a', 'b'])
  })

  it('given an update, then the address changes in its place; given a removal, then it is gone', () => {
    const changed = updateAddress(three, 'b', { address: { ...address, city: 'Bonn' } })
    expect(idsOf(changed)).toEqual(['a', 'b', 'c'])
    expect(addressesOf(changed)[1]?.address.city).toBe('Bonn')
    expect(idsOf(removeAddress(three, 'b'))).toEqual(['a', 'c'])
  })

  it('given an unknown id, a bad address or a full book, then it is refused', () => {
    expect(() => updateAddress(three, 'x', { address })).toThrow('no such address')
    expect(() => removeAddress(three, 'x')).toThrow('no such address')
    expect(() => addAddress(three, 'd', { address: { ...address, countryCode: 'XX' } })).toThrow('ISO 3166')
    const full = Array.from({ length: 50 }, (_, n) => `${n}`).reduce(
      (to, id) => addAddress(to, id, { address }),
      account,
    )
    expect(() => addAddress(full, 'y', { address })).toThrow('at most 50')
  })
})
