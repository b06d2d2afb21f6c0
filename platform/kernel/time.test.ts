import { expect, test } from 'vitest'
import { days, hours, makeManualClock, minutes, seconds, systemClock } from './time.ts'

test('given a manual clock, when nobody moves it, then it stands still (R14)', () => {
  const clock = makeManualClock(1_000)
  expect([clock.now(), clock.now()]).toEqual([1_000, 1_000])
  clock.advance(seconds(2))
  expect(clock.now()).toBe(3_000)
})

test('given the units of time, when they are added up, then a day has 86,400,000 milliseconds', () => {
  expect(hours(23) + minutes(59) + seconds(60)).toBe(days(1))
  expect(days(1)).toBe(86_400_000)
})

test('given the system clock, when it is read, then it is the time of the machine', () => {
  const before = Date.now()
  const now = systemClock.now()
  expect(now >= before && now <= Date.now()).toBe(true)
})
