import { expect, test } from 'vitest'
import { makeManualClock, seconds } from '#kernel/time.ts'
import { makeCounter } from './counter.ts'
import { makeMessageRate } from './messageRate.ts'

test('a counter: given a key has its fill, then it gets no more until one is given back; other keys do', () => {
  const counter = makeCounter(2)
  expect([counter.take('a'), counter.take('a'), counter.take('a'), counter.take('b')]).toEqual([
    true,
    true,
    false,
    true,
  ])
  expect([counter.isFull('a'), counter.isFull('b')]).toEqual([true, false])
  counter.give('a')
  expect([counter.take('a'), counter.take('a')]).toEqual([true, false])
})

test('a counter: given more is given back than was taken, then nobody gains by it', () => {
  const counter = makeCounter(1)
  counter.give('a')
  expect([counter.take('a'), counter.take('a')]).toEqual([true, false])
})

test('the rate of messages: given a burst, then a minute is worth of it passes, and it fills again evenly, never above', () => {
  const clock = makeManualClock()
  const passes = makeMessageRate(clock, 60)
  const burst = () => Array.from({ length: 100 }, passes).filter(Boolean).length
  expect(burst()).toBe(60)
  clock.advance(seconds(10))
  expect(burst()).toBe(10)
  clock.advance(seconds(600))
  expect(burst()).toBe(60)
})
