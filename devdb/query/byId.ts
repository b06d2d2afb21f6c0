import { encodeKey } from '../bson/keys.ts'
import type { Value } from '../bson/values.ts'
import { valueBounds } from '../index/bounds.ts'
import type { IndexPlan } from '../index/planner.ts'
import { beyond } from '../index/stretches.ts'
import { viewOf } from '../index/view.ts'
import type { Collection } from '../storage/collection.ts'
import { docOf, type StoredRecord } from '../storage/records.ts'
import { isCovered } from './covered.ts'
import type { Execution, Query } from './executor.ts'
import { textOf } from './text/text.ts'
import type { Field, Filter } from './tree.ts'

const oneRow = function* (record: StoredRecord): Generator<StoredRecord> {
  yield record
}

const noRows = function* (): Generator<StoredRecord> {}

const isIdEquality = (filter: Filter): filter is Field =>
  filter.type === 'field' &&
  filter.path === '_id' &&
  filter.operator === '$eq' &&
  !Array.isArray(filter.operand) &&
  filter.collation === undefined

/** The `_id` a match must have: the whole filter is that condition, or it is one of several. */
const idOf = (filter: Filter): Value | undefined => {
  if (isIdEquality(filter)) return filter.operand
  if (filter.type !== 'and' || textOf(filter) !== undefined) return undefined
  return filter.of.find(isIdEquality)?.operand
}

/** The record with an `_id`, also if it must fulfil more: the query of all queries goes the shortest way. */
export const executeById = (collection: Collection, query: Query): Execution | undefined => {
  const { filter, skip, hint, range, distinct } = query
  const [index] = collection.indexes
  if (hint !== undefined || range !== undefined || distinct !== undefined || (skip ?? 0) > 0) return undefined
  const id = idOf(filter)
  if (id === undefined) return undefined
  if (index?.definition.name !== '_id_' || !index.definition.unique || index.definition.collation !== undefined)
    return undefined
  const key = encodeKey(id)
  const interval = { start: key, end: key + beyond }
  const record = index.entries.first(interval)?.record
  const scan = { view: viewOf(index), bounds: [valueBounds(key)], intervals: [interval], reverse: false }
  const exact = filter.type === 'field'
  const plan: IndexPlan = { kind: 'index', scans: [scan], sorted: true, merged: false, exact }
  const covered = isCovered(plan, query.fields)
  const found = record === undefined ? 0 : 1
  const matches = record !== undefined && (exact || filter.match(docOf(record)))
  return {
    plan,
    covered,
    leaps: false,
    examined: { keys: found, docs: covered ? 0 : found },
    rows: matches ? oneRow(record) : noRows(),
    docOf,
  }
}
