import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { makeRefreshTokens } from './refreshTokens.ts'

const make = (secret = 'a secret of the server') => makeRefreshTokens({ secret, random: randomBytes })
const read = (tokens: ReturnType<typeof make>, token: string) => tokens.read(token)!

describe('refresh tokens', () => {
  it('given a new family, when its token is read, then the hashes agree and nothing stored contains the token', () => {
    const tokens = make()
    const { token, ...stored } = tokens.begin()
    expect(read(tokens, token)).toMatchObject({
      familyHash: stored.familyHash,
      presented: { tokenHash: stored.tokenHash },
    })
    for (const part of token.split('.')) expect(JSON.stringify(stored)).not.toContain(part)
  })

  it('given two families, then they share nothing', () => {
    const [a, b] = [make().begin(), make().begin()]
    expect(new Set([a.token, a.familyHash, a.tokenHash, b.token, b.familyHash, b.tokenHash]).size).toBe(6)
  })

  it('C14: given one token, when read by any instance with the same secret, then the successor is the same', () => {
    const { token } = make().begin()
    expect(new Set(Array.from({ length: 50 }, () => read(make(), token).successor)).size).toBe(1)
  })

  it('given a chain of successors, then each hash is what its parent announced, all of one family', () => {
    const tokens = make()
    const first = tokens.begin()
    const second = read(tokens, first.token)
    const third = read(tokens, second.successor)
    expect(third.presented.tokenHash).toBe(second.presented.successorHash)
    expect(third.familyHash).toBe(first.familyHash)
    expect(new Set([first.token, second.successor, third.successor]).size).toBe(3)
  })

  it('given another secret, then the successor is another: holding a token does not give the next one', () => {
    const { token } = make().begin()
    expect(read(make('another secret'), token).successor).not.toBe(read(make(), token).successor)
  })

  it.each([
    '',
    'x',
    `${'a'.repeat(22)}.${'b'.repeat(42)}`,
    `${'a'.repeat(22)}.${'b'.repeat(43)}\n`,
    `${'a'.repeat(22)} ${'b'.repeat(43)}`,
    '{"$ne":null}',
    'x'.repeat(1e6),
  ])('given a text that is no token, when read, then null', (text) => expect(make().read(text)).toBeNull())
})
