import { describe, expect, it } from 'vitest'
import { type AccountProfile, isSeller, nameProblems, normaliseName, openAccount, type Role } from './account.ts'

const now = Date.UTC(2026, 10, 22)
const profile = (changes: Partial<AccountProfile> = {}) => ({
  _id: 'usr_1',
  passwordHash: '$argon2id$',
  email: 'ada@example.org',
  name: 'Ada',
  roles: [] as Role[],
  shopName: null,
  ...changes,
})

describe('accounts', () => {
  it('given no roles, when opened, then the account buys and does not sell', () => {
    const account = openAccount(profile(), now)
    expect(account).toMatchObject({ roles: ['BUYER'], createdAt: now })
    expect(isSeller(account)).toBe(false)
  })

  it('given roles twice and in any order, when opened, then each is kept once in the declared order', () => {
    const account = openAccount(profile({ roles: ['ADMIN', 'SELLER', 'ADMIN'], shopName: 'Looms' }), now)
    expect(account.roles).toEqual(['BUYER', 'SELLER', 'ADMIN'])
    expect(isSeller(account)).toBe(true)
  })

  it('given a seller without a shop name, when opened, then it is refused', () => {
    expect(() => openAccount(profile({ roles: ['SELLER'] }), now)).toThrow('shopName')
  })

  it('given a shop name without the role, when asked, then the account does not sell', () => {
    expect(isSeller(openAccount(profile({ shopName: 'Looms' }), now))).toBe(false)
  })

  it.each(['Ada', '\u5f20\u4f1f', "Conan O'Brien", 'x'.repeat(200)])(
    'given the name %j, then it is accepted',
    (name) => {
      expect(nameProblems(normaliseName(` ${name} `), ['input', 'name'])).toEqual([])
    },
  )

  it.each(['', '   ', 'x'.repeat(201), 'Ada\nLovelace', 'Ada\u0000'])(
    'given the name %j, then it is refused',
    (name) => {
      expect(nameProblems(normaliseName(name), ['input', 'name'])).toMatchObject([
        { code: 'BAD_USER_INPUT', field: ['input', 'name'] },
      ])
    },
  )
})
