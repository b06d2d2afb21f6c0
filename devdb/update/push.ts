import { integerOf } from '../bson/numbers.ts'
import { compare } from '../bson/order.ts'
import { isDoc, kindOf, type Value } from '../bson/values.ts'
import { failure } from '../errors.ts'
import { compareSortKeys, parseSort, sortKeys } from '../query/sort.ts'

type Push = (array: Value[], copy: (value: Value) => Value) => Value[]

const clauses = ['$each', '$slice', '$position', '$sort']

const integer = (value: Value | undefined, clause: string): number | undefined => {
  if (value === undefined) return undefined
  const number = integerOf(value)
  if (number === undefined)
    throw failure('BadValue', `The value for ${clause} must be an integer value but was given type: ${kindOf(value)}`)
  return number
}

const sorter = (sort: Value | undefined): ((array: Value[]) => Value[]) => {
  if (sort === undefined) return (array) => array
  if (!isDoc(sort)) {
    const direction = integerOf(sort)
    if (direction !== 1 && direction !== -1) throw failure('BadValue', 'The $sort element value must be either 1 or -1')
    return (array) => array.sort((a, b) => compare(a, b) * direction)
  }
  const fields = parseSort(sort)
  if (fields.length === 0) throw failure('BadValue', 'The $sort pattern is empty when it should be a set of fields.')
  return (array) =>
    array
      .map((element) => ({ element, keys: sortKeys(isDoc(element) ? element : {}, fields) }))
      .sort((a, b) => compareSortKeys(a.keys, b.keys, fields))
      .map(({ element }) => element)
}

/** `$push` with its clauses, in MongoDB's order: place, sort, slice. */
export const pushOf = (path: string, operand: Value): Push => {
  if (!isDoc(operand) || !('$each' in operand)) return (array, copy) => [...array, copy(operand)]
  const unknown = Object.keys(operand).find((clause) => !clauses.includes(clause))
  if (unknown !== undefined) throw failure('BadValue', `Unrecognized clause in $push: ${unknown}`)
  const { $each: each } = operand
  if (!Array.isArray(each))
    throw failure(
      'BadValue',
      `The argument to $each in $push must be an array but it was of type: ${kindOf(each ?? null)} (path '${path}')`,
    )
  const position = integer(operand.$position, '$position')
  const slice = integer(operand.$slice, '$slice')
  const sort = sorter(operand.$sort)
  return (array, copy) => {
    const at = position ?? array.length
    array.splice(at < 0 ? Math.max(0, array.length + at) : at, 0, ...each.map(copy))
    const sorted = sort(array)
    if (slice === undefined) return sorted
    return slice < 0 ? sorted.slice(slice) : sorted.slice(0, slice)
  }
}
