import { expect, test } from 'vitest'
import { makeAccessTokens } from './accessTokens.ts'

test('a token shows one order, under one secret, and nothing like it is accepted', () => {
  const tokens = makeAccessTokens('secret')
  const token = tokens.make('ord_1')
  expect(tokens.isValid('ord_1', token)).toBe(true)
  expect(tokens.isValid('ord_2', token)).toBe(false)
  expect(makeAccessTokens('another').isValid('ord_1', token)).toBe(false)
  for (const wrong of ['', 'x', token.slice(1), `${token}AA`, token.toLowerCase()])
    expect(tokens.isValid('ord_1', wrong)).toBe(false)
})
