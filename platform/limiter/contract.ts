import { expect, test } from 'vitest'
import { makeManualClock } from '#kernel/time.ts'
import type { Limiter } from './limiter.ts'

/** What every limiter must do; run by the tests of each adapter. */
export const limiterContract = (
  name: string,
  make: (clock: ReturnType<typeof makeManualClock>) => Promise<Limiter>,
): void => {
  const budget = { capacity: 3, per: 3_000 }

  test(`${name}: given a budget of 3, when 5 come at once, then 3 pass and the rest hear when to come back`, async () => {
    const limiter = await make(makeManualClock())
    const verdicts = await Promise.all(Array.from({ length: 5 }, () => limiter.take('login:a', budget)))
    expect(verdicts.map((verdict) => verdict.allowed)).toEqual([true, true, true, false, false])
    expect(verdicts[3]?.retryAfter).toBe(1_000)
    await limiter.stop()
  })

  test(`${name}: given an empty bucket, when a third of the time passes, then one more passes`, async () => {
    const clock = makeManualClock()
    const limiter = await make(clock)
    await limiter.take('login:a', budget, 3)
    clock.advance(999)
    expect((await limiter.take('login:a', budget)).allowed).toBe(false)
    clock.advance(1)
    expect((await limiter.take('login:a', budget)).allowed).toBe(true)
    await limiter.stop()
  })

  test(`${name}: given one key is used up, when another comes, then it has its own budget`, async () => {
    const limiter = await make(makeManualClock())
    await limiter.take('login:a', budget, 3)
    expect((await limiter.take('login:b', budget)).allowed).toBe(true)
    await limiter.stop()
  })
}
