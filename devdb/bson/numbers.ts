import { Decimal128, Double, Long } from 'bson'
import { isInt32, kindOf, type Value } from './values.ts'

export type Numeric = number | Long | Double | Decimal128

/** coefficient * 10^exponent, exactly. */
export type Exact = { readonly coefficient: bigint; readonly exponent: number }

/** A double, wrapped when it would otherwise encode as int32. */
export const makeDouble = (value: number): number | Double => (isInt32(value) ? new Double(value) : value)

export const toNumber = (value: Numeric): number => {
  if (typeof value === 'number') return value
  const kind = kindOf(value)
  if (kind === 'double') return (value as Double).value
  return kind === 'long' ? (value as Long).toNumber() : Number((value as Decimal128).toString())
}

const bits = Buffer.alloc(8)

const exactDouble = (value: number): Exact => {
  bits.writeDoubleBE(value)
  const raw = bits.readBigUInt64BE()
  const biased = Number((raw >> 52n) & 0x7ffn)
  const fraction = raw & 0xfffffffffffffn
  const mantissa = (biased === 0 ? fraction : fraction | 0x10000000000000n) * (value < 0 ? -1n : 1n)
  const power = (biased === 0 ? 1 : biased) - 1075
  return power >= 0
    ? { coefficient: mantissa << BigInt(power), exponent: 0 }
    : { coefficient: mantissa * 5n ** BigInt(-power), exponent: power }
}

const exactDecimal = (value: Decimal128): Exact => {
  const [digits = '0', power = '0'] = value.toString().split('E')
  const [whole = '0', fraction = ''] = digits.split('.')
  return { coefficient: BigInt(whole + fraction), exponent: Number(power) - fraction.length }
}

/** The exact value of a finite number. */
export const exactOf = (value: Numeric): Exact => {
  const kind = kindOf(value)
  if (kind === 'decimal') return exactDecimal(value as Decimal128)
  if (kind === 'long') return { coefficient: (value as Long).toBigInt(), exponent: 0 }
  return exactDouble(toNumber(value))
}

const align = (a: Exact, b: Exact): [bigint, bigint, number] => {
  const exponent = Math.min(a.exponent, b.exponent)
  return [
    a.coefficient * 10n ** BigInt(a.exponent - exponent),
    b.coefficient * 10n ** BigInt(b.exponent - exponent),
    exponent,
  ]
}

export const subtractExact = (a: Exact, b: Exact): Exact => {
  const [left, right, exponent] = align(a, b)
  return { coefficient: left - right, exponent }
}

const addExact = (a: Exact, b: Exact): Exact => subtractExact(a, { coefficient: -b.coefficient, exponent: b.exponent })

/** Divides integers, rounding half to even. */
export const divideHalfEven = (value: bigint, divisor: bigint): bigint => {
  const quotient = value / divisor
  const twice = (value % divisor) * 2n
  const magnitude = twice < 0n ? -twice : twice
  if (magnitude < divisor || (magnitude === divisor && quotient % 2n === 0n)) return quotient
  return quotient + (value < 0n ? -1n : 1n)
}

const digitsOf = (coefficient: bigint): number => coefficient.toString().replace('-', '').length

const leastExponent = -6176
const mostExponent = 6111
const mostDigits = 34

const roundedTo34 = ({ coefficient, exponent }: Exact): Exact => {
  const excess = Math.max(digitsOf(coefficient) - mostDigits, leastExponent - exponent)
  if (excess <= 0) return { coefficient, exponent }
  const rounded = { coefficient: divideHalfEven(coefficient, 10n ** BigInt(excess)), exponent: exponent + excess }
  return digitsOf(rounded.coefficient) > mostDigits ? roundedTo34(rounded) : rounded
}

/** Rounds to the 34 digits of decimal128, half to even, as IEEE 754 asks; too large a value is infinite. */
export const toDecimal = (exact: Exact): Decimal128 => {
  const { coefficient, exponent } = roundedTo34(exact)
  const excess = exponent - mostExponent
  if (excess <= 0) return Decimal128.fromString(`${coefficient}E${exponent}`)
  if (coefficient === 0n) return Decimal128.fromString(`0E${mostExponent}`)
  if (digitsOf(coefficient) + excess > mostDigits) {
    return Decimal128.fromString(coefficient < 0n ? '-Infinity' : 'Infinity')
  }
  return Decimal128.fromString(`${coefficient * 10n ** BigInt(excess)}E${mostExponent}`)
}

/** A double becomes decimal128 with its first 15 significant digits, trailing zeros included; integers stay exact. */
export const asDecimal = (value: Numeric): Decimal128 => {
  const kind = kindOf(value)
  if (kind === 'decimal') return value as Decimal128
  if (kind === 'long') return Decimal128.fromString((value as Long).toString())
  const number = toNumber(value)
  if (Object.is(number, -0)) return Decimal128.fromString('-0')
  if (kind === 'int' || number === 0 || !Number.isFinite(number)) return Decimal128.fromString(String(number))
  return Decimal128.fromString(number.toExponential(14))
}

export const isFiniteDecimal = (value: Decimal128): boolean => /\d/.test(value.toString())

const decimals = (a: Numeric, b: Numeric, operation: '+' | '*'): Decimal128 => {
  const [left, right] = [asDecimal(a), asDecimal(b)]
  if (!isFiniteDecimal(left) || !isFiniteDecimal(right)) {
    const [x, y] = [toNumber(left), toNumber(right)]
    return Decimal128.fromString(String(operation === '+' ? x + y : x * y))
  }
  const [x, y] = [exactDecimal(left), exactDecimal(right)]
  if (operation === '+') return toDecimal(addExact(x, y))
  return toDecimal({ coefficient: x.coefficient * y.coefficient, exponent: x.exponent + y.exponent })
}

export const fitsInt64 = (value: bigint): boolean => BigInt.asIntN(64, value) === value

/**
 * Adds or multiplies as `$inc` and `$mul` do: decimal wins, then double, then long; an int result outside int32 becomes
 * a long. Undefined when an int64 result overflows.
 */
export const arithmetic = (operation: '+' | '*', a: Numeric, b: Numeric): Value | undefined => {
  const kinds = [kindOf(a), kindOf(b)]
  if (kinds.includes('decimal')) return decimals(a, b, operation)
  const [x, y] = [toNumber(a), toNumber(b)]
  if (kinds.includes('double')) return makeDouble(operation === '+' ? x + y : x * y)
  const quick = operation === '+' ? x + y : x * y
  if (!kinds.includes('long') && isInt32(quick + 0)) return quick + 0
  const [left, right] = [wide(a), wide(b)]
  const exact = operation === '+' ? left + right : left * right
  return fitsInt64(exact) ? Long.fromBigInt(exact) : undefined
}

/** a - b as `$subtract` does: an int64 result that overflows becomes a double. */
export const subtractNumbers = (a: Numeric, b: Numeric): Numeric => {
  const kinds = [kindOf(a), kindOf(b)]
  if (kinds.includes('decimal')) return differenceOfDecimals(asDecimal(a), asDecimal(b))
  const quick = toNumber(a) - toNumber(b)
  if (kinds.includes('double')) return makeDouble(quick)
  if (!kinds.includes('long') && isInt32(quick)) return quick
  const exact = wide(a) - wide(b)
  return fitsInt64(exact) ? Long.fromBigInt(exact) : makeDouble(quick)
}

const differenceOfDecimals = (a: Decimal128, b: Decimal128): Decimal128 => {
  if (isFiniteDecimal(a) && isFiniteDecimal(b)) return toDecimal(subtractExact(exactDecimal(a), exactDecimal(b)))
  return Decimal128.fromString(String(toNumber(a) - toNumber(b)))
}

/** An int or long as a bigint. */
export const wide = (value: Numeric): bigint =>
  kindOf(value) === 'long' ? (value as Long).toBigInt() : BigInt(toNumber(value))

/** The integer inside a number, whatever its type; undefined when it is no whole number. */
export const integerOf = (value: Value | undefined): number | undefined => {
  if (value === undefined) return undefined
  const kind = kindOf(value)
  if (kind !== 'int' && kind !== 'double' && kind !== 'long' && kind !== 'decimal') return undefined
  const number = toNumber(value as Numeric)
  return Number.isInteger(number) ? number : undefined
}
