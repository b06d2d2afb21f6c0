import { Decimal128 } from 'bson'
import { divideHalfEven, type Exact, exactOf, isFiniteDecimal, toDecimal } from './numbers.ts'

/** Directions of rounding: to even, toward zero, toward positive and toward negative infinity. */
export type Rounding = 'even' | 'zero' | 'up' | 'down'

export const notANumber = Decimal128.fromString('NaN')

const abs = (value: bigint): bigint => (value < 0n ? -value : value)

const digitsOf = (value: bigint): number => abs(value).toString().length

/** Drops trailing zeros as long as the exponent stays at or below the ideal one. */
const towardIdeal = ({ coefficient, exponent }: Exact, ideal: number): Exact => {
  let [digits, power] = [coefficient, exponent]
  while (power < ideal && digits !== 0n && digits % 10n === 0n) [digits, power] = [digits / 10n, power + 1]
  return { coefficient: digits, exponent: digits === 0n ? ideal : power }
}

const isZero = (value: Decimal128): boolean => isFiniteDecimal(value) && exactOf(value).coefficient === 0n

/** a / b to 34 digits; the caller has refused b = 0. */
export const divideDecimals = (a: Decimal128, b: Decimal128): Decimal128 => {
  if (!isFiniteDecimal(a) || !isFiniteDecimal(b)) {
    return Decimal128.fromString(String(Number(a.toString()) / Number(b.toString())))
  }
  const [left, right] = [exactOf(a), exactOf(b)]
  const ideal = left.exponent - right.exponent
  const shift = Math.max(0, 36 + digitsOf(right.coefficient) - digitsOf(left.coefficient))
  const numerator = left.coefficient * 10n ** BigInt(shift)
  const quotient = numerator / right.coefficient
  if (numerator % right.coefficient === 0n) {
    return toDecimal(towardIdeal({ coefficient: quotient, exponent: ideal - shift }, ideal))
  }
  // One more digit that is neither 0 nor 5 keeps the final rounding honest about what was cut off.
  const sign = numerator < 0n !== right.coefficient < 0n ? -1n : 1n
  return toDecimal({ coefficient: quotient * 10n + sign, exponent: ideal - shift - 1 })
}

/** The remainder of a / b with the sign of a; the caller has refused b = 0. */
export const remainderOfDecimals = (a: Decimal128, b: Decimal128): Decimal128 => {
  if (!isFiniteDecimal(a) || !isFiniteDecimal(b)) {
    const remainder = Number(a.toString()) % Number(b.toString())
    return Number.isFinite(remainder) ? a : notANumber
  }
  const [left, right] = [exactOf(a), exactOf(b)]
  const exponent = Math.min(left.exponent, right.exponent)
  const scaled = ({ coefficient, exponent: own }: Exact): bigint => coefficient * 10n ** BigInt(own - exponent)
  return toDecimal({ coefficient: scaled(left) % scaled(right), exponent })
}

const roundings: Readonly<Record<Rounding, (value: bigint, divisor: bigint) => bigint>> = {
  even: divideHalfEven,
  zero: (value, divisor) => value / divisor,
  up: (value, divisor) => value / divisor + (value > 0n && value % divisor !== 0n ? 1n : 0n),
  down: (value, divisor) => value / divisor - (value < 0n && value % divisor !== 0n ? 1n : 0n),
}

/** The exact value with the given exponent; undefined digits are never made up: a larger exponent is filled with zeros. */
export const quantizeExact = ({ coefficient, exponent }: Exact, wanted: number, rounding: Rounding): Exact =>
  exponent >= wanted
    ? { coefficient: coefficient * 10n ** BigInt(exponent - wanted), exponent: wanted }
    : { coefficient: roundings[rounding](coefficient, 10n ** BigInt(wanted - exponent)), exponent: wanted }

/** Rounds to `places` decimal places, or as many of them as 34 digits can hold. */
export const quantizeDecimal = (value: Decimal128, places: number, rounding: Rounding): Decimal128 => {
  if (!isFiniteDecimal(value)) return value
  const exact = exactOf(value)
  const room = 34 - digitsOf(exact.coefficient) - exact.exponent
  return toDecimal(quantizeExact(exact, -Math.min(places, Math.max(room, -exact.exponent)), rounding))
}

export const negateDecimal = (value: Decimal128): Decimal128 => {
  const text = value.toString()
  if (text === 'NaN') return value
  return Decimal128.fromString(text.startsWith('-') ? text.slice(1) : `-${text}`)
}

export const isNegativeDecimal = (value: Decimal128): boolean => value.toString().startsWith('-') && !isZero(value)

export const isZeroDecimal = isZero

/** The whole part of the square root. */
export const integerRoot = (value: bigint): bigint => {
  if (value < 2n) return value
  let root = BigInt(Math.floor(Math.sqrt(Number(value))))
  for (;;) {
    const next = (root + value / root) >> 1n
    if (abs(next - root) <= 1n) {
      root = next
      break
    }
    root = next
  }
  while (root * root > value) root -= 1n
  while ((root + 1n) * (root + 1n) <= value) root += 1n
  return root
}

/** The square root to 34 digits; the caller has refused negative numbers. */
export const squareRootOfDecimal = (value: Decimal128): Decimal128 => {
  if (!isFiniteDecimal(value)) return value
  const { coefficient, exponent } = exactOf(value)
  const even = exponent - (exponent & 1)
  const digits = coefficient * 10n ** BigInt(exponent - even)
  const shift = Math.max(0, 36 - (digitsOf(digits) >> 1))
  const scaled = digits * 100n ** BigInt(shift)
  const root = integerRoot(scaled)
  const place = even / 2 - shift
  if (root * root === scaled) return toDecimal(towardIdeal({ coefficient: root, exponent: place }, even / 2))
  return toDecimal({ coefficient: root * 10n + 1n, exponent: place - 1 })
}
