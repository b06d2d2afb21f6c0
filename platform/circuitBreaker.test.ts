import fc from 'fast-check'
import { expect, test } from 'vitest'
import { makeManualClock, seconds } from '#kernel/time.ts'
import { type Breaker, type BreakerState, breakerNumbers, makeBreaker, type Outcome } from './circuitBreaker.ts'

const start = () => {
  const clock = makeManualClock()
  const states: BreakerState[] = []
  return { clock, states, breaker: makeBreaker({ clock, onChange: (state) => void states.push(state) }) }
}

/** Calls that end at once; how many were let through. */
const call = (breaker: Breaker, outcome: Outcome, times = 1): number => {
  let through = 0
  for (let made = 0; made < times; made += 1) {
    const tell = breaker.enter()
    if (tell) through += 1
    tell?.(outcome)
  }
  return through
}

test('given failures in a row, when the fifth comes, then it opens, and one answer in between begins anew', () => {
  const { breaker } = start()
  call(breaker, 'failed', 4)
  call(breaker, 'answered')
  expect(call(breaker, 'failed', 4)).toBe(4)
  expect(breaker.state).toBe('closed')
  expect(call(breaker, 'failed', 10)).toBe(1)
  expect(breaker.state).toBe('open')
})

test('given half of at least twenty calls that fail, then it opens; fewer calls or fewer failures are borne', () => {
  const { breaker } = start()
  for (let round = 0; round < 9; round += 1) call(breaker, 'answered') && call(breaker, 'failed')
  expect(breaker.state).toBe('closed')
  call(breaker, 'answered')
  call(breaker, 'failed')
  expect(breaker.state).toBe('open')
  const bearing = start().breaker
  for (let round = 0; round < 100; round += 1) call(bearing, 'answered', 2) && call(bearing, 'failed')
  expect(bearing.state).toBe('closed')
})

test('given failures of long ago, then they do not count any more', () => {
  const { breaker, clock } = start()
  for (let round = 0; round < 19; round += 1) call(breaker, round % 2 ? 'answered' : 'failed')
  clock.advance(breakerNumbers.window)
  call(breaker, 'failed')
  expect(breaker.state).toBe('closed')
})

test('given that it is open, when another takes the place of what failed, then it closes at once, and calls to the one before count no more (F2)', () => {
  const { breaker, clock, states } = start()
  const late = breaker.enter()
  call(breaker, 'failed', 5)
  expect(breaker.restsFor()).toBe(breakerNumbers.openFor)
  clock.advance(1_000)
  expect(breaker.restsFor()).toBe(breakerNumbers.openFor - 1_000)
  breaker.forget()
  expect([breaker.restsFor(), states]).toEqual([0, ['open', 'closed']])
  late?.('failed')
  expect(call(breaker, 'failed', 4)).toBe(4)
  expect(breaker.state).toBe('closed')
  breaker.forget()
  expect(call(breaker, 'failed', 4)).toBe(4)
  expect(breaker.state).toBe('closed')
})

test('given that it is open, when the pause is over, then two calls try, and both must be answered', () => {
  const { breaker, clock, states } = start()
  call(breaker, 'failed', 5)
  clock.advance(breakerNumbers.openFor - 1)
  expect(breaker.enter()).toBeNull()
  clock.advance(1)
  const [first, second, third] = [breaker.enter(), breaker.enter(), breaker.enter()]
  expect(third).toBeNull()
  first?.('answered')
  expect([breaker.state, breaker.enter()]).toEqual(['half-open', null])
  second?.('answered')
  expect(call(breaker, 'answered', 9)).toBe(9)
  expect(states).toEqual(['open', 'half-open', 'closed'])
})

test('given a probe that fails, then the pause begins again; one that nobody waited for gives its place back', () => {
  const { breaker, clock } = start()
  call(breaker, 'failed', 5)
  clock.advance(seconds(10))
  expect(call(breaker, 'unknown', 5)).toBe(5)
  expect(call(breaker, 'failed', 5)).toBe(1)
  clock.advance(seconds(10) - 1)
  expect(breaker.enter()).toBeNull()
  clock.advance(1)
  expect(call(breaker, 'answered', 2)).toBe(2)
  expect(breaker.state).toBe('closed')
})

test('given calls that began before it opened, when they end, then they neither close nor prolong it', () => {
  const { breaker, clock } = start()
  const old = Array.from({ length: 10 }, () => breaker.enter())
  call(breaker, 'failed', 5)
  clock.advance(seconds(9))
  for (const [index, tell] of old.entries()) tell?.(index % 2 ? 'answered' : 'failed')
  expect(breaker.state).toBe('open')
  clock.advance(seconds(1))
  expect(call(breaker, 'answered', 2)).toBe(2)
})

test('given a call whose outcome is told twice, then the first time counts', () => {
  const { breaker } = start()
  const tell = breaker.enter()
  for (let n = 0; n < 10; n++) tell?.('failed')
  expect(breaker.state).toBe('closed')
  call(breaker, 'failed', 4)
  expect(breaker.state).toBe('open')
})

test('given any course of things, then a dependency that answers again is asked again', () => {
  const steps = fc.array(fc.tuple(fc.constantFrom<Outcome>('answered', 'failed', 'unknown'), fc.nat(seconds(20))))
  fc.assert(
    fc.property(steps, (course) => {
      const { breaker, clock } = start()
      for (const [outcome, pause] of course) {
        call(breaker, outcome)
        clock.advance(pause)
      }
      clock.advance(breakerNumbers.openFor)
      call(breaker, 'answered', 2)
      expect(breaker.state).toBe('closed')
    }),
  )
})
