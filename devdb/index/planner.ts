import { failure } from '../errors.ts'
import type { SortField } from '../query/sort.ts'
import { textOf } from '../query/text/text.ts'
import type { Filter } from '../query/tree.ts'
import {
  bestCandidate,
  bestTextCandidate,
  type Candidate,
  hintedCandidate,
  type IndexScan,
  type Wanted,
  wantedOf,
} from './candidates.ts'
import type { LiveIndex } from './liveIndex.ts'
import { type KeyRange, rangeCandidate } from './minMax.ts'

export type Hint = LiveIndex | 'natural' | 'reverse'

export type IndexPlan = {
  readonly kind: 'index'
  readonly scans: readonly IndexScan[]
  /** The records come in the order of the sort. */
  readonly sorted: boolean
  /** The intervals are each in order and must be merged. */
  readonly merged: boolean
  /** Each key read belongs to a match: documents need not be looked at. */
  readonly exact: boolean
}

export type Plan = { readonly kind: 'collection'; readonly reverse: boolean } | IndexPlan

const maxMerged = 64
const maxBranches = 32

type Branched = readonly Filter[]

/** `rest AND (a OR b)` as `rest AND a`, `rest AND b`: each branch may then use its own bounds. */
const branchings = (filter: Filter): Branched[] => {
  if (filter.type === 'or') return filter.of.length <= maxBranches ? [filter.of] : []
  if (filter.type !== 'and') return []
  return filter.of.flatMap((child) => {
    if (child.type !== 'or' || child.of.length > maxBranches) return []
    const rest = filter.of.filter((other) => other !== child)
    const branches = child.of.map((branch): Filter => ({ type: 'and', of: [...rest, branch], match: () => true }))
    return [branches]
  })
}

const branchCandidate = (indexes: readonly LiveIndex[], wanted: Wanted): Candidate | undefined => {
  if (textOf(wanted.filter) === undefined) return bestCandidate(indexes, wanted)
  return bestTextCandidate(indexes, wanted)
}

const united = (indexes: readonly LiveIndex[], branches: Branched, { sort }: Wanted) => {
  const parts = branches.map((branch) => branchCandidate(indexes, wantedOf(branch, sort)))
  const found = parts.filter((part) => part?.bounded === true) as Candidate[]
  if (found.length < parts.length || found.length === 0) return undefined
  const scans = found.flatMap((part) => part.scans)
  const intervals = scans.reduce((sum, scan) => sum + scan.intervals.length, 0)
  const sorted = intervals <= maxMerged && found.every((part) => part.sorted)
  return {
    scans,
    bounded: true,
    exact: found.every((part) => part.exact),
    sorted,
    merged: sorted,
    score: Math.min(...found.map((part) => part.score)),
    keys: found.reduce((sum, part) => sum + part.keys, 0),
  }
}

/** The union reads less when its branches narrow the scan and lose no sort order. */
const better = (a: Candidate, b: Candidate | undefined, sort: readonly SortField[]): Candidate => {
  if (b === undefined) return a
  if (sort.length > 0 && a.sorted !== b.sorted) return a.sorted ? a : b.bounded ? b : a
  return b.score > a.score || (b.score === a.score && b.keys < a.keys) ? b : a
}

const bestUnion = (indexes: readonly LiveIndex[], wanted: Wanted): Candidate | undefined =>
  branchings(wanted.filter)
    .map((branched) => united(indexes, branched, wanted))
    .filter((found) => found !== undefined)
    .reduce<Candidate | undefined>(
      (winner, found) => (winner === undefined ? found : better(winner, found, [])),
      undefined,
    )

/** Whether a `$text` must hold for every match; otherwise it is one branch of an `$or`. */
const requiresText = (filter: Filter): boolean =>
  (filter.type === 'special' && filter.operator === '$text') || (filter.type === 'and' && filter.of.some(requiresText))

const textPlan = (indexes: readonly LiveIndex[], wanted: Wanted): Candidate => {
  const direct = requiresText(wanted.filter) ? bestTextCandidate(indexes, wanted) : bestUnion(indexes, wanted)
  if (direct !== undefined) return direct
  throw failure(
    'NoQueryExecutionPlans',
    'error processing query: planner returned error :: caused by :: Failed to produce a solution for TEXT under OR - other non-TEXT clauses under OR have to be indexed as well.',
  )
}

export type PlanRequest = {
  readonly filter: Filter
  readonly sort: readonly SortField[]
  readonly hint?: Hint | undefined
  readonly range?: KeyRange | undefined
}

const planOf = ({ scans, sorted, merged, exact }: Candidate): Plan => ({ kind: 'index', scans, sorted, merged, exact })

const naturalOrder = (sort: readonly SortField[], hint: Hint | undefined): Plan | undefined => {
  if (hint === 'natural' || hint === 'reverse') return { kind: 'collection', reverse: hint === 'reverse' }
  const [by] = sort
  return by?.path === '$natural' ? { kind: 'collection', reverse: by.direction === -1 } : undefined
}

/**
 * Chooses how to find candidates; every candidate is tested again with the whole filter unless the plan is exact.
 * Prefers a whole unique key, then more equalities, the sort, a range; among equals the index with fewer keys to read.
 * Throws IndexNotFound (27) for `$text` without its index and NoQueryExecutionPlans (291) where nothing can answer.
 */
export const makePlan = (indexes: readonly LiveIndex[], request: PlanRequest): Plan => {
  const { filter, sort, hint, range } = request
  const natural = naturalOrder(sort, hint)
  const wanted = wantedOf(filter, sort)
  if (textOf(filter) !== undefined) {
    if (natural !== undefined && hint === undefined)
      throw failure('BadValue', 'text expression not allowed with $natural sort order')
    if (hint !== undefined) throw failure('BadValue', 'text and hint not allowed in same query')
    return planOf(textPlan(indexes, wanted))
  }
  if (natural !== undefined) return natural
  if (range !== undefined) return planOf(rangeCandidate(hint as LiveIndex, range, wanted))
  if (hint !== undefined) return planOf(hintedCandidate(hint as LiveIndex, wanted))
  const single = bestCandidate(indexes, wanted)
  const several = bestUnion(indexes, wanted)
  const winner = single === undefined ? several : better(single, several, sort)
  return winner === undefined ? { kind: 'collection', reverse: false } : planOf(winner)
}
