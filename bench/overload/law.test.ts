import { expect, test } from 'vitest'
import { goodput, oddSeconds, p99, secondsUntilNormal, shareGood, timesOf } from './law.ts'
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

test('given that answers get quick again, then the second is named from which five in a row were; and none when there are not five', () => {
  const after = (...slow: number[]) =>
    Array.from({ length: 10 }, (_, second) => answer(second * 1_000 + 100, slow.includes(second) ? 500 : 10))
  const until = (answers: readonly Answered[]) => secondsUntilNormal(answers, { normalMs: 50, seconds: 10 })
  expect([until(after()), until(after(0, 1)), until(after(1, 3, 9)), until(after(4, 9))]).toEqual([0, 2, 4, null])
  expect(until([...after(), answer(200, 10, 'shed')])).toBe(1)
  expect(oddSeconds(after(3), 50)).toEqual([{ second: 3, notGood: 0, p99: 500 }])
})
