import { integerOf } from '../bson/numbers.ts'
import { compare } from '../bson/order.ts'
import { isDoc, isNumeric, type Value } from '../bson/values.ts'
import { failure } from '../errors.ts'
import type { Scope } from '../query/scope.ts'
import { compareSortKeys, parseSort, sortKeys } from '../query/sort.ts'
import { wrongOperand } from './change.ts'

type Push = (array: Value[], copy: (value: Value) => Value) => Value[]

const clauses = ['$each', '$slice', '$position', '$sort']

const integer = (value: Value | undefined, message: string): number | undefined => {
  if (value === undefined) return undefined
  const number = integerOf(value)
  if (number === undefined) throw wrongOperand(message, value)
  return number
}

const invalidSort = 'The $sort is invalid: use 1/-1 to sort the whole element, or {field:1/-1} to sort embedded fields'

const checkSortField = ([path, direction]: [string, Value]): void => {
  const number = integerOf(direction)
  if (number !== 1 && number !== -1) throw failure('BadValue', 'The $sort element value must be either 1 or -1')
  if (path === '') throw failure('BadValue', 'The $sort field cannot be empty')
  if (path.split('.').includes(''))
    throw failure('BadValue', `The $sort field is a dotted field but has an empty part: ${path}`)
}

const sorter = (sort: Value | undefined, scope: Scope): ((array: Value[]) => Value[]) => {
  if (sort === undefined) return (array) => array
  if (!isDoc(sort)) {
    const direction = integerOf(sort)
    if (direction !== 1 && direction !== -1)
      throw failure('BadValue', isNumeric(sort) ? 'The $sort element value must be either 1 or -1' : invalidSort)
    return (array) => array.sort((a, b) => compare(a, b, scope.collation) * direction)
  }
  if (Object.keys(sort).length === 0)
    throw failure('BadValue', 'The $sort pattern is empty when it should be a set of fields.')
  Object.entries(sort).forEach(checkSortField)
  const fields = parseSort(sort, scope)
  return (array) =>
    array
      .map((element) => ({ element, keys: sortKeys(isDoc(element) ? element : {}, fields) }))
      .sort((a, b) => compareSortKeys(a.keys, b.keys, fields))
      .map(({ element }) => element)
}

/** `$push` with its clauses, in MongoDB's order: place, sort, slice. */
export const pushOf = (operand: Value, scope: Scope): Push => {
  if (!isDoc(operand) || !Object.hasOwn(operand, '$each')) return (array, copy) => [...array, copy(operand)]
  const unknown = Object.keys(operand).find((clause) => !clauses.includes(clause))
  if (unknown !== undefined) throw failure('BadValue', `Unrecognized clause in $push: ${unknown}`)
  const { $each: each } = operand
  if (!Array.isArray(each))
    throw wrongOperand('The argument to $each in $push must be an array but it was of type: ', each)
  const position = integer(operand.$position, 'The value for $position must be an integer value, not of type: ')
  const slice = integer(operand.$slice, 'The value for $slice must be an integer value but was given type: ')
  const sort = sorter(operand.$sort, scope)
  return (array, copy) => {
    const at = position ?? array.length
    array.splice(at < 0 ? Math.max(0, array.length + at) : at, 0, ...each.map(copy))
    const sorted = sort(array)
    if (slice === undefined) return sorted
    return slice < 0 ? sorted.slice(slice) : sorted.slice(0, slice)
  }
}
