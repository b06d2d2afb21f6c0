import { failure } from '../errors.ts'
import type { LiveIndex } from '../index/liveIndex.ts'
import { makePlan, type Plan, type Scan } from '../index/planner.ts'
import type { Collection } from '../storage/collection.ts'
import { docOf, type StoredRecord } from '../storage/records.ts'
import { type Filter, isEverything } from './matcher.ts'
import { compareSortKeys, type SortField, sortKeys } from './sort.ts'

export type Query = {
  readonly filter: Filter
  readonly sort: readonly SortField[]
  readonly skip?: number
  readonly limit?: number
  readonly hint?: LiveIndex | 'natural'
  /** Milliseconds of the clock after which the query fails with code 50. */
  readonly deadline?: number
}

export type Examined = { keys: number; docs: number }

export type Execution = { readonly plan: Plan; readonly examined: Examined; readonly rows: Generator<StoredRecord> }

const checkEvery = 256

const clocked = function* (rows: Iterable<StoredRecord>, deadline: number | undefined): Generator<StoredRecord> {
  let count = 0
  for (const row of rows) {
    if (deadline !== undefined && ++count % checkEvery === 0 && Date.now() > deadline) {
      throw failure('MaxTimeMSExpired', 'operation exceeded time limit')
    }
    yield row
  }
}

const scanRecords = function* ({ index, interval, reverse }: Scan, examined: Examined): Generator<StoredRecord> {
  for (const [, record] of index.entries.scan(interval, reverse)) {
    examined.keys++
    yield record
  }
}

/** Several sorted scans as one: always the scan whose next document sorts first. */
const merged = function* (
  scans: readonly Iterator<StoredRecord>[],
  sort: readonly SortField[],
): Generator<StoredRecord> {
  const take = (scan: Iterator<StoredRecord>) => {
    const { value, done } = scan.next()
    return done === true ? undefined : { scan, record: value as StoredRecord, keys: sortKeys(docOf(value), sort) }
  }
  const heads = scans.map(take).filter((head) => head !== undefined)
  while (heads.length > 0) {
    let first = 0
    for (let index = 1; index < heads.length; index++) {
      if (compareSortKeys(heads[index]?.keys ?? [], heads[first]?.keys ?? [], sort) < 0) first = index
    }
    const head = heads[first]
    if (head === undefined) return
    yield head.record
    const following = take(head.scan)
    if (following === undefined) heads.splice(first, 1)
    else heads[first] = following
  }
}

const distinctRecords = function* (records: Iterable<StoredRecord>): Generator<StoredRecord> {
  const seen = new Set<number>()
  for (const record of records) {
    if (seen.has(record.id)) continue
    seen.add(record.id)
    yield record
  }
}

const concatenated = function* (scans: readonly Iterable<StoredRecord>[]): Generator<StoredRecord> {
  for (const scan of scans) yield* scan
}

const candidates = (collection: Collection, plan: Plan, query: Query, examined: Examined): Iterable<StoredRecord> => {
  if (plan.kind === 'collection') return collection.records.values()
  const scans = plan.scans.map((scan) => scanRecords(scan, examined))
  const records = plan.sorted && scans.length > 1 ? merged(scans, query.sort) : concatenated(scans)
  const repeats = plan.scans.length > 1 || plan.scans.some(({ index }) => index.multikey.includes(true))
  return repeats ? distinctRecords(records) : records
}

const filtered = function* (
  records: Iterable<StoredRecord>,
  { filter }: Query,
  examined: Examined,
): Generator<StoredRecord> {
  const every = isEverything(filter)
  for (const record of records) {
    examined.docs++
    if (every || filter.match(docOf(record))) yield record
  }
}

const ordered = (records: Iterable<StoredRecord>, sort: readonly SortField[], keep: number): StoredRecord[] => {
  const rows = Array.from(records, (record) => ({ record, keys: sortKeys(docOf(record), sort) }))
  rows.sort((a, b) => compareSortKeys(a.keys, b.keys, sort))
  return rows.slice(0, keep).map(({ record }) => record)
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

/**
 * Starts a query. The rows are found as they are taken: take them all before anything is
 * written, for the indexes must not change under a scan.
 */
export const execute = (collection: Collection, query: Query): Execution => {
  const { sort, skip = 0, limit = Number.POSITIVE_INFINITY, deadline } = query
  const plan = makePlan(collection.indexes, query)
  const examined: Examined = { keys: 0, docs: 0 }
  const found = filtered(clocked(candidates(collection, plan, query, examined), deadline), query, examined)
  const inOrder =
    sort.length > 0 && (plan.kind === 'collection' || !plan.sorted) ? ordered(found, sort, skip + limit) : found
  return { plan, examined, rows: window(inOrder, skip, limit) }
}

/** The first match. */
export const executeOne = (collection: Collection, query: Query): Execution & { record: StoredRecord | undefined } => {
  const execution = execute(collection, { ...query, limit: 1 })
  const { value, done } = execution.rows.next()
  return { ...execution, record: done === true ? undefined : (value as StoredRecord) }
}
