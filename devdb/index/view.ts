import type { Collation } from '../bson/collation.ts'
import { invert, typeTag } from '../bson/keys.ts'
import type { Bounds, PathBounds } from './bounds.ts'
import type { IndexField } from './keys.ts'
import type { LiveIndex } from './liveIndex.ts'
import type { Interval } from './sortedKeys.ts'
import { beyond, intervalOf, type Stretch } from './stretches.ts'
import { wildcardPrefix } from './wildcard.ts'

/** An index as the planner sees it: a wildcard index is one view for each path that a filter names. */
export type View = {
  readonly index: LiveIndex
  readonly fields: readonly IndexField[]
  readonly multikey: readonly boolean[]
  /** What all its keys begin with. */
  readonly prefix: string
  /** Documents without its fields are not in it. */
  readonly sparse: boolean
  readonly collation: Collation | undefined
}

const unheld = [typeTag(null), typeTag({}), typeTag([])]

/** A wildcard index holds scalars only, and nothing of missing fields. */
const heldByWildcard = ({ low, high, highIncluded }: Stretch): boolean => {
  const [first, last] = [low.charCodeAt(0), high.charCodeAt(0) - (highIncluded || high.length > 1 ? 0 : 1)]
  return first === last && !unheld.includes(first)
}

const wildcardViews = (index: LiveIndex, { byPath }: Bounds): View[] => {
  const { wildcard, collation } = index.definition
  if (wildcard === undefined) return []
  const served = [...byPath].filter(
    ([path, all]) => wildcard.holds(path) && all.some(({ stretches }) => stretches.every(heldByWildcard)),
  )
  return served.map(([path]) => ({
    index,
    fields: [{ path, parts: path.split('.'), direction: 1, hashed: false }],
    multikey: [index.isMultikeyPath(path)],
    prefix: wildcardPrefix(path),
    sparse: true,
    collation,
  }))
}

/** A view of an index that is neither text nor wildcard. */
export const viewOf = (index: LiveIndex): View => {
  const { fields, sparse, collation } = index.definition
  return { index, fields, multikey: index.multikey, prefix: '', sparse, collation }
}

/** The ways to read an index for a filter; none for a text index, which only `$text` reads. */
export const viewsOf = (index: LiveIndex, bounds: Bounds): View[] => {
  const { text, wildcard } = index.definition
  if (text !== undefined) return []
  return wildcard === undefined ? [viewOf(index)] : wildcardViews(index, bounds)
}

/** Of a wildcard view the bounds that it can serve, of others all. */
export const servedBounds = (view: View, all: readonly PathBounds[]): readonly PathBounds[] =>
  view.index.definition.wildcard === undefined ? all : all.filter(({ stretches }) => stretches.every(heldByWildcard))

const pointPrefixes = (view: View, bounds: readonly PathBounds[]): string[] => {
  let prefixes = [view.prefix]
  bounds.forEach(({ stretches }, position) => {
    const direction = view.fields[position]?.direction ?? 1
    const keys = stretches.map(({ low }) => (direction === 1 ? low : invert(low)))
    prefixes = prefixes.flatMap((prefix) => keys.map((key) => prefix + key))
  })
  return prefixes
}

/** The stretches of the index that the bounds of its leading fields leave, in the order of the index. */
export const intervalsOf = (view: View, bounds: readonly PathBounds[]): Interval[] => {
  const last = bounds.at(-1)
  if (last === undefined) return [{ start: view.prefix, end: view.prefix + beyond }]
  const direction = view.fields[bounds.length - 1]?.direction ?? 1
  const intervals = pointPrefixes(view, bounds.slice(0, -1)).flatMap((prefix) =>
    last.stretches.map((stretch) => intervalOf(prefix, stretch, direction)),
  )
  return intervals.sort((a, b) => (a.start < b.start ? -1 : 1))
}
