import { Decimal128 } from 'bson'
import { asDecimal, isFiniteDecimal, makeDouble, type Numeric, toNumber } from '../bson/numbers.ts'
import { atan2OfDecimals, trigonometryOfDecimal } from '../bson/transcendental.ts'
import { isNumeric, type Value } from '../bson/values.ts'
import { location } from '../errors.ts'
import { isDecimal, numeric } from './numeric.ts'
import { binary, isNullish, type Operator, type Operators, typeName } from './operands.ts'

type Domain = { readonly text: string; readonly holds: (value: number) => boolean }

const finite: Domain = { text: '(-inf,inf)', holds: (value) => Number.isFinite(value) }
const unitInterval: Domain = { text: '[-1,1]', holds: (value) => value >= -1 && value <= 1 }
const fromOne: Domain = { text: '[1,inf]', holds: (value) => value >= 1 }
const anywhere: Domain = { text: '[-inf,inf]', holds: () => true }

const decimalOf = (name: string, value: Decimal128, apply: (value: number) => number): Decimal128 => {
  const result = isFiniteDecimal(value) ? trigonometryOfDecimal(name, value) : undefined
  return result ?? Decimal128.fromString(String(apply(toNumber(value))))
}

const trigonometric = (apply: (value: number) => number, domain: Domain): Operator =>
  numeric((value, name) => {
    const number = toNumber(value)
    if (!Number.isNaN(number) && !domain.holds(number)) {
      throw location(50989, `cannot apply ${name} to ${number}, value must be in ${domain.text}`)
    }
    const infinite = name === '$atanh' && Math.abs(number) === 1
    if (isDecimal(value) && !infinite) return decimalOf(name.slice(1), value, apply)
    const result = apply(number)
    return isDecimal(value) ? Decimal128.fromString(String(result)) : makeDouble(result)
  })

const angle = (y: Value | undefined, x: Value | undefined): Value => {
  if (isNullish(y) || isNullish(x)) return null
  if (!isNumeric(y)) throw location(51044, `$atan2 only supports numeric types, not ${typeName(y)}`)
  if (!isNumeric(x)) throw location(51045, `$atan2 only supports numeric types, not ${typeName(x)}`)
  const plain = Math.atan2(toNumber(y), toNumber(x))
  if (!isDecimal(y) && !isDecimal(x)) return makeDouble(plain)
  return atan2OfDecimals(asDecimal(y), asDecimal(x as Numeric)) ?? Decimal128.fromString(String(plain))
}

export const trigonometryOperators: Operators = {
  $sin: trigonometric(Math.sin, finite),
  $cos: trigonometric(Math.cos, finite),
  $tan: trigonometric(Math.tan, finite),
  $asin: trigonometric(Math.asin, unitInterval),
  $acos: trigonometric(Math.acos, unitInterval),
  $atan: trigonometric(Math.atan, anywhere),
  $atan2: binary(angle),
  $sinh: trigonometric(Math.sinh, anywhere),
  $cosh: trigonometric(Math.cosh, anywhere),
  $tanh: trigonometric(Math.tanh, anywhere),
  $asinh: trigonometric(Math.asinh, anywhere),
  $acosh: trigonometric(Math.acosh, fromOne),
  $atanh: trigonometric(Math.atanh, unitInterval),
  $degreesToRadians: trigonometric((value) => (value * Math.PI) / 180, anywhere),
  $radiansToDegrees: trigonometric((value) => (value * 180) / Math.PI, anywhere),
}
