import { expect, test } from 'vitest'
import { goodput, p99, secondsUntilNormal, shareGood, timesOf } from './law.ts'
import type { Answered } from './openLoop.ts'

const answer = (at: number, ms: number, outcome: Answered['outcome'] = 'good'): Answered => ({
  kind: 'browse',
  at,
  ms,
  outcome,
})

test('given answers, then what was good is counted, for all and for each kind', () => {
  const answers = [
    answer(0, 1),
    answer(1, 2, 'shed'),
    { ...answer(2, 3), kind: 'checkout' as const },
    answer(3, 4, 'failed'),
  ]
  expect(goodput(answers, 2)).toBe(1)
  expect([shareGood(answers, 'browse'), shareGood(answers, 'checkout'), shareGood(answers, 'account')]).toEqual([
    1 / 3,
    1,
    1,
  ])
  expect(timesOf(answers, 'shed')).toEqual([2])
  expect(p99([5, 1, 3])).toBe(5)
})

test('given that answers get quick again, then the second is named from which all were; and none when the last was slow', () => {
  expect(secondsUntilNormal([answer(100, 500), answer(1_100, 500), answer(2_100, 10), answer(3_100, 10)], 50)).toBe(2)
  expect(secondsUntilNormal([answer(100, 10), answer(1_100, 10, 'shed'), answer(2_100, 10)], 50)).toBe(2)
  expect(secondsUntilNormal([answer(100, 10)], 50)).toBe(0)
  expect(secondsUntilNormal([answer(100, 10), answer(1_100, 500)], 50)).toBeNull()
})
