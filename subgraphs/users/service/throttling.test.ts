import { expect, test } from 'vitest'
import { makeManualClock, minutes } from '#kernel/time.ts'
import { makeMemoryCache } from '#platform/cache/memory.ts'
import { makeMemoryLimiter } from '#platform/limiter/memory.ts'
import { makeThrottling } from './throttling.ts'

const start = () => {
  const clock = makeManualClock()
  const [limiter, cache] = [makeMemoryLimiter(clock), makeMemoryCache(clock)]
  return { clock, throttling: makeThrottling({ limiter, cache, attemptsPerAddress: 20 }) }
}

const clientAt = (n: number) => ({ address: `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`, userAgent: '' })

const isAllowed = (work: Promise<unknown>): Promise<boolean> =>
  work.then(
    () => true,
    () => false,
  )

test.each(['signIn', 'signUp', 'mail', 'mailToken'] as const)(
  'given %s from everywhere, each within its own limits, then 6,000 a minute pass and the rest wait (threat: credential stuffing)',
  async (kind) => {
    const { clock, throttling } = start()
    const attempt = (n: number): Promise<unknown> =>
      kind === 'signIn' || kind === 'mail'
        ? throttling[kind](`buyer${n}@example.org`, clientAt(n))
        : throttling[kind](clientAt(n))
    const outcomes = await Promise.all(Array.from({ length: 6_010 }, (_, n) => isAllowed(attempt(n))))
    expect(outcomes.indexOf(false)).toBe(6_000)
    clock.advance(minutes(1))
    expect(await isAllowed(attempt(7_000))).toBe(true)
  },
)
