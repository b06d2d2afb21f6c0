import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ShopError } from './errors.ts'
import {
  add,
  allocate,
  exponent,
  fromDecimal,
  isCurrency,
  isSame,
  money,
  multiply,
  parseMoney,
  proportion,
  subtract,
  sum,
  toDecimal,
  toWire,
  zero,
} from './money.ts'

const runs = { numRuns: 10_000 }
const currency = fc.constantFrom('EUR', 'USD', 'JPY', 'KWD', 'HUF', 'IQD', 'CLF')
const anyMinor = fc.maxSafeInteger()
const weights = fc.array(fc.oneof(fc.nat(5), fc.nat(100_000), fc.maxSafeNat()), { minLength: 1, maxLength: 12 })
const total = (parts: readonly { readonly minor: number }[]): bigint =>
  parts.reduce((a, part) => a + BigInt(part.minor), 0n)

test('given any amount and weights, when it is split, then the parts add up to the whole (R1)', () => {
  fc.assert(
    fc.property(anyMinor, currency, weights, (minor, code, shares) => {
      const parts = allocate(money(minor, code), shares)
      expect(parts).toHaveLength(shares.length)
      expect(total(parts)).toBe(BigInt(minor))
      expect(parts.every((part) => part.currency === code)).toBe(true)
    }),
    runs,
  )
})

test('given any amount and weights, when it is split, then no part is a whole unit away from its exact share (R1)', () => {
  fc.assert(
    fc.property(anyMinor, weights, (minor, shares) => {
      const all = shares.reduce((a, share) => a + BigInt(share), 0n)
      fc.pre(all > 0n)
      for (const [i, part] of allocate(money(minor, 'EUR'), shares).entries()) {
        const distance = BigInt(part.minor) * all - BigInt(minor) * BigInt(shares[i]!)
        expect(distance < all && -distance < all).toBe(true)
        if (shares[i] === 0) expect(part.minor === 0).toBe(true)
      }
    }),
    runs,
  )
})

test('given equal remainders, when an amount is split, then the earlier part gets the odd unit', () => {
  const parts = (minor: number, shares: number[]) => allocate(money(minor, 'EUR'), shares).map((part) => part.minor)
  expect(parts(100, [1, 1, 1])).toEqual([34, 33, 33])
  expect(parts(101, [1, 1, 1])).toEqual([34, 34, 33])
  expect(parts(-100, [1, 1, 1])).toEqual([-33, -33, -34])
  expect(parts(5, [1, 0, 3])).toEqual([1, 0, 4])
  expect(parts(7, [0, 0])).toEqual([7, 0])
  expect(allocate(zero('EUR'), [])).toEqual([])
})

test('given nothing to split by, or weights that are not counts, when an amount is split, then it is an error and no money is lost', () => {
  expect(() => allocate(money(1, 'EUR'), [])).toThrow(RangeError)
  for (const weight of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53]) {
    expect(() => allocate(money(100, 'EUR'), [1, weight])).toThrow(RangeError)
  }
})

test('given any share, when it is taken, then it is the exact value rounded half away from zero (R1)', () => {
  fc.assert(
    fc.property(anyMinor, fc.nat(1_000_000), fc.integer({ min: 1, max: 1_000_000 }), (minor, part, whole) => {
      const exact = BigInt(minor) * BigInt(part)
      fc.pre(exact / BigInt(whole) < 2n ** 53n - 1n && exact / BigInt(whole) > -(2n ** 53n) + 1n)
      const off = (BigInt(proportion(minor, part, whole)) * BigInt(whole) - exact) * 2n * (exact < 0n ? -1n : 1n)
      expect(off > -BigInt(whole) && off <= BigInt(whole)).toBe(true)
    }),
    runs,
  )
})

test('given halves and signs, when a share is taken, then both signs round alike and hostile shares are errors', () => {
  expect([proportion(1, 1, 2), proportion(-1, 1, 2), proportion(3, 1, 2)]).toEqual([1, -1, 2])
  expect([proportion(1, -1, 2), proportion(1, 1, -2), proportion(-1, -1, -2)]).toEqual([-1, -1, -1])
  expect(proportion(1990, 1900, 11_900)).toBe(318)
  expect(proportion(Number.MAX_SAFE_INTEGER, 7, 7)).toBe(Number.MAX_SAFE_INTEGER)
  expect(() => proportion(Number.MAX_SAFE_INTEGER, 2, 1)).toThrow(RangeError)
  expect(() => proportion(1, 1, 0)).toThrow(RangeError)
  expect(() => proportion(0.5, 1, 1)).toThrow(RangeError)
})

test('given a currency, when its digits are asked, then they are those of ISO 4217 whatever the runtime thinks', () => {
  const digits = { EUR: 2, USD: 2, HUF: 2, IDR: 2, COP: 2, ISK: 0, JPY: 0, KRW: 0, IQD: 3, KWD: 3, TND: 3, CLF: 4 }
  expect(Object.fromEntries(Object.keys(digits).map((code) => [code, exponent(code)]))).toEqual(digits)
  expect(['EUR', 'JPY', 'KWD'].every(isCurrency)).toBe(true)
  for (const code of ['eur', 'EURO', 'E', '', 'XYZ', '__proto__', 'EUR ']) expect(isCurrency(code)).toBe(false)
})

test('given any amount, when it is written and read, then it is the same amount with exactly the digits of its currency', () => {
  fc.assert(
    fc.property(anyMinor, currency, (minor, code) => {
      const text = toDecimal(money(minor, code))
      expect(text.split('.')[1]?.length ?? 0).toBe(exponent(code))
      expect(isSame(fromDecimal(text, code)!, money(minor, code))).toBe(true)
    }),
    runs,
  )
})

test('given amounts of 0, 2 and 3 digits, when they are written, then they read as people write them', () => {
  expect(toWire(money(1234, 'EUR'))).toEqual({ amount: '12.34', currencyCode: 'EUR' })
  expect(toDecimal(money(1234, 'JPY'))).toBe('1234')
  expect(toDecimal(money(1234, 'KWD'))).toBe('1.234')
  expect([5, 0, -5, -1234].map((minor) => toDecimal(money(minor, 'EUR')))).toEqual(['0.05', '0.00', '-0.05', '-12.34'])
})

test('given decimals with fewer or needless digits, when they are read, then they are exact', () => {
  const minor = (text: string, code: string) => fromDecimal(text, code)?.minor ?? null
  expect(['12.3', '12', '12.340', '-0', '0012.30'].map((text) => minor(text, 'EUR'))).toEqual([
    1230, 1200, 1234, 0, 1230,
  ])
  expect(['12', '12.0', '12.5'].map((text) => minor(text, 'JPY'))).toEqual([12, 12, null])
  expect(['1.234', '1.2345'].map((text) => minor(text, 'KWD'))).toEqual([1234, null])
  expect(minor('90071992547409.91', 'EUR')).toBe(Number.MAX_SAFE_INTEGER)
  expect(['90071992547409.92', '9999999999999999'].map((text) => minor(text, 'EUR'))).toEqual([null, null])
})

const hostile = [
  ...['', ' ', '.', '-', '+1', '1.', '.5', '1,5', '1.2.3', '--1', '1e3', '1E3', '0x10', '1_000', ' 1', '1 ', '1\n'],
  ...['NaN', 'Infinity', '-Infinity', 'null', '١٢', '１２', '1\u0000', "1'; drop", '$1', '1.123456789', '12.345'],
  '9'.repeat(17),
  '9'.repeat(100_000),
]

test('given a hostile amount, when it is read, then it is refused and the field is named', () => {
  for (const amount of hostile) {
    expect(fromDecimal(amount, 'EUR'), amount.slice(0, 20)).toBeNull()
    const refused = (() => parseMoney({ amount, currencyCode: 'EUR' }, ['input', 'price'])) as () => never
    expect(refused).toThrow(ShopError)
    expect(refused).toThrow(
      expect.objectContaining({ problems: [expect.objectContaining({ field: ['input', 'price', 'amount'] })] }),
    )
  }
  expect(() => parseMoney({ amount: '1', currencyCode: 'eur' }, ['price'])).toThrow(
    expect.objectContaining({ problems: [expect.objectContaining({ field: ['price', 'currencyCode'] })] }),
  )
  expect(parseMoney({ amount: '-1.50', currencyCode: 'EUR' }, ['price'])).toEqual(money(-150, 'EUR'))
})

test('given any text, when it is read as an amount, then it is a safe integer or null', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'0123456789.-+eE, ') }), currency, (text, code) => {
      const read = fromDecimal(text, code)
      expect(read === null || Number.isSafeInteger(read.minor)).toBe(true)
    }),
    runs,
  )
})

test('given two amounts, when they are combined, then the result is exact, of one currency and below 2^53 (I6)', () => {
  const [five, max] = [money(500, 'EUR'), money(Number.MAX_SAFE_INTEGER, 'EUR')]
  expect([add(five, five), subtract(zero('EUR'), five), multiply(five, 3)].map(({ minor }) => minor)).toEqual([
    1000, -500, 1500,
  ])
  expect([sum([five, five, five], 'EUR').minor, sum([], 'JPY').minor]).toEqual([1500, 0])
  expect(isSame(five, money(500, 'USD'))).toBe(false)
  for (const wrong of [
    () => add(five, money(1, 'USD')),
    () => subtract(five, money(1, 'USD')),
    () => sum([five], 'USD'),
    () => add(max, money(1, 'EUR')),
    () => multiply(max, 2),
    () => multiply(five, 0.001),
    () => multiply(five, Number.NaN),
    () => money(0.1, 'EUR'),
  ]) {
    expect(wrong).toThrow(RangeError)
  }
})
