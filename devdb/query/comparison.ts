import type { Collation } from '../bson/collation.ts'
import { encodeKey, typeTag } from '../bson/keys.ts'
import { toNumber } from '../bson/numbers.ts'
import { compare, isEqual, sameBracket } from '../bson/order.ts'
import { isDoc, isNumeric, kindOf, type Value } from '../bson/values.ts'
import { failure } from '../errors.ts'
import { regexTest } from './regex.ts'

/** A test of one value; `opens`: when the value is an array, each element is tried as well. */
export type Test = { readonly test: (value: Value | undefined) => boolean; readonly opens: boolean }

const refuseUndefined = (operand: Value): void => {
  if (kindOf(operand) === 'undefined') throw failure('BadValue', 'cannot compare to undefined')
}

/** Equality byte by byte: most values differ in a way that is cheap to see. */
const exactly = (operand: Value): ((value: Value) => boolean) => {
  if (typeof operand === 'string')
    return (value) => value === operand || (typeof value === 'object' && isEqual(value, operand))
  if (typeof operand === 'number' && !Number.isNaN(operand))
    return (value) => (typeof value === 'number' ? value === operand : isEqual(value, operand))
  const tag = typeTag(operand)
  // Made when first needed: a query by _id never needs it.
  let key: string | undefined
  return (value) => {
    if (typeTag(value) !== tag) return false
    key ??= encodeKey(operand)
    return encodeKey(value) === key
  }
}

/** `$eq`. Null equals a missing field, but not the deprecated type undefined (so since 8.0). */
export const equality = (operand: Value, collation: Collation | undefined): Test => {
  refuseUndefined(operand)
  const equals =
    collation === undefined ? exactly(operand) : (value: Value): boolean => isEqual(value, operand, collation)
  return { opens: true, test: (value) => (value === undefined ? operand === null : equals(value)) }
}

const isNaNValue = (value: Value): boolean => isNumeric(value) && Number.isNaN(toNumber(value))

type Accepts = (order: number) => boolean

const orders: Readonly<Record<string, Accepts>> = {
  $gt: (order) => order > 0,
  $gte: (order) => order >= 0,
  $lt: (order) => order < 0,
  $lte: (order) => order <= 0,
}

const isNullish = (value: Value | undefined): boolean =>
  value === undefined || value === null || kindOf(value) === 'undefined'

/** Only values of the operand's bracket compare, but everything, also what is missing, lies between the extreme keys. */
const rangeOver = (operand: Value, accepts: Accepts, collation: Collation | undefined): Test['test'] => {
  const kind = kindOf(operand)
  if (kind === 'null') return (value) => accepts(0) && isNullish(value)
  if (kind === 'minKey' || kind === 'maxKey') {
    const others = accepts(kind === 'minKey' ? 1 : -1)
    return (value) => (value !== undefined && kindOf(value) === kind ? accepts(0) : others)
  }
  if (isNaNValue(operand)) return (value) => accepts(0) && value !== undefined && isNaNValue(value)
  return (value) =>
    value !== undefined &&
    sameBracket(value, operand) &&
    !isNaNValue(value) &&
    accepts(compare(value, operand, collation))
}

/** `$gt`, `$gte`, `$lt` or `$lte`. */
export const range = (operator: string, operand: Value, collation: Collation | undefined): Test => {
  if (kindOf(operand) === 'regex')
    throw failure('BadValue', `Can't have RegEx as arg to predicate over field '${operator}'.`)
  refuseUndefined(operand)
  const accepts = orders[operator] ?? (() => false)
  return { opens: true, test: rangeOver(operand, accepts, collation) }
}

const checkMembers = (operator: string, operand: Value): Value[] => {
  if (!Array.isArray(operand)) throw failure('BadValue', `${operator} needs an array`)
  for (const item of operand) {
    if (isDoc(item) && Object.keys(item)[0]?.startsWith('$'))
      throw failure('BadValue', `cannot nest $ under ${operator}`)
    if (kindOf(item) === 'undefined') throw failure('BadValue', 'InMatchExpression equality cannot be undefined')
  }
  return operand
}

/** `$in` of values and regular expressions. */
export const membership = (operator: string, operand: Value, collation: Collation | undefined): Test => {
  const members = checkMembers(operator, operand)
  const regexes = members.filter((item) => kindOf(item) === 'regex').map((item) => regexTest(item))
  const values = members.filter((item) => kindOf(item) !== 'regex')
  const hasNull = values.includes(null)
  const keys = new Set(values.map(encodeKey))
  return {
    opens: true,
    test: (value) => {
      if (value === undefined) return hasNull
      // A collation remembers each string it makes a key of: what is merely read is compared instead.
      const among =
        collation === undefined
          ? keys.size > 0 && keys.has(encodeKey(value))
          : values.some((member) => isEqual(member, value, collation))
      return among || regexes.some((test) => test(value))
    },
  }
}
