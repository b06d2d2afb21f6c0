import type { Decimal128, Double, Long } from 'bson'
import { exactOf, toNumber } from '../bson/numbers.ts'
import { show } from '../bson/show.ts'
import { isNumeric, kindOf, type Value } from '../bson/values.ts'
import { failure } from '../errors.ts'

type Numeric = number | Long | Double | Decimal128

const fitsInt64 = (value: bigint): boolean => BigInt.asIntN(64, value) === value

/** The number without its fraction; undefined for NaN, infinities and what int64 cannot hold. */
export const truncated = (value: Numeric): bigint | undefined => {
  const near = toNumber(value)
  if (!Number.isFinite(near)) return undefined
  if (Number.isSafeInteger(near) && kindOf(value) !== 'decimal') return BigInt(near)
  const { coefficient, exponent } = exactOf(value)
  if (exponent > 20 && coefficient !== 0n) return undefined
  const whole = exponent >= 0 ? coefficient * 10n ** BigInt(exponent) : coefficient / 10n ** BigInt(-exponent)
  return fitsInt64(whole) ? whole : undefined
}

/** The whole number a value is, exactly; undefined when it has a fraction or is no number. */
export const wholeNumber = (value: Value): bigint | undefined => {
  if (!isNumeric(value)) return undefined
  const whole = truncated(value)
  if (whole === undefined) return undefined
  const { coefficient, exponent } = exactOf(value)
  return exponent >= 0 || coefficient === whole * 10n ** BigInt(-exponent) ? whole : undefined
}

/** An operand that must be an integer of at least 0; throws FailedToParse as MongoDB words it. */
export const nonNegativeInteger = (name: string, operand: Value): number => {
  const named = `${name}: ${show(operand)}`
  if (!isNumeric(operand)) throw failure('FailedToParse', `Expected a number in: ${named}`)
  const whole = wholeNumber(operand)
  if (whole === undefined) throw failure('FailedToParse', `Expected an integer: ${named}`)
  if (whole < 0n) throw failure('FailedToParse', `Expected a non-negative number in: ${named}`)
  return Number(whole)
}
