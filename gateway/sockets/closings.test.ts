import { expect, test } from 'vitest'
import { closings, idInUse } from './closings.ts'

test('given every reason, then it fits into a close frame (RFC 6455 5.5)', () => {
  for (const { reason } of [...Object.values(closings), idInUse('x'.repeat(128)), idInUse('é'.repeat(128))])
    expect(Buffer.byteLength(reason)).toBeLessThanOrEqual(123)
})

test('given the reasons that pass by themselves or with a new token, then the stock client comes back after them', () => {
  // What createClient of graphql-ws takes for fatal: these codes, and those below 2000 but a few.
  const fatal = [4500, 4005, 4400, 4004, 4401, 4406, 4409, 4429]
  const passing = [1000, 1001, 1005, 1006, 1012, 1013, 1014]
  const comesBack = ({ code }: { code: number }) => (code < 2_000 ? passing.includes(code) : !fatal.includes(code))
  expect(Object.keys(closings).filter((name) => comesBack(closings[name as keyof typeof closings]))).toEqual([
    'restarting',
    'reloaded',
    'lifeOver',
    'tooSlow',
    'tooManySockets',
    'unavailable',
    'tokenRefused',
    'tokenExpired',
    'sessionEnded',
    'rolesChanged',
    'noInit',
  ])
})
