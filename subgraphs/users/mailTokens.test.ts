import { expect, test } from 'vitest'
import { systemRandom } from '#platform/random.ts'
import { makeMailTokens } from './mailTokens.ts'

const make = (secret = 'a secret') => makeMailTokens({ secret, random: systemRandom })

test('given a token, when read, then its id and hash are those that were kept; the secret part is not', () => {
  const tokens = make()
  const id = tokens.newId()
  const token = tokens.tokenOf('usr_1', 'RESET_PASSWORD', id)
  const kept = tokens.make('usr_1', 'RESET_PASSWORD', id)
  expect(tokens.read(token)).toEqual({ id, hash: kept.hash })
  expect(token).toMatch(/^[\w-]{22}\.[\w-]{43}$/)
  expect(JSON.stringify(kept)).not.toContain(token.slice(23))
})

test('given another account, purpose, id or secret, then the token is another one', () => {
  const tokens = make()
  const all = [
    tokens.tokenOf('usr_1', 'RESET_PASSWORD', 'a'),
    tokens.tokenOf('usr_2', 'RESET_PASSWORD', 'a'),
    tokens.tokenOf('usr_1', 'VERIFY_EMAIL', 'a'),
    tokens.tokenOf('usr_1', 'RESET_PASSWORD', 'b'),
    make('another').tokenOf('usr_1', 'RESET_PASSWORD', 'a'),
  ]
  expect(new Set(all.map((token) => token.split('.')[1])).size).toBe(5)
})

test.each([
  '',
  'x',
  `${'a'.repeat(22)}.`,
  `${'a'.repeat(22)}.${'b'.repeat(44)}`,
  `${'é'.repeat(22)}.${'b'.repeat(43)}`,
])('given %j, then it is no token', (text) => {
  expect(make().read(text)).toBeNull()
})
