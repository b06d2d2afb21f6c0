import { invert } from '../bson/keys.ts'
import { failure } from '../errors.ts'
import type { Filter } from '../query/matcher.ts'
import type { SortField } from '../query/sort.ts'
import { collectBounds, combine, everything, intervalOf, isNullPoint, type PathBounds } from './bounds.ts'
import { implies } from './implication.ts'
import type { LiveIndex } from './liveIndex.ts'
import type { Interval } from './sortedKeys.ts'

/** One scan of one index. Its records come in the order of the sort when the plan says `sorted`. */
export type Scan = { readonly index: LiveIndex; readonly interval: Interval; readonly reverse: boolean }

export type Plan =
  | { readonly kind: 'collection' }
  | { readonly kind: 'index'; readonly scans: readonly Scan[]; readonly sorted: boolean }

const maxScans = 2000
const maxMergedScans = 64
const maxBranches = 32

type Candidate = {
  readonly scans: readonly Scan[]
  readonly sorted: boolean
  /** Some condition narrows the scan; otherwise it is read whole, for its order only. */
  readonly bounded: boolean
  readonly score: number
  readonly keys: number
}

/** The bounds for the leading fields of an index: points, then at most one range. */
const usableBounds = (index: LiveIndex, byPath: Map<string, PathBounds[]>): PathBounds[] => {
  const used: PathBounds[] = []
  let arrayUsed = false
  let scans = 1
  for (const [position, { path }] of index.definition.fields.entries()) {
    const multikey = index.multikey[position] === true
    // Elements of one array may fulfil two conditions separately: only one field of an array bounds the scan.
    if (multikey && arrayUsed) break
    const bounds = combine(byPath.get(path) ?? [], multikey)
    if (bounds === undefined) break
    scans *= Math.max(1, bounds.stretches.length)
    if (scans > maxScans && position > 0) break
    used.push(bounds)
    arrayUsed ||= multikey
    if (!bounds.points) break
  }
  return used
}

const prefixesOf = (index: LiveIndex, bounds: readonly PathBounds[]): string[] => {
  let prefixes = ['']
  bounds.forEach(({ stretches }, position) => {
    const direction = index.definition.fields[position]?.direction ?? 1
    prefixes = prefixes.flatMap((prefix) => stretches.map(({ low }) => prefix + (direction === 1 ? low : invert(low))))
  })
  return prefixes
}

const intervalsOf = (index: LiveIndex, bounds: readonly PathBounds[]): Interval[] => {
  const last = bounds.at(-1)
  if (last === undefined) return [intervalOf('', everything, 1)]
  const direction = index.definition.fields[bounds.length - 1]?.direction ?? 1
  return prefixesOf(index, bounds.slice(0, -1)).flatMap((prefix) =>
    last.stretches.map((stretch) => intervalOf(prefix, stretch, direction)),
  )
}

type Order = 'forward' | 'backward'

/** Whether scanning each interval gives the sort; and in which direction it must be read. */
const sortDirection = (
  index: LiveIndex,
  bounds: readonly PathBounds[],
  sort: readonly SortField[],
): Order | undefined => {
  let turned: boolean | undefined
  let wanted = 0
  for (const [position, { path, direction }] of index.definition.fields.entries()) {
    const field = sort[wanted]
    if (field === undefined) break
    const constant = bounds[position]?.points === true
    if (field.path === path) {
      if (index.multikey[position] === true) return undefined
      const turn = field.direction !== direction
      if (!constant) {
        if (turned !== undefined && turned !== turn) return undefined
        turned = turn
      }
      wanted++
    } else if (!constant) {
      return undefined
    }
  }
  if (wanted < sort.length) return undefined
  return turned === true ? 'backward' : 'forward'
}

const covers = (index: LiveIndex, filter: Filter, bounds: readonly PathBounds[]): boolean => {
  const { partial, sparse } = index.definition
  if (partial !== undefined && !implies(filter, partial)) return false
  // A sparse index lacks documents without its fields: some bound must rule those out.
  return !sparse || bounds.some(({ stretches }) => !stretches.some(isNullPoint))
}

type Wanted = {
  readonly filter: Filter
  readonly sort: readonly SortField[]
  readonly byPath: Map<string, PathBounds[]>
}

const candidate = (index: LiveIndex, { filter, sort, byPath }: Wanted): Candidate | undefined => {
  const bounds = usableBounds(index, byPath)
  const order = sort.length > 0 ? sortDirection(index, bounds, sort) : undefined
  if ((bounds.length === 0 && order === undefined) || !covers(index, filter, bounds)) return undefined
  return scansOf(index, bounds, order)
}

const hinted = (index: LiveIndex, { filter, sort, byPath }: Wanted): Candidate => {
  const { partial } = index.definition
  if (partial !== undefined && !implies(filter, partial)) {
    throw failure(
      'BadValue',
      'error processing query: planner returned error :: caused by :: the hinted partial index does not hold all documents of this filter',
    )
  }
  const bounds = usableBounds(index, byPath)
  return scansOf(index, bounds, sort.length > 0 ? sortDirection(index, bounds, sort) : undefined)
}

const scansOf = (index: LiveIndex, bounds: readonly PathBounds[], order: Order | undefined): Candidate => {
  const intervals = intervalsOf(index, bounds)
  const sorted = order !== undefined && intervals.length <= maxMergedScans
  const reverse = order === 'backward'
  const scans = intervals.map((interval) => ({ index, interval, reverse }))
  if (reverse) scans.reverse()
  const points = bounds.filter((bound) => bound.points).length
  const ranges = bounds.filter((bound) => !bound.points && bound.operator !== '$exists').length
  const whole = index.definition.unique && points === index.definition.fields.length
  const score = (whole ? 100 : 0) + points * 10 + ranges * 5 + (sorted ? 8 : 0)
  const keys =
    intervals.length > 100
      ? intervals.length
      : intervals.reduce((sum, interval) => sum + index.entries.count(interval), 0)
  return { scans, sorted, score, keys, bounded: bounds.length > 0 }
}

const better = (a: Candidate, b: Candidate): Candidate => {
  if (a.score !== b.score) return a.score > b.score ? a : b
  return b.keys < a.keys ? b : a
}

const wantedOf = (filter: Filter, sort: readonly SortField[]): Wanted => ({
  filter,
  sort,
  byPath: collectBounds(filter),
})

const best = (indexes: readonly LiveIndex[], wanted: Wanted): Candidate | undefined =>
  indexes
    .map((index) => candidate(index, wanted))
    .filter((found) => found !== undefined)
    .reduce<Candidate | undefined>((winner, next) => (winner === undefined ? next : better(winner, next)), undefined)

/** `rest AND (a OR b)` as `rest AND a`, `rest AND b`: each branch may then use its own bounds. */
const branchesOf = (filter: Filter): Filter[] | undefined => {
  if (filter.type === 'or') return filter.of.length <= maxBranches ? [...filter.of] : undefined
  if (filter.type !== 'and') return undefined
  const alternatives = filter.of.filter((child) => child.type === 'or')
  const [only] = alternatives
  if (alternatives.length !== 1 || only?.type !== 'or' || only.of.length > maxBranches) return undefined
  const rest = filter.of.filter((child) => child !== only)
  return only.of.map((branch) => ({ type: 'and', of: [...rest, branch], match: () => true }))
}

const union = (indexes: readonly LiveIndex[], filter: Filter, sort: readonly SortField[]): Candidate | undefined => {
  const branches = branchesOf(filter)
  if (branches === undefined || branches.length === 0) return undefined
  const parts = branches.map((branch) => best(indexes, wantedOf(branch, sort)))
  const found = parts.filter((part) => part?.bounded === true)
  if (found.length < parts.length) return undefined
  const scans = found.flatMap((part) => part?.scans ?? [])
  return {
    scans,
    bounded: true,
    sorted: scans.length <= maxMergedScans && found.every((part) => part?.sorted === true),
    score: Math.min(...found.map((part) => part?.score ?? 0)),
    keys: found.reduce((sum, part) => sum + (part?.keys ?? 0), 0),
  }
}

type Request = { readonly filter: Filter; readonly sort: readonly SortField[]; readonly hint?: LiveIndex | 'natural' }

/**
 * Chooses how to find candidates; every candidate is tested again with the whole filter. Prefers a whole unique key,
 * then more equalities, the sort, a range; among equals the index with fewer keys to read.
 */
export const makePlan = (indexes: readonly LiveIndex[], { filter, sort, hint }: Request): Plan => {
  if (hint === 'natural') return { kind: 'collection' }
  if (hint !== undefined) {
    const { scans, sorted } = hinted(hint, wantedOf(filter, sort))
    return { kind: 'index', scans, sorted }
  }
  const single = best(indexes, wantedOf(filter, sort))
  const several = union(indexes, filter, sort)
  const winner =
    single === undefined || several === undefined ? (single ?? several) : betterUnion(single, several, sort)
  return winner === undefined ? { kind: 'collection' } : { kind: 'index', scans: winner.scans, sorted: winner.sorted }
}

/** The union reads less when its branches narrow the scan and lose no sort order. */
const betterUnion = (single: Candidate, several: Candidate, sort: readonly SortField[]): Candidate => {
  if (sort.length > 0 && single.sorted && !several.sorted) return single
  return several.score > single.score || (several.score === single.score && several.keys < single.keys)
    ? several
    : single
}
