import { type Doc, fieldsOf, getField, isDoc, setField, type Value } from '../bson/values.ts'
import type { Env, Expression } from '../expression/expression.ts'

export type Mode = 'inclusion' | 'exclusion'

/** Paths of a projection as a tree: what is kept or left out, and what is computed, in the order it was written. */
export type FieldNode = {
  readonly leaves: Set<string>
  readonly computed: Map<string, Expression>
  readonly children: Map<string, FieldNode>
  readonly order: string[]
  computes: boolean
}

export const makeNode = (): FieldNode => ({
  leaves: new Set(),
  computed: new Map(),
  children: new Map(),
  order: [],
  computes: false,
})

/** The node of all but the last part, made on the way. */
const parentOf = (root: FieldNode, parts: readonly string[], computes: boolean): FieldNode => {
  let node = root
  node.computes ||= computes
  for (const part of parts.slice(0, -1)) {
    const known = node.children.get(part)
    const child = known ?? makeNode()
    if (known === undefined) {
      node.children.set(part, child)
      node.order.push(part)
    }
    node = child
    node.computes ||= computes
  }
  return node
}

export const addLeaf = (root: FieldNode, parts: readonly string[]): void => {
  parentOf(root, parts, false).leaves.add(parts.at(-1) ?? '')
}

export const addComputed = (root: FieldNode, parts: readonly string[], expression: Expression): void => {
  const name = parts.at(-1) ?? ''
  const parent = parentOf(root, parts, true)
  parent.computed.set(name, expression)
  parent.order.push(name)
}

const keptValue = (value: Value, node: FieldNode, mode: Mode): Value | undefined => {
  if (Array.isArray(value)) {
    const kept = value.map((item) => keptValue(item, node, mode))
    // Where fields are computed each element gets them, also one of which nothing is kept.
    return node.computes ? kept.map((item) => item ?? null) : kept.filter((item) => item !== undefined)
  }
  if (isDoc(value)) return keptFields(value, node, mode)
  return mode === 'inclusion' ? undefined : value
}

/** The fields of a document that an inclusion names, or that an exclusion does not name. */
export const keptFields = (doc: Doc, node: FieldNode, mode: Mode): Doc => {
  const result: Doc = {}
  for (const [name, value] of fieldsOf(doc)) {
    const child = node.children.get(name)
    const kept =
      child !== undefined
        ? keptValue(value, child, mode)
        : node.leaves.has(name) === (mode === 'inclusion')
          ? value
          : undefined
    if (kept !== undefined) setField(result, name, kept)
  }
  return result
}

const computedValue = (value: Value | undefined, node: FieldNode, env: Env): Value => {
  if (Array.isArray(value)) return value.map((item) => computedValue(item, node, env))
  const inner: Doc = isDoc(value) ? { ...value } : {}
  computeFields(inner, node, env)
  return inner
}

/** Sets the computed fields in `target`, which must be the caller's own; a missing result takes the field away. */
export const computeFields = (target: Doc, node: FieldNode, env: Env): void => {
  for (const name of node.order) {
    const expression = node.computed.get(name)
    const child = node.children.get(name)
    if (expression === undefined && child?.computes !== true) continue
    const value =
      expression !== undefined
        ? expression.evaluate(env)
        : computedValue(getField(target, name), child ?? makeNode(), env)
    if (value === undefined) delete target[name]
    else setField(target, name, value)
  }
}
