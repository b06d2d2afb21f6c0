import { encodeKey } from './keys.ts'
import { kindOf, type Value } from './values.ts'

const surrogate = /[\ud800-\udfff]/

const sign = (difference: number): number => (difference < 0 ? -1 : difference > 0 ? 1 : 0)

const compareStrings = (a: string, b: string): number => {
  if (a === b) return 0
  // UTF-16 units and UTF-8 bytes order alike unless surrogates take part.
  if (surrogate.test(a) || surrogate.test(b)) return encodeKey(a) < encodeKey(b) ? -1 : 1
  return a < b ? -1 : 1
}

/** MongoDB's order over all types: negative, zero or positive. */
export const compare = (a: Value, b: Value): number => {
  if (typeof a === 'string' && typeof b === 'string') return compareStrings(a, b)
  if (typeof a === 'number' && typeof b === 'number' && !Number.isNaN(a) && !Number.isNaN(b)) return sign(a - b)
  if (a instanceof Date && b instanceof Date) return sign(a.getTime() - b.getTime())
  if (a === b && (a === null || typeof a === 'boolean')) return 0
  const [left, right] = [encodeKey(a), encodeKey(b)]
  return left === right ? 0 : left < right ? -1 : 1
}

export const isEqual = (a: Value, b: Value): boolean => compare(a, b) === 0

const brackets: Readonly<Record<string, string>> = {
  int: 'number',
  long: 'number',
  double: 'number',
  decimal: 'number',
}

/** Range operators compare only values of one bracket: all numbers are one. */
export const sameBracket = (a: Value, b: Value): boolean => {
  const [left, right] = [kindOf(a), kindOf(b)]
  return left === right || (brackets[left] !== undefined && brackets[left] === brackets[right])
}
