import fc from 'fast-check'
import { describe, expect, inject, test } from 'vitest'
import { isShopError, type Problem } from '#kernel/errors.ts'
import { type Money, toDecimal } from '#kernel/money.ts'
import { maxUnitPrice, type PriceTerms } from './prices.ts'
import { type Quote, quote } from './quote.ts'
import type { LineToQuote, QuoteRequest } from './quoteRequest.ts'
import { shopRules } from './rules.ts'
import type { TaxRule } from './tax.ts'

const now = Date.UTC(2026, 5, 1)
const price = (minor: number): PriceTerms => ({ minor, compareAt: null, tiers: [] })
const line = (minor: number | null, quantity: number, variantId = 'var_A'): LineToQuote => ({
  variantId,
  quantity,
  price: minor === null ? null : price(minor),
})
const request = (changes: Partial<QuoteRequest> = {}): QuoteRequest => ({
  lines: [line(1990, 2)],
  destination: null,
  shippingMethodId: null,
  currency: 'EUR',
  rules: shopRules,
  now,
  hash: (text) => `#${text}`,
  ...changes,
})
const to = (countryCode: string) => ({ countryCode })
const exclusive = (rate: number) => (): TaxRule => ({ label: `Tax ${rate}`, rate, included: false })

const problemsOf = (run: () => unknown): readonly Problem[] => {
  try {
    run()
  } catch (error) {
    if (isShopError(error)) return error.problems
    throw error
  }
  return []
}

const total = (amounts: readonly Money[]): number => amounts.reduce((sum, { minor }) => sum + minor, 0)
const rows = (result: Quote, kind: Quote['rows'][number]['kind']): Money[] =>
  result.rows.filter((row) => row.kind === kind).map(({ amount }) => amount)

const addsUp = (result: Quote, rate: number): void => {
  const { lines, subtotal, discount, shipping, tax, taxIncluded } = result
  const all = [subtotal, discount, shipping, tax, result.total, ...lines.flatMap((l) => [l.unitPrice, l.total, l.tax])]
  expect(all.every(({ minor, currency }) => Number.isSafeInteger(minor) && currency === result.currency)).toBe(true)
  expect(lines.every((l) => l.total.minor === l.unitPrice.minor * l.quantity)).toBe(true)
  expect(total(lines.map((l) => l.total))).toBe(subtotal.minor)
  expect(total(rows(result, 'LINE'))).toBe(subtotal.minor)
  expect(total(rows(result, 'SHIPPING'))).toBe(shipping.minor)
  expect(total(rows(result, 'TAX'))).toBe(tax.minor)
  expect(result.total.minor).toBe(subtotal.minor - discount.minor + shipping.minor + (taxIncluded ? 0 : tax.minor))
  // The lines' shares leave exactly the share of shipping: the split moves it by less than one unit, the rounding of the sum by at most a half.
  const shippingShare = tax.minor - total(lines.map((l) => l.tax))
  const exact = (shipping.minor * rate) / (taxIncluded ? 10_000 + rate : 10_000)
  expect(Math.abs(shippingShare - exact)).toBeLessThan(1.5)
}

describe('quote', () => {
  test('given 2 x 19.90 EUR without destination, then the VAT of the home country is contained', () => {
    const result = quote(request())
    expect(result).toMatchObject({
      subtotal: { minor: 3980, currency: 'EUR' },
      discount: { minor: 0 },
      shipping: { minor: 0 },
      shippingMethod: null,
      tax: { minor: 635 },
      taxIncluded: true,
      total: { minor: 3980 },
      expiresAt: now + shopRules.quoteLife,
    })
    expect(result.rows.map(({ kind, label, amount }) => [kind, label, toDecimal(amount)])).toEqual([
      ['LINE', '2 x 19.90 EUR', '39.80'],
      ['TAX', 'VAT DE 19 %', '6.35'],
    ])
  })

  test('given a destination, then the cheapest delivery and the tax of that country enter', () => {
    const result = quote(request({ destination: to('FI') }))
    expect(result).toMatchObject({
      shipping: { minor: 990 },
      shippingMethod: { id: 'standard' },
      tax: { minor: Math.round((4970 * 255) / 1255) },
      total: { minor: 4970 },
    })
    expect(result.rows.at(-1)?.label).toBe('VAT FI 25.5 %')
  })

  test('given a chosen way of delivery, then it counts although it is not the cheapest', () => {
    expect(quote(request({ destination: to('DE'), shippingMethodId: 'express' })).shipping.minor).toBe(1290)
  })

  test.each([
    [4999, 490],
    [5000, 0],
  ])('given a subtotal of %i, when delivery is free from 50.00, then it costs %i', (minor, shipping) => {
    const result = quote(request({ lines: [line(minor, 1)], destination: to('DE') }))
    expect(result.shipping.minor).toBe(shipping)
    expect(result.rows.filter((row) => row.kind === 'SHIPPING')).toHaveLength(1)
  })

  test('given an export, then no tax is collected and no tax row shown', () => {
    const result = quote(request({ destination: to('US') }))
    expect(result).toMatchObject({ tax: { minor: 0 }, taxIncluded: false, total: { minor: 3980 + 2490 } })
    expect(rows(result, 'TAX')).toEqual([])
  })

  test('given tax that is added, then the total contains it', () => {
    const result = quote(request({ rules: { ...shopRules, taxRule: exclusive(825) } }))
    expect(result).toMatchObject({ tax: { minor: 328 }, taxIncluded: false, total: { minor: 4308 } })
  })

  test('given three lines of 0.10 with 19 %, then line taxes add up to the row, which single rounding would miss', () => {
    const result = quote(request({ lines: [line(10, 1, 'var_A'), line(10, 1, 'var_B'), line(10, 1, 'var_C')] }))
    expect(result.lines.map(({ tax }) => tax.minor)).toEqual([2, 2, 1])
    expect(result.tax.minor).toBe(5)
  })

  test('given a quantity tier, then it decides the unit price', () => {
    const tiers = { ...price(1000), tiers: [{ minQuantity: 10, minor: 800 }] }
    const result = quote(request({ lines: [{ variantId: 'var_A', quantity: 10, price: tiers }] }))
    expect(result.subtotal.minor).toBe(8000)
  })

  test('given the same content later, then the id is equal; given another price, then it is not', () => {
    const { id } = quote(request())
    expect(quote(request({ now: now + 1 })).id).toBe(id)
    expect(quote(request({ lines: [line(1991, 2)] })).id).not.toBe(id)
    expect(quote(request({ lines: [line(1990, 2, 'var_B')] })).id).not.toBe(id)
  })
})

describe('quote adds up to the last minor unit (promise I6)', () => {
  const currency = fc.constantFrom('EUR', 'JPY', 'KWD', 'USD')
  const lines = fc.array(
    fc.record({
      variantId: fc.constantFrom('var_A', 'var_B', 'var_C'),
      quantity: fc.integer({ min: 1, max: 999 }),
      price: fc.record({
        minor: fc.integer({ min: 0, max: 10_000_000 }),
        compareAt: fc.constant(null),
        tiers: fc.constantFrom([], [{ minQuantity: 7, minor: 3 }]),
      }),
    }),
    { minLength: 1, maxLength: 30 },
  )

  test('given any lines, countries and currencies with tax included', () => {
    const country = fc.constantFrom('DE', 'FI', 'CH', 'US', 'GB', 'HU', 'ZA', null)
    const method = fc.constantFrom('standard', 'express', null)
    fc.assert(
      fc.property(lines, country, method, currency, (someLines, code, shippingMethodId, code3) => {
        const destination = code === null ? null : to(code)
        const result = quote(request({ lines: someLines, destination, shippingMethodId, currency: code3 }))
        addsUp(result, shopRules.taxRule(code ?? 'DE').rate)
      }),
      { numRuns: 10_000 },
    )
  })

  test('given any rate that is added', () => {
    fc.assert(
      fc.property(lines, fc.nat(5_000), currency, (someLines, rate, code3) => {
        const rules = { ...shopRules, taxRule: exclusive(rate) }
        addsUp(quote(request({ lines: someLines, destination: to('US'), currency: code3, rules })), rate)
      }),
      { numRuns: 10_000 },
    )
  })
})

describe('quote refuses', () => {
  test.each([0, -1, 1.5, 1000, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])('a quantity of %d', (quantity) => {
    expect(problemsOf(() => quote(request({ lines: [line(1, 1), line(1, quantity)] })))).toEqual([
      { code: 'BAD_USER_INPUT', message: expect.any(String), field: ['input', 'lines', '1', 'quantity'] },
    ])
  })

  test.each([0, 251])('%i lines', (count) => {
    const problems = problemsOf(() => quote(request({ lines: Array.from({ length: count }, () => line(1, 1)) })))
    expect(problems).toMatchObject([{ code: 'BAD_USER_INPUT', field: ['input', 'lines'] }])
  })

  test('lines without price, naming each', () => {
    const lines = [line(1, 1), line(null, 1, 'var_B'), line(null, 1, 'var_C')]
    expect(problemsOf(() => quote(request({ lines })))).toMatchObject([
      { code: 'NOT_PRICED', field: ['input', 'lines', '1', 'variantId'] },
      { code: 'NOT_PRICED', field: ['input', 'lines', '2', 'variantId'] },
    ])
  })

  test('a currency that delivery has no price in', () => {
    expect(problemsOf(() => quote(request({ currency: 'XAF', destination: to('DE') })))).toMatchObject([
      { code: 'NOT_PRICED', field: ['input', 'destination'] },
    ])
    expect(quote(request({ currency: 'XAF' })).total.currency).toBe('XAF')
  })

  test('an unknown way of delivery', () => {
    expect(problemsOf(() => quote(request({ destination: to('DE'), shippingMethodId: 'drone' })))).toMatchObject([
      { code: 'NOT_FOUND', field: ['input', 'shippingMethodId'] },
    ])
  })

  test.each(['de', 'DEU', '', 'D1', '__proto__'])('the country code "%s"', (countryCode) => {
    expect(problemsOf(() => quote(request({ destination: to(countryCode) })))).toMatchObject([
      { code: 'BAD_USER_INPUT', field: ['input', 'destination', 'countryCode'] },
    ])
  })

  test('an unknown currency', () => {
    expect(problemsOf(() => quote(request({ currency: 'EURO' })))).toMatchObject([
      { code: 'BAD_USER_INPUT', field: ['input', 'currency'] },
    ])
  })

  test('a total beyond 2^53 minor units instead of rounding it', () => {
    const lines = Array.from({ length: 250 }, () => line(maxUnitPrice, 999))
    expect(problemsOf(() => quote(request({ lines })))).toMatchObject([
      { code: 'LIMIT_EXCEEDED', field: ['input', 'lines'] },
    ])
  })

  test('never silently: a quote is exact or refused, whatever the size of its prices', () => {
    const huge = fc.array(fc.record({ minor: fc.nat(maxUnitPrice), quantity: fc.integer({ min: 1, max: 999 }) }), {
      minLength: 1,
      maxLength: 250,
    })
    fc.assert(
      fc.property(huge, fc.constantFrom('DE', 'HU', 'US', null), (some, code) => {
        const exact = some.reduce((sum, { minor, quantity }) => sum + BigInt(minor) * BigInt(quantity), 0n)
        const ask = request({
          lines: some.map(({ minor, quantity }) => line(minor, quantity)),
          destination: code === null ? null : to(code),
        })
        const problems = problemsOf(() => expect(BigInt(quote(ask).subtotal.minor)).toBe(exact))
        expect(problems.every((problem) => problem.code === 'LIMIT_EXCEEDED')).toBe(true)
      }),
      { numRuns: inject('thorough') ? 10_000 : 1_000 },
    )
  })
})
