import { expect, test } from 'vitest'
import { refuseEarly } from './guard.ts'

test.each([
  'subscription { cartUpdated @include(if: true) { seq } }',
  'subscription ($x: Boolean!) { cartUpdated @skip(if: $x) { seq } }',
  'query A { viewer { id } } subscription B { ...F @include(if: false) } fragment F on Subscription { cartUpdated { seq } }',
])('given %s, when it comes in, then it is refused as a bad request', (text) => {
  expect(refuseEarly(text)).toMatchObject({ extensions: { code: 'BAD_REQUEST' } })
})

test.each([
  'subscription { cartUpdated { seq @include(if: true) } }',
  'query ($x: Boolean!) { subscription: viewer @include(if: $x) { id } }',
  'subscription { broken @',
  '{ viewer { id } }',
  undefined,
])('given %s, when it comes in, then it goes on', (text) => {
  expect(refuseEarly(text)).toBeNull()
})
