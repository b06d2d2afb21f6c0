import type { BSONRegExp } from 'bson'
import { type Doc, isDoc, kindOf, type Value } from '../bson/values.ts'
import { failure } from '../errors.ts'
import { type FieldOperator, fieldTest, isTruthy } from './operators.ts'
import { anyLeaf, type Found, type Place } from './paths.ts'
import type { Scope } from './scope.ts'
import { allOf, and, type Field, type Filter, type Match, not, or } from './tree.ts'

/** How the conditions within a filter are read; `nested`: inside an `$elemMatch`, where some operators may not stand. */
export type Parser = {
  readonly scope: Scope
  readonly nested: boolean
  readonly filter: (filter: Doc, nested: boolean) => Filter
}

const note = (found: Found | undefined, parts: readonly string[], place: Place | undefined): void => {
  if (found === undefined || place === undefined) return
  found.positions.set(parts.slice(0, place.depth).join('.'), place.index)
  found.last = place.index
}

const matchPath = (
  parts: readonly string[],
  { test, opens }: { test: (value: Value | undefined) => boolean; opens: boolean },
): Match => {
  return (doc, found) =>
    anyLeaf(doc, parts, (value, place, whole) => {
      if (test(value)) {
        note(found, parts, place)
        return true
      }
      if (!opens || !whole || !Array.isArray(value)) return false
      const index = value.findIndex((element) => test(element))
      if (index >= 0) note(found, parts, place ?? { index, depth: parts.length })
      return index >= 0
    })
}

const matchElement =
  (parts: readonly string[], matches: (element: Value) => boolean): Match =>
  (doc, found) =>
    anyLeaf(doc, parts, (value, place) => {
      if (!Array.isArray(value)) return false
      const index = value.findIndex(matches)
      if (index >= 0) note(found, parts, place ?? { index, depth: parts.length })
      return index >= 0
    })

/** Whether a value is `{$operator: ...}`; `{$ref: ...}` is a reference to compare with. */
export const isOperators = (value: Value): value is Doc => {
  if (!isDoc(value)) return false
  const [first] = Object.keys(value)
  return first?.startsWith('$') === true && first !== '$ref' && first !== '$id' && first !== '$db'
}

export const one = (parts: FieldOperator): Field => ({
  type: 'field',
  path: parts.path,
  operator: parts.operator,
  operand: parts.operand,
  collation: parts.scope.collation,
  match: matchPath(parts.path.split('.'), fieldTest(parts)),
})

const asDoc = (element: Value): Doc | undefined => {
  if (isDoc(element)) return element
  return Array.isArray(element) ? Object.fromEntries(element.entries()) : undefined
}

const ofElement = ['$and', '$or', '$nor', '$where', '$expr', '$jsonSchema', '$text']

const elemMatch = (path: string, operand: Value, parser: Parser): Field => {
  if (!isDoc(operand)) throw failure('BadValue', '$elemMatch needs an Object')
  const [first = ''] = Object.keys(operand)
  const parts = path.split('.')
  const base = { type: 'field', path, operator: '$elemMatch', operand, collation: parser.scope.collation } as const
  if (isOperators(operand) && !ofElement.includes(first)) {
    const test = elementTest(operand, parser)
    return { ...base, match: matchElement(parts, test) }
  }
  const inner = parser.filter(operand, true)
  return {
    ...base,
    inner,
    match: matchElement(parts, (element) => {
      const doc = asDoc(element)
      return doc !== undefined && inner.match(doc)
    }),
  }
}

/** The element stands for a whole value, hence a document around it; an array in the array is not opened any more. */
const elementTest = (operators: Doc, parser: Parser): ((element: Value) => boolean) => {
  const filter = parseField('v', operators, parser)
  const unopened = parseField('v.0', operators, parser)
  return (element) => (Array.isArray(element) ? unopened.match({ v: [element] }) : filter.match({ v: element }))
}

const all = (path: string, operand: Value, parser: Parser): Filter => {
  if (!Array.isArray(operand)) throw failure('BadValue', '$all needs an array')
  if (operand.length === 0) return or([])
  const isNested = (item: Value): item is Doc => isDoc(item) && Object.keys(item)[0] === '$elemMatch'
  const nested = operand.some(isNested)
  const { scope } = parser
  const conditions = operand.map((item): Filter => {
    if (nested && !isNested(item)) throw failure('BadValue', '$all/$elemMatch has to be consistent')
    if (isNested(item)) return elemMatch(path, item.$elemMatch ?? null, parser)
    if (isOperators(item)) throw failure('BadValue', 'no $ expressions in $all')
    return one({ path, operator: kindOf(item) === 'regex' ? '$regex' : '$eq', operand: item, scope })
  })
  return and(conditions)
}

const negated = (path: string, operand: Value, parser: Parser): Filter => {
  if (kindOf(operand) === 'regex') return not(one({ path, operator: '$regex', operand, scope: parser.scope }))
  if (!isDoc(operand)) throw failure('BadValue', '$not needs a regex or a document')
  if (Object.keys(operand).length === 0) throw failure('BadValue', '$not cannot be empty')
  if (!isOperators(operand)) throw failure('BadValue', `unknown operator: ${Object.keys(operand)[0]}`)
  return not(parseField(path, operand, parser))
}

type Build = (path: string, operand: Value, parser: Parser) => Filter

const composed: Readonly<Record<string, Build>> = {
  $ne: (path, operand, { scope }) => {
    if (kindOf(operand) === 'regex') throw failure('BadValue', "Can't have regex as arg to $ne.")
    return not(one({ path, operator: '$eq', operand, scope }))
  },
  $nin: (path, operand, { scope }) => {
    if (!Array.isArray(operand)) throw failure('BadValue', '$nin needs an array')
    return not(one({ path, operator: '$in', operand, scope }))
  },
  $exists: (path, operand, { scope }) => {
    const present = one({ path, operator: '$exists', operand: true, scope })
    // Absent means: on no branch of an array present, which is the negation and not a test of each branch.
    return isTruthy(operand) ? present : not(present)
  },
  $not: negated,
  $elemMatch: elemMatch,
  $all: all,
}

const operatorFilter = (path: string, operator: string, operand: Value, parser: Parser): Filter => {
  if (!operator.startsWith('$')) throw failure('BadValue', `unknown operator: ${operator}`)
  const build = Object.hasOwn(composed, operator) ? composed[operator] : undefined
  if (build === undefined) return one({ path, operator, operand, scope: parser.scope })
  const filter = build(path, operand, parser)
  if (filter.type === 'field' || filter.type === 'special' || operator === '$not') return filter
  return { ...filter, source: { operator, specifiedAs: { [path]: { [operator]: operand } } } }
}

/** `$regex` and `$options` are two operators that make one test. */
const joinRegex = (operators: Doc): Doc => {
  const { $regex, $options, ...rest } = operators
  if ($regex === undefined) {
    if ($options !== undefined) throw failure('BadValue', '$options needs a $regex')
    return operators
  }
  if ($options === undefined) return operators
  return { ...rest, $regex: { pattern: $regex, options: $options } }
}

/** The condition on one path: a value, a regular expression or a document of operators. */
export const parseField = (path: string, value: Value, parser: Parser): Filter => {
  const { scope } = parser
  if (kindOf(value) === 'regex')
    return { ...one({ path, operator: '$regex', operand: value as BSONRegExp, scope }), plain: true }
  if (!isOperators(value)) return { ...one({ path, operator: '$eq', operand: value, scope }), plain: true }
  return allOf(
    Object.entries(joinRegex(value)).map(([operator, operand]) => operatorFilter(path, operator, operand, parser)),
  )
}
