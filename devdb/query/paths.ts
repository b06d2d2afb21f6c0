import { type Doc, getField, isDoc, type Value } from '../bson/values.ts'

/** Where a matching array element was found: the path of the outermost array walked through, and the index in it. */
export type Found = { readonly positions: Map<string, number>; last?: number }

export type Place = { readonly index: number; readonly depth: number }

export type Visit = (value: Value | undefined, place: Place | undefined) => boolean

const isIndex = (part: string): boolean => /^(0|[1-9]\d*)$/.test(part)

const walk = (
  node: Value,
  parts: readonly string[],
  depth: number,
  place: Place | undefined,
  visit: Visit,
): boolean => {
  const part = parts[depth]
  if (part === undefined) return visit(node, place)
  if (Array.isArray(node)) {
    if (isIndex(part)) {
      const element = node[Number(part)]
      if (element !== undefined && walk(element, parts, depth + 1, place, visit)) return true
    }
    return node.some(
      (element, index) => isDoc(element) && walk(element, parts, depth, place ?? { index, depth }, visit),
    )
  }
  if (!isDoc(node)) return visit(undefined, place)
  const child = getField(node, part)
  return child === undefined ? visit(undefined, place) : walk(child, parts, depth + 1, place, visit)
}

/**
 * Visits every value a dotted path reaches, through arrays of documents as MongoDB does; `undefined` is a missing one.
 * Elements of an array at the end of the path are the visitor's affair. True as soon as a visit is.
 */
export const anyLeaf = (doc: Doc, parts: readonly string[], visit: Visit): boolean =>
  walk(doc, parts, 0, undefined, visit)

/** All values of a path, arrays at its end opened: what `distinct` lists and sorting looks at. */
export const leavesOf = (doc: Doc, parts: readonly string[]): (Value | undefined)[] => {
  const leaves: (Value | undefined)[] = []
  anyLeaf(doc, parts, (value) => {
    if (Array.isArray(value)) leaves.push(...value)
    else leaves.push(value)
    return false
  })
  return leaves
}
