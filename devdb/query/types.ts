import { integerOf } from '../bson/numbers.ts'
import { show } from '../bson/show.ts'
import { isNumeric, type Kind, kindOf, typeNumbers, type Value } from '../bson/values.ts'
import { failure, type MongoFailure } from '../errors.ts'
import type { Test } from './comparison.ts'

const kindOfNumber = new Map(Object.entries(typeNumbers).map(([kind, number]) => [number, kind as Kind]))

export type TypeSet = { readonly kinds: ReadonlySet<Kind>; readonly has: (value: Value) => boolean }

const numbers: readonly Kind[] = ['int', 'long', 'double', 'decimal']

const kindsOf = (item: Value): readonly Kind[] => {
  if (item === 'number') return numbers
  if (typeof item === 'string') {
    if (!Object.hasOwn(typeNumbers, item)) throw failure('BadValue', `Unknown type name alias: ${item}`)
    return [item as Kind]
  }
  if (!isNumeric(item)) throw failure('TypeMismatch', 'type must be represented as a number or a string')
  const kind = kindOfNumber.get(integerOf(item) ?? Number.NaN)
  if (kind === undefined) throw failure('BadValue', `Invalid numerical type code: ${show(item)}`)
  return [kind]
}

/** The types a list of aliases and numbers names; throws MongoDB's errors for unknown ones. */
export const parseTypes = (operand: Value, whenEmpty: () => MongoFailure): TypeSet => {
  const items = Array.isArray(operand) ? operand : [operand]
  if (items.length === 0) throw whenEmpty()
  const kinds = new Set(items.flatMap(kindsOf))
  return { kinds, has: (value) => kinds.has(kindOf(value)) }
}

/** `$type`: of an array also the types of its elements. */
export const typeTest = (path: string, operand: Value): Test => {
  const types = parseTypes(operand, () => failure('FailedToParse', `${path} must match at least one type`))
  return { opens: true, test: (value) => value !== undefined && types.has(value) }
}
