import type { CostNode, CostTree, Variables } from './costTree.ts'

export interface Estimate {
  readonly cost: number
  /** Objects in the answer. */
  readonly nodes: number
}

const estimateNode = ({ own, each, isObject, sizeOf, children }: CostNode, variables: Variables): Estimate => {
  const size = sizeOf ? sizeOf(variables) : 1
  const inner = estimate(children, variables)
  return { cost: own + size * (each + inner.cost), nodes: size * ((isObject ? 1 : 0) + inner.nodes) }
}

/** The most that an operation may cost, by its page sizes and what lists usually hold. `@skip` and `@include` do not count. */
export const estimate = (tree: CostTree, variables: Variables): Estimate => {
  let cost = 0
  let nodes = 0
  for (const node of tree.values()) {
    const one = estimateNode(node, variables)
    cost += one.cost
    nodes += one.nodes
  }
  return { cost, nodes }
}

/** Fields in an operation, those that are there twice counted once. */
export const countFields = (tree: CostTree): number => {
  let count = tree.size
  for (const { children } of tree.values()) count += countFields(children)
  return count
}

const costOfValue = (node: CostNode, value: unknown): number => {
  if (value === null || value === undefined) return 0
  if (!Array.isArray(value)) return node.each + (node.isObject ? actualCost(node.children, value) : 0)
  let sum = 0
  for (const item of value) sum += costOfValue(node, item)
  return sum
}

/** What an operation has cost, by what is in its answer. */
export const actualCost = (tree: CostTree, data: unknown): number => {
  if (typeof data !== 'object' || data === null) return 0
  let sum = 0
  for (const [key, node] of tree) {
    const value = (data as Readonly<Record<string, unknown>>)[key]
    if (value !== undefined) sum += node.own + costOfValue(node, value)
  }
  return sum
}
