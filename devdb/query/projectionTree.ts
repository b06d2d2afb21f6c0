import { type Doc, fieldsOf, getField, isDoc, setField, type Value } from '../bson/values.ts'
import { location } from '../errors.ts'

/** What replaces a value in the result; undefined leaves the field out. */
export type Compute = (root: Doc) => Value | undefined

export type Leaf =
  | { readonly kind: 'keep' | 'drop' | 'positional' }
  | { readonly kind: 'slice'; readonly slice: (array: Value[]) => Value[] }
  | { readonly kind: 'computed'; readonly compute: Compute }

export type Branch = { readonly kind: 'branch'; readonly children: Map<string, Node> }

export type Node = Leaf | Branch

export const makeBranch = (): Branch => ({ kind: 'branch', children: new Map() })

/** Puts a node at a path below `branch`; throws 31249 or 31250 when another is in its way. */
export const addNode = (branch: Branch, path: readonly string[], node: Node): void => {
  let parent = branch
  for (const [depth, name] of path.entries()) {
    const known = parent.children.get(name)
    if (depth === path.length - 1) {
      if (known !== undefined) throw location(31250, `Path collision at ${path.join('.')}`)
      parent.children.set(name, node)
    } else if (known === undefined) {
      const next = makeBranch()
      parent.children.set(name, next)
      parent = next
    } else if (known.kind === 'branch') {
      parent = known
    } else {
      throw location(31249, `Path collision at ${path.join('.')} remaining portion ${path.slice(1).join('.')}`)
    }
  }
}

/** What is no document has nothing to keep, but in an array its place, when fields are computed there. */
const includeElement = (item: Value, branch: Branch): Value | undefined =>
  includeValue(item, branch) ?? (has(branch, 'computed') ? {} : undefined)

const includeValue = (value: Value, branch: Branch): Value | undefined => {
  if (Array.isArray(value))
    return value.map((item) => includeElement(item, branch)).filter((item) => item !== undefined)
  return isDoc(value) ? include(value, branch) : undefined
}

/** The fields named, in the order of the document. */
export const include = (doc: Doc, { children }: Branch): Doc => {
  const result: Doc = {}
  for (const [name, inner] of fieldsOf(doc)) {
    const node = children.get(name)
    if (node === undefined || node.kind === 'computed' || node.kind === 'drop') continue
    const kept = node.kind === 'branch' ? includeValue(inner, node) : inner
    if (kept !== undefined) setField(result, name, kept)
  }
  return result
}

const excludeValue = (value: Value, branch: Branch): Value => {
  if (Array.isArray(value)) return value.map((item) => excludeValue(item, branch))
  return isDoc(value) ? exclude(value, branch) : value
}

/** The document without the fields named. */
export const exclude = (doc: Doc, { children }: Branch): Doc => {
  const result: Doc = {}
  for (const [name, inner] of fieldsOf(doc)) {
    const node = children.get(name)
    if (node?.kind === 'drop' || node?.kind === 'computed') continue
    setField(result, name, node?.kind === 'branch' ? excludeValue(inner, node) : inner)
  }
  return result
}

/** Whether such a leaf stands at the node or below it. */
export const has = (node: Node, kind: Leaf['kind']): boolean =>
  node.kind === kind || (node.kind === 'branch' && [...node.children.values()].some((child) => has(child, kind)))

/** Computed fields below a path: in each document of an array, and in place of what is no document. */
const computeValue = (value: Value | undefined, branch: Branch, root: Doc): Value => {
  if (Array.isArray(value)) return value.map((item) => computeValue(item, branch, root))
  const doc: Doc = value !== undefined && isDoc(value) ? { ...value } : {}
  addComputed(doc, branch, root)
  return doc
}

/** Adds the computed fields behind the others, in the order of the projection. */
export const addComputed = (result: Doc, { children }: Branch, root: Doc): void => {
  for (const [name, node] of children) {
    if (node.kind === 'computed') {
      const value = node.compute(root)
      if (value !== undefined) setField(result, name, value)
    } else if (node.kind === 'branch' && has(node, 'computed')) {
      setField(result, name, computeValue(getField(result, name), node, root))
    }
  }
}

const sliceValue = (value: Value, node: Node): Value => {
  if (node.kind === 'slice') return Array.isArray(value) ? node.slice(value) : value
  if (node.kind !== 'branch') return value
  // One array is looked into: in MongoDB `$slice` does not reach what lies in an array of an array.
  if (Array.isArray(value)) return value.map((item) => (isDoc(item) ? sliceValue(item, node) : item))
  if (!isDoc(value)) return value
  const result: Doc = { ...value }
  applySlices(result, node)
  return result
}

/** Cuts the arrays at the paths of `$slice`. */
export const applySlices = (result: Doc, { children }: Branch): void => {
  for (const [name, node] of children) {
    const value = getField(result, name)
    if (value !== undefined) setField(result, name, sliceValue(value, node))
  }
}

/** The first array on the path of a positional `$` keeps the element that matched, and only that. */
export const applyPositional = (result: Doc, { children }: Branch, index: () => number): void => {
  for (const [name, node] of children) {
    const value = getField(result, name)
    if (value === undefined || !has(node, 'positional')) continue
    if (Array.isArray(value)) {
      const element = value[index()]
      if (element === undefined) throw location(51247, "positional operator '.$' element mismatch")
      setField(result, name, [element])
    } else if (isDoc(value) && node.kind === 'branch') {
      const inner: Doc = { ...value }
      applyPositional(inner, node, index)
      setField(result, name, inner)
    }
  }
}
