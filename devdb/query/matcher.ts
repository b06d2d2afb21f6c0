import type { BSONRegExp } from 'bson'
import { type Doc, isDoc, kindOf, type Value } from '../bson/values.ts'
import { failure, unsupported } from '../errors.ts'
import { fieldTest, isTruthy, type Test } from './operators.ts'
import { anyLeaf, type Found, type Place } from './paths.ts'

type Match = (doc: Doc, found?: Found) => boolean

export type Logical = { readonly type: 'and' | 'or' | 'nor'; readonly of: readonly Filter[]; readonly match: Match }
export type Negation = { readonly type: 'not'; readonly of: Filter; readonly match: Match }
export type Field = {
  readonly type: 'field'
  readonly path: string
  readonly operator: string
  readonly operand: Value
  /** Of `$elemMatch` with a filter of its own: that filter. */
  readonly inner?: Filter
  readonly match: Match
}
/** A filter as a tree: each node matches a document, the planner reads the rest. */
export type Filter = Logical | Negation | Field

const and = (of: readonly Filter[]): Logical => ({
  type: 'and',
  of,
  match: (doc, found) => of.every((child) => child.match(doc, found)),
})

const or = (of: readonly Filter[]): Logical => ({
  type: 'or',
  of,
  match: (doc, found) => of.some((child) => child.match(doc, found)),
})

const nor = (of: readonly Filter[]): Logical => ({
  type: 'nor',
  of,
  match: (doc) => !of.some((child) => child.match(doc)),
})

const not = (of: Filter): Negation => ({ type: 'not', of, match: (doc) => !of.match(doc) })

const note = (found: Found | undefined, parts: readonly string[], place: Place | undefined): void => {
  if (found === undefined || place === undefined) return
  found.positions.set(parts.slice(0, place.depth).join('.'), place.index)
  found.last = place.index
}

const matchPath =
  (parts: readonly string[], { test, opens }: Test): Match =>
  (doc, found) =>
    anyLeaf(doc, parts, (value, place) => {
      if (test(value)) {
        note(found, parts, place)
        return true
      }
      if (!opens || !Array.isArray(value)) return false
      const index = value.findIndex((element) => test(element))
      if (index >= 0) note(found, parts, place ?? { index, depth: parts.length })
      return index >= 0
    })

const matchElement =
  (parts: readonly string[], matches: (element: Value) => boolean): Match =>
  (doc, found) =>
    anyLeaf(doc, parts, (value, place) => {
      if (!Array.isArray(value)) return false
      const index = value.findIndex(matches)
      if (index >= 0) note(found, parts, place ?? { index, depth: parts.length })
      return index >= 0
    })

const isOperators = (value: Value): value is Doc => isDoc(value) && Object.keys(value)[0]?.startsWith('$') === true

const elemMatch = (path: string, operand: Value): Field => {
  if (!isDoc(operand)) throw failure('BadValue', '$elemMatch needs an Object')
  const first = Object.keys(operand)[0] ?? ''
  const parts = path.split('.')
  const base = { type: 'field', path, operator: '$elemMatch', operand } as const
  if (first.startsWith('$') && !['$and', '$or', '$nor'].includes(first)) {
    // The element stands for the whole value: its tests must not open nested arrays twice, hence the wrapping.
    const inner = parseField('v', operand)
    return { ...base, match: matchElement(parts, (element) => inner.match({ v: element })) }
  }
  const inner = parseFilter(operand)
  const asDoc = (element: Value): Doc | undefined =>
    isDoc(element) ? element : Array.isArray(element) ? Object.fromEntries(element.entries()) : undefined
  return {
    ...base,
    inner,
    match: matchElement(parts, (element) => {
      const doc = asDoc(element)
      return doc !== undefined && inner.match(doc)
    }),
  }
}

const all = (path: string, operand: Value): Filter => {
  if (!Array.isArray(operand)) throw failure('BadValue', '$all needs an array')
  const nested = operand.map((item) => isDoc(item) && Object.keys(item)[0] === '$elemMatch')
  if (nested.includes(true) && nested.includes(false)) throw failure('BadValue', 'no $ expressions in $all')
  if (operand.length === 0) return or([])
  return and(
    operand.map((item, index) => {
      if (nested[index] === true) return elemMatch(path, (item as Doc).$elemMatch ?? null)
      if (isOperators(item)) throw failure('BadValue', 'no $ expressions in $all')
      return one(path, kindOf(item) === 'regex' ? '$regex' : '$eq', item)
    }),
  )
}

const one = (path: string, operator: string, operand: Value): Field => ({
  type: 'field',
  path,
  operator,
  operand,
  match: matchPath(path.split('.'), fieldTest(path, operator, operand)),
})

const negated = (path: string, operand: Value): Filter => {
  if (kindOf(operand) === 'regex') return not(one(path, '$regex', operand))
  if (!isDoc(operand)) throw failure('BadValue', '$not needs a regex or a document')
  if (Object.keys(operand).length === 0) throw failure('BadValue', '$not cannot be empty')
  if (!isOperators(operand)) throw failure('BadValue', `unknown operator: ${Object.keys(operand)[0]}`)
  return not(parseField(path, operand))
}

const operatorFilter = (path: string, operator: string, operand: Value): Filter => {
  switch (operator) {
    case '$ne':
      if (kindOf(operand) === 'regex') throw failure('BadValue', "Can't have regex as arg to $ne.")
      return not(one(path, '$eq', operand))
    case '$nin':
      return not(one(path, '$in', operand))
    case '$exists':
      // Absent means: on no branch of an array present, which is the negation and not a test of each branch.
      return isTruthy(operand) ? one(path, operator, true) : not(one(path, operator, true))
    case '$not':
      return negated(path, operand)
    case '$elemMatch':
      return elemMatch(path, operand)
    case '$all':
      return all(path, operand)
    default:
      return one(path, operator, operand)
  }
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

const parseField = (path: string, value: Value): Filter => {
  if (kindOf(value) === 'regex') return one(path, '$regex', value as BSONRegExp)
  if (!isOperators(value)) return one(path, '$eq', value)
  const filters = Object.entries(joinRegex(value)).map(([operator, operand]) => {
    if (!operator.startsWith('$')) throw failure('BadValue', `unknown operator: ${operator}`)
    return operatorFilter(path, operator, operand)
  })
  const [only] = filters
  return filters.length === 1 && only !== undefined ? only : and(filters)
}

const branches = (operator: string, value: Value): Filter[] => {
  if (!Array.isArray(value)) throw failure('BadValue', `${operator} must be an array`)
  if (value.length === 0) throw failure('BadValue', '$and/$or/$nor must be a nonempty array')
  return value.map((branch) => {
    if (!isDoc(branch)) throw failure('BadValue', '$or/$and/$nor entries need to be full objects')
    return parseFilter(branch)
  })
}

const logical = { $and: and, $or: or, $nor: nor }

const known = ['$expr', '$text', '$where', '$jsonSchema', '$sampleRate', '$alwaysTrue', '$alwaysFalse']

const topLevel = (operator: string, value: Value): Filter | undefined => {
  if (operator === '$and' || operator === '$or' || operator === '$nor')
    return logical[operator](branches(operator, value))
  if (operator === '$comment') return undefined
  if (known.includes(operator)) throw unsupported(`the query operator ${operator}`)
  throw failure(
    'BadValue',
    `unknown top level operator: ${operator}. If you have a field name that starts with a '$' symbol, consider using $getField or $setField.`,
  )
}

/** Reads a query filter; throws BadValue on what MongoDB refuses and NotImplemented on what devdb does not know. */
export const parseFilter = (filter: Value | undefined): Filter => {
  if (filter === undefined || filter === null) return and([])
  if (!isDoc(filter))
    throw failure('TypeMismatch', `Expected field 'filter' to be of type object, but found type ${kindOf(filter)}`)
  const filters = Object.entries(filter).flatMap(([name, value]) => {
    const parsed = name.startsWith('$') ? topLevel(name, value) : parseField(name, value)
    return parsed === undefined ? [] : [parsed]
  })
  const [only] = filters
  return filters.length === 1 && only !== undefined ? only : and(filters)
}

/** `$pull` tests array elements that may be no documents: a condition of operators applies to the element itself. */
export const parseElementCondition = (condition: Value): ((element: Value) => boolean) => {
  if (isOperators(condition) || kindOf(condition) === 'regex') {
    const filter = parseField('v', condition)
    return (element) => filter.match({ v: element })
  }
  if (isDoc(condition)) {
    const filter = parseFilter(condition)
    return (element) => isDoc(element) && filter.match(element)
  }
  const test = fieldTest('v', '$eq', condition).test
  return (element) => test(element)
}

export const isEverything = (filter: Filter): boolean => filter.type === 'and' && filter.of.length === 0
