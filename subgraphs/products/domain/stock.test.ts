import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkAdjustment, sumDemand, unitsLeft } from './stock.ts'
import { placeOf } from './testing.ts'

const problemsOf = (run: () => unknown): string[] => {
  try {
    run()
    return []
  } catch (error) {
    return (error as { problems: { field: string[] }[] }).problems.map(({ field }) => field.join('.'))
  }
}

test('given holds, when some have ended, then their units are free again at that very moment (I4)', () => {
  const holds = [
    { orderId: 'a', quantity: 3, expiresAt: 100 },
    { orderId: 'b', quantity: 4, expiresAt: 200 },
  ]
  const here = placeOf('main', { available: 2, holds })
  expect([99, 100, 199, 200].map((now) => unitsLeft({ places: [here] }, now))).toEqual([2, 5, 5, 9])
  const closed = placeOf('closed', { available: 50, isActive: false })
  expect(unitsLeft({ places: [here, placeOf('north', { available: 1 }), closed] }, 99)).toBe(3)
  expect(unitsLeft(null, 0)).toBe(0)
})

test('given lines, when demand is summed, then each variant comes once, sorted, and no unit is lost (C3, C4)', () => {
  const line = fc.record({
    variantId: fc.constantFrom('var_a', 'var_b', 'var_c'),
    quantity: fc.integer({ min: 1, max: 999 }),
  })
  fc.assert(
    fc.property(fc.array(line), (lines) => {
      const demand = sumDemand(lines)
      const ids = demand.map(({ variantId }) => variantId)
      expect(ids).toEqual([...new Set(lines.map(({ variantId }) => variantId))].sort())
      expect(demand.reduce((sum, { quantity }) => sum + quantity, 0)).toBe(
        lines.reduce((sum, { quantity }) => sum + quantity, 0),
      )
    }),
  )
})

test.each([0, -1, 1.5, Number.NaN, 2 ** 53])(
  'given a quantity of %s, when demand is summed, then it is refused',
  (quantity) => {
    expect(
      problemsOf(() =>
        sumDemand([
          { variantId: 'var_a', quantity: 1 },
          { variantId: 'var_b', quantity },
        ]),
      ),
    ).toEqual(['input.lines.1.quantity'])
  },
)

test('given a bad adjustment, when it is checked, then all fields are named at once', () => {
  const bad = { variantId: 'var_a', location: 'main', delta: 0, reason: ' ', idempotencyKey: '' }
  expect(problemsOf(() => checkAdjustment(bad))).toEqual(['input.delta', 'input.reason', 'input.idempotencyKey'])
  expect(
    problemsOf(() => checkAdjustment({ ...bad, delta: 1_000_001, reason: 'r', idempotencyKey: 'k'.repeat(256) })),
  ).toEqual(['input.delta', 'input.idempotencyKey'])
  expect(problemsOf(() => checkAdjustment({ ...bad, delta: -3, reason: 'broken', idempotencyKey: 'k' }))).toEqual([])
})
