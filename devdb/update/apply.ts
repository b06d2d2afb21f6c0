import { ObjectId } from 'bson'
import { isEqual } from '../bson/order.ts'
import { show } from '../bson/show.ts'
import { type Doc, setField, type Value } from '../bson/values.ts'
import { failure } from '../errors.ts'
import type { Filter } from '../query/matcher.ts'
import type { Found } from '../query/paths.ts'
import type { Context } from './changes.ts'
import { checkConflicts, type Update } from './parse.ts'
import { checkViable, targetAt } from './places.ts'
import { type ArrayFilters, concretePaths } from './positions.ts'

type Operators = Extract<Update, { kind: 'operators' }>

type Circumstances = {
  readonly found?: Found
  readonly filters: ArrayFilters
  readonly inserting: boolean
  readonly now: Date
}

const applyOperators = (doc: Doc, { actions }: Operators, { found, filters, inserting, now }: Circumstances): void => {
  const context: Context = { doc, now }
  const due = actions.filter(({ change }) => inserting || change.onlyOnInsert !== true)
  const dynamic = due.some(({ parts }) => parts.some((part) => part.startsWith('$')))
  const steps = due.flatMap((action) =>
    concretePaths(doc, action, { found, filters }).map((parts) => ({ change: action.change, parts })),
  )
  // Static conflicts were found at parsing; `a.$` and `a.0` collide only here.
  if (dynamic) checkConflicts(steps.map(({ parts }) => parts))
  for (const { change, parts } of steps) {
    if (change.lenient !== true) checkViable(doc, parts)
    change.apply(targetAt(doc, parts), context)
  }
}

const idFirst = (id: Value, doc: Doc): Doc => {
  const { _id, ...rest } = doc
  return { _id: id, ...rest }
}

/** Changes `doc` (the caller's own copy) and answers the result; the `_id` may not change (code 66). */
export const applyUpdate = (doc: Doc, update: Update, circumstances: Circumstances): Doc => {
  const id = doc._id ?? null
  if (update.kind === 'replacement') {
    const own = update.doc._id
    if (own !== undefined && !isEqual(own, id)) {
      throw failure(
        'ImmutableField',
        `After applying the update, the (immutable) field '_id' was found to have been altered to _id: ${show(own)}`,
      )
    }
    return idFirst(id, update.doc)
  }
  // The path `_id.x` changes the very object that `id` is: keep its text.
  const before = show(id)
  applyOperators(doc, update, circumstances)
  if (doc._id === undefined || show(doc._id) !== before) {
    throw failure('ImmutableField', "Performing an update on the path '_id' would modify the immutable field '_id'")
  }
  return doc
}

type Equality = { readonly path: string; readonly value: Value }

const equalities = (filter: Filter): Equality[] => {
  if (filter.type === 'and') return filter.of.flatMap(equalities)
  if (filter.type === 'or') return filter.of.length === 1 && filter.of[0] !== undefined ? equalities(filter.of[0]) : []
  if (filter.type !== 'field') return []
  const { operator, operand, path } = filter
  if (operator === '$eq') return [{ path, value: operand }]
  if (operator === '$in' && Array.isArray(operand) && operand.length === 1) return [{ path, value: operand[0] ?? null }]
  return []
}

const fromFilter = (filter: Filter): Doc => {
  const doc: Doc = {}
  const seen: string[] = []
  for (const { path, value } of equalities(filter)) {
    const clash = seen.find((other) => other === path || other.startsWith(`${path}.`) || path.startsWith(`${other}.`))
    if (clash !== undefined) {
      throw failure(
        'NotSingleValueField',
        `cannot infer query fields to set, ${clash === path ? `path '${path}' is matched twice` : `both paths '${clash}' and '${path}' are matched`}`,
      )
    }
    seen.push(path)
    targetAt(doc, path.split('.')).set(value)
  }
  return doc
}

/** The document an upsert inserts: the filter's equalities, then the update; a new `_id` when neither names one. */
export const upsertDocument = (
  filter: Filter,
  update: Update,
  circumstances: Omit<Circumstances, 'inserting'>,
): Doc => {
  const base = fromFilter(filter)
  if (update.kind === 'replacement') {
    const [asked, own] = [base._id, update.doc._id]
    if (asked !== undefined && own !== undefined && !isEqual(asked, own)) {
      throw failure(
        'ImmutableField',
        `After applying the update, the (immutable) field '_id' was found to have been altered to _id: ${show(own)}`,
      )
    }
    return idFirst(asked ?? own ?? new ObjectId(), update.doc)
  }
  const asked = base._id === undefined ? undefined : show(base._id)
  applyOperators(base, update, { ...circumstances, inserting: true })
  if (asked !== undefined && (base._id === undefined || show(base._id) !== asked)) {
    throw failure('ImmutableField', "Performing an update on the path '_id' would modify the immutable field '_id'")
  }
  const result: Doc = { _id: base._id ?? new ObjectId() }
  for (const [name, value] of Object.entries(base)) if (name !== '_id') setField(result, name, value)
  return result
}
