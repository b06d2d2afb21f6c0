import { show, showDoc } from '../bson/show.ts'
import { type Doc, fieldsOf, type Value } from '../bson/values.ts'
import { location } from '../errors.ts'
import type { Candidate, Wanted } from './candidates.ts'
import { leafKey } from './keys.ts'
import type { LiveIndex } from './liveIndex.ts'
import { orderOf } from './order.ts'
import { beyond } from './stretches.ts'
import { viewsOf } from './view.ts'

/** The options `min` (inclusive) and `max` (exclusive) of a find: keys of the hinted index. */
export type KeyRange = { readonly min: Doc | undefined; readonly max: Doc | undefined }

const keyOf = ({ definition }: LiveIndex, bound: Doc): string => {
  const { fields, collation } = definition
  const given = fieldsOf(bound)
  if (given.map(([name]) => name).join() !== fields.map(({ path }) => path).join())
    throw location(
      51174,
      `The index chosen is not compatible with min/max: ${showDoc(definition.spec.key as Doc)} does not have the fields of ${showDoc(bound)}`,
    )
  return given.map(([, value], at): string => leafKey(value as Value, fields[at]?.direction ?? 1, collation)).join('')
}

/** Reads a hinted index between two of its keys. Throws 51173 without a hint, 51174 and 51175 for bounds that do not fit. */
export const rangeCandidate = (hint: LiveIndex | undefined, { min, max }: KeyRange, wanted: Wanted): Candidate => {
  if (hint === undefined) throw location(51173, 'When using min()/max() a hint of which index to use must be provided')
  const [view] = viewsOf(hint, { byPath: new Map(), complete: false })
  if (view === undefined) throw location(51174, 'The index chosen is not compatible with min/max')
  const start = min === undefined ? '' : keyOf(hint, min)
  const end = max === undefined ? beyond : keyOf(hint, max)
  if (start >= end)
    throw location(
      51175,
      `The value provided for min() does not come before the value provided for max(): ${show(min ?? null)}, ${show(max ?? null)}`,
    )
  const order = wanted.sort.length === 0 ? undefined : orderOf(view, [], wanted.sort)
  // Bounds on an array leave out some of its keys, so what comes first need not be its least element.
  const sorted = order !== undefined && !view.multikey.includes(true)
  const scan = { view, bounds: [], intervals: [{ start, end }], reverse: sorted && order.reverse }
  return { scans: [scan], sorted, merged: false, bounded: true, exact: false, score: 0, keys: 0 }
}
