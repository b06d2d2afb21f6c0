import { ObjectId } from 'bson'
import { isEqual } from '../bson/order.ts'
import { show } from '../bson/show.ts'
import { type Doc, kindOf, type Value } from '../bson/values.ts'
import { failure } from '../errors.ts'
import type { Filter } from '../query/tree.ts'
import { alteredId, applyOperators, type Circumstances, idFirst, modifiedId } from './apply.ts'
import { structured } from './change.ts'
import type { Operators, Update } from './parse.ts'
import { targetAt } from './places.ts'
import { fillTimestamps } from './timestamps.ts'

type Equality = { readonly path: string; readonly value: Value }

const equalities = (filter: Filter): Equality[] => {
  if (filter.type === 'and') return filter.of.flatMap(equalities)
  if (filter.type === 'or') return filter.of.length === 1 && filter.of[0] !== undefined ? equalities(filter.of[0]) : []
  if (filter.type !== 'field') return []
  const { operator, operand, path } = filter
  if (operator === '$eq') return [{ path, value: operand }]
  if (operator !== '$in' || !Array.isArray(operand) || operand.length !== 1) return []
  const [value = null] = operand
  return kindOf(value) === 'regex' ? [] : [{ path, value }]
}

const isWithin = (path: string, other: string): boolean => path === other || path.startsWith(`${other}.`)

const ambiguous = (path: string, clash: string): Error =>
  failure(
    'NotSingleValueField',
    `cannot infer query fields to set, ${clash === path ? `path '${path}' is matched twice` : `both paths '${clash}' and '${path}' are matched`}`,
  )

const documentOf = (found: readonly Equality[]): Doc => {
  const doc: Doc = {}
  const seen: string[] = []
  for (const { path, value } of found) {
    const clash = seen.find((other) => isWithin(path, other) || isWithin(other, path))
    if (clash !== undefined) throw ambiguous(path, clash)
    seen.push(path)
    targetAt(doc, path.split('.')).set(structured(value))
  }
  return doc
}

/** Of a replacement only the `_id` comes from the filter, and only as a whole (code 55). */
const idOnly = (found: readonly Equality[]): Doc => {
  const ids = found.filter(({ path }) => isWithin(path, '_id'))
  const base = documentOf(ids)
  const part = ids.find(({ path }) => path !== '_id')
  if (part !== undefined) {
    throw failure(
      'NotExactValueField',
      `field at '_id' must be exactly specified, field at sub-path '${part.path}'found`,
    )
  }
  return base
}

const withId = (doc: Doc, asked: Value | undefined): Doc => {
  const own = doc._id
  if (asked !== undefined && own !== undefined && !isEqual(asked, own)) throw alteredId(own)
  const given = asked === undefined ? own : asked
  return idFirst(given === undefined ? new ObjectId() : given, doc)
}

const operated = (base: Doc, update: Operators, circumstances: Circumstances): Doc => {
  const asked = base._id === undefined ? undefined : show(base._id)
  applyOperators(base, update, circumstances)
  if (asked !== undefined && (base._id === undefined || show(base._id) !== asked)) throw modifiedId(update)
  return withId(base, undefined)
}

const usesExpr = (filter: Filter): boolean => {
  if (filter.type === 'special') return filter.operator === '$expr'
  if (filter.type === 'field') return false
  return filter.type === 'not' ? usesExpr(filter.of) : filter.of.some(usesExpr)
}

/** Throws 224 for a filter that tells no values to insert, whether there will be something to insert or not. */
export const checkUpsertFilter = (filter: Filter): void => {
  if (usesExpr(filter))
    throw failure('QueryFeatureNotAllowed', '$expr is not allowed in the query predicate for an upsert')
}

/** The document an upsert inserts: the filter's equalities, then the update; a new `_id` when neither names one. */
export const upsertDocument = (
  filter: Filter,
  update: Update,
  circumstances: Omit<Circumstances, 'inserting'>,
): Doc => {
  const found = equalities(filter)
  if (update.kind === 'replacement') {
    const { _id } = idOnly(found)
    return withId(fillTimestamps(update.doc, circumstances.now), _id)
  }
  const base = documentOf(found)
  if (update.kind === 'pipeline') return withId(update.transform(base), base._id)
  return operated(base, update, { ...circumstances, inserting: true })
}
