import { expect, test } from 'vitest'
import { judge, slopeOf } from './verdict.ts'

const minutes = Array.from({ length: 60 }, (_, index) => index / 2)
const still = minutes.map((minute) => ({
  minute,
  shopMb: 200,
  databaseMb: 100,
  heapMb: 90,
  descriptors: 40,
  timers: 12,
}))
const quick = minutes.map((minute) => ({ minute, ms: 20 }))
const calm = { looks: still, times: quick, failed: 0, skipped: 0, violations: 0 }
const broken = (given: Partial<typeof calm>): string[] =>
  judge({ ...calm, ...given }, 5)
    .filter(({ holds }) => holds === false)
    .map(({ what }) => what)

test('given points on a line, then its slope is found', () => {
  expect(
    slopeOf([
      [0, 1],
      [1, 3],
      [2, 5],
    ]),
  ).toBe(2)
  expect(slopeOf([[1, 1]])).toBe(0)
})

test('given a shop that stays as it is, then every bar of L7 holds; one that grows only while it settles too', () => {
  expect(broken({})).toEqual([])
  const settling = still.map((look) => ({ ...look, shopMb: Math.min(200, 100 + look.minute * 20) }))
  expect(broken({ looks: settling })).toEqual([])
})

test.each([
  ['memory of the shop', { looks: still.map((look) => ({ ...look, shopMb: 200 + 1.1 * look.minute })) }],
  ['file descriptors', { looks: still.map((look) => ({ ...look, descriptors: 40 + look.minute })) }],
  ['timers', { looks: still.map((look) => ({ ...look, timers: 12 + look.minute })) }],
  ['p99 of the last third', { times: quick.map(({ minute }) => ({ minute, ms: minute > 25 ? 30 : 20 })) }],
  ['turns that failed, or were not begun', { failed: 1 }],
  ['violations of invariants', { violations: 1 }],
])('given trouble with the %s, then that line does not hold, and no other', (what, given) => {
  expect(broken(given)).toEqual([what])
})
