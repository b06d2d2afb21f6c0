import fc from 'fast-check'
import { describe, expect, inject, test } from 'vitest'
import { startStock } from './testing.ts'

/** By `THOROUGH=1` ten; those of one place run with ten always. */
const seeds = Array.from({ length: inject('thorough') ? 10 : 2 }, (_, index) => index + 1)
const numbersOf = (seed: number, max: number, count: number): number[] =>
  fc.sample(fc.integer({ min: 0, max: max - 1 }), { seed, numRuns: count })
const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0)

type Row = { available: number; reserved: number; sold: number; holds: { orderId: string; quantity: number }[] }

/** 10 units at three locations: 4, 3 and 3. */
const startPlaces = async () => {
  const stock = await startStock(4)
  for (const [index, code] of ['north', 'south'].entries()) {
    await stock.locate({ code, name: code, priority: index })
    await stock.adjust(3, code, { location: code })
  }
  const rows = async () => (await stock.rows()) as unknown as Row[]
  /** All of it adds up at every location; the units that are free, held and sold. */
  const total = async () => {
    const all = await rows()
    for (const { available, reserved, holds } of all) {
      expect(available).toBeGreaterThanOrEqual(0)
      expect(reserved).toBe(sum(holds.map(({ quantity }) => quantity)))
    }
    return [sum(all.map((row) => row.available)), sum(all.map((row) => row.reserved)), sum(all.map((row) => row.sold))]
  }
  return { ...stock, rows, total }
}

describe('stock at three locations when many want it at once', () => {
  test.each(seeds)(
    'C2: given 60 buyers of 1 to 6 of 10 units (seed %i), then each has all or nothing, and nobody is refused what would have fitted',
    async (seed) => {
      const { hold, total, rows } = await startPlaces()
      const wanted = numbersOf(seed, 6, 60).map((number) => number + 1)
      const answers = await Promise.all(wanted.map((quantity, index) => hold(`ord_${index}`, quantity)))
      const [free = 0, reserved] = await total()
      expect([free, reserved]).toEqual([10 - sum(wanted.filter((_, i) => answers[i]?.done)), 10 - free])
      const holds = (await rows()).flatMap((row) => row.holds)
      for (const [index, quantity] of wanted.entries()) {
        const own = sum(holds.filter(({ orderId }) => orderId === `ord_${index}`).map((held) => held.quantity))
        expect(own).toBe(answers[index]?.done ? quantity : 0)
      }
      expect(Math.min(...wanted.filter((_, index) => !answers[index]?.done))).toBeGreaterThan(free)
    },
  )

  test.each(seeds)(
    'C10: given every command of every order sent twice at once, holds that end meanwhile, and units that move (seed %i), then no unit is sold twice and none gets lost (I2)',
    async (seed) => {
      const { hold, claim, restock, release, adjust, sweep, total, clock } = await startPlaces()
      const twice = (act: () => Promise<{ done: boolean }>) => Promise.all([act(), act()])
      const kinds = numbersOf(seed, 4, 12)
      const quantities = numbersOf(seed + 100, 5, 12).map((number) => number + 1)
      const live = async (kind: number, index: number): Promise<number> => {
        const [orderId, quantity] = [`ord_${index}`, quantities[index] ?? 1]
        const held = await twice(() => hold(orderId, quantity))
        if (kind === 0) await Promise.all([release(orderId, quantity), sweep()])
        if (kind === 0 || !held[0]?.done) return 0
        if (kind === 1) clock.advance(600_000)
        const sold = await twice(() => claim(orderId, quantity))
        if (sold.every(({ done }) => !done)) return 0
        if (kind === 2) await twice(() => restock(orderId, quantity))
        return kind === 2 ? 0 : quantity
      }
      const moving = ['north', 'main', 'south'].map((location, index) =>
        adjust(index - 1 || 2, `move ${location}`, { location }),
      )
      const [sold] = await Promise.all([Promise.all(kinds.map(live)), Promise.all(moving)])
      clock.advance(600_000)
      await sweep()
      const [free = 0, reserved, gone] = await total()
      expect([reserved, gone]).toEqual([0, sum(sold)])
      const moved = (await Promise.all(moving)) as { userErrors: unknown[] }[]
      const added = sum(moved.map(({ userErrors }, index) => (userErrors.length > 0 ? 0 : index - 1 || 2)))
      expect(free + sum(sold)).toBe(10 + added)
    },
  )
})
