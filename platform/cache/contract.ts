import { expect, test } from 'vitest'
import { makeManualClock } from '#kernel/time.ts'
import type { Cache } from './cache.ts'

/** What every cache must do; run by the tests of each adapter. */
export const cacheContract = (
  name: string,
  make: (clock: ReturnType<typeof makeManualClock>) => Promise<Cache>,
): void => {
  test(`${name}: given a value, when it is read before its time ends, then it is there; afterwards it is not`, async () => {
    const clock = makeManualClock()
    const cache = await make(clock)
    await cache.set('price:1:EUR', { minor: 1990 }, 1_000)
    expect(await cache.get('price:1:EUR')).toEqual({ minor: 1990 })
    clock.advance(1_000)
    expect(await cache.get('price:1:EUR')).toBeUndefined()
    await cache.stop()
  })

  test(`${name}: given a value, when it is set again or deleted, then the last word counts`, async () => {
    const cache = await make(makeManualClock())
    await cache.set('k', 1, 1_000)
    await cache.set('k', 2, 1_000)
    expect(await cache.get('k')).toBe(2)
    await cache.delete('k')
    await cache.delete('k')
    expect(await cache.get('k')).toBeUndefined()
    await cache.stop()
  })

  test(`${name}: given a false or null value, when it is read, then it differs from an absent one`, async () => {
    const cache = await make(makeManualClock())
    await cache.set('no', false, 1_000)
    await cache.set('nothing', null, 1_000)
    expect(await cache.get('no')).toBe(false)
    expect(await cache.get('nothing')).toBeNull()
    expect(await cache.get('absent')).toBeUndefined()
    await cache.stop()
  })
}
