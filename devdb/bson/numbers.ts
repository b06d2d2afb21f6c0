import { Decimal128, Double, Long } from 'bson'
import { isInt32, kindOf, type Value } from './values.ts'

type Numeric = number | Long | Double | Decimal128

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

const divideHalfEven = (value: bigint, divisor: bigint): bigint => {
  const quotient = value / divisor
  const twice = (value % divisor) * 2n
  const magnitude = twice < 0n ? -twice : twice
  if (magnitude < divisor || (magnitude === divisor && quotient % 2n === 0n)) return quotient
  return quotient + (value < 0n ? -1n : 1n)
}

/** Rounds to the 34 digits of decimal128, half to even, as IEEE 754 asks. */
const toDecimal = ({ coefficient, exponent }: Exact): Decimal128 => {
  const digits = coefficient.toString().replace('-', '').length
  if (digits <= 34) return Decimal128.fromString(`${coefficient}E${exponent}`)
  const excess = digits - 34
  return Decimal128.fromString(`${divideHalfEven(coefficient, 10n ** BigInt(excess))}E${exponent + excess}`)
}

/** MongoDB turns a double into decimal128 through its first 15 significant digits. */
const asDecimal = (value: Numeric): Decimal128 => {
  const kind = kindOf(value)
  if (kind === 'decimal') return value as Decimal128
  if (kind === 'long') return Decimal128.fromString((value as Long).toString())
  const number = toNumber(value)
  return Decimal128.fromString(Number.isFinite(number) ? String(Number(number.toPrecision(15))) : String(number))
}

const isFiniteDecimal = (value: Decimal128): boolean => /\d/.test(value.toString())

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

const fitsInt64 = (value: bigint): boolean => BigInt.asIntN(64, value) === value

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

const wide = (value: Numeric): bigint =>
  kindOf(value) === 'long' ? (value as Long).toBigInt() : BigInt(toNumber(value))

/** The integer inside a number, whatever its type; undefined when it is no whole number. */
export const integerOf = (value: Value | undefined): number | undefined => {
  if (value === undefined) return undefined
  const kind = kindOf(value)
  if (kind !== 'int' && kind !== 'double' && kind !== 'long' && kind !== 'decimal') return undefined
  const number = toNumber(value as Numeric)
  return Number.isInteger(number) ? number : undefined
}
