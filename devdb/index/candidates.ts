import type { Collation } from '../bson/collation.ts'
import { invert } from '../bson/keys.ts'
import { failure } from '../errors.ts'
import type { SortField } from '../query/sort.ts'
import { textOf } from '../query/text/text.ts'
import type { Filter } from '../query/tree.ts'
import { type Bounds, collectBounds, combine, type PathBounds } from './bounds.ts'
import { implies } from './implication.ts'
import type { LiveIndex } from './liveIndex.ts'
import { type Order, orderOf } from './order.ts'
import type { Interval } from './sortedKeys.ts'
import { beyond, holdsNull } from './stretches.ts'
import { termKey } from './textIndex.ts'
import { intervalsOf, servedBounds, type View, viewsOf } from './view.ts'

/** One index read over some intervals, which lie in the order of the index. */
export type IndexScan = {
  readonly view: View
  /** Of the leading fields. */
  readonly bounds: readonly PathBounds[]
  readonly intervals: readonly Interval[]
  readonly reverse: boolean
  /** Of a text index: the terms that are read. */
  readonly terms?: readonly string[]
}

export type Candidate = {
  readonly scans: readonly IndexScan[]
  readonly sorted: boolean
  readonly merged: boolean
  /** Some condition narrows the scan; otherwise it is read whole, for its order only. */
  readonly bounded: boolean
  /** The keys read are those of the matching documents and of no others. */
  readonly exact: boolean
  readonly score: number
  readonly keys: number
}

export type Wanted = {
  readonly filter: Filter
  readonly sort: readonly SortField[]
  readonly boundsFor: (collation: Collation | undefined) => Bounds
}

export const wantedOf = (filter: Filter, sort: readonly SortField[]): Wanted => {
  const known = new Map<Collation | undefined, Bounds>()
  const boundsFor = (of: Collation | undefined): Bounds => {
    const found = known.get(of) ?? collectBounds(filter, of)
    known.set(of, found)
    return found
  }
  return { filter, sort, boundsFor }
}

const maxIntervals = 2000
const maxMerged = 64

/** The bounds for the leading fields of an index: points, then at most one range. */
const usableBounds = (view: View, { byPath }: Bounds): PathBounds[] => {
  const used: PathBounds[] = []
  let arrayUsed = false
  let intervals = 1
  for (const [position, { path, hashed }] of view.fields.entries()) {
    const multikey = view.multikey[position] === true
    // Elements of one array may fulfil two conditions separately: only one field of an array bounds the scan.
    if (multikey && arrayUsed) break
    const bounds = combine(servedBounds(view, byPath.get(path) ?? []), multikey)
    if (bounds === undefined || (hashed && !bounds.points)) break
    intervals *= Math.max(1, bounds.stretches.length)
    if (intervals > maxIntervals && position > 0) break
    used.push(bounds)
    arrayUsed ||= multikey
    if (!bounds.points) break
  }
  return used
}

const isExact = (view: View, used: readonly PathBounds[], { byPath, complete }: Bounds): boolean => {
  // Of an array some element is equal to a value exactly if that key is there; a null may stand for an empty array.
  const exactAt = ({ exact, points, stretches }: PathBounds, at: number): boolean =>
    exact && (view.multikey[at] !== true || (points && !stretches.some(holdsNull)))
  const paths = view.fields.slice(0, used.length).map(({ path }) => path)
  return (
    complete &&
    used.every(exactAt) &&
    [...byPath].every(([path, all]) => paths.includes(path) && servedBounds(view, all).length === all.length)
  )
}

const isWhole = (view: View, bounds: readonly PathBounds[]): boolean =>
  view.index.definition.unique &&
  bounds.length === view.fields.length &&
  bounds.every(({ points, stretches }) => points && stretches.length === 1)

const scoreOf = (view: View, bounds: readonly PathBounds[], sorted: boolean): number => {
  const points = bounds.filter((bound) => bound.points).length
  const ranges = bounds.filter((bound) => !bound.points && !bound.wide).length
  const wide = bounds.filter((bound) => !bound.points && bound.wide).length
  return (isWhole(view, bounds) ? 100 : 0) + points * 10 + ranges * 5 + wide + (sorted ? 8 : 0)
}

const keysIn = (view: View, intervals: readonly Interval[]): number =>
  intervals.length > 100
    ? intervals.length
    : intervals.reduce((sum, interval) => sum + view.index.entries.count(interval), 0)

type Parts = { readonly used: readonly PathBounds[]; readonly order: Order | undefined; readonly bounds: Bounds }

export const candidateOf = (view: View, { used, order, bounds }: Parts): Candidate => {
  const intervals = intervalsOf(view, used)
  const merged = order?.merged === true && intervals.length > 1
  const sorted = order !== undefined && (!merged || intervals.length <= maxMerged)
  const reverse = sorted && order?.reverse === true
  return {
    scans: [{ view, bounds: used, intervals, reverse }],
    sorted,
    merged: sorted && merged,
    bounded: used.length > 0,
    exact: isExact(view, used, bounds),
    score: scoreOf(view, used, sorted),
    // A unique key needs no count: nothing is better.
    keys: isWhole(view, used) ? 1 : keysIn(view, intervals),
  }
}

/** Whether every document that matches is in the index. */
const covers = (view: View, filter: Filter, bounds: readonly PathBounds[]): boolean => {
  const { partial } = view.index.definition
  if (partial !== undefined && !implies(filter, partial)) return false
  // A sparse index lacks documents without its fields: some bound must rule those out.
  return !view.sparse || bounds.some(({ needsField, stretches }) => needsField || !stretches.some(holdsNull))
}

const viewCandidate = (view: View, wanted: Wanted): Candidate | undefined => {
  const bounds = wanted.boundsFor(view.collation)
  const used = usableBounds(view, bounds)
  const order = sortOrder(view, used, wanted)
  if ((used.length === 0 && order === undefined) || !covers(view, wanted.filter, used)) return undefined
  return candidateOf(view, { used, order, bounds })
}

const sortOrder = (view: View, used: readonly PathBounds[], { sort }: Wanted): Order | undefined =>
  sort.length === 0 || sort.some(({ collation }) => collation !== undefined) ? undefined : orderOf(view, used, sort)

/** How a hint reads its index: whole, if no condition bounds it. A sparse or partial one may leave out documents. */
export const hintedCandidate = (index: LiveIndex, wanted: Wanted): Candidate => {
  const [view] = viewsOf(index, wanted.boundsFor(index.definition.collation))
  if (view === undefined)
    throw failure(
      'NoQueryExecutionPlans',
      'error processing query: planner returned error :: caused by :: the hinted index cannot answer this filter: No query solutions',
    )
  const bounds = wanted.boundsFor(view.collation)
  const used = usableBounds(view, bounds)
  return candidateOf(view, { used, order: sortOrder(view, used, wanted), bounds })
}

const textRefused = (): Error =>
  failure(
    'NoQueryExecutionPlans',
    'error processing query: planner returned error :: caused by :: failed to use text index to satisfy $text query (if text index is compound, are equality predicates given for all prefix fields?)',
  )

/** The keys of the fields in front of the terms; each must be fixed by equality. */
const textPrefix = ({ definition }: LiveIndex, { filter, boundsFor }: Wanted): string => {
  const { byPath } = boundsFor(undefined)
  if (definition.partial !== undefined && !implies(filter, definition.partial)) throw textRefused()
  const keys = (definition.text?.before ?? []).map(({ path, direction }): string => {
    const found = (byPath.get(path) ?? []).find(({ points, stretches }) => points && stretches.length === 1)
    const key = found?.stretches[0]?.low
    if (key === undefined) throw textRefused()
    return direction === 1 ? key : invert(key)
  })
  return keys.join('')
}

const textCandidate = (index: LiveIndex, wanted: Wanted): Candidate | undefined => {
  const { text } = index.definition
  const search = textOf(wanted.filter)
  if (text === undefined || search === undefined) return undefined
  const prefix = textPrefix(index, wanted)
  const { terms } = search.bind(text)
  const intervals = terms
    .map((term): Interval => {
      const start = termKey(prefix, term)
      return { start, end: start + beyond }
    })
    .sort((a, b) => (a.start < b.start ? -1 : 1))
  const view: View = { index, fields: [], multikey: [], prefix, sparse: true, collation: undefined }
  const scan: IndexScan = { view, bounds: [], intervals, reverse: false, terms }
  return { scans: [scan], sorted: false, merged: false, bounded: true, exact: false, score: 1000, keys: 0 }
}

const better = (a: Candidate, b: Candidate): Candidate => {
  if (a.score !== b.score) return a.score > b.score ? a : b
  return b.keys < a.keys ? b : a
}

/** The best single index for a filter that must hold as a whole; a `$text` in it leaves no choice. */
export const bestCandidate = (indexes: readonly LiveIndex[], wanted: Wanted): Candidate | undefined => {
  let winner: Candidate | undefined
  for (const index of indexes) {
    if (index.definition.hidden) continue
    const bounds = index.definition.wildcard === undefined ? nothing : wanted.boundsFor(index.definition.collation)
    for (const view of viewsOf(index, bounds)) {
      const found = viewCandidate(view, wanted)
      if (found !== undefined) winner = winner === undefined ? found : better(winner, found)
    }
  }
  return winner
}

const nothing: Bounds = { byPath: new Map(), complete: false }

export const bestTextCandidate = (indexes: readonly LiveIndex[], wanted: Wanted): Candidate => {
  for (const index of indexes) {
    const found = index.definition.hidden ? undefined : textCandidate(index, wanted)
    if (found !== undefined) return found
  }
  throw failure('IndexNotFound', 'text index required for $text query')
}
