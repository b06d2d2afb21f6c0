import { toNumber } from '../bson/numbers.ts'
import { show } from '../bson/show.ts'
import { type Doc, fieldsOf, getField, isDoc, isNumeric, kindOf, type Value } from '../bson/values.ts'
import { failure, location, MongoError, unsupported } from '../errors.ts'
import { parseExpression } from '../expression/expression.ts'
import { parsePath } from '../expression/fieldPath.ts'
import { operators as expressions } from '../expression/operators.ts'
import { parseFilter, refuseQueryFeatures } from './matcher.ts'
import { metaOf } from './meta.ts'
import { isTruthy } from './operators.ts'
import { addNode, type Branch, type Compute, type Leaf, makeBranch } from './projectionTree.ts'
import type { Scope } from './scope.ts'
import { textOf } from './text/text.ts'
import type { Filter } from './tree.ts'

export type Mode = 'inclusion' | 'exclusion'

/** A projection while it is read. */
export type Reading = {
  readonly root: Branch
  readonly scope: Scope
  /** The filter of the query, which a positional `$` and the text score come from. */
  readonly filter: Filter | undefined
  mode: Mode | undefined
  id: 'unnamed' | 'kept' | 'dropped' | 'other'
  readonly seen: Set<'positional' | 'elemMatch' | 'slice' | 'meta'>
}

const noVariables = new Map<string, Value | undefined>()

const evaluated = (spec: Value, scope: Scope): Compute => {
  const expression = parseExpression(spec, scope)
  return (root) => expression.evaluate({ root, variables: noVariables })
}

type Place = { readonly branch: Branch; readonly name: string; readonly above: readonly string[] }

const setMode = (reading: Reading, mode: Mode, refused: () => Error): void => {
  if (reading.mode !== undefined && reading.mode !== mode) throw refused()
  reading.mode = mode
}

const isTopLevelId = ({ name, above }: Place): boolean => name === '_id' && above.length === 0

const positionalAt = (name: string): boolean => name === '$' || name.endsWith('.$') || name.includes('.$.')

const checkPositional = ({ seen, filter }: Reading, { name }: Place): void => {
  if (name.includes('.$.'))
    throw location(
      31394,
      "As of 4.4, it's illegal to specify positional operator in the middle of a path. Positional projection may only be used at the end, for example: a.b.$. If the query previously used a form like a.b.$.d, remove the parts following the '$' and the results will be equivalent.",
    )
  if (seen.has('positional')) throw location(31276, 'Cannot specify more than one positional projection per query.')
  if (seen.has('elemMatch')) throw location(31256, 'Cannot specify positional operator and $elemMatch.')
  if (filter === undefined) throw location(51050, 'Projections with a positional operator require a matcher')
  if (name === '.$') throw location(5392900, `Projection on field ${name} is invalid`)
}

const readInclusion = (reading: Reading, place: Place): void => {
  const { branch, name } = place
  if (positionalAt(name)) {
    checkPositional(reading, place)
    addNode(branch, parsePath(name.slice(0, -2)), { kind: 'positional' })
    reading.seen.add('positional')
  } else {
    addNode(branch, parsePath(name), { kind: 'keep' })
    if (isTopLevelId(place)) {
      reading.id = 'kept'
      return
    }
  }
  setMode(reading, 'inclusion', () => location(31253, `Cannot do inclusion on field ${name} in exclusion projection`))
}

const readExclusion = (reading: Reading, place: Place): void => {
  const { branch, name } = place
  if (positionalAt(name)) throw location(31395, 'positional projection cannot be used with exclusion')
  addNode(branch, parsePath(name), { kind: 'drop' })
  if (isTopLevelId(place)) {
    reading.id = 'dropped'
    return
  }
  setMode(reading, 'exclusion', () => location(31254, `Cannot do exclusion on field ${name} in inclusion projection`))
}

const readLiteral = (reading: Reading, { branch, name }: Place, value: Value): void => {
  if (positionalAt(name)) throw location(31308, 'positional projection cannot be used with a literal')
  addNode(branch, parsePath(name), { kind: 'computed', compute: evaluated(value, reading.scope) })
  const elem = `${name}: ${show(value)}`
  setMode(reading, 'inclusion', () => location(31310, `Cannot use an expression ${elem} in an exclusion projection`))
}

const integer = (value: Value): number => (isNumeric(value) ? Math.trunc(toNumber(value)) : Number.NaN)

/** `$slice` of find: a count, from the end when negative, or `[skip, limit]`. */
const sliceOf = (operand: Value): Leaf => {
  if (isNumeric(operand)) {
    const count = integer(operand)
    return { kind: 'slice', slice: (array) => (count < 0 ? array.slice(count) : array.slice(0, count)) }
  }
  if (!Array.isArray(operand)) throw location(31273, '$slice only supports numbers and [skip, limit] arrays')
  const [skip, limit] = operand
  if (skip === undefined || limit === undefined || operand.length !== 2)
    throw location(31272, '$slice array argument should be of form [skip, limit]')
  if (!isNumeric(skip)) throw location(31257, `$slice expects the skip argument to be a number, got ${kindOf(skip)}`)
  if (!isNumeric(limit)) throw location(31258, `$slice expects the limit argument to be a number, got ${kindOf(limit)}`)
  if (integer(limit) <= 0) throw location(31259, `$slice limit must be positive, got ${integer(limit)}`)
  const start = (array: Value[]): number =>
    integer(skip) < 0 ? Math.max(0, array.length + integer(skip)) : integer(skip)
  return { kind: 'slice', slice: (array) => array.slice(start(array), start(array) + integer(limit)) }
}

const readSlice = (reading: Reading, place: Place, value: Doc): void => {
  const path = parsePath(place.name)
  const leaf = findSlice(value)
  if (leaf instanceof Error) {
    readSliceExpression(reading, place, { value, reason: leaf })
    return
  }
  addNode(place.branch, path, leaf)
  reading.seen.add('slice')
}

const findSlice = (value: Doc): Leaf | MongoError => {
  try {
    return sliceOf(value.$slice ?? null)
  } catch (error) {
    if (error instanceof MongoError) return error
    throw error
  }
}

/** What is no `$slice` of find may be that of an expression, which names its array. */
const readSliceExpression = (
  reading: Reading,
  place: Place,
  { value, reason }: { value: Doc; reason: MongoError },
): void => {
  try {
    readExpression(reading, place, value)
  } catch (error) {
    if (!(error instanceof MongoError)) throw error
    throw new MongoError(
      error.code,
      error.codeName,
      `Invalid $slice syntax. The given syntax ${show(value)} did not match the find() syntax because :: ${reason.codeName}: ${reason.message} :: The given syntax did not match the expression $slice syntax. :: caused by :: ${error.message}`,
    )
  }
}

const readElemMatch = (reading: Reading, { branch, name, above }: Place, value: Doc): void => {
  const operand = value.$elemMatch ?? null
  if (!isDoc(operand)) throw location(31274, `elemMatch: Invalid argument, object required, but got ${kindOf(operand)}`)
  if (reading.seen.has('positional')) throw location(31255, 'Cannot specify positional operator and $elemMatch.')
  if (above.length > 0 || name.includes('.'))
    throw location(31275, 'Cannot use $elemMatch projection on a nested field.')
  refuseQueryFeatures(operand)
  const filter = parseFilter({ v: { $elemMatch: operand } }, reading.scope)
  const compute: Compute = (root) => {
    const array = getField(root, name)
    const found = Array.isArray(array) ? array.find((element) => filter.match({ v: [element] })) : undefined
    return found === undefined ? undefined : [found]
  }
  addNode(branch, parsePath(name), { kind: 'computed', compute })
  reading.seen.add('elemMatch')
}

const otherMeta = ['sortKey', 'indexKey', 'recordId', 'searchScore', 'searchHighlights', 'vectorSearchScore', 'randVal']

const readMeta = (reading: Reading, { branch, name }: Place, value: Doc): void => {
  const kind = value.$meta
  if (typeof kind !== 'string') throw location(17307, '$meta only supports string arguments')
  if (otherMeta.includes(kind)) throw unsupported(`the projection {$meta: '${kind}'}`)
  if (kind !== 'textScore') throw location(17308, `Unsupported argument to $meta: ${kind}`)
  if (reading.filter !== undefined && textOf(reading.filter) === undefined)
    throw location(40218, 'query requires text score metadata, but it is not available')
  const compute: Compute = (root) => metaOf(root).textScore
  addNode(branch, parsePath(name), { kind: 'computed', compute })
  reading.seen.add('meta')
}

const readExpression = (reading: Reading, { branch, name }: Place, value: Doc): void => {
  if (reading.mode === 'exclusion')
    throw location(31252, 'Cannot use expression other than $meta in exclusion projection')
  const [operator = ''] = Object.keys(value)
  if (!expressions.has(operator)) throw location(31325, `Unknown expression ${operator}`)
  const compute = evaluated(value, reading.scope)
  reading.mode = 'inclusion'
  addNode(branch, parsePath(name), { kind: 'computed', compute })
}

const operators: Readonly<Record<string, (reading: Reading, place: Place, value: Doc) => void>> = {
  $slice: readSlice,
  $elemMatch: readElemMatch,
  $meta: readMeta,
}

const readObject = (reading: Reading, place: Place, value: Doc): void => {
  const { branch, name, above } = place
  if (positionalAt(name)) throw location(31271, 'positional projection cannot be used with an expression or sub object')
  const names = Object.keys(value)
  const [first = ''] = names
  if (names.length === 0)
    throw location(51270, 'An empty sub-projection is not a valid value. Found empty object at path')
  if (names.length === 1 && first.startsWith('$')) {
    const read = Object.hasOwn(operators, first) ? operators[first] : readExpression
    read?.(reading, place, value)
    return
  }
  const path = parsePath(name)
  const inner = makeBranch()
  addNode(branch, path, inner)
  for (const [field, item] of fieldsOf(value))
    readField(reading, { branch: inner, name: field, above: [...above, ...path] }, item)
}

/** Reads one field of a projection, or of an object within it, into the tree. */
export const readField = (reading: Reading, place: Place, value: Value): void => {
  if (place.above.length === 0 && (place.name === '_id' || place.name.startsWith('_id.'))) reading.id = 'other'
  if (isDoc(value)) readObject(reading, place, value)
  else if (!isNumeric(value) && typeof value !== 'boolean') readLiteral(reading, place, value)
  else if (isTruthy(value)) readInclusion(reading, place)
  else readExclusion(reading, place)
}

/** Throws what is not a document; each field of it is read in turn. */
export const readSpec = (spec: Value, scope: Scope, filter: Filter | undefined): Reading => {
  if (!isDoc(spec))
    throw failure(
      'TypeMismatch',
      `BSON field 'find.projection' is the wrong type '${kindOf(spec)}', expected type 'object'`,
    )
  const reading: Reading = { root: makeBranch(), scope, filter, mode: undefined, id: 'unnamed', seen: new Set() }
  for (const [name, value] of fieldsOf(spec)) readField(reading, { branch: reading.root, name, above: [] }, value)
  return reading
}
