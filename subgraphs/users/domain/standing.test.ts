import { describe, expect, it } from 'vitest'
import { type Account, admits, isOpen, openAccount, tokenVersionOf } from './account.ts'
import { ban, becomeSeller, closeAccount, grantRole, revokeRole, unban } from './standing.ts'

const account: Account = openAccount(
  { _id: 'usr_1', email: 'ada@example.org', name: 'Ada', roles: [], shopName: null, passwordHash: 'h' },
  0,
)
const session = { _id: 'ses_1', tokenVersion: 0 }

describe('shutting an account', () => {
  it('given a ban, then no session stands, also after it is lifted; banning again keeps the first time', () => {
    const banned = ban(account, 5)
    expect([isOpen(banned), admits(banned, session)]).toEqual([false, false])
    expect(ban(banned, 9)).toBe(banned)
    const open = unban(banned)
    expect([isOpen(open), admits(open, session)]).toEqual([true, false])
    expect(admits(open, { _id: 'ses_2', tokenVersion: tokenVersionOf(open) })).toBe(true)
    expect(unban(account)).toBe(account)
  })
})

describe('roles', () => {
  it('given roles granted and taken away, then each is there once, in order; BUYER stays', () => {
    const both = grantRole(grantRole(account, 'ADMIN'), 'SUPPORT')
    expect(both.roles).toEqual(['BUYER', 'SUPPORT', 'ADMIN'])
    expect(grantRole(both, 'ADMIN')).toBe(both)
    expect(revokeRole(both, 'SUPPORT').roles).toEqual(['BUYER', 'ADMIN'])
    expect(revokeRole(account, 'ADMIN')).toBe(account)
    expect(() => revokeRole(account, 'BUYER')).toThrow('Everybody buys')
  })

  it('given no shop name, then SELLER is not granted; who became a seller can get it back', () => {
    expect(() => grantRole(account, 'SELLER')).toThrow('chooses the name')
    const seller = becomeSeller(account, 'Looms')
    expect(seller).toMatchObject({ shopName: 'Looms', roles: ['BUYER', 'SELLER'] })
    expect(grantRole(revokeRole(seller, 'SELLER'), 'SELLER').roles).toEqual(['BUYER', 'SELLER'])
    expect(becomeSeller(seller, 'Looms & Co').roles).toEqual(['BUYER', 'SELLER'])
  })
})

describe('closing an account', () => {
  it('given personal data, when closed, then none is left and nothing can be done with it', () => {
    const full: Account = {
      ...account,
      emailVerifiedAt: 1,
      preferences: { locale: 'de', currency: 'EUR', marketingConsent: true },
      tokens: [{ id: 't', purpose: 'VERIFY_EMAIL', hash: 'x', expiresAt: 9 }],
    }
    const closed = closeAccount(full, 'unusable', 5)
    const text = JSON.stringify(closed)
    for (const personal of ['ada', 'Ada', 'de', '"x"']) expect(text).not.toContain(`"${personal}`)
    expect(closed).toMatchObject({ _id: 'usr_1', passwordHash: 'unusable', closedAt: 5 })
    expect(admits(closed, session)).toBe(false)
    for (const change of [() => ban(closed, 6), () => unban(closed), () => grantRole(closed, 'ADMIN')])
      expect(change).toThrow('no such account')
  })

  it('given other roles than BUYER, then it is refused', () => {
    for (const other of [grantRole(account, 'ADMIN'), becomeSeller(account, 'Looms')])
      expect(() => closeAccount(other, 'unusable', 5)).toThrow('cannot be closed')
  })
})
