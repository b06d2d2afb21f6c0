import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isShopError, type Problem } from '#kernel/errors.ts'
import { days } from '#kernel/time.ts'
import {
  type CurrencyPrice,
  lowestIn30Days,
  maxHistory,
  maxUnitPrice,
  type PriceTerms,
  priceAfter,
  readPrice,
  type StatedPrice,
  unitPriceAt,
} from './prices.ts'

const start = Date.UTC(2026, 0, 1)
const terms = (minor: number): PriceTerms => ({ minor, compareAt: null, tiers: [] })
const priced = (...changes: readonly (readonly [minor: number, day: number])[]): CurrencyPrice =>
  changes.reduce<CurrencyPrice | undefined>(
    (price, [minor, day]) => priceAfter(price, terms(minor), start + days(day)),
    undefined,
  )!

const problemsOf = (run: () => unknown): readonly Problem[] => {
  try {
    run()
  } catch (error) {
    if (isShopError(error)) return error.problems
    throw error
  }
  return []
}

const eur = (amount: string) => ({ amount, currencyCode: 'EUR' })
const stated = (changes: Partial<StatedPrice> = {}): StatedPrice => ({ amount: eur('10.00'), tiers: [], ...changes })

describe('priceAfter', () => {
  test('given the same terms, when stated again, then it is the same object', () => {
    const price = priced([1000, 0])
    expect(priceAfter(price, terms(1000), start + days(5))).toBe(price)
  })

  test('given new tiers at the same unit price, when stated, then the history stays', () => {
    const price = priced([1000, 0])
    const next = priceAfter(price, { ...terms(1000), tiers: [{ minQuantity: 10, minor: 900 }] }, start + days(5))
    expect(next.tiers).toHaveLength(1)
    expect(next.history).toEqual(price.history)
  })

  test('given a clock that went back, when the price changes, then the history stays in order', () => {
    const price = priced([1000, 3], [900, 1])
    expect(price.history.map(({ from }) => from)).toEqual([start + days(3), start + days(3)])
    expect(price.minor).toBe(900)
  })

  test('given hundreds of changes in a month, when the history is full, then the lowest price is never overstated', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(100_000), fc.integer({ min: 0, max: 500_000 })), { minLength: 1, maxLength: 300 }),
        (changes) => {
          let now = start
          let price: CurrencyPrice | undefined
          const all: { minor: number; from: number }[] = []
          for (const [minor, wait] of changes) {
            now += wait
            price = priceAfter(price, terms(minor), now)
            all.push({ minor, from: now })
          }
          const inForce = all.filter((_, i) => (all[i + 1]?.from ?? Number.POSITIVE_INFINITY) > now - days(30))
          expect(price!.history.length).toBeLessThanOrEqual(maxHistory)
          expect(lowestIn30Days(price!, now)).toBeLessThanOrEqual(Math.min(...inForce.map(({ minor }) => minor)))
        },
      ),
      { numRuns: 1_000 },
    )
  })
})

describe('lowestIn30Days (EU 98/6/EC article 6a)', () => {
  test('given a price that never changed, then it is the lowest', () => {
    expect(lowestIn30Days(priced([1000, 0]), start + days(400))).toBe(1000)
  })

  test('given a raise before a reduction, then the price before the raise counts', () => {
    expect(lowestIn30Days(priced([1000, 0], [1500, 50], [1200, 60]), start + days(60))).toBe(1000)
  })

  test('given a low price that ended more than 30 days ago, then it counts no more', () => {
    const price = priced([500, 0], [1500, 10])
    expect(lowestIn30Days(price, start + days(39))).toBe(500)
    expect(lowestIn30Days(price, start + days(40))).toBe(1500)
  })

  test('given a price that held since long before the 30 days, then it counts until it was replaced', () => {
    expect(lowestIn30Days(priced([500, 0], [1500, 200]), start + days(210))).toBe(500)
  })
})

describe('unitPriceAt', () => {
  const price = {
    ...terms(1000),
    tiers: [
      { minQuantity: 5, minor: 900 },
      { minQuantity: 20, minor: 700 },
    ],
  }

  test.each([
    [1, 1000],
    [4, 1000],
    [5, 900],
    [19, 900],
    [20, 700],
    [999, 700],
  ])('given tiers from 5 and 20, when %i units are bought, then one costs %i', (quantity, minor) => {
    expect(unitPriceAt(price, quantity)).toBe(minor)
  })
})

describe('readPrice', () => {
  const field = ['input', 'prices', '3']

  test('given amounts in currencies of 0, 2 and 3 digits, then they are minor units', () => {
    const read = (amount: string, currencyCode: string) =>
      readPrice(stated({ amount: { amount, currencyCode } }), field).terms.minor
    expect(read('1200', 'JPY')).toBe(1200)
    expect(read('12.5', 'EUR')).toBe(1250)
    expect(read('1.234', 'KWD')).toBe(1234)
  })

  test('given a compareAt that is not above the price, then it is dropped', () => {
    expect(readPrice(stated({ compareAt: eur('10.00') }), field).terms.compareAt).toBeNull()
    expect(readPrice(stated({ compareAt: eur('10.01') }), field).terms.compareAt).toBe(1001)
  })

  test.each<[string, Partial<StatedPrice>, string[]]>([
    ['a negative price', { amount: eur('-0.01') }, ['amount', 'amount']],
    ['more digits than the currency has', { amount: { amount: '1.5', currencyCode: 'JPY' } }, ['amount', 'amount']],
    ['an unknown currency', { amount: { amount: '1', currencyCode: 'XXQ' } }, ['amount', 'currencyCode']],
    ['an amount that is no number', { amount: eur('1e3') }, ['amount', 'amount']],
    ['a price beyond the bound', { amount: eur(`${maxUnitPrice / 100}.01`) }, ['amount', 'amount']],
    [
      'another currency in compareAt',
      { compareAt: { amount: '20', currencyCode: 'USD' } },
      ['compareAt', 'currencyCode'],
    ],
    ['a tier from 1', { tiers: [{ minQuantity: 1, amount: eur('9') }] }, ['tiers', '0', 'minQuantity']],
    ['a tier that is not cheaper', { tiers: [{ minQuantity: 2, amount: eur('10') }] }, ['tiers', '0', 'amount']],
    [
      'a tier out of order',
      {
        tiers: [
          { minQuantity: 5, amount: eur('9') },
          { minQuantity: 5, amount: eur('8') },
        ],
      },
      ['tiers', '1', 'minQuantity'],
    ],
    [
      'eleven tiers',
      { tiers: Array.from({ length: 11 }, (_, i) => ({ minQuantity: i + 2, amount: eur(`${9 - i * 0.5}`) })) },
      ['tiers'],
    ],
  ])('given %s, then it is refused and named', (_, changes, path) => {
    expect(problemsOf(() => readPrice(stated(changes), field))).toEqual([
      { code: 'BAD_USER_INPUT', message: expect.any(String), field: [...field, ...path] },
    ])
  })

  test('given two wrong parts, then both are named', () => {
    expect(problemsOf(() => readPrice(stated({ amount: eur('x'), compareAt: eur('y') }), field))).toHaveLength(2)
  })
})
