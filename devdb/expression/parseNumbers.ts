import { Decimal128, Long, ObjectId } from 'bson'
import { fitsInt64, makeDouble, toDecimal } from '../bson/numbers.ts'
import { isInt32, type Value } from '../bson/values.ts'
import { failure } from '../errors.ts'

const notANumber = (text: string, reason: string): Error =>
  failure('ConversionFailure', `Failed to parse number '${text}' in $convert with no onError value: ${reason}`)

const checkHexadecimal = (text: string): void => {
  if (!text.startsWith('0x')) return
  throw failure('ConversionFailure', `Illegal hexadecimal input in $convert with no onError value: ${text}`)
}

const integerIn = (text: string): bigint => {
  checkHexadecimal(text)
  if (/^[+-]?\d+$/.test(text)) return BigInt(text.replace(/^\+/, ''))
  if (text === '' || text === '+' || text === '-') throw notANumber(text, 'No digits')
  const bad = /[^\d]/.exec(text.replace(/^[+-]/, ''))?.[0] ?? ''
  throw notANumber(text, `Bad digit "${bad}" while parsing ${text}`)
}

/** Throws ConversionFailure unless the text is a decimal integer that fits an int32. */
export const textToInt = (text: string): number => {
  const integer = Number(integerIn(text))
  if (!isInt32(integer)) throw notANumber(text, 'Overflow')
  return integer
}

/** Throws ConversionFailure unless the text is a decimal integer that fits an int64. */
export const textToLong = (text: string): Long => {
  const integer = integerIn(text)
  if (!fitsInt64(integer)) throw notANumber(text, 'Overflow')
  return Long.fromBigInt(integer)
}

const numeral = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i

const special = (text: string): 'Infinity' | '-Infinity' | 'NaN' | undefined => {
  if (/^[+-]?nan$/i.test(text)) return 'NaN'
  if (/^\+?inf(inity)?$/i.test(text)) return 'Infinity'
  return /^-inf(inity)?$/i.test(text) ? '-Infinity' : undefined
}

const checkNumeral = (text: string): void => {
  checkHexadecimal(text)
  if (text === '') throw notANumber(text, 'Empty string')
  if (!numeral.test(text)) throw notANumber(text, 'Did not consume whole string.')
}

/** Throws ConversionFailure unless the text is a number within the range of a double. */
export const textToDouble = (text: string): Value => {
  const named = special(text)
  if (named !== undefined) return Number(named)
  checkNumeral(text)
  const number = Number(text)
  if (!Number.isFinite(number)) throw notANumber(text, 'Out of range')
  return makeDouble(number)
}

/** Throws ConversionFailure unless the text is a number within the range of a decimal128; it is rounded to 34 digits. */
export const textToDecimal = (text: string): Decimal128 => {
  const named = special(text)
  if (named !== undefined) return Decimal128.fromString(named)
  checkNumeral(text)
  const [digits = '', power = '0'] = text.toLowerCase().split('e')
  const [whole = '', fraction = ''] = digits.split('.')
  const coefficient = BigInt(`${whole.replace(/^[+-]/, '')}${fraction}`)
  const negative = text.startsWith('-')
  const decimal = toDecimal({
    coefficient: negative ? -coefficient : coefficient,
    exponent: Math.max(-100_000, Math.min(100_000, Number(power))) - fraction.length,
  })
  if (!/\d/.test(decimal.toString())) throw notANumber(text, 'Conversion from string to decimal would overflow')
  return negative && coefficient === 0n ? Decimal128.fromString(`-${decimal.toString()}`) : decimal
}

/** Throws ConversionFailure unless the text is 24 hexadecimal digits. */
export const textToObjectId = (text: string): ObjectId => {
  if (/^[0-9a-f]{24}$/i.test(text)) return new ObjectId(text)
  const invalid = /[^0-9a-f]/i.exec(text)?.[0]
  const reason =
    text.length === 24 && invalid !== undefined
      ? `Invalid character found in hex string: ${invalid}`
      : `Invalid string length for parsing to OID, expected 24 but found ${text.length}`
  throw failure('ConversionFailure', `Failed to parse objectId '${text}' in $convert with no onError value: ${reason}`)
}
