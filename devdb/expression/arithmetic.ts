import type { Decimal128, Long as LongValue } from 'bson'
import { Long } from 'bson'
import { divideDecimals, isZeroDecimal, remainderOfDecimals } from '../bson/decimal.ts'
import { arithmetic, asDecimal, makeDouble, type Numeric, subtractNumbers, toNumber, wide } from '../bson/numbers.ts'
import { isInt32, isNumeric, kindOf, type Value } from '../bson/values.ts'
import { failure, location } from '../errors.ts'
import { mostMilliseconds } from './dates/calendar.ts'
import { binary, isNullish, type Operators, typeName, variadic } from './operands.ts'

/** The date so many milliseconds after the epoch; an error where MongoDB or JavaScript cannot hold it. */
const dateAt = (milliseconds: number, name: string): Date => {
  if (!(Math.abs(milliseconds) <= mostMilliseconds)) throw failure('Overflow', `date overflow in ${name}`)
  return new Date(milliseconds)
}

const roundAwayFromZero = (value: number): number => Math.sign(value) * Math.round(Math.abs(value))

/** Ints are summed apart from the rest: only their end result decides whether it is an int or a long. */
const makeTotal = (operation: '+' | '*') => {
  let ints = operation === '+' ? 0 : 1
  let others: Numeric | undefined
  const combine = (a: Numeric, b: Numeric): Numeric =>
    (arithmetic(operation, a, b) as Numeric | undefined) ??
    makeDouble(operation === '+' ? toNumber(a) + toNumber(b) : toNumber(a) * toNumber(b))
  const spill = (): Numeric => (isInt32(ints) ? ints : Long.fromNumber(ints))
  return {
    add: (value: Numeric): void => {
      if (others === undefined && kindOf(value) === 'int') {
        const next = operation === '+' ? ints + toNumber(value) : ints * toNumber(value) + 0
        if (Number.isSafeInteger(next)) {
          ints = next
          return
        }
      }
      others = combine(others ?? spill(), value)
    },
    result: (): Numeric => others ?? spill(),
  }
}

type Values = readonly (Value | undefined)[]

/** Reads from the left, as MongoDB does: behind the first null nothing is looked at. */
const totalOf = (values: Values, operation: '+' | '*', notNumber: (kind: string) => string): Numeric | null => {
  const total = makeTotal(operation)
  for (const value of values) {
    if (isNullish(value)) return null
    if (!isNumeric(value)) throw failure('TypeMismatch', notNumber(typeName(value)))
    total.add(value)
  }
  return total.result()
}

const notAddable = (kind: string): string => `$add only supports numeric or date types, not ${kind}`

const notMultipliable = (kind: string): string => `$multiply only supports numeric types, not ${kind}`

const addToDate = (values: Values): Value => {
  if (values.filter((value) => value instanceof Date).length > 1) {
    throw location(16612, 'only one date allowed in an $add expression')
  }
  const milliseconds = values.map((value) => {
    if (value instanceof Date) return Long.fromNumber(value.getTime())
    return value !== undefined && kindOf(value) === 'double'
      ? makeDouble(roundAwayFromZero(toNumber(value as Numeric)))
      : value
  })
  const total = totalOf(milliseconds, '+', notAddable)
  return total === null ? null : dateAt(toNumber(total), '$add')
}

const add = (values: Values): Value =>
  values.some((value) => value instanceof Date) ? addToDate(values) : totalOf(values, '+', notAddable)

const subtract = (a: Value | undefined, b: Value | undefined): Value => {
  if (isNullish(a) || isNullish(b)) return null
  if (isNumeric(a) && isNumeric(b)) return subtractNumbers(a, b)
  if (a instanceof Date && b instanceof Date) return Long.fromNumber(a.getTime() - b.getTime())
  if (a instanceof Date && isNumeric(b)) return dateAt(a.getTime() - Math.trunc(toNumber(b)), '$subtract')
  throw failure('TypeMismatch', `can't $subtract ${typeName(b)} from ${typeName(a)}`)
}

const isDecimal = (value: Numeric): value is Decimal128 => kindOf(value) === 'decimal'

const divide = (a: Value | undefined, b: Value | undefined): Value => {
  if (isNullish(a) || isNullish(b)) return null
  if (!isNumeric(a) || !isNumeric(b)) {
    throw failure('TypeMismatch', `$divide only supports numeric types, not ${typeName(a)} and ${typeName(b)}`)
  }
  if (toNumber(b) === 0 && (!isDecimal(b) || isZeroDecimal(b))) throw failure('BadValue', "can't $divide by zero")
  if (isDecimal(a) || isDecimal(b)) return divideDecimals(asDecimal(a), asDecimal(b))
  return makeDouble(toNumber(a) / toNumber(b))
}

const wideRemainder = (a: Numeric, b: Numeric): LongValue => {
  const divisor = kindOf(b) === 'double' ? BigInt(toNumber(b)) : wide(b)
  return Long.fromBigInt(wide(a) % divisor)
}

const remainder = (a: Value | undefined, b: Value | undefined): Value => {
  if (isNullish(a) || isNullish(b)) return null
  if (!isNumeric(a) || !isNumeric(b)) {
    throw location(16611, `$mod only supports numeric types, not ${typeName(a)} and ${typeName(b)}`)
  }
  if (toNumber(b) === 0 && (!isDecimal(b) || isZeroDecimal(b))) throw location(16610, "can't $mod by zero")
  if (isDecimal(a) || isDecimal(b)) return remainderOfDecimals(asDecimal(a), asDecimal(b))
  const inDoubles = kindOf(a) === 'double' || (kindOf(b) === 'double' && !isInt32(toNumber(b)))
  if (inDoubles) return makeDouble(toNumber(a) % toNumber(b))
  if (kindOf(a) === 'long' || kindOf(b) === 'long') return wideRemainder(a, b)
  return (toNumber(a) % toNumber(b)) + 0
}

export const arithmeticOperators: Operators = {
  $add: variadic(add),
  $subtract: binary(subtract),
  $multiply: variadic((values) => totalOf(values, '*', notMultipliable)),
  $divide: binary(divide),
  $mod: binary(remainder),
}
