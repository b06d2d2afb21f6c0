import { Decimal128 } from 'bson'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { divideDecimals, quantizeDecimal, type Rounding, remainderOfDecimals, squareRootOfDecimal } from './decimal.ts'
import { exactOf, subtractExact, toDecimal } from './numbers.ts'
import { expOfDecimal, lnOfDecimal, logOfDecimal, powerOfDecimals, trigonometryOfDecimal } from './transcendental.ts'

const decimal = (text: string): Decimal128 => Decimal128.fromString(text)

const coefficient = fc.bigInt({ min: -(10n ** 33n), max: 10n ** 33n })
const any = fc
  .tuple(coefficient, fc.integer({ min: -40, max: 40 }))
  .map(([digits, power]) => decimal(`${digits}E${power}`))
const nonZero = any.filter((value) => exactOf(value).coefficient !== 0n)
const near = fc.double({ min: -30, max: 30, noNaN: true }).map((value) => decimal(value.toFixed(12)))

describe('decimal128', () => {
  it.each([
    ['1', '3', '0.3333333333333333333333333333333333'],
    ['2', '3', '0.6666666666666666666666666666666667'],
    ['-1', '8', '-0.125'],
    ['100', '10', '10'],
    ['1E+6144', '1E-6000', 'Infinity'],
    ['1', 'Infinity', '0'],
    ['NaN', '1', 'NaN'],
  ])('given %s / %s, then it is %s', (a, b, expected) => {
    expect(divideDecimals(decimal(a), decimal(b)).toString()).toBe(expected)
  })

  it('given any quotient, then no other decimal of 34 digits is nearer to the exact one', () => {
    fc.assert(
      fc.property(any, nonZero, (a, b) => {
        const quotient = exactOf(divideDecimals(a, b))
        const divisor = exactOf(b)
        const back = {
          coefficient: quotient.coefficient * divisor.coefficient,
          exponent: quotient.exponent + divisor.exponent,
        }
        const error = subtractExact(exactOf(a), back)
        const half = { coefficient: divisor.coefficient * 5n, exponent: divisor.exponent + quotient.exponent - 1 }
        const size = (value: bigint): bigint => (value < 0n ? -value : value)
        const room = subtractExact(
          { coefficient: size(half.coefficient), exponent: half.exponent },
          { coefficient: size(error.coefficient), exponent: error.exponent },
        )
        expect(room.coefficient >= 0n).toBe(true)
      }),
    )
  })

  it('given any two decimals, then the remainder has the sign of the first and is less than the second', () => {
    fc.assert(
      fc.property(any, nonZero, (a, b) => {
        const rest = Number(remainderOfDecimals(a, b).toString())
        expect(rest === 0 || Math.sign(rest) === Math.sign(Number(a.toString()))).toBe(true)
        expect(Math.abs(rest)).toBeLessThanOrEqual(Math.abs(Number(b.toString())))
      }),
    )
  })

  it.each<[string, number, Rounding, string]>([
    ['2.5', 0, 'even', '2'],
    ['-2.5', 0, 'even', '-2'],
    ['2.51', 0, 'even', '3'],
    ['-2.1', 0, 'down', '-3'],
    ['-2.9', 0, 'up', '-2'],
    ['2.999', 2, 'zero', '2.99'],
    ['1250', -2, 'even', '1.2E+3'],
    ['1', 2, 'even', '1.00'],
    ['1E+40', 0, 'even', '1.000000000000000000000000000000000E+40'],
    ['Infinity', 0, 'even', 'Infinity'],
  ])('given %s to %i places, when rounded %s, then it is %s', (value, places, rounding, expected) => {
    expect(quantizeDecimal(decimal(value), places, rounding).toString()).toBe(expected)
  })

  it('given any square, then its root is exact', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 17n }), fc.integer({ min: -20, max: 20 }), (root, power) => {
        const square = decimal(`${root * root}E${2 * power}`)
        expect(
          subtractExact(exactOf(squareRootOfDecimal(square)), { coefficient: root, exponent: power }).coefficient,
        ).toBe(0n)
      }),
    )
  })

  it.each([
    [10n ** 34n - 1n, 0, '9999999999999999999999999999999999'],
    [10n ** 35n - 1n, 0, '1.000000000000000000000000000000000E+35'],
    [1n, 6200, 'Infinity'],
    [-1n, 6112, '-1.0E+6112'],
    [5n, -6177, '0E-6176'],
    [15n, -6177, '2E-6176'],
  ])('given %s times ten to the power of %i, then it is %s as a decimal128', (digits, exponent, expected) => {
    expect(toDecimal({ coefficient: digits, exponent }).toString()).toBe(expected)
  })

  it.each([
    ['exp', Math.exp, expOfDecimal],
    ['ln', (value: number) => Math.log(Math.abs(value) + 1), (value: Decimal128) => lnOfDecimal(plusOne(value))],
    ...(['sin', 'cos', 'tan', 'atan', 'sinh', 'cosh', 'tanh', 'asinh'] as const).map(
      (name): [string, (value: number) => number, (value: Decimal128) => Decimal128] => [
        name,
        Math[name],
        (value) => trigonometryOfDecimal(name, value) ?? decimal('NaN'),
      ],
    ),
  ] as [string, (value: number) => number, (value: Decimal128) => Decimal128][])(
    'given any number, then %s of a decimal agrees with that of a double',
    (_name, ofDouble, ofDecimal) => {
      fc.assert(
        fc.property(near, (value) => {
          const [exact, rough] = [Number(ofDecimal(value).toString()), ofDouble(Number(value.toString()))]
          expect(Math.abs(exact - rough)).toBeLessThanOrEqual(1e-12 * Math.max(1, Math.abs(rough) ** 2))
        }),
        { numRuns: 40 },
      )
    },
  )

  it('given a logarithm, when it is raised again, then at least 30 digits come back', () => {
    const value = decimal('12345.6789')
    const back = powerOfDecimals(decimal('10'), logOfDecimal(value, decimal('10')))
    expect(quantizeDecimal(back, 25, 'even').toString()).toBe('12345.6789000000000000000000000')
  })
})

const plusOne = (value: Decimal128): Decimal128 => {
  const { coefficient, exponent } = exactOf(value)
  const size = coefficient < 0n ? coefficient : -coefficient
  return toDecimal(subtractExact({ coefficient: 1n, exponent: 0 }, { coefficient: size, exponent }))
}
