import type { SortField } from '../query/sort.ts'
import type { PathBounds } from './bounds.ts'
import type { View } from './view.ts'

/** How reading the intervals of a view gives a sort: one behind the other, or all merged. */
export type Order = { readonly reverse: boolean; readonly merged: boolean }

type Constant = (bounds: PathBounds | undefined) => boolean

const oneValue: Constant = (bounds) => bounds?.points === true && bounds.stretches.length === 1
const someValues: Constant = (bounds) => bounds?.points === true

/**
 * Whether each array-valued field may be sorted by: read from its first key on, a document comes at its least element,
 * as the sort wants. With bounds on an array some of its keys are left out, and two arrays pair their elements.
 */
const arraysAllow = (view: View, bounds: readonly PathBounds[], sort: readonly SortField[]): boolean => {
  const sorted = view.fields.filter(({ path }, at) => view.multikey[at] === true && sort.some((by) => by.path === path))
  if (sorted.length === 0) return true
  return sorted.length === 1 && !view.multikey.slice(0, bounds.length).includes(true)
}

/** Whether the index must be read backwards; undefined when it does not give the order. */
const reversed = (
  view: View,
  { bounds, sort, isConstant }: { bounds: readonly PathBounds[]; sort: readonly SortField[]; isConstant: Constant },
): boolean | undefined => {
  let turned: boolean | undefined
  let wanted = 0
  for (const [position, { path, direction, hashed }] of view.fields.entries()) {
    const field = sort[wanted]
    if (field === undefined) break
    const constant = isConstant(bounds[position])
    if (field.path === path) {
      if (!constant) {
        const turn = field.direction !== direction
        if (hashed || (turned !== undefined && turned !== turn)) return undefined
        turned = turn
      }
      wanted++
    } else if (!constant) {
      return undefined
    }
  }
  return wanted < sort.length ? undefined : turned === true
}

/** Undefined when the index does not give the order of the sort. */
export const orderOf = (view: View, bounds: readonly PathBounds[], sort: readonly SortField[]): Order | undefined => {
  // The keys of a collation are in no order of their own.
  if (view.collation !== undefined || !arraysAllow(view, bounds, sort)) return undefined
  const reverse = reversed(view, { bounds, sort, isConstant: oneValue })
  if (reverse !== undefined) return { reverse, merged: false }
  const several = reversed(view, { bounds, sort, isConstant: someValues })
  return several === undefined ? undefined : { reverse: several, merged: true }
}
