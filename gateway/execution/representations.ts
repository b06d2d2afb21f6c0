import { type GraphQLSchema, isAbstractType, isInterfaceType, isObjectType } from 'graphql'
import { merge } from './merge.ts'
import type { Requirement } from './plan.ts'
import { type Data, isObject, own } from './run.ts'

/** Whether an object, by its `__typename`, is of a type; `unknown` for one that does not say. */
export const isOfType = (schema: GraphQLSchema, { __typename }: Data, condition: string, unknown: boolean): boolean => {
  if (typeof __typename !== 'string') return unknown
  if (__typename === condition) return true
  const type = schema.getType(__typename)
  const wanted = schema.getType(condition)
  if (!isAbstractType(wanted) || !(isObjectType(type) || isInterfaceType(type))) return false
  return schema.isSubType(wanted, type)
}

/** Takes from an object what a fetch requires of it; null when something of it is not there. */
type Pick = (source: Data) => Data | null

type PickInto = (source: Data, picked: Data) => boolean

const pickValue = (value: unknown, inner: Pick | null): unknown => {
  if (Array.isArray(value)) return value.map((item) => pickValue(item, inner))
  return inner && isObject(value) ? inner(value) : value
}

const compileSelection = (selection: Requirement, schema: GraphQLSchema): PickInto => {
  if (selection.kind === 'Field') {
    const name = selection.alias ?? selection.name
    const inner = selection.selections ? compilePick(selection.selections, schema) : null
    return (source, picked) => {
      const value = own(source, name)
      if (value === undefined) return false
      picked[name] = pickValue(value, inner)
      return true
    }
  }
  const { typeCondition, selections } = selection
  const inner = compilePick(selections, schema)
  return (source, picked) => {
    if (!typeCondition || !isOfType(schema, source, typeCondition, false)) return true
    const found = inner(source)
    if (found) merge(picked, found)
    return true
  }
}

/** What a fetch `requires` as a function, made once for each plan. */
export const compilePick = (selections: readonly Requirement[], schema: GraphQLSchema): Pick => {
  const parts = selections.map((selection) => compileSelection(selection, schema))
  return (source) => {
    const picked: Data = {}
    return parts.every((part) => part(source, picked)) ? picked : null
  }
}
