import fc from 'fast-check'
import { describe, expect, inject, test } from 'vitest'
import { startStock } from './testing.ts'

const seeds = Array.from({ length: 10 }, (_, index) => index + 1)

/** Numbers that a seed gives, the same ones every time. */
const numbersOf = (seed: number, max: number, count: number): number[] =>
  fc.sample(fc.integer({ min: 0, max: max - 1 }), { seed, numRuns: count })

/** The promise is about 500; every change is tried with fewer. */
const [crowd, units] = inject('thorough') ? [500, 100] : [100, 20]

type Row = { available: number; reserved: number; sold: number; holds: { orderId: string; quantity: number }[] }

const expectSound = (row: Row) => {
  expect(row.available).toBeGreaterThanOrEqual(0)
  expect(row.reserved).toBe(row.holds.reduce((sum, { quantity }) => sum + quantity, 0))
}

describe('stock when many want it at once', () => {
  test.each(seeds)(
    `C1: given ${units} units and ${crowd} buyers of one at once, some of whom ask twice or pay late (seed %i), then exactly the units are sold, all others are told OUT_OF_STOCK, and nothing stays held (I1-I3)`,
    async (seed) => {
      const stock = await startStock(units)
      const manners = numbersOf(seed, 4, crowd)
      const buy = async (manner: number, index: number): Promise<string> => {
        const orderId = `ord_${index}`
        const times = manner % 2 ? 2 : 1
        const insist = async (act: typeof stock.hold) =>
          (await Promise.all(Array.from({ length: times }, () => act(orderId, 1))))[0]
        const held = await insist(stock.hold)
        if (!held?.done) return held?.userErrors[0]?.code ?? 'no reason'
        if (manner > 1) await stock.row()
        return (await insist(stock.claim))?.done ? 'sold' : 'held and not sold'
      }
      const told = Map.groupBy(await Promise.all(manners.map(buy)), (code) => code)
      expect([told.get('sold')?.length, told.get('OUT_OF_STOCK')?.length]).toEqual([units, crowd - units])
      expect(await stock.row()).toMatchObject({ available: 0, reserved: 0, sold: units, holds: [] })
    },
  )

  test.each(seeds)(
    'C4: given 40 orders with the same two variants on several lines each (seed %i), then the lines of a variant count as one demand, and an order has all of it or nothing (I1, I3)',
    async (seed) => {
      const stock = await startStock(25, 2)
      const orders = Array.from({ length: 40 }, (_, index) => {
        const numbers = numbersOf(seed * 100 + index, 3, 8)
        return numbers.slice(0, 4).map((quantity, line) => [line % 2, quantity + 1] as const)
      })
      const demand = orders.map((lines) =>
        [0, 1].map((variant) => lines.reduce((sum, [of, quantity]) => sum + (of === variant ? quantity : 0), 0)),
      )
      const answers = await Promise.all(orders.map((lines, index) => stock.many.hold(`ord_${index}`, lines)))
      const rows = await Promise.all(stock.variantIds.map(stock.rowOf))
      for (const [variant, row] of (rows as unknown as Row[]).entries()) {
        expectSound(row)
        expect(row.available + row.reserved).toBe(25)
        const held = new Map(row.holds.map(({ orderId, quantity }) => [orderId, quantity]))
        const owed = demand.flatMap((own, index) =>
          answers[index]?.done ? [[`ord_${index}`, own[variant]] as const] : [],
        )
        expect(held).toEqual(new Map(owed))
      }
    },
  )

  test.each(seeds)(
    'C2: given 200 buyers of 1 to 3 of 10 units (seed %i), then no more is held than there is, and nobody is refused what would have fitted',
    async (seed) => {
      const stock = await startStock(10)
      const wanted = numbersOf(seed, 3, 200).map((number) => number + 1)
      const answers = await Promise.all(wanted.map((quantity, index) => stock.hold(`ord_${index}`, quantity)))
      const held = wanted.filter((_, index) => answers[index]?.done).reduce((sum, quantity) => sum + quantity, 0)
      const row = (await stock.row()) as unknown as Row
      expectSound(row)
      expect([held, row.available]).toEqual([row.reserved, 10 - held])
      // What is left is too little for each of those who went away with nothing.
      const refused = wanted.filter((_, index) => !answers[index]?.done)
      expect(Math.min(...refused)).toBeGreaterThan(row.available)
    },
  )

  test.each(seeds)(
    'C3: given 50 orders of the same 5 variants in any order (seed %i), then all get an answer, all or none of each, and no unit gets lost',
    async (seed) => {
      const stock = await startStock(30, 5)
      const orders = Array.from({ length: 50 }, (_, index) => {
        const order = numbersOf(seed * 100 + index, 5, 5)
        return [...new Set([...order, 0, 1, 2, 3, 4])].map((variant) => [variant, 1] as const)
      })
      const answers = await Promise.all(orders.map((lines, index) => stock.many.hold(`ord_${index}`, lines)))
      const done = answers.filter((answer) => answer.done).length
      for (const { userErrors } of answers.filter((answer) => !answer.done))
        expect(new Set(userErrors.map(({ code }) => code))).toEqual(new Set(['OUT_OF_STOCK']))
      for (const row of (await stock.rows()) as unknown as Row[]) {
        expectSound(row)
        expect([row.available, row.reserved]).toEqual([30 - done, done])
      }
    },
  )

  test.each(seeds)(
    'C10: given holds that end at the moment of payment (seed %i), then each order has its units or a refusal, and no unit is sold twice',
    async (seed) => {
      const stock = await startStock(5)
      for (const n of [0, 1, 2, 3, 4]) await stock.hold(`ord_${n}`, 1)
      stock.clock.advance(600_000)
      const acts = numbersOf(seed, 3, 5)
      const early = [0, 1, 2, 3, 4].map((n) => stock.claim(`ord_${n}`, 1))
      const rivals = acts.map((quantity, n) => stock.hold(`ord_rival_${n}`, quantity + 1))
      const [claims] = await Promise.all([Promise.all(early), Promise.all(rivals), stock.sweep(), stock.sweep()])
      const sold = claims.filter(({ done }) => done).length
      const row = (await stock.row()) as unknown as Row & { claims: string[] }
      expectSound(row)
      expect(row.claims).toHaveLength(sold)
      expect(row.available + row.reserved + sold).toBe(5)
    },
  )

  test.each(seeds)(
    'C13: given two people who add 5 and take 3 while orders hold, claim and go back (seed %i), then the units add up (I2)',
    async (seed) => {
      const stock = await startStock(20)
      const kinds = numbersOf(seed, 3, 25)
      const selling = kinds.map(async (kind, index) => {
        const orderId = `ord_${index}`
        if (!(await stock.hold(orderId, 1)).done) return 0
        if (kind === 0) await stock.release(orderId, 1)
        if (kind === 0) return 0
        await stock.claim(orderId, 1)
        if (kind === 1) return 1
        await stock.restock(orderId, 1)
        return 0
      })
      const adjusting = (delta: number) =>
        Array.from({ length: 25 }, async (_, index) => {
          const { userErrors } = (await stock.adjust(delta, `key ${delta} ${index}`)) as { userErrors: unknown[] }
          return userErrors.length === 0 ? delta : 0
        })
      const [sold, added, taken] = await Promise.all(
        [selling, adjusting(5), adjusting(-3)].map((all) => Promise.all(all)),
      )
      const sum = (numbers: readonly number[] = []) => numbers.reduce((total, number) => total + number, 0)
      const row = (await stock.row()) as unknown as Row
      expectSound(row)
      expect(row.available + row.reserved + sum(sold)).toBe(20 + sum(added) + sum(taken))
      expect(row.reserved).toBe(0)
    },
  )
})
