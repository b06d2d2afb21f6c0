import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { money } from '#kernel/money.ts'
import { type TaxRule, taxes, taxOf } from './tax.ts'

const included = (rate: number): TaxRule => ({ label: `${rate}`, rate, included: true })
const eur = (minor: number) => money(minor, 'EUR')

describe('taxOf', () => {
  test('given 119.00 with 19 % contained, then 19.00 is tax', () => {
    expect(taxOf({ amount: eur(11_900), rule: included(1900) }).minor).toBe(1_900)
  })

  test('given 100.00 and 8.25 % to add, then 8.25 is tax', () => {
    expect(taxOf({ amount: eur(10_000), rule: { label: '', rate: 825, included: false } }).minor).toBe(825)
  })
})

describe('taxes', () => {
  test('given two rates, then there is one row for each, and shares in the order given', () => {
    const amounts = [included(1900), included(700), included(1900)].map((rule) => ({ amount: eur(1_000), rule }))
    const { rows, shares } = taxes(amounts, 'EUR')
    expect(rows).toEqual([
      { label: '1900', amount: eur(319) },
      { label: '700', amount: eur(65) },
    ])
    expect(shares.map(({ minor }) => minor)).toEqual([160, 65, 159])
  })

  test('given any mix of rates, then the shares add up to the rows (I6)', () => {
    const taxable = fc.record({
      amount: fc.nat(100_000_000).map(eur),
      rule: fc.constantFrom(included(1900), included(700), included(0), { label: 'x', rate: 825, included: false }),
    })
    fc.assert(
      fc.property(fc.array(taxable, { maxLength: 40 }), (taxables) => {
        const { rows, shares } = taxes(taxables, 'EUR')
        const add = (amounts: readonly { minor: number }[]) => amounts.reduce((sum, { minor }) => sum + minor, 0)
        expect(add(shares)).toBe(add(rows.map(({ amount }) => amount)))
        expect(shares.every(({ minor }) => Number.isSafeInteger(minor) && minor >= 0)).toBe(true)
      }),
      { numRuns: 10_000 },
    )
  })
})
