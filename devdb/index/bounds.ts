import type { BSONRegExp } from 'bson'
import type { Collation } from '../bson/collation.ts'
import { bracketOf, emptyArrayKey, encodeKey, nullKey, stringPrefixKey } from '../bson/keys.ts'
import { toNumber } from '../bson/numbers.ts'
import { fieldsOf, isDoc, isNumeric, kindOf, type Value } from '../bson/values.ts'
import type { Field, Filter } from '../query/tree.ts'
import { collatedKey } from './keys.ts'
import { complement, everything, holdsNull, intersection, isPoint, point, type Stretch, union } from './stretches.ts'

/** What a filter says of one path. */
export type PathBounds = {
  readonly stretches: readonly Stretch[]
  /** Only single values (equality, `$in`). */
  readonly points: boolean
  /** On a path without arrays: the keys in the stretches are exactly those of documents that match. */
  readonly exact: boolean
  /** Some hold a good part of all keys (`$exists`, `$ne`): better than nothing, worse than any range. */
  readonly wide: boolean
  /** No document without the field matches. */
  readonly needsField: boolean
  /** Also true where arrays are: an empty one on the way to a field has the key of a null, but is none. */
  readonly holdsForArrays: boolean
}

const bounds = (stretches: readonly Stretch[], of: Partial<PathBounds> = {}): PathBounds => ({
  stretches,
  points: stretches.every(isPoint),
  exact: false,
  wide: false,
  needsField: false,
  holdsForArrays: true,
  ...of,
})

/** Exactly the documents with one value. */
export const valueBounds = (key: string): PathBounds => bounds([point(key)], { exact: true, needsField: true })

const span = (low: string, high: string, highIncluded = false): Stretch => ({
  low,
  lowIncluded: true,
  high,
  highIncluded,
})

const next = (key: string): string => {
  const end = key.length - 1
  return key.slice(0, end) + String.fromCharCode(key.charCodeAt(end) + 1)
}

/** `^` and plain characters: the strings it matches begin with them, so an index can be read from there. */
const anchoredPrefix = (pattern: string, options: string): string | undefined => {
  if (options.replaceAll('u', '') !== '' || !pattern.startsWith('^') || pattern.includes('|')) return undefined
  const plain = /^\^((?:[^\\^$.*+?()[\]{}|]|\\[^A-Za-z0-9])*)(.?)/s.exec(pattern)
  if (plain === null) return undefined
  const [, literal = '', following = ''] = plain
  const text = literal.replace(/\\(.)/gs, '$1')
  // A quantifier makes the last character optional.
  const certain = '*?{'.includes(following) && following !== '' ? [...text].slice(0, -1).join('') : text
  return certain === '' ? undefined : certain
}

/** How the keys of the index were made: with the collation of the condition, or they tell nothing about its strings. */
type Keying = { readonly index: Collation | undefined; readonly condition: Collation | undefined }

/** Whether a collation may matter to the value. */
export const holdsStrings = (value: Value): boolean => {
  if (typeof value === 'string') return true
  if (Array.isArray(value)) return value.some(holdsStrings)
  return isDoc(value) ? fieldsOf(value).some(([, inner]) => holdsStrings(inner)) : kindOf(value) === 'symbol'
}

const keyOf = (value: Value, { index, condition }: Keying): string | undefined => {
  if (index === condition) return collatedKey(value, index)
  return holdsStrings(value) ? undefined : encodeKey(value)
}

const regexBracket = bracketOf({ _bsontype: 'BSONRegExp' } as Value)

const regexBounds = (operand: Value, { index }: Keying): PathBounds => {
  const regex = kindOf(operand) === 'regex' ? (operand as BSONRegExp) : undefined
  const pattern = regex?.pattern ?? (typeof operand === 'string' ? operand : undefined)
  // Keys of a collation do not begin as their strings do.
  const prefix =
    pattern === undefined || index !== undefined ? undefined : anchoredPrefix(pattern, regex?.options ?? '')
  const strings =
    prefix === undefined ? span(...bracketOf('')) : span(stringPrefixKey(prefix), next(stringPrefixKey(prefix)))
  // A stored regular expression equal to the one asked for matches too.
  return bounds([strings, span(...regexBracket)], { needsField: true, wide: prefix === undefined })
}

const nan = encodeKey(Number.NaN)
const leastNumber = encodeKey(Number.NEGATIVE_INFINITY)

const isNaNValue = (value: Value): boolean => isNumeric(value) && Number.isNaN(toNumber(value))

const rangeBounds = (operator: string, operand: Value, keying: Keying): PathBounds | undefined => {
  const kind = kindOf(operand)
  const included = operator.endsWith('e')
  // An undefined value is not less and not greater either; its key is that of an empty array.
  if (kind === 'null') return included ? bounds([point(emptyArrayKey), point(nullKey)]) : undefined
  if (['undefined', 'minKey', 'maxKey', 'array', 'object'].includes(kind)) return undefined
  const needsField = true
  if (isNaNValue(operand)) return bounds(included ? [point(nan)] : [], { exact: true, needsField })
  const [low, high] = bracketOf(operand)
  const ordered = keying.index === undefined && keying.condition === undefined
  // Keys of a collation are in no order: only the type bounds the scan.
  if (!ordered && holdsStrings(operand)) return bounds([span(low, high)], { needsField })
  const key = encodeKey(operand)
  const stretch = operator.startsWith('$g')
    ? { low: key, lowIncluded: included, high, highIncluded: false }
    : span(isNumeric(operand) ? leastNumber : low, key, included)
  return bounds([stretch], { exact: true, needsField })
}

/** An array is equal to a whole stored array, or to an element that is one: the index holds only elements. */
const equalArray = (operand: Value[], keying: Keying): PathBounds | undefined => {
  const [first] = operand
  const keys = [keyOf(operand, keying), first === undefined ? emptyArrayKey : keyOf(first, keying)]
  if (keys.includes(undefined)) return undefined
  return bounds(union(keys.map((key) => point(key ?? ''))), { needsField: true })
}

const equalBounds = (operand: Value, keying: Keying): PathBounds | undefined => {
  if (Array.isArray(operand)) return equalArray(operand, keying)
  const key = keyOf(operand, keying)
  const absent = operand === null || kindOf(operand) === 'undefined'
  return key === undefined
    ? undefined
    : bounds([point(key)], { exact: kindOf(operand) !== 'undefined', needsField: !absent })
}

const inBounds = (operand: readonly Value[], keying: Keying): PathBounds | undefined => {
  const each = operand.map((item) => (kindOf(item) === 'regex' ? regexBounds(item, keying) : equalBounds(item, keying)))
  const found = each.filter((item) => item !== undefined)
  if (found.length < each.length) return undefined
  return bounds(union(found.flatMap(({ stretches }) => stretches)), {
    exact: found.every(({ exact }) => exact),
    needsField: found.every(({ needsField }) => needsField),
  })
}

/** Several tests of the same array element: all bounds hold at once, also where arrays are. */
const elementBounds = (operand: Value, keying: Keying): PathBounds | undefined => {
  if (!isDoc(operand) || operand.$options !== undefined) return undefined
  const each = fieldsOf(operand).map(([operator, value]) =>
    // An element that is an array itself is none of the keys.
    Array.isArray(value) && operator !== '$in' ? undefined : tests[operator]?.(value, keying, operator),
  )
  const found = each.filter((item) => item !== undefined && !item.wide)
  const [first] = found
  if (first === undefined) return undefined
  const stretches = found.reduce<readonly Stretch[]>(
    (sum, item) => intersection(sum, item?.stretches ?? []),
    [everything],
  )
  return bounds(stretches, { needsField: true })
}

type Test = (operand: Value, keying: Keying, operator: string) => PathBounds | undefined

const range: Test = (operand, keying, operator) => rangeBounds(operator, operand, keying)

const tests: Readonly<Record<string, Test>> = {
  $eq: (operand, keying) => equalBounds(operand, keying),
  $in: (operand, keying) => (Array.isArray(operand) ? inBounds(operand, keying) : undefined),
  $gt: range,
  $gte: range,
  $lt: range,
  $lte: range,
  $regex: (operand, keying) => regexBounds(operand, keying),
  $exists: () => bounds([everything], { wide: true, needsField: true }),
  $mod: () => bounds([span(...bracketOf(0))], { wide: true, needsField: true }),
}

/** The bounds of one test, or undefined when an index cannot serve it. */
const boundsOf = ({ operator, operand, collation }: Field, index: Collation | undefined): PathBounds | undefined => {
  const keying = { index, condition: collation }
  return operator === '$elemMatch' ? elementBounds(operand, keying) : tests[operator]?.(operand, keying, operator)
}

/** What does not fulfil a test: all keys but those that do. */
const negatedBounds = (of: Field, index: Collation | undefined): PathBounds | undefined => {
  if (of.operator === '$exists') return bounds([point(nullKey)])
  if (of.operator === '$elemMatch' || of.operator === '$mod' || of.operator === '$regex') return undefined
  const found = boundsOf(of, index)
  if (found === undefined || !found.exact) return undefined
  const stretches = complement(found.stretches)
  return bounds(stretches, { exact: true, wide: true, holdsForArrays: stretches.some(holdsNull) })
}

/** Every bound a filter sets, by path. `complete`: each of its conditions is among them. */
export type Bounds = { readonly byPath: ReadonlyMap<string, readonly PathBounds[]>; readonly complete: boolean }

/**
 * What all matching documents fulfil (a conjunction), as bounds on the keys of an index with this collation. The bounds
 * of one path are those of separate conditions.
 */
export const collectBounds = (filter: Filter, index: Collation | undefined): Bounds => {
  const byPath = new Map<string, PathBounds[]>()
  let complete = true
  const add = (path: string, found: PathBounds | undefined): void => {
    if (found === undefined) complete = false
    else byPath.set(path, [...(byPath.get(path) ?? []), found])
  }
  const visit = (node: Filter, prefix: string): void => {
    if (node.type === 'and') {
      for (const child of node.of) visit(child, prefix)
    } else if (node.type === 'field' && node.inner !== undefined) {
      complete = false
      visit(node.inner, `${prefix}${node.path}.`)
    } else if (node.type === 'field') {
      add(prefix + node.path, boundsOf(node, index))
    } else if (node.type === 'not' && node.of.type === 'field' && prefix === '') {
      add(node.of.path, negatedBounds(node.of, index))
    } else {
      complete = false
    }
  }
  visit(filter, '')
  return { byPath, complete }
}

const rank = ({ points, wide, stretches }: PathBounds): number =>
  points ? (stretches.length <= 1 ? 0 : 1) : wide ? 3 : 2

/**
 * One set of bounds out of several on a path. Different elements of an array may fulfil different conditions, so on a
 * multikey field only one condition may bound the scan; elsewhere they are intersected.
 */
export const combine = (all: readonly PathBounds[], multikey: boolean): PathBounds | undefined => {
  const usable = multikey ? all.filter(({ holdsForArrays }) => holdsForArrays) : all
  const [first, ...rest] = usable.toSorted((a, b) => rank(a) - rank(b))
  if (first === undefined || all.length === 1) return first
  const needsField = all.some((one) => one.needsField)
  if (multikey) return { ...first, exact: false, needsField }
  const stretches = rest.reduce((sum, one) => intersection(sum, one.stretches), first.stretches)
  return bounds(stretches, { exact: all.every(({ exact }) => exact), wide: first.wide, needsField })
}
