import { expect, test } from 'vitest'
import { makeManualClock } from '#kernel/time.ts'
import { patience, within } from './deadline.ts'

const start = (remaining: number) => {
  const clock = makeManualClock()
  const left = new AbortController()
  return { clock, left, deadline: { clock, endsAt: clock.now() + remaining, signal: left.signal } }
}

test('given a deadline, then what is done before it may take what is left of it, and nothing is begun after it', async () => {
  const { clock, deadline } = start(3_000)
  await within(deadline, async () => {
    expect(patience(2_000)).toBe(2_000)
    clock.advance(2_500)
    await Promise.resolve()
    expect(patience(2_000)).toBe(500)
    clock.advance(500)
    expect(() => patience(2_000)).toThrow('The time for this request is over')
  })
  expect(patience(2_000)).toBe(2_000)
})

test('given that nobody waits any more, then nothing more is begun', () => {
  const { left, deadline } = start(3_000)
  within(deadline, () => {
    left.abort()
    expect(() => patience(2_000)).toThrow('The time for this request is over')
  })
})

test('given work that goes on to its end, then the deadline around it does not count', () => {
  const { clock, deadline } = start(10)
  clock.advance(10)
  within(deadline, () => within(null, () => expect(patience(2_000)).toBe(2_000)))
})
