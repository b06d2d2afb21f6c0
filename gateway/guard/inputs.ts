import { type GraphQLError, Kind, type ValueNode } from 'graphql'
import { limits } from './limits.ts'
import { tooComplex } from './refusal.ts'

interface Place {
  readonly value: unknown
  readonly depth: number
}

/** What a value of JSON or of a document holds, and how many of them a list; null for one without parts. */
interface Parts {
  readonly inner: readonly unknown[]
  readonly isList: boolean
}

/** With a stack of its own: a body of 100 kB can nest 50,000 lists. */
const refuseNested = (start: unknown, partsOf: (value: unknown) => Parts | null): GraphQLError | null => {
  const stack: Place[] = [{ value: start, depth: 0 }]
  for (let place = stack.pop(); place; place = stack.pop()) {
    const parts = partsOf(place.value)
    if (!parts) continue
    if (parts.isList && parts.inner.length > limits.inputList) return tooComplex('inputList', parts.inner.length)
    const depth = place.depth + 1
    if (depth > limits.inputDepth) return tooComplex('inputDepth', depth)
    for (const value of parts.inner) stack.push({ value, depth })
  }
  return null
}

const partsOfNode = (given: unknown): Parts | null => {
  const node = given as ValueNode
  if (node.kind === Kind.LIST) return { inner: node.values, isList: true }
  if (node.kind === Kind.OBJECT) return { inner: node.fields.map(({ value }) => value), isList: false }
  return null
}

const partsOfJson = (value: unknown): Parts | null => {
  if (typeof value !== 'object' || value === null) return null
  return Array.isArray(value) ? { inner: value, isList: true } : { inner: Object.values(value), isList: false }
}

/** Refuses an argument written in a document that is too long or too deep. */
export const refuseLiteral = (node: ValueNode): GraphQLError | null =>
  node.kind === Kind.LIST || node.kind === Kind.OBJECT ? refuseNested(node, partsOfNode) : null

/** Refuses variables with too long a list or too deep a value; the object of all variables itself is no level. */
export const refuseVariables = (variables: Readonly<Record<string, unknown>>): GraphQLError | null => {
  for (const value of Object.values(variables)) {
    const refused = typeof value === 'object' ? refuseNested(value, partsOfJson) : null
    if (refused) return refused
  }
  return null
}
