import type { Decimal128, Double, ObjectId, Timestamp } from 'bson'
import { Long } from 'bson'
import { quantizeExact } from '../bson/decimal.ts'
import { asDecimal, exactOf, fitsInt64, isFiniteDecimal, makeDouble, type Numeric, toNumber } from '../bson/numbers.ts'
import { isInt32, type Kind, kindOf, type Value } from '../bson/values.ts'
import { failure } from '../errors.ts'
import { parseDate } from './dates/dateParse.ts'
import { isTruthy } from './operands.ts'
import { textToDecimal, textToDouble, textToInt, textToLong, textToObjectId } from './parseNumbers.ts'
import { dateText, doubleText } from './text.ts'

type Conversion = (value: Value) => Value

const conversion = (message: string): Error =>
  failure('ConversionFailure', `${message} in $convert with no onError value`)

const overflow = (value: Value): Error =>
  failure(
    'ConversionFailure',
    `Conversion would overflow target type in $convert with no onError value: ${String(value)}`,
  )

const checkFinite = (value: Numeric): void => {
  const number = toNumber(value)
  if (Number.isNaN(number)) throw conversion('Attempt to convert NaN value to integer type')
  const infinite = kindOf(value) === 'decimal' ? !isFiniteDecimal(value as Decimal128) : !Number.isFinite(number)
  if (infinite) throw conversion('Attempt to convert infinity value to integer type')
}

/** The integer part of any number, exactly. */
const wholeOf = (value: Numeric): bigint => {
  checkFinite(value)
  return quantizeExact(exactOf(value), 0, 'zero').coefficient
}

const numberToInt: Conversion = (value) => {
  const whole = Number(wholeOf(value as Numeric))
  if (!isInt32(whole)) throw overflow(value)
  return whole
}

const numberToLong: Conversion = (value) => {
  const whole = wholeOf(value as Numeric)
  if (!fitsInt64(whole)) throw overflow(value)
  return Long.fromBigInt(whole)
}

const numberToDouble: Conversion = (value) => {
  const number = toNumber(value as Numeric)
  const lost = kindOf(value) === 'decimal' && isFiniteDecimal(value as Decimal128) && !Number.isFinite(number)
  if (lost) throw overflow(value)
  return makeDouble(number)
}

const dateAt = (milliseconds: number, value: Value): Date => {
  const date = new Date(milliseconds)
  if (Number.isNaN(date.getTime())) throw overflow(value)
  return date
}

const numberToDate: Conversion = (value) => dateAt((numberToLong(value) as Long).toNumber(), value)

const same: Conversion = (value) => value
const toTrue: Conversion = () => true
const toBool: Conversion = (value) => isTruthy(value)
const toText: Conversion = (value) => String(value)
const toDecimal: Conversion = (value) => asDecimal(value as Numeric)

const milliseconds = (value: Value): number => (value as Date).getTime()

/** From the type of the value, then to the type asked for; what is not here MongoDB refuses. */
const conversions: Readonly<Partial<Record<Kind, Readonly<Partial<Record<Kind, Conversion>>>>>> = {
  double: {
    double: same,
    string: (value) => doubleText(toNumber(value as number | Double)),
    bool: toBool,
    date: numberToDate,
    int: numberToInt,
    long: numberToLong,
    decimal: toDecimal,
  },
  string: {
    double: (value) => textToDouble(String(value)),
    string: same,
    objectId: (value) => textToObjectId(String(value)),
    bool: toTrue,
    date: (value) => parseDate(String(value)),
    int: (value) => textToInt(String(value)),
    long: (value) => textToLong(String(value)),
    decimal: (value) => textToDecimal(String(value)),
  },
  objectId: {
    string: toText,
    objectId: same,
    bool: toTrue,
    date: (value) => (value as ObjectId).getTimestamp(),
  },
  bool: {
    double: (value) => makeDouble(value === true ? 1 : 0),
    string: toText,
    bool: same,
    int: (value) => (value === true ? 1 : 0),
    long: (value) => Long.fromNumber(value === true ? 1 : 0),
    decimal: (value) => asDecimal(value === true ? 1 : 0),
  },
  date: {
    double: (value) => makeDouble(milliseconds(value)),
    string: (value) => dateText(value as Date),
    bool: toTrue,
    date: same,
    long: (value) => Long.fromNumber(milliseconds(value)),
    decimal: (value) => asDecimal(Long.fromNumber(milliseconds(value))),
  },
  timestamp: {
    bool: toBool,
    date: (value) => new Date((value as Timestamp).getHighBitsUnsigned() * 1000),
    timestamp: same,
  },
  int: { double: numberToDouble, string: toText, bool: toBool, int: same, long: numberToLong, decimal: toDecimal },
  long: {
    double: numberToDouble,
    string: toText,
    bool: toBool,
    date: numberToDate,
    int: numberToInt,
    long: same,
    decimal: toDecimal,
  },
  decimal: {
    double: numberToDouble,
    string: toText,
    bool: toBool,
    date: numberToDate,
    int: numberToInt,
    long: numberToLong,
    decimal: same,
  },
  object: { bool: toTrue },
  array: { bool: toTrue },
  binData: { bool: toTrue },
  regex: { bool: toTrue },
  javascript: { bool: toTrue },
  javascriptWithScope: { bool: toTrue },
  symbol: { bool: toTrue },
  dbPointer: { bool: toTrue },
  minKey: { bool: toTrue },
  maxKey: { bool: toTrue },
}

/** Converts a value that is not null to another type; throws ConversionFailure where MongoDB cannot. */
export const convertValue = (value: Value, to: Kind | 'missing'): Value => {
  const from = kindOf(value)
  const convert = to === 'missing' ? undefined : conversions[from]?.[to]
  if (convert === undefined) throw conversion(`Unsupported conversion from ${from} to ${to}`)
  return convert(value)
}
