import { type Doc, getField, isDoc, type Value } from '../bson/values.ts'

/** Where a matching array element was found: the path of the outermost array walked through, and the index in it. */
export type Found = { readonly positions: Map<string, number>; last?: number }

export type Place = { readonly index: number; readonly depth: number }

/** `opens`: when the value is an array, its elements count too. Not so behind an index: `a.0` is that element alone. */
export type Visit = (value: Value | undefined, place: Place | undefined, opens: boolean) => boolean

const isIndex = (part: string): boolean => /^(0|[1-9]\d*)$/.test(part)

type Walk = { readonly parts: readonly string[]; readonly visit: Visit }

/** The element an index in the path names. A scalar there ends the walk: it has no fields, not even missing ones. */
const atIndex = (walk: Walk, element: Value, depth: number, place: Place | undefined): boolean => {
  if (depth === walk.parts.length) return walk.visit(element, place, false)
  return (isDoc(element) || Array.isArray(element)) && step(walk, element, depth, place)
}

const step = (walk: Walk, node: Value, depth: number, place: Place | undefined): boolean => {
  const { parts, visit } = walk
  const part = parts[depth]
  if (part === undefined) return visit(node, place, true)
  if (Array.isArray(node)) {
    const element = isIndex(part) ? node[Number(part)] : undefined
    if (element !== undefined && atIndex(walk, element, depth + 1, place)) return true
    return node.some((item, index) => isDoc(item) && step(walk, item, depth, place ?? { index, depth }))
  }
  const child = isDoc(node) ? getField(node, part) : undefined
  return child === undefined ? visit(undefined, place, true) : step(walk, child, depth + 1, place)
}

/**
 * Visits every value a dotted path reaches, through arrays of documents as MongoDB does; `undefined` is a missing one.
 * Elements of an array at the end of the path are the visitor's affair. True as soon as a visit is.
 */
export const anyLeaf = (doc: Doc, parts: readonly string[], visit: Visit): boolean =>
  step({ parts, visit }, doc, 0, undefined)

/** All values of a path, arrays at its end opened: what `distinct` lists. */
export const leavesOf = (doc: Doc, parts: readonly string[]): (Value | undefined)[] => {
  const leaves: (Value | undefined)[] = []
  anyLeaf(doc, parts, (value, _place, opens) => {
    if (Array.isArray(value) && opens) leaves.push(...value)
    else leaves.push(value)
    return false
  })
  return leaves
}
