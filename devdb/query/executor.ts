import type { Doc } from '../bson/values.ts'
import { failure } from '../errors.ts'
import type { KeyRange } from '../index/minMax.ts'
import { type Hint, makePlan, type Plan } from '../index/planner.ts'
import type { Collection } from '../storage/collection.ts'
import { docOf, type StoredRecord } from '../storage/records.ts'
import { executeById } from './byId.ts'
import { isCovered } from './covered.ts'
import { distinctPlan, distinctRecords } from './distinctScan.ts'
import { isEverything } from './matcher.ts'
import { withMeta } from './meta.ts'
import { candidatesOf, type Examined, mayRepeat } from './scan.ts'
import type { SortField } from './sort.ts'
import { textOf } from './text/text.ts'
import { sortRows } from './topSort.ts'
import type { Filter } from './tree.ts'

export type Query = {
  readonly filter: Filter
  readonly sort: readonly SortField[]
  readonly skip?: number
  readonly limit?: number
  readonly hint?: Hint
  /** Milliseconds of the clock after which the query fails with code 50. */
  readonly deadline?: number
  /** The options min and max of a find. */
  readonly range?: KeyRange
  /** False: a sort in memory of more than 100 MB fails with code 292. */
  readonly allowDiskUse?: boolean
  /** All that is wanted of the documents: with an index that holds it no document is looked at. */
  readonly fields?: readonly string[]
  /** One record for each value of this path is enough. */
  readonly distinct?: string
}

export type Execution = {
  readonly plan: Plan
  readonly examined: Examined
  readonly rows: Generator<StoredRecord>
  /** The document of a row, with what the query knows of it beyond its fields (the text score). */
  readonly docOf: (record: StoredRecord) => Doc
  /** The index holds everything that is wanted. */
  readonly covered: boolean
  /** Only one record for each value of the path asked for is read. */
  readonly leaps: boolean
}

const checkEvery = 256

const clocked = function* (rows: Iterable<StoredRecord>, deadline: number): Generator<StoredRecord> {
  let count = 0
  for (const row of rows) {
    if (++count % checkEvery === 0 && Date.now() > deadline) {
      throw failure('MaxTimeMSExpired', 'operation exceeded time limit')
    }
    yield row
  }
}

const looked = function* (records: Iterable<StoredRecord>, examined: Examined): Generator<StoredRecord> {
  for (const record of records) {
    examined.docs++
    yield record
  }
}

const filtered = function* (
  records: Iterable<StoredRecord>,
  filter: Filter,
  examined: Examined,
): Generator<StoredRecord> {
  for (const record of records) {
    examined.docs++
    if (filter.match(docOf(record))) yield record
  }
}

const window = function* (records: Iterable<StoredRecord>, skip: number, limit: number): Generator<StoredRecord> {
  let passed = 0
  if (limit <= 0) return
  for (const record of records) {
    if (passed++ < skip) continue
    yield record
    if (passed >= skip + limit) return
  }
}

/** Why a row is in the result needs no look at it: its key says so, or everything is wanted. */
const isDecided = (plan: Plan, filter: Filter): boolean => isEverything(filter) || (plan.kind === 'index' && plan.exact)

const scored = (filter: Filter): Execution['docOf'] => {
  const text = textOf(filter)
  if (text === undefined) return docOf
  return (record) => {
    const doc = docOf(record)
    return withMeta(doc, { textScore: text.score(doc) })
  }
}

const inOrder = (records: Iterable<StoredRecord>, query: Query, read: Execution['docOf']): StoredRecord[] => {
  const { sort, skip = 0, limit = Number.POSITIVE_INFINITY, allowDiskUse } = query
  return sortRows(records, {
    sort,
    keep: skip + limit,
    docOf: read,
    bytesOf: ({ bytes }) => bytes.length,
    limited: allowDiskUse === false,
  })
}

const timed = (rows: Iterable<StoredRecord>, { deadline }: Query): Iterable<StoredRecord> =>
  deadline === undefined ? rows : clocked(rows, deadline)

const isSorted = (plan: Plan, sort: readonly SortField[]): boolean =>
  sort.length === 0 || (plan.kind === 'index' ? plan.sorted : sort[0]?.path === '$natural')

const sortedLazily = function* (make: () => StoredRecord[]): Generator<StoredRecord> {
  yield* make()
}

/**
 * Starts a query. The rows are found as they are taken: take them all before anything is written, for the indexes must
 * not change under a scan.
 */
export const execute = (collection: Collection, query: Query): Execution => {
  const byId = executeById(collection, query)
  if (byId !== undefined) return byId
  const { filter, sort, skip = 0, limit = Number.POSITIVE_INFINITY } = query
  const examined: Examined = { keys: 0, docs: 0 }
  const distinct = distinctPlan(collection, query)
  const plan = distinct?.plan ?? makePlan(collection.indexes, query)
  const read = scored(filter)
  const covered = isCovered(plan, query.fields)
  const candidates =
    distinct === undefined
      ? timed(candidatesOf(collection, plan, { sort, examined }), query)
      : distinctRecords(distinct, examined)
  const found = !isDecided(plan, filter)
    ? filtered(candidates, filter, examined)
    : covered || distinct !== undefined
      ? candidates
      : looked(candidates, examined)
  const rows = isSorted(plan, sort) ? found : sortedLazily(() => inOrder(found, query, read))
  return { plan, examined, covered, leaps: distinct !== undefined, rows: window(rows, skip, limit), docOf: read }
}

/** The first match. */
export const executeOne = (collection: Collection, query: Query): Execution & { record: StoredRecord | undefined } => {
  const execution = execute(collection, { ...query, limit: 1 })
  const { value, done } = execution.rows.next()
  return { ...execution, record: done === true ? undefined : (value as StoredRecord) }
}

export type Counted = { readonly plan: Plan | undefined; readonly examined: Examined; readonly count: number }

/** Keys of one interval are one for each record, when no array can bring a record twice. */
const keysToCount = (plan: Plan): number | undefined =>
  plan.kind === 'index' && plan.exact && !mayRepeat(plan)
    ? plan.scans
        .flatMap(({ view, intervals }) => intervals.map((interval) => view.index.entries.count(interval)))
        .reduce((sum, keys) => sum + keys, 0)
    : undefined

const within = (total: number, { skip = 0, limit = Number.POSITIVE_INFINITY }: Query): number =>
  Math.min(limit, Math.max(0, total - skip))

/**
 * How many documents match, within skip and limit. All of a collection and all of an index's keys between two bounds
 * are counted without reading any; the plan is undefined where none was needed.
 */
export const countMatches = (collection: Collection, query: Query): Counted => {
  if (isEverything(query.filter) && (query.hint === undefined || query.hint === 'natural')) {
    return { plan: undefined, examined: { keys: 0, docs: 0 }, count: within(collection.records.size, query) }
  }
  const { skip: _skip, limit: _limit, ...whole } = query
  const execution = execute(collection, { ...whole, fields: [] })
  const { plan, examined } = execution
  const keys = keysToCount(plan)
  if (keys !== undefined) return { plan, examined: { keys, docs: 0 }, count: within(keys, query) }
  let [count, most] = [0, (query.skip ?? 0) + (query.limit ?? Number.POSITIVE_INFINITY)]
  for (const _row of execution.rows) if (++count >= most) break
  return { plan, examined, count: within(count, query) }
}
