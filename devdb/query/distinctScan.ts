import { nullKey } from '../bson/keys.ts'
import type { IndexScan } from '../index/candidates.ts'
import { keyOfPath } from '../index/keys.ts'
import { type IndexPlan, makePlan } from '../index/planner.ts'
import { beyond } from '../index/stretches.ts'
import type { Collection } from '../storage/collection.ts'
import { docOf, type StoredRecord } from '../storage/records.ts'
import type { Query } from './executor.ts'
import type { Examined } from './scan.ts'

/** A plan that reads one record for each value of a field of its index. */
export type DistinctPlan = { readonly plan: IndexPlan; readonly scan: IndexScan; readonly position: number }

/** Undefined when no index holds the values side by side: then all matching documents must be read. */
export const distinctPlan = (collection: Collection, query: Query): DistinctPlan | undefined => {
  const { distinct: path, sort, filter, hint } = query
  if (path === undefined || sort.length > 0) return undefined
  const by = { path, parts: path.split('.'), direction: 1 } as const
  const plan = makePlan(collection.indexes, { filter, hint, sort: [by] })
  if (plan.kind === 'collection' || !plan.exact || !plan.sorted || plan.merged || plan.scans.length !== 1)
    return undefined
  const [scan] = plan.scans
  if (scan === undefined || scan.terms !== undefined || scan.view.multikey.includes(true)) return undefined
  const position = scan.view.fields.findIndex((field) => field.path === path)
  const single = scan.bounds.slice(0, position).every(({ points, stretches }) => points && stretches.length === 1)
  return position >= 0 && single ? { plan, scan, position } : undefined
}

/** Leaps from each value to the next; null and missing share a key, so all records with it are read. */
export const distinctRecords = function* (
  { scan, position }: DistinctPlan,
  examined: Examined,
): Generator<StoredRecord> {
  const { view, intervals } = scan
  const { entries } = view.index
  for (const interval of intervals) {
    let { start } = interval
    for (;;) {
      const entry = entries.first({ start, end: interval.end })
      if (entry === undefined) break
      examined.keys++
      const parts = view.fields.slice(0, position + 1).map((field) => keyOfPath(docOf(entry.record), field))
      const prefix = view.prefix + parts.join('')
      start = prefix + beyond
      if (parts.at(-1) === nullKey || parts.at(-1) === invertedNull) yield* entries.scan({ start: prefix, end: start })
      else yield entry.record
    }
  }
}

const invertedNull = keyOfPath({}, { path: 'none', parts: ['none'], direction: -1, hashed: false })
