import { expect, test } from 'vitest'
import { hours, makeManualClock, seconds } from '../kernel/time.ts'
import { limiterContract } from './contract.ts'
import { makeMemoryLimiter } from './memory.ts'

limiterContract('memory limiter', async (clock) => makeMemoryLimiter(clock))

test('given a clock that is put back by an hour, then nobody is locked out until it comes again (F14)', async () => {
  const clock = makeManualClock()
  const limiter = makeMemoryLimiter(clock)
  const budget = { capacity: 2, per: seconds(1) }
  const backoff = { free: 1, pause: seconds(1), maxPause: seconds(4), forgetAfter: hours(2) }
  await limiter.take('bucket', budget)
  await limiter.attempt('account', backoff)
  expect((await limiter.attempt('account', backoff)).allowed).toBe(false)
  clock.advance(-hours(1))
  expect((await limiter.take('bucket', budget)).allowed).toBe(true)
  expect((await limiter.attempt('account', backoff)).allowed).toBe(true)
})
