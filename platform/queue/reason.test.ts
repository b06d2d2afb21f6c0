import { expect, test } from 'vitest'
import { reasonOf } from './reason.ts'

test('given an error, then its reason is one short line (R13)', () => {
  expect(reasonOf(new Error('cannot be read:\n  at byte 3'))).toBe('cannot be read:   at byte 3')
  expect(reasonOf('x y '.repeat(1_000))).toHaveLength(300)
  expect(reasonOf(new TypeError())).toBe('TypeError')
  expect(reasonOf(undefined)).toBe('undefined')
})

test('given an error that quotes secrets or people, then its reason does not (threat: privacy)', () => {
  const token = 'k'.repeat(43)
  const told = reasonOf(
    new Error(`smtp://me:pass-word@mail.example refuses ada.l+x@example.org, token ${token}, card 4242 4242 4242 4242`),
  )
  for (const secret of ['pass-word', 'ada', token, '4242 4242']) expect(told).not.toContain(secret)
  expect(reasonOf(new Error('no order ord_01M81K0C59JHN6HHYFH0GAS3E1'))).toBe('no order ord_01M81K0C59JHN6HHYFH0GAS3E1')
})
