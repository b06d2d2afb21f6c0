import { expect, test } from 'vitest'
import { type Attempt, type Bought, floodBars } from './law.ts'

const bought = (ms: number, isGood = true): Bought => ({ ms, orderMs: ms / 2, isGood })
const attempt = (ms: number, outcome: Attempt['outcome']): Attempt => ({ ms, outcome })
const good = {
  seconds: 2,
  alone: [bought(100)],
  beside: [bought(200)],
  attempts: [attempt(700, 'tried'), attempt(50, 'refused')],
}
const missed = (flood: typeof good): string[] => floodBars(flood).flatMap(({ what, holds }) => (holds ? [] : [what]))

test('given a flood that is sent away quickly beside checkouts that are half as quick, then every bar holds', () => {
  expect(missed(good)).toEqual([])
})

test('given one thing that is not as promised, then that bar is missed and no other', () => {
  expect(missed({ ...good, beside: [bought(201)] })).toEqual(['a checkout: p99'])
  expect(missed({ ...good, beside: [bought(200, false)] })).toEqual(['checkouts that failed'])
  expect(missed({ ...good, attempts: [attempt(51, 'refused')] })).toEqual(['sent away: p99'])
  expect(missed({ ...good, attempts: [attempt(7, 'tried')] })).toEqual(['sent away: p99'])
  expect(missed({ ...good, attempts: [attempt(5, 'refused'), attempt(5, 'failed')] })).toEqual(['neither'])
})
