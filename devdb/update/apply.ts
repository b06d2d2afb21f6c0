import { isEqual } from '../bson/order.ts'
import { show } from '../bson/show.ts'
import { type Doc, fieldsOf, isDoc, setField, type Value } from '../bson/values.ts'
import { failure } from '../errors.ts'
import type { Found } from '../query/paths.ts'
import type { Change, Context } from './change.ts'
import type { Action, Operators, Update } from './parse.ts'
import { checkConflicts, dollarName } from './paths.ts'
import { checkViable, targetAt } from './places.ts'
import { type ArrayFilters, concretePaths } from './positions.ts'
import { fillTimestamps } from './timestamps.ts'

export type Circumstances = {
  readonly found?: Found
  readonly filters: ArrayFilters
  readonly inserting: boolean
  readonly now: Date
}

// What a stored document may be nested at most, 20 less than what a message may.
const maxDepth = 180

const checkDepth = (value: Value, depth: number): void => {
  if (depth > maxDepth) throw failure('Overflow', `Document exceeds maximum nested object depth: ${maxDepth}`)
  if (Array.isArray(value)) for (const item of value) checkDepth(item, depth + 1)
  else if (isDoc(value)) for (const item of Object.values(value)) checkDepth(item, depth + 1)
}

type Step = { readonly change: Change; readonly parts: readonly string[] }

/** The places this update changes in this document. */
const dynamicSteps = (doc: Doc, actions: readonly Action[], { found, filters }: Circumstances): Step[] => {
  const steps = actions.flatMap((action) =>
    concretePaths(doc, action, { found, filters }).map((parts) => ({ change: action.change, parts })),
  )
  // Static conflicts were found at parsing; `a.$` and `a.0` collide only here.
  checkConflicts(steps.map(({ parts }) => parts))
  return steps
}

/** Changes `doc` in place. */
export const applyOperators = (doc: Doc, update: Operators, circumstances: Circumstances): void => {
  const { inserting, now } = circumstances
  if (!inserting && update.dollarPath !== undefined)
    throw dollarName(update.dollarPath[0] ?? '', update.dollarPath.join('.'))
  const context: Context = { doc, now }
  const due = inserting ? update.actions : update.actions.filter(({ change }) => change.onlyOnInsert !== true)
  for (const { change, parts } of update.dynamic ? dynamicSteps(doc, due, circumstances) : due) {
    if (change.lenient !== true) checkViable(doc, parts)
    change.apply(targetAt(doc, parts), context)
  }
  if (due.some(({ deepens }) => deepens)) checkDepth(doc, 0)
}

export const idFirst = (id: Value, doc: Doc): Doc => {
  const result: Doc = { _id: id }
  for (const [name, value] of fieldsOf(doc)) if (name !== '_id') setField(result, name, value)
  return result
}

export const alteredId = (altered: Value): Error =>
  failure(
    'ImmutableField',
    `After applying the update, the (immutable) field '_id' was found to have been altered to _id: ${show(altered)}`,
  )

/** The path that an operator update reached the `_id` by. */
export const modifiedId = ({ actions }: Operators): Error => {
  const at = actions.flatMap(({ parts, change }) => [parts, change.alsoAt ?? []]).find(([first]) => first === '_id')
  const path = at?.join('.') ?? '_id'
  return failure('ImmutableField', `Performing an update on the path '${path}' would modify the immutable field '_id'`)
}

/** A replacement without an `_id` keeps the old one; another one is code 66. */
export const replaced = (doc: Doc, id: Value | undefined): Doc => {
  const own = doc._id
  if (own !== undefined && id !== undefined && !isEqual(own, id)) throw alteredId(own)
  const kept = id === undefined ? own : id
  return kept === undefined ? doc : idFirst(kept, doc)
}

const applyTransform = (doc: Doc, transform: (doc: Doc) => Doc): Doc => {
  const result = replaced(transform(doc), doc._id)
  checkDepth(result, 0)
  return result
}

/** Changes `doc` (the caller's own copy) and answers the result; the `_id` may not change (code 66). */
export const applyUpdate = (doc: Doc, update: Update, circumstances: Circumstances): Doc => {
  if (update.kind === 'pipeline') return applyTransform(doc, update.transform)
  if (update.kind === 'replacement') return replaced(fillTimestamps(update.doc, circumstances.now), doc._id)
  if (!update.touchesId) {
    applyOperators(doc, update, circumstances)
    return doc
  }
  // The path `_id.x` changes the very object that the `_id` is: keep its text.
  const before = show(doc._id)
  applyOperators(doc, update, circumstances)
  if (doc._id === undefined || show(doc._id) !== before) throw modifiedId(update)
  return doc
}
