import type { Collation } from './collation.ts'
import { encodeKey, typeTag } from './keys.ts'
import { type Doc, fieldsOf, isDoc, kindOf, type Value } from './values.ts'

const surrogate = /[\ud800-\udfff]/

const sign = (difference: number): number => (difference < 0 ? -1 : difference > 0 ? 1 : 0)

const compareStrings = (a: string, b: string): number => {
  if (a === b) return 0
  // UTF-16 units and UTF-8 bytes order alike unless surrogates take part.
  if (surrogate.test(a) || surrogate.test(b)) return encodeKey(a) < encodeKey(b) ? -1 : 1
  return a < b ? -1 : 1
}

const compareElements = (a: readonly Value[], b: readonly Value[], collation: Collation): number => {
  const length = Math.min(a.length, b.length)
  for (let index = 0; index < length; index++) {
    const order = compare(a[index] ?? null, b[index] ?? null, collation)
    if (order !== 0) return order
  }
  return a.length - b.length
}

/** Field by field: first the types, then the names (never by the collation), then the values. */
const compareFields = (a: Doc, b: Doc, collation: Collation): number => {
  const [left, right] = [fieldsOf(a), fieldsOf(b)]
  for (const [index, [name, value]] of left.entries()) {
    const [otherName, otherValue] = right[index] ?? []
    if (otherName === undefined || otherValue === undefined) return 1
    const order =
      typeTag(value) - typeTag(otherValue) || compareStrings(name, otherName) || compare(value, otherValue, collation)
    if (order !== 0) return order
  }
  return left.length - right.length
}

const compareCollated = (a: Value, b: Value, collation: Collation): number => {
  if (typeof a === 'string' && typeof b === 'string') return collation.compare(a, b)
  if (Array.isArray(a) && Array.isArray(b)) return compareElements(a, b, collation)
  if (isDoc(a) && isDoc(b)) return compareFields(a, b, collation)
  return compare(a, b)
}

/** MongoDB's order over all types, strings also within documents and arrays by the collation: negative, zero or positive. */
export const compare = (a: Value, b: Value, collation?: Collation): number => {
  if (collation !== undefined) return compareCollated(a, b, collation)
  if (typeof a === 'string' && typeof b === 'string') return compareStrings(a, b)
  if (typeof a === 'number' && typeof b === 'number' && !Number.isNaN(a) && !Number.isNaN(b)) return sign(a - b)
  if (a instanceof Date && b instanceof Date) return sign(a.getTime() - b.getTime())
  if (a === b && (a === null || typeof a === 'boolean')) return 0
  const [left, right] = [encodeKey(a), encodeKey(b)]
  return left === right ? 0 : left < right ? -1 : 1
}

export const isEqual = (a: Value, b: Value, collation?: Collation): boolean => compare(a, b, collation) === 0

const brackets: Readonly<Record<string, string>> = {
  int: 'number',
  long: 'number',
  double: 'number',
  decimal: 'number',
  string: 'string',
  symbol: 'string',
}

/** Range operators compare only values of one bracket: all numbers are one, strings and symbols another. */
export const sameBracket = (a: Value, b: Value): boolean => {
  const [left, right] = [kindOf(a), kindOf(b)]
  return left === right || (brackets[left] !== undefined && brackets[left] === brackets[right])
}
