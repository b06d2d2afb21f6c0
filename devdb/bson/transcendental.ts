import { Decimal128 } from 'bson'
import { integerRoot, notANumber } from './decimal.ts'
import { type Exact, exactOf, isFiniteDecimal, toDecimal } from './numbers.ts'

/**
 * Functions of decimal128 in fixed-point numbers of 100 digits, which leaves 34 correct ones after all roundings. Arguments
 * and results that are not finite follow the same function of doubles.
 */
const digits = 100
const one = 10n ** BigInt(digits)

const times = (a: bigint, b: bigint): bigint => (a * b) / one
const over = (a: bigint, b: bigint): bigint => (a * one) / b

const fixedOf = ({ coefficient, exponent }: Exact): bigint => {
  const places = digits + exponent
  return places >= 0 ? coefficient * 10n ** BigInt(places) : coefficient / 10n ** BigInt(-places)
}

const isFar = ({ coefficient, exponent }: Exact): boolean => coefficient.toString().length + exponent > 30

/** Results that are exact, such as the logarithm of a power of ten, are not padded with zeros. */
const decimalOf = (fixed: bigint, power = 0): Decimal128 => {
  if (fixed === 0n) return Decimal128.fromString('0')
  const { coefficient, exponent } = exactOf(toDecimal({ coefficient: fixed, exponent: power - digits }))
  const zeros = /0*$/.exec(coefficient.toString())?.[0].length ?? 0
  const dropped = exponent < 0 ? Math.min(zeros, -exponent) : 0
  return toDecimal({ coefficient: coefficient / 10n ** BigInt(dropped), exponent: exponent + dropped })
}

const series = (first: bigint, next: (term: bigint, index: number) => bigint): bigint => {
  let sum = 0n
  for (let index = 1, term = first; term !== 0n; term = next(term, index++)) sum += term
  return sum
}

const halvings = 16n

const expFixed = (x: bigint): bigint => {
  const part = x >> halvings
  let result = series(one, (term, index) => times(term, part) / BigInt(index))
  for (let count = 0n; count < halvings; count++) result = times(result, result)
  return result
}

/** For arguments from 1 to 100; each round of the iteration triples the correct digits of a double's logarithm. */
const logFixed = (x: bigint): bigint => {
  const guess = Math.log(Number(x / 10n ** BigInt(digits - 17)) / 1e17)
  let result = BigInt(Math.round(guess * 2 ** 50)) * (one >> 50n)
  for (let round = 0; round < 3; round++) {
    const power = expFixed(result)
    result += 2n * over(x - power, x + power)
  }
  return result
}

/** Constants of 100 digits take a while: only who uses them pays for them. */
const lazily = (make: () => bigint): (() => bigint) => {
  let made: bigint | undefined
  return () => {
    made ??= make()
    return made
  }
}

const ln10 = lazily(() => logFixed(10n * one))

/** The exponential as a fixed-point number and a power of ten. */
const exponential = (x: bigint): readonly [bigint, number] => {
  const power = x / ln10()
  return [expFixed(x - power * ln10()), Number(power)]
}

const logarithm = ({ coefficient, exponent }: Exact): bigint => {
  const power = coefficient.toString().length - 1
  return logFixed((coefficient * one) / 10n ** BigInt(power)) + BigInt(exponent + power) * ln10()
}

const ofDouble = (value: number): Decimal128 => Decimal128.fromString(String(value))

const likeDouble = (value: Decimal128, apply: (value: number) => number): Decimal128 =>
  ofDouble(apply(Number(value.toString())))

export const expOfDecimal = (value: Decimal128): Decimal128 => {
  if (!isFiniteDecimal(value)) return likeDouble(value, Math.exp)
  const exact = exactOf(value)
  if (isFar(exact)) return ofDouble(exact.coefficient < 0n ? 0 : Number.POSITIVE_INFINITY)
  return decimalOf(...exponential(fixedOf(exact)))
}

/** The caller has refused what is not above zero. */
export const lnOfDecimal = (value: Decimal128): Decimal128 =>
  isFiniteDecimal(value) ? decimalOf(logarithm(exactOf(value))) : likeDouble(value, Math.log)

/** The caller has refused arguments that are not above zero, and the base 1. */
export const logOfDecimal = (value: Decimal128, base: Decimal128): Decimal128 => {
  if (!isFiniteDecimal(value) || !isFiniteDecimal(base)) {
    return ofDouble(Math.log(Number(value.toString())) / Math.log(Number(base.toString())))
  }
  return decimalOf(over(logarithm(exactOf(value)), logarithm(exactOf(base))))
}

const mostExactPower = 5000

const precision = 34

/** One divided by a number, exact or with more digits than a decimal has. */
const reciprocal = ({ coefficient, exponent }: Exact): Exact => {
  const places = coefficient.toString().length + 2 * precision
  return { coefficient: 10n ** BigInt(places) / coefficient, exponent: -places - exponent }
}

/** With all the digits a decimal has, as MongoDB answers powers; values out of their range are left alone. */
const padded = ({ coefficient, exponent }: Exact): Decimal128 => {
  const missing = Math.max(0, precision - coefficient.toString().replace('-', '').length)
  if (coefficient === 0n || exponent - missing < -6176) return toDecimal({ coefficient, exponent })
  return toDecimal({ coefficient: coefficient * 10n ** BigInt(missing), exponent: exponent - missing })
}

const wholePower = (base: Exact, power: bigint): Decimal128 => {
  const size = power < 0n ? -power : power
  const raised = { coefficient: base.coefficient ** size, exponent: base.exponent * Number(size) }
  return padded(power < 0n ? reciprocal(raised) : raised)
}

const wholeOf = ({ coefficient, exponent }: Exact): bigint | undefined => {
  if (exponent >= 0) return exponent < 10 ? coefficient * 10n ** BigInt(exponent) : undefined
  const divisor = 10n ** BigInt(-exponent)
  return coefficient % divisor === 0n ? coefficient / divisor : undefined
}

/** The caller has refused a power of zero below zero. */
export const powerOfDecimals = (base: Decimal128, power: Decimal128): Decimal128 => {
  if (!isFiniteDecimal(base) || !isFiniteDecimal(power)) {
    return ofDouble(Number(base.toString()) ** Number(power.toString()))
  }
  const [left, right] = [exactOf(base), exactOf(power)]
  const whole = wholeOf(right)
  if (whole !== undefined && whole >= -mostExactPower && whole <= mostExactPower) return wholePower(left, whole)
  if (left.coefficient === 0n) return Decimal128.fromString('0')
  if (left.coefficient < 0n && whole === undefined) return notANumber
  const size = left.coefficient < 0n ? { coefficient: -left.coefficient, exponent: left.exponent } : left
  const logged = times(logarithm(size), fixedOf(right))
  if (logged / one > 20_000n || logged / one < -20_000n) return ofDouble(logged < 0n ? 0 : Number.POSITIVE_INFINITY)
  const [result, shift] = exponential(logged)
  return decimalOf(left.coefficient < 0n && whole !== undefined && whole % 2n !== 0n ? -result : result, shift)
}

const root = (x: bigint): bigint => integerRoot(x * one)

const atanFixed = (x: bigint): bigint => {
  const half = (y: bigint): bigint => over(y, one + root(one + times(y, y)))
  const small = half(half(half(half(x))))
  const square = times(small, small)
  let power = small
  const sum = series(small, (_term, index) => {
    power = -times(power, square)
    return power / BigInt(2 * index + 1)
  })
  return 16n * sum
}

const pi = lazily(() => 4n * atanFixed(one))

const sinFixed = (x: bigint): bigint => {
  const turned = x % (2n * pi())
  const square = times(turned, turned)
  return series(turned, (term, index) => -times(term, square) / BigInt(2 * index * (2 * index + 1)))
}

const cosFixed = (x: bigint): bigint => sinFixed(x + pi() / 2n)

const atan2Fixed = (y: bigint, x: bigint): bigint => {
  if (x === 0n) return y === 0n ? 0n : y > 0n ? pi() / 2n : -pi() / 2n
  const angle = atanFixed(over(y, x))
  if (x > 0n) return angle
  return y < 0n ? angle - pi() : angle + pi()
}

const asinFixed = (x: bigint): bigint => atan2Fixed(x, root(one - times(x, x)))

const grown = (x: bigint): bigint => {
  const [mantissa, power] = exponential(x)
  return power >= 0 ? mantissa * 10n ** BigInt(power) : mantissa / 10n ** BigInt(-power)
}

const logOf = (x: bigint): bigint => logarithm({ coefficient: x, exponent: -digits })

const hyperbolic: Readonly<Record<string, (x: bigint) => bigint>> = {
  sinh: (x) => (grown(x) - grown(-x)) / 2n,
  cosh: (x) => (grown(x) + grown(-x)) / 2n,
  tanh: (x) => over(grown(x) - grown(-x), grown(x) + grown(-x)),
  asinh: (x) => (x < 0n ? -logOf(root(times(x, x) + one) - x) : logOf(x + root(times(x, x) + one))),
  acosh: (x) => logOf(x + root(times(x, x) - one)),
  atanh: (x) => logOf(over(one + x, one - x)) / 2n,
}

const functions: Readonly<Record<string, (x: bigint) => bigint>> = {
  ...hyperbolic,
  sin: sinFixed,
  cos: cosFixed,
  tan: (x) => over(sinFixed(x), cosFixed(x)),
  asin: asinFixed,
  acos: (x) => pi() / 2n - asinFixed(x),
  atan: atanFixed,
  degreesToRadians: (x) => times(x, pi() / 180n),
  radiansToDegrees: (x) => over(x * 180n, pi()),
}

const nearIdentity = ['sin', 'tan', 'asin', 'atan', 'sinh', 'tanh', 'asinh', 'atanh']

/**
 * A trigonometric function, named as in `Math`, or a conversion of angles, of a decimal; undefined for an argument so far
 * from zero that 100 digits do not carry it.
 */
export const trigonometryOfDecimal = (name: string, value: Decimal128): Decimal128 | undefined => {
  const exact = exactOf(value)
  const size = exact.coefficient.toString().replace('-', '').length + exact.exponent
  if (size > 30) return undefined
  if (['sinh', 'cosh', 'tanh'].includes(name) && size > 4) return undefined
  if (exact.coefficient === 0n && nearIdentity.includes(name)) return value
  if (size < -40 && nearIdentity.includes(name)) return value
  return decimalOf(functions[name]?.(fixedOf(exact)) ?? 0n)
}

/** The angle of the point (x, y), both finite and within 30 digits before the point; undefined else. */
export const atan2OfDecimals = (y: Decimal128, x: Decimal128): Decimal128 | undefined => {
  if (!isFiniteDecimal(y) || !isFiniteDecimal(x) || isFar(exactOf(y)) || isFar(exactOf(x))) return undefined
  return decimalOf(atan2Fixed(fixedOf(exactOf(y)), fixedOf(exactOf(x))))
}
