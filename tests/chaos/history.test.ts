import { expect, test } from 'vitest'
import { atRest } from '../../commands/verify/testing.ts'
import { contradictions, type Operation } from './history.ts'

const asked = (fields: Partial<Operation>): Operation => ({
  what: 'place',
  key: 'key-1',
  beganAt: 0,
  tookMs: 10,
  outcome: 'ok',
  order: 'ord_1',
  told: 'CONFIRMED',
  ...fields,
})

const good: readonly Operation[] = [
  asked({ outcome: 'unknown', order: null, told: 'no answer' }),
  asked({}),
  asked({ key: 'key-3', order: 'ord_3' }),
  asked({ key: 'key-3', order: 'ord_3', what: 'cancel', told: 'CANCELED' }),
  asked({ key: 'key-9', order: null, outcome: 'fail', told: 'OUT_OF_STOCK' }),
]

test('given a history that fits what there is, then nothing is wrong; an unknown outcome may be either', () => {
  expect(contradictions(good, atRest)).toEqual([])
})

test.each([
  ['an order was told that does not exist (I13)', asked({ key: 'key-8', order: 'ord_8' }), 'I13 place key-8: ord_8'],
  ['a confirmed order is not paid (I13)', asked({ key: 'key-2', order: 'ord_2' }), 'I13 place key-2: told CONFIRMED'],
  ['an order was canceled that nobody canceled (I13)', asked({ key: 'key-7', order: 'ord_3' }), 'nobody canceled it'],
  ['a cancellation was told and is gone (I13)', asked({ what: 'cancel', told: 'CANCELED' }), 'told CANCELED, is paid'],
  ['one key was answered with two orders (I14)', asked({ order: 'ord_3', told: 'AWAITING_PAYMENT' }), 'I14 key-1'],
])('given %s, then it is found', (_, operation, sentence) => {
  const found = contradictions([...good, operation], atRest)
  expect(found.length).toBeGreaterThan(0)
  expect(found.join('\n')).toContain(sentence)
})
