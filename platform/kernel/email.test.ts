import fc from 'fast-check'
import { expect, test } from 'vitest'
import { normaliseEmail } from './email.ts'

test.each([
  ['  Ada@Example.COM ', 'ada@example.com'],
  ['ÄNNE@bücher.example', 'änne@bücher.example'],
  ['A\u0308nne@example.org', 'änne@example.org'],
])('given %j, when normalised, then it is %j', (given, normalised) => {
  expect(normaliseEmail(given)).toBe(normalised)
})

test('given any address, when normalised twice, then nothing changes any more', () => {
  fc.assert(fc.property(fc.emailAddress(), (email) => normaliseEmail(normaliseEmail(email)) === normaliseEmail(email)))
})
