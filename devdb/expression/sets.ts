import type { Value } from '../bson/values.ts'
import { location } from '../errors.ts'
import type { Scope } from '../query/scope.ts'
import {
  binary,
  folded,
  isNullish,
  isTruthy,
  type Operator,
  type Operators,
  operandsOf,
  typeName,
  unary,
  variadic,
} from './operands.ts'
import { compareValues, keyOf } from './order.ts'

type Missable = Value | undefined

const setOf = (array: readonly Value[], { collation }: Scope): Map<string, Value> => {
  const set = new Map<string, Value>()
  for (const item of array) {
    const key = keyOf(item, collation)
    if (!set.has(key)) set.set(key, item)
  }
  return set
}

/** MongoDB leaves the order of a set open; the order of its values makes results repeatable. */
const listOf = (set: ReadonlyMap<string, Value>, { collation }: Scope): Value[] =>
  [...set.values()].sort((a, b) => compareValues(a, b, collation))

const needArray = (value: Missable, code: number, message: (kind: string) => string): Value[] => {
  if (Array.isArray(value)) return value
  throw location(code, message(typeName(value)))
}

const union = (arrays: readonly Missable[], scope: Scope): Value => {
  const all: Value[] = []
  for (const array of arrays) {
    if (isNullish(array)) return null
    const kind = (name: string): string => `All operands of $setUnion must be arrays. One argument is of type: ${name}`
    for (const item of needArray(array, 17043, kind)) all.push(item)
  }
  return listOf(setOf(all, scope), scope)
}

const intersection = (arrays: readonly Missable[], scope: Scope): Value => {
  let common: Map<string, Value> | undefined
  for (const array of arrays) {
    if (isNullish(array)) return null
    const kind = (name: string): string =>
      `All operands of $setIntersection must be arrays. One argument is of type: ${name}`
    const set = setOf(needArray(array, 17047, kind), scope)
    common = common === undefined ? set : new Map([...common].filter(([key]) => set.has(key)))
  }
  return listOf(common ?? new Map(), scope)
}

const both = (operator: string, which: string) => (kind: string) =>
  `both operands of ${operator} must be arrays. ${which} argument is of type: ${kind}`

const difference = (a: Missable, b: Missable, scope: Scope): Value => {
  if (isNullish(a) || isNullish(b)) return null
  const left = setOf(needArray(a, 17048, both('$setDifference', 'First')), scope)
  const right = setOf(needArray(b, 17049, both('$setDifference', 'Second')), scope)
  return [...left].filter(([key]) => !right.has(key)).map(([, item]) => item)
}

const isSubset = (a: Missable, b: Missable, scope: Scope): boolean => {
  const left = needArray(a, 17046, both('$setIsSubset', 'First'))
  const right = setOf(needArray(b, 17042, both('$setIsSubset', 'Second')), scope)
  return left.every((item) => right.has(keyOf(item, scope.collation)))
}

const areEqual = (arrays: readonly Missable[], scope: Scope): boolean => {
  const kind = (name: string): string => `All operands of $setEquals must be arrays. One argument is of type: ${name}`
  const [first = new Map<string, Value>(), ...others] = arrays.map((array) =>
    setOf(needArray(array, 17044, kind), scope),
  )
  return others.every((set) => set.size === first.size && [...set.keys()].every((key) => first.has(key)))
}

const setEquals: Operator = (spec, parser) => {
  const operands = operandsOf(spec, parser)
  if (operands.length < 2) throw location(17045, `$setEquals needs at least two arguments had: ${operands.length}`)
  return folded(operands, (env) =>
    areEqual(
      operands.map((operand) => operand.evaluate(env)),
      parser.scope,
    ),
  )
}

const argument = (name: string) => (kind: string) => `${name}'s argument must be an array, but is ${kind}`

export const setOperators: Operators = {
  $setUnion: variadic((arrays, _name, scope) => union(arrays, scope)),
  $setIntersection: variadic((arrays, _name, scope) => intersection(arrays, scope)),
  $setDifference: binary((a, b, _name, scope) => difference(a, b, scope)),
  $setIsSubset: binary((a, b, _name, scope) => isSubset(a, b, scope)),
  $setEquals: setEquals,
  $allElementsTrue: unary((array, name) => needArray(array, 17040, argument(name)).every(isTruthy)),
  $anyElementTrue: unary((array, name) => needArray(array, 17041, argument(name)).some(isTruthy)),
}
