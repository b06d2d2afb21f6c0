import type { Double } from 'bson'
import { toNumber } from '../bson/numbers.ts'
import { isNumeric, kindOf, type Value } from '../bson/values.ts'
import { location } from '../errors.ts'
import { isNullish, typeName } from './operands.ts'

/** A double as MongoDB prints it: 16 significant digits at most, an exponent of at least two digits. */
export const doubleText = (value: number): string => {
  if (!Number.isFinite(value)) return String(value)
  if (Object.is(value, -0)) return '-0'
  const [digits = '', power = '0'] = value.toExponential(15).split('e')
  const exponent = Number(power)
  if (exponent >= -4 && exponent < 16) return String(Number(value.toPrecision(16)))
  const mantissa = digits.replace(/\.?0+$/, '')
  return `${mantissa}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`
}

/** A date in ISO 8601 with milliseconds; only the years 0 to 9999 have such a form. */
export const dateText = (date: Date): string => {
  const year = date.getUTCFullYear()
  if (year < 0 || year > 9999) {
    throw location(
      18537,
      `Could not convert date to string: date component was outside the supported range of 0-9999: ${date.getTime()}`,
    )
  }
  return date.toISOString()
}

/** The text of a number of any type. */
export const numberText = (value: Value): string =>
  kindOf(value) === 'double' ? doubleText(toNumber(value as number | Double)) : String(value)

/** What string operators see in a value: numbers and dates as text, nothing in null; other types are refused. */
export const textOf = (value: Value | undefined): string => {
  if (typeof value === 'string') return value
  if (isNullish(value)) return ''
  if (isNumeric(value)) return numberText(value)
  if (value instanceof Date) return dateText(value)
  throw location(16007, `can't convert from BSON type ${typeName(value)} to String`)
}
