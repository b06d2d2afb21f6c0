import { toNumber } from '../bson/numbers.ts'
import { show } from '../bson/show.ts'
import { isNumeric, type Value } from '../bson/values.ts'
import { failure, location } from '../errors.ts'
import { int32Of, searchIndex } from './indexes.ts'
import {
  binary,
  constantValue,
  folded,
  isNullish,
  type Operator,
  type Operators,
  operandsOf,
  ranged,
  typeName,
  unary,
  variadic,
} from './operands.ts'
import { compareValues, keyOf } from './order.ts'

type Missable = Value | undefined

type Codes = readonly [type: number, range: number]

const index32 = (value: Value, [type, range]: Codes, what: string): number => {
  if (!isNumeric(value)) throw location(type, `${what} must be a numeric value, but is ${typeName(value)}`)
  const index = int32Of(value)
  if (index === undefined) {
    throw location(range, `${what} must be representable as a 32-bit integer: ${toNumber(value)}`)
  }
  return index
}

const elementAt = (array: Missable, at: Missable, name: string): Missable => {
  if (isNullish(array) || isNullish(at)) return null
  if (!Array.isArray(array))
    throw location(28689, `${name}'s first argument must be an array, but is ${typeName(array)}`)
  return array.at(index32(at, [28690, 28691], `${name}'s second argument`))
}

const endOf = (array: Missable, at: 0 | -1, name: string): Missable => {
  if (isNullish(array)) return null
  if (!Array.isArray(array)) throw location(28689, `${name}'s argument must be an array, but is ${typeName(array)}`)
  return array.at(at)
}

const concatenate = (arrays: readonly Missable[]): Value => {
  const result: Value[] = []
  for (const array of arrays) {
    if (isNullish(array)) return null
    if (!Array.isArray(array)) throw location(28664, `$concatArrays only supports arrays, not ${typeName(array)}`)
    for (const item of array) result.push(item)
  }
  return result
}

const sliceIndex = (value: Value, [type, range]: Codes, which: string): number => {
  if (!isNumeric(value)) {
    throw location(type, `${which} argument to $slice must be a numeric value, but is of type: ${typeName(value)}`)
  }
  const index = int32Of(value)
  if (index === undefined) {
    throw location(range, `${which} argument to $slice can't be represented as a 32-bit integer: ${toNumber(value)}`)
  }
  return index
}

const slice = ([array, second, third]: readonly Missable[], _name: string, counted: boolean): Value => {
  if (isNullish(array) || isNullish(second)) return null
  if (!Array.isArray(array)) {
    throw location(28724, `First argument to $slice must be an array, but is of type: ${typeName(array)}`)
  }
  const first = sliceIndex(second, [28725, 28726], 'Second')
  if (!counted) return first >= 0 ? array.slice(0, first) : array.slice(first)
  if (isNullish(third)) return null
  const count = sliceIndex(third, [28727, 28728], 'Third')
  if (count <= 0) throw location(28729, `Third argument to $slice must be positive: ${count}`)
  const start = first < 0 ? Math.max(0, array.length + first) : first
  return array.slice(start, start + count)
}

const rangeCodes: Readonly<Record<string, readonly [number, number, string]>> = {
  start: [34443, 34444, 'starting'],
  end: [34445, 34446, 'ending'],
  step: [34447, 34448, 'step'],
}

const rangeBound = (value: Missable, which: 'start' | 'end' | 'step'): number => {
  const [type, range, word] = rangeCodes[which] ?? [0, 0, '']
  if (value === undefined || !isNumeric(value)) {
    throw location(type, `$range requires a numeric ${word} value, found value of type: ${typeName(value)}`)
  }
  const bound = int32Of(value)
  if (bound !== undefined) return bound
  throw location(
    range,
    `$range requires a ${word} value that can be represented as a 32-bit integer, found value: ${show(value)}`,
  )
}

const mostItems = 5_000_000

const range = ([from, to, by]: readonly Missable[], stepped: boolean): Value => {
  const [start, end] = [rangeBound(from, 'start'), rangeBound(to, 'end')]
  const step = stepped ? rangeBound(by, 'step') : 1
  if (step === 0) throw location(34449, '$range requires a non-zero step value')
  if ((end - start) / step > mostItems) {
    throw failure('ExceededMemoryLimit', '$range would use too much memory')
  }
  const result: Value[] = []
  for (let at = start; step > 0 ? at < end : at > end; at += step) result.push(at)
  return result
}

const reversed = (array: Missable): Value => {
  if (isNullish(array)) return null
  if (Array.isArray(array)) return [...array].reverse()
  throw location(34435, `The argument to $reverseArray must be an array, but was of type: ${typeName(array)}`)
}

const sizeOf = (array: Missable): number => {
  if (Array.isArray(array)) return array.length
  throw location(17124, `The argument to $size must be an array, but was of type: ${typeName(array)}`)
}

const notSearchable = (array: Missable): Error =>
  location(40081, `$in requires an array as a second argument, found: ${typeName(array)}`)

const inAny = binary((value, array, _name, { collation }) => {
  if (!Array.isArray(array)) throw notSearchable(array)
  return array.some((item) => compareValues(item, value, collation) === 0)
})

/** A constant array is looked up in, not searched. */
const inOperator: Operator = (spec, parser, name) => {
  const [value, array, ...others] = operandsOf(spec, parser)
  if (value === undefined || array === undefined || others.length > 0 || !array.constant) {
    return inAny(spec, parser, name)
  }
  const items = constantValue(array)
  if (!Array.isArray(items)) throw notSearchable(items)
  const { collation } = parser.scope
  const keys = new Set(items.map((item) => keyOf(item, collation)))
  return folded([value], (env) => {
    const wanted = value.evaluate(env)
    return wanted !== undefined && keys.has(keyOf(wanted, collation))
  })
}

export const arrayOperators: Operators = {
  $arrayElemAt: binary(elementAt),
  $first: unary((array, name) => endOf(array, 0, name)),
  $last: unary((array, name) => endOf(array, -1, name)),
  $concatArrays: variadic(concatenate),
  $isArray: unary((value) => Array.isArray(value)),
  $size: unary(sizeOf),
  $reverseArray: unary(reversed),
  $slice: ranged([2, 3], (values, name) => slice(values, name, values.length === 3)),
  $range: ranged([2, 3], (values) => range(values, values.length === 3)),
  $in: inOperator,
  $indexOfArray: ranged([2, 4], (values, name, { collation }) => {
    const [array, value, from, to] = values
    if (isNullish(array)) return null
    if (!Array.isArray(array)) {
      throw location(40090, `$indexOfArray requires an array as a first argument, found: ${typeName(array)}`)
    }
    const start = values.length < 3 ? 0 : searchIndex(from, name, 'starting')
    const end = values.length < 4 ? array.length : Math.min(array.length, searchIndex(to, name, 'ending'))
    for (let at = start; at < end; at++) if (compareValues(array[at], value, collation) === 0) return at
    return -1
  }),
}
