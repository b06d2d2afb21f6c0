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

  test(`${name}: given a bucket of 3, when things of different weight come, then each takes its own and hears what is left`, async () => {
    const limiter = await make(makeManualClock())
    expect(await limiter.take('cost:a', budget, 2)).toEqual({ allowed: true, retryAfter: 0, remaining: 1 })
    expect(await limiter.take('cost:a', budget, 2)).toEqual({ allowed: false, retryAfter: 1_000, remaining: 1 })
    expect(await limiter.take('cost:a', budget, 1)).toEqual({ allowed: true, retryAfter: 0, remaining: 0 })
    expect(await limiter.take('cost:b', budget, 4)).toMatchObject({ allowed: false, remaining: 3 })
    await limiter.stop()
  })

  test(`${name}: given something cost less than it took, when the rest comes back, then it is there at once, and never more than fits`, async () => {
    const clock = makeManualClock()
    const limiter = await make(clock)
    await limiter.take('cost:a', budget, 3)
    expect(await limiter.refund('cost:a', budget, 2)).toBe(2)
    clock.advance(500)
    expect((await limiter.take('cost:a', budget, 2.5)).allowed).toBe(true)
    expect(await limiter.refund('cost:a', budget, 10)).toBe(3)
    expect(await limiter.refund('cost:unknown', budget, 1)).toBe(3)
    expect((await limiter.take('cost:a', budget, 4)).allowed).toBe(false)
    await limiter.stop()
  })

  test(`${name}: given 100 withdrawals at once, then exactly as many pass as the bucket holds`, async () => {
    const limiter = await make(makeManualClock())
    const all = Array.from({ length: 100 }, () => limiter.take('cost:a', { capacity: 50, per: 50_000 }, 2))
    expect((await Promise.all(all)).filter(({ allowed }) => allowed)).toHaveLength(25)
    await limiter.stop()
  })

  const backoff = { free: 5, pause: 1_000, maxPause: 900_000, forgetAfter: 86_400_000 }

  test(`${name}: given 5 free attempts, when more come, then each waits twice as long as the one before, up to 15 minutes`, async () => {
    const clock = makeManualClock()
    const limiter = await make(clock)
    for (let n = 0; n < 5; n++) expect((await limiter.attempt('login:a', backoff)).allowed).toBe(true)
    for (const pause of [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]) {
      expect(await limiter.attempt('login:a', backoff)).toEqual({ allowed: false, retryAfter: pause * 1_000 })
      clock.advance(pause * 1_000 - 1)
      expect(await limiter.attempt('login:a', backoff)).toEqual({ allowed: false, retryAfter: 1 })
      clock.advance(1)
      expect(await limiter.attempt('login:a', backoff)).toEqual({ allowed: true, retryAfter: 0 })
    }
    await limiter.stop()
  })

  test(`${name}: given 50 attempts at once, then 5 pass: they are counted before anybody knows how they end`, async () => {
    const limiter = await make(makeManualClock())
    const verdicts = await Promise.all(Array.from({ length: 50 }, () => limiter.attempt('login:a', backoff)))
    expect(verdicts.filter(({ allowed }) => allowed)).toHaveLength(5)
    expect((await limiter.attempt('login:b', backoff)).allowed).toBe(true)
    await limiter.stop()
  })

  test(`${name}: given a pause, when the attempts are forgotten or a day passes, then it begins anew`, async () => {
    const clock = makeManualClock()
    const limiter = await make(clock)
    const useUp = async () => {
      for (let n = 0; n < 5; n++) expect((await limiter.attempt('login:a', backoff)).allowed).toBe(true)
      expect((await limiter.attempt('login:a', backoff)).allowed).toBe(false)
    }
    await useUp()
    await limiter.forget('login:a')
    await useUp()
    clock.advance(86_400_000)
    await useUp()
    await limiter.stop()
  })
}
