import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { money } from '#kernel/money.ts'
import { minutes } from '#kernel/time.ts'
import { type HonouringRequest, honouredQuote } from './honouring.ts'
import { type CurrencyPrice, priceAfter, quoteLife } from './prices.ts'
import { quote } from './quote.ts'
import { shopRules } from './rules.ts'

const start = Date.UTC(2026, 5, 1)
const terms = (minor: number) => ({ minor, compareAt: null, tiers: [] })

/** A price that was set at these minutes. */
const priced = (...changes: readonly (readonly [minor: number, minute: number])[]): CurrencyPrice => {
  const set = (price: CurrencyPrice | undefined, [minor, minute]: readonly [number, number]) =>
    priceAfter(price, terms(minor), start + minutes(minute))
  return changes.reduce<CurrencyPrice | undefined>(set, undefined)!
}

const request = (prices: readonly CurrencyPrice[], minute: number): HonouringRequest => ({
  lines: prices.map((price, index) => ({ variantId: `var_${index}`, quantity: 2, price })),
  destination: null,
  shippingMethodId: null,
  currency: 'EUR',
  rules: shopRules,
  now: start + minutes(minute),
  hash: (text) => text,
})

const honoured = (prices: readonly CurrencyPrice[], minute: number, total: number) =>
  honouredQuote(request(prices, minute), money(total, 'EUR'))?.total.minor ?? null

describe('a quote that prices have left behind (C8)', () => {
  const raised = priced([1_000, 0], [1_500, 60])

  test('given a price that was raised, then the old total is honoured for the life of a quote, and no other', () => {
    expect(honoured([raised], 61, 2_000)).toBe(2_000)
    expect(honoured([raised], 74.9, 2_000)).toBe(2_000)
    expect(honoured([raised], 75, 2_000)).toBeNull()
    expect(honoured([raised], 61, 2_001)).toBeNull()
  })

  test('given prices that changed one after another, then what was shown in between is honoured, and no mixture of old and new', () => {
    const other = priced([100, 0], [200, 62])
    // 60: 1500 + 100, 62: 1500 + 200
    expect(honoured([raised, other], 63, 2_200)).toBe(2_200)
    expect(honoured([raised, other], 63, 3_200)).toBe(3_200)
    expect(honoured([raised, other], 63, 2_400)).toBeNull()
  })

  test('given an honoured quote, then it ends when the one that was shown ends', () => {
    const given = honouredQuote(request([raised], 61), money(2_000, 'EUR'))
    expect(given?.expiresAt).toBe(start + minutes(60) - 1 + quoteLife)
  })

  test('given any prices at any times, then every quote is honoured while it is valid (C8)', () => {
    const changes = fc.array(fc.tuple(fc.integer({ min: 1, max: 5_000 }), fc.integer({ min: 0, max: 30 })), {
      minLength: 1,
      maxLength: 10,
    })
    fc.assert(
      fc.property(changes, fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 14 }), (list, minute, later) => {
        const sorted = [...list].sort(([, a], [, b]) => a - b)
        const until = (end: number) => sorted.filter(([, at]) => at <= end)
        const known = until(minute)
        fc.pre(known.length > 0)
        const shown = quote(request([priced(...known)], minute))
        const now = request([priced(...until(minute + later))], minute + later)
        const total = quote(now).total
        if (total.minor !== shown.total.minor) expect(honouredQuote(now, shown.total)?.total).toEqual(shown.total)
      }),
    )
  })
})
