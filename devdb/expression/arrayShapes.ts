import { integerOf } from '../bson/numbers.ts'
import { show } from '../bson/show.ts'
import { type Doc, fieldsOf, getField, isDoc, isNumeric, setField, type Value } from '../bson/values.ts'
import { location } from '../errors.ts'
import type { Scope } from '../query/scope.ts'
import { compareSortKeys, parseSort, sortKeys } from '../query/sort.ts'
import { type Fold, makeEndmost, makeExtremes } from './accumulators/folds.ts'
import { countOf, limitedNames } from './accumulators/limited.ts'
import type { Expression } from './expression.ts'
import { named } from './named.ts'
import {
  folded,
  isNullish,
  type Names,
  namedSpecs,
  type Operator,
  type Operators,
  type Parser,
  typeName,
  unary,
} from './operands.ts'
import { compareValues } from './order.ts'

const limited = (make: (n: number, scope: Scope) => Fold): Operator =>
  named(limitedNames, (given, name, scope) => {
    const fold = make(countOf(given.get('n')), scope)
    const array = given.get('input')
    if (isNullish(array)) return null
    if (!Array.isArray(array))
      throw location(5788200, `Input to ${name} must be an array, but found ${typeName(array)}`)
    for (const item of array) fold.add(item)
    return fold.result()
  })

const sortNames: Names = {
  required: ['input', 'sortBy'],
  notObject: (_name, spec) =>
    location(2942500, `$sortArray requires an object as an argument, found: ${typeName(spec)}`),
  unknown: (_name, argument) => location(2942501, `$sortArray found an unknown argument: ${argument}`),
  missing: (_name, argument) =>
    location(argument === 'input' ? 2942502 : 2942503, `$sortArray requires '${argument}' to be specified`),
}

type Order = (array: readonly Value[]) => Value[]

const orderOf = (sortBy: Value, scope: Scope): Order => {
  if (isNumeric(sortBy)) {
    const direction = integerOf(sortBy)
    if (direction !== 1 && direction !== -1) {
      throw location(2942505, `The $sort element value must be either 1 or -1, found: ${show(sortBy)}`)
    }
    return (array) => [...array].sort((a, b) => compareValues(a, b, scope.collation) * direction)
  }
  if (!isDoc(sortBy)) throw location(2942506, 'The $sort field must be a number or an object')
  const sort = parseSort(sortBy, scope)
  return (array) =>
    array
      .map((item) => ({ item, keys: sortKeys(isDoc(item) ? item : {}, sort) }))
      .sort((a, b) => compareSortKeys(a.keys, b.keys, sort))
      .map(({ item }) => item)
}

const sortArray: Operator = (spec, parser, name) => {
  const given = namedSpecs(spec, name, sortNames)
  const order = orderOf(given.sortBy ?? null, parser.scope)
  const input = parser.parse(given.input ?? null)
  return folded([input], (env) => {
    const array = input.evaluate(env)
    if (isNullish(array)) return null
    if (Array.isArray(array)) return order(array)
    throw location(2942504, `The input argument to $sortArray must be an array, but was of type: ${typeName(array)}`)
  })
}

const zipNames: Names = {
  required: [],
  optional: ['inputs', 'defaults', 'useLongestLength'],
  notObject: (_name, spec) => location(34460, `$zip only supports an object as an argument, found ${typeName(spec)}`),
  unknown: (_name, argument) => location(34464, `$zip found an unknown argument: ${argument}`),
  missing: () => location(34465, '$zip requires at least one input array'),
}

const listOf = (value: Value | undefined, parser: Parser, [code, what]: readonly [number, string]): Expression[] => {
  if (value === undefined) return []
  if (!Array.isArray(value)) throw location(code, `${what} must be an array of expressions, found ${typeName(value)}`)
  return value.map(parser.parse)
}

const zip: Operator = (spec, parser, name) => {
  const { inputs, defaults, useLongestLength: longest = false } = namedSpecs(spec, name, zipNames)
  const columns = listOf(inputs, parser, [34461, 'inputs'])
  const fillers = listOf(defaults, parser, [34462, 'defaults'])
  if (typeof longest !== 'boolean') throw location(34463, `useLongestLength must be a bool, found ${typeName(longest)}`)
  if (columns.length === 0) throw location(34465, '$zip requires at least one input array')
  if (!longest && fillers.length > 0) throw location(34466, 'cannot specify defaults unless useLongestLength is true')
  if (fillers.length > 0 && fillers.length !== columns.length) {
    throw location(34467, 'defaults and inputs must have the same length')
  }
  return folded([...columns, ...fillers], (env) => {
    const arrays: Value[][] = []
    for (const column of columns) {
      const array = column.evaluate(env)
      if (isNullish(array)) return null
      if (!Array.isArray(array)) throw location(34468, `$zip found a non-array expression in input: ${show(array)}`)
      arrays.push(array)
    }
    const lengths = arrays.map((array) => array.length)
    const length = longest ? Math.max(...lengths) : Math.min(...lengths)
    const filling = fillers.map((filler) => filler.evaluate(env) ?? null)
    return Array.from({ length }, (_, row) => arrays.map((array, column) => array[row] ?? filling[column] ?? null))
  })
}

const objectToArray = (object: Value | undefined): Value => {
  if (isNullish(object)) return null
  if (!isDoc(object)) throw location(40390, `$objectToArray requires a document input, found: ${typeName(object)}`)
  return fieldsOf(object).map(([k, v]): Doc => ({ k, v }))
}

const inconsistent = (item: Value, asArrays: boolean): Error =>
  location(
    asArrays ? 40396 : 40391,
    `$arrayToObject requires a consistent input format. Elements must all be arrays or all be objects. ${asArrays ? 'Array' : 'Object'} was detected, now found: ${typeName(item)}`,
  )

const pairOfArray = (item: Value): readonly [Value, Value] => {
  if (!Array.isArray(item)) throw inconsistent(item, true)
  if (item.length !== 2) {
    throw location(40397, `$arrayToObject requires an array of size 2 arrays,found array of size: ${item.length}`)
  }
  const [key = null, value = null] = item
  if (typeof key === 'string') return [key, value]
  throw location(
    40395,
    `$arrayToObject requires an array of key-value pairs, where the key must be of type string. Found key type: ${typeName(key)}`,
  )
}

const pairOfObject = (item: Value): readonly [Value, Value] => {
  if (!isDoc(item)) throw inconsistent(item, false)
  const count = Object.keys(item).length
  if (count !== 2) {
    throw location(
      40392,
      `$arrayToObject requires an object keys of 'k' and 'v'. Found incorrect number of keys:${count}`,
    )
  }
  const [key, value] = [getField(item, 'k'), getField(item, 'v')]
  if (key === undefined || value === undefined) {
    throw location(
      40393,
      `$arrayToObject requires an object with keys 'k' and 'v'. Missing either or both keys from: ${show(item)}`,
    )
  }
  if (typeof key === 'string') return [key, value]
  throw location(
    40394,
    `$arrayToObject requires an object with keys 'k' and 'v', where the value of 'k' must be of type string. Found type: ${typeName(key)}`,
  )
}

const arrayToObject = (array: Value | undefined): Value => {
  if (isNullish(array)) return null
  if (!Array.isArray(array)) throw location(40386, `$arrayToObject requires an array input, found: ${typeName(array)}`)
  const [first] = array
  if (first === undefined) return {}
  if (!Array.isArray(first) && !isDoc(first)) {
    throw location(40398, `Unrecognised input type format for $arrayToObject: ${typeName(first)}`)
  }
  const pairOf = Array.isArray(first) ? pairOfArray : pairOfObject
  const result: Doc = {}
  for (const item of array) {
    const [key, value] = pairOf(item)
    if (String(key).includes('\0'))
      throw location(pairOf === pairOfArray ? 4940400 : 4940401, 'Key field cannot contain an embedded null byte')
    setField(result, String(key), value)
  }
  return result
}

export const arrayShapeOperators: Operators = {
  $firstN: limited((n) => makeEndmost(n, 'first')),
  $lastN: limited((n) => makeEndmost(n, 'last')),
  $minN: limited((n, scope) => makeExtremes(n, -1, scope)),
  $maxN: limited((n, scope) => makeExtremes(n, 1, scope)),
  $sortArray: sortArray,
  $zip: zip,
  $objectToArray: unary(objectToArray),
  $arrayToObject: unary(arrayToObject),
}
