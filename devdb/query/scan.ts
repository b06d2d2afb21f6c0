import type { IndexScan } from '../index/candidates.ts'
import type { IndexPlan, Plan } from '../index/planner.ts'
import type { Interval } from '../index/sortedKeys.ts'
import type { Collection } from '../storage/collection.ts'
import { docOf, type StoredRecord } from '../storage/records.ts'
import { compareSortKeys, type SortField, sortKeys } from './sort.ts'

/** Keys and documents a query has looked at so far. */
export type Examined = { keys: number; docs: number }

const scanInterval = function* (
  { view, reverse }: IndexScan,
  interval: Interval,
  examined: Examined,
): Generator<StoredRecord> {
  for (const record of view.index.entries.scan(interval, reverse)) {
    examined.keys++
    yield record
  }
}

const scanAll = function* (scans: readonly IndexScan[], examined: Examined): Generator<StoredRecord> {
  for (const scan of scans) {
    const intervals = scan.reverse ? scan.intervals.toReversed() : scan.intervals
    for (const interval of intervals) yield* scanInterval(scan, interval, examined)
  }
}

type Head = {
  readonly scan: Iterator<StoredRecord>
  readonly record: StoredRecord
  readonly keys: ReturnType<typeof sortKeys>
}

/** Several sorted scans as one: always the scan whose next document sorts first. */
const merged = function* (
  scans: readonly Iterator<StoredRecord>[],
  sort: readonly SortField[],
): Generator<StoredRecord> {
  const take = (scan: Iterator<StoredRecord>): Head | undefined => {
    const { value, done } = scan.next()
    return done === true ? undefined : { scan, record: value as StoredRecord, keys: sortKeys(docOf(value), sort) }
  }
  const heads = scans.map(take).filter((head) => head !== undefined)
  while (heads.length > 0) {
    let first = 0
    for (let index = 1; index < heads.length; index++) {
      const [head, best] = [heads[index], heads[first]]
      if (head !== undefined && best !== undefined && compareSortKeys(head.keys, best.keys, sort) < 0) first = index
    }
    const head = heads[first]
    if (head === undefined) return
    yield head.record
    const following = take(head.scan)
    if (following === undefined) heads.splice(first, 1)
    else heads[first] = following
  }
}

const withoutRepetitions = function* (records: Iterable<StoredRecord>): Generator<StoredRecord> {
  const seen = new Set<number>()
  for (const record of records) {
    if (seen.has(record.id)) continue
    seen.add(record.id)
    yield record
  }
}

/** Whether a scan may meet a record twice. */
export const mayRepeat = ({ scans }: IndexPlan): boolean =>
  scans.length > 1 || scans.some(({ view, terms }) => terms !== undefined || view.multikey.includes(true))

/** The records a plan leads to, each once, in the order of the sort when the plan says so. */
export const candidatesOf = (
  collection: Collection,
  plan: Plan,
  { sort, examined }: { sort: readonly SortField[]; examined: Examined },
): Iterable<StoredRecord> => {
  if (plan.kind === 'collection') {
    const records = collection.records.values()
    return plan.reverse ? [...records].reverse() : records
  }
  const records = plan.merged
    ? merged(
        plan.scans.flatMap((scan) => scan.intervals.map((interval) => scanInterval(scan, interval, examined))),
        sort,
      )
    : scanAll(plan.scans, examined)
  return mayRepeat(plan) ? withoutRepetitions(records) : records
}
