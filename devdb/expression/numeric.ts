import type { Decimal128, Double } from 'bson'
import { Decimal128 as Decimal, Long } from 'bson'
import {
  isNegativeDecimal,
  isZeroDecimal,
  negateDecimal,
  quantizeDecimal,
  quantizeExact,
  type Rounding,
  squareRootOfDecimal,
} from '../bson/decimal.ts'
import { asDecimal, exactOf, fitsInt64, makeDouble, type Numeric, toNumber, wide } from '../bson/numbers.ts'
import { expOfDecimal, lnOfDecimal, logOfDecimal, powerOfDecimals } from '../bson/transcendental.ts'
import { isInt32, isNumeric, kindOf, type Value } from '../bson/values.ts'
import { location } from '../errors.ts'
import { int32Of } from './indexes.ts'
import { binary, isNullish, type Operator, type Operators, ranged, typeName, unary } from './operands.ts'

/** An operator of one number: null for null, an error for what is no number. */
export const numeric = (apply: (value: Numeric, name: string) => Value): Operator =>
  unary((value, name) => {
    if (isNullish(value)) return null
    if (!isNumeric(value)) throw location(28765, `${name} only supports numeric types, not ${typeName(value)}`)
    return apply(value, name)
  })

export const isDecimal = (value: Numeric): value is Decimal128 => kindOf(value) === 'decimal'

const longOrInt = (value: bigint): number | Long => {
  const number = Number(value)
  return isInt32(number) ? number : Long.fromBigInt(value)
}

const absolute = (value: Numeric): Value => {
  if (isDecimal(value)) return value.toString().startsWith('-') ? negateDecimal(value) : value
  if (kindOf(value) === 'double') return makeDouble(Math.abs(toNumber(value)))
  const size = wide(value) < 0n ? -wide(value) : wide(value)
  if (!fitsInt64(size)) throw location(28680, "can't take $abs of long long min")
  return kindOf(value) === 'long' ? Long.fromBigInt(size) : longOrInt(size)
}

const toWhole = (rounding: Rounding, round: (value: number) => number): Operator =>
  numeric((value) => {
    if (isDecimal(value)) return quantizeDecimal(value, 0, rounding)
    return kindOf(value) === 'double' ? makeDouble(round(toNumber(value))) : value
  })

const placesOf = (value: Value, name: string): number => {
  const places = int32Of(value)
  if (places === undefined) throw location(51082, `precision argument to  ${name} must be a integral value`)
  if (places >= -20 && places <= 100) return places
  throw location(51083, `cannot apply ${name} with precision value ${places} value must be in [-20, 100]`)
}

const roundDouble = (value: number, places: number, rounding: Rounding): number | Double => {
  if (!Number.isFinite(value)) return value
  const { coefficient, exponent } = quantizeExact(exactOf(makeDouble(value)), -places, rounding)
  return makeDouble(
    coefficient === 0n && (value < 0 || Object.is(value, -0)) ? -0 : Number(`${coefficient}e${exponent}`),
  )
}

const roundInteger = (
  value: Numeric,
  places: number,
  { name, rounding }: { name: string; rounding: Rounding },
): Value => {
  if (places >= 0) return value
  const { coefficient } = quantizeExact({ coefficient: wide(value), exponent: 0 }, -places, rounding)
  const rounded = coefficient * 10n ** BigInt(-places)
  if (!fitsInt64(rounded)) {
    throw location(
      51080,
      `invalid conversion from Decimal128 result in ${name} resulting from arguments: [${wide(value)}, ${places}]`,
    )
  }
  return kindOf(value) === 'long' ? Long.fromBigInt(rounded) : longOrInt(rounded)
}

const rounding = (mode: Rounding): Operator =>
  ranged([1, 2], (values, name) => {
    const [value, precision] = values
    if (isNullish(value)) return null
    if (!isNumeric(value)) throw location(51081, `${name} only supports numeric types, not ${typeName(value)}`)
    if (values.length > 1 && isNullish(precision)) return null
    const places = isNullish(precision) ? 0 : placesOf(precision, name)
    if (isDecimal(value)) return quantizeDecimal(value, places, mode)
    if (kindOf(value) === 'double') return roundDouble(toNumber(value), places, mode)
    return roundInteger(value, places, { name, rounding: mode })
  })

const squareRoot = (value: Numeric): Value => {
  const negative = isDecimal(value) ? isNegativeDecimal(value) : toNumber(value) < 0
  if (negative) throw location(28714, "$sqrt's argument must be greater than or equal to 0")
  return isDecimal(value) ? squareRootOfDecimal(value) : makeDouble(Math.sqrt(toNumber(value)))
}

const isPositive = (value: Numeric): boolean =>
  isDecimal(value) ? !isNegativeDecimal(value) && !isZeroDecimal(value) : !(toNumber(value) <= 0)

const needPositive = (value: Numeric, code: number, message: string): void => {
  if (!isPositive(value)) throw location(code, `${message}, but is ${toNumber(value)}`)
}

const ten = Decimal.fromString('10')

const logarithm = (a: Value | undefined, b: Value | undefined): Value => {
  if (isNullish(a) || isNullish(b)) return null
  if (!isNumeric(a)) throw location(28756, `$log's argument must be numeric, not ${typeName(a)}`)
  if (!isNumeric(b)) throw location(28757, `$log's base must be numeric, not ${typeName(b)}`)
  needPositive(a, 28758, "$log's argument must be a positive number")
  const one = toNumber(b) === 1
  if (one || !isPositive(b)) {
    throw location(28759, `$log's base must be a positive number not equal to 1, but is ${toNumber(b)}`)
  }
  if (isDecimal(a) || isDecimal(b)) return logOfDecimal(asDecimal(a), asDecimal(b))
  return makeDouble(Math.log(toNumber(a)) / Math.log(toNumber(b)))
}

const power = (a: Value | undefined, b: Value | undefined): Value => {
  if (isNullish(a) || isNullish(b)) return null
  if (!isNumeric(a)) throw location(28762, `$pow's base must be numeric, not ${typeName(a)}`)
  if (!isNumeric(b)) throw location(28763, `$pow's exponent must be numeric, not ${typeName(b)}`)
  if (toNumber(a) === 0 && (!isDecimal(a) || isZeroDecimal(a)) && toNumber(b) < 0) {
    throw location(28764, '$pow cannot take a base of 0 and a negative exponent')
  }
  if (isDecimal(a) || isDecimal(b)) return powerOfDecimals(asDecimal(a), asDecimal(b))
  if (kindOf(a) === 'double' || kindOf(b) === 'double') return makeDouble(toNumber(a) ** toNumber(b))
  return integerPower(a, b)
}

const integerPower = (a: Numeric, b: Numeric): Value => {
  const [base, exponent] = [wide(a), wide(b)]
  const unit = base === 1n || base === -1n
  if (!unit && (exponent < 0n || exponent > 63n)) {
    if (base !== 0n) return makeDouble(toNumber(a) ** toNumber(b))
  }
  const result = unit ? (exponent % 2n === 0n ? 1n : base) : base === 0n && exponent > 0n ? 0n : base ** exponent
  if (!fitsInt64(result)) return makeDouble(toNumber(a) ** toNumber(b))
  return kindOf(a) === 'long' || kindOf(b) === 'long' ? Long.fromBigInt(result) : longOrInt(result)
}

export const numericOperators: Operators = {
  $abs: numeric(absolute),
  $ceil: toWhole('up', Math.ceil),
  $floor: toWhole('down', Math.floor),
  $round: rounding('even'),
  $trunc: rounding('zero'),
  $sqrt: numeric(squareRoot),
  $exp: numeric((value) => (isDecimal(value) ? expOfDecimal(value) : makeDouble(Math.exp(toNumber(value))))),
  $ln: numeric((value) => {
    needPositive(value, 28766, "$ln's argument must be a positive number")
    return isDecimal(value) ? lnOfDecimal(value) : makeDouble(Math.log(toNumber(value)))
  }),
  $log10: numeric((value) => {
    needPositive(value, 28761, "$log10's argument must be a positive number")
    return isDecimal(value) ? logOfDecimal(value, ten) : makeDouble(Math.log10(toNumber(value)))
  }),
  $log: binary(logarithm),
  $pow: binary(power),
}
