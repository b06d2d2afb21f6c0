import { describe, expect, it } from 'vitest'
import { hours, minutes } from '#kernel/time.ts'
import { type Account, openAccount } from './account.ts'
import { addToken, liveToken, type TokenPurpose, useTokens, works } from './mailToken.ts'

const start = Date.UTC(2026, 10, 22)

const account: Account = openAccount(
  { _id: 'usr_1', email: 'ada@example.org', name: 'Ada', roles: [], shopName: null, passwordHash: 'h' },
  start,
)

const token = (id: string, purpose: TokenPurpose = 'RESET_PASSWORD') => ({ id, purpose, hash: `hash of ${id}` })

describe('tokens from mails', () => {
  it('given a token, when shown before it expires, then it works, for its purpose and with its secret only', () => {
    const given = addToken(account, token('a'), start)
    expect(works(given, token('a'), start + minutes(10) - 1)).toBe(true)
    expect(works(given, token('a'), start + minutes(10))).toBe(false)
    expect(works(given, token('a', 'VERIFY_EMAIL'), start)).toBe(false)
    expect(works(given, { ...token('a'), hash: 'hash of b' }, start)).toBe(false)
    expect(works(account, token('a'), start)).toBe(false)
    const toVerify = addToken(account, token('v', 'VERIFY_EMAIL'), start)
    expect(works(toVerify, token('v', 'VERIFY_EMAIL'), start + hours(24) - 1)).toBe(true)
    expect(liveToken(toVerify, 'v', start + hours(24))).toBeNull()
  })

  it('given a used token, then it and its siblings work no more, those of the other purpose still do', () => {
    const all = [token('a'), token('b'), token('v', 'VERIFY_EMAIL')].reduce(
      (to, made) => addToken(to, made, start),
      account,
    )
    const used = useTokens(all, 'RESET_PASSWORD')
    expect(used.tokens?.map(({ id }) => id)).toEqual(['v'])
  })

  it('given many requests, then the three youngest of a purpose stay, expired ones go, and the same one again changes nothing', () => {
    const ids = ['a', 'b', 'c', 'd', 'e']
    const many = ids.reduce(
      (to, id, n) => addToken(to, token(id), start + n),
      addToken(account, token('v', 'VERIFY_EMAIL'), start),
    )
    expect(many.tokens?.map(({ id }) => id)).toEqual(['v', 'c', 'd', 'e'])
    expect(addToken(many, token('d'), start + 9)).toBe(many)
    expect(addToken(many, token('f'), start + hours(1)).tokens?.map(({ id }) => id)).toEqual(['v', 'f'])
  })
})
