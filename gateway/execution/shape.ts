import {
  GraphQLError,
  type GraphQLNamedType,
  type GraphQLOutputType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql'
import { isHiddenValue, isValidLeaf } from './leaves.ts'
import { type Data, isObject, own } from './run.ts'
import { type Fragments, fieldsOf, inclusionOf, type Selected, type SelectedField } from './selections.ts'

/** One answer in the making. */
export interface Shaping {
  readonly variables: Readonly<Data>
  /** Answers of the schema itself, by response name. */
  readonly introspected: Data
  /** What subgraphs have answered against the graph: a null where there must be none, or a value that does not fit. */
  readonly errors: GraphQLError[]
  /** Where we are; it moves along. */
  readonly path: (string | number)[]
}

/** A null that may not stand where it is: whatever holds it becomes null. Its error is reported. */
const bubble = Symbol('bubble')
/** A null with a reported error, where a null may stand. */
const failed = undefined

/** Brings a fetched value into the form in which it was asked for: a value, null, `failed` or `bubble`. */
type Complete = (value: unknown, shaping: Shaping) => unknown

interface ShapedField {
  readonly name: string
  readonly isIncluded: ((variables: Readonly<Data>) => boolean) | null
  readonly read: (source: Data, shaping: Shaping) => unknown
  /** Null for what is ready as it is read. */
  readonly complete: Complete | null
}

const report = (message: string, { errors, path }: Shaping): void => {
  errors.push(new GraphQLError(message, { path: [...path], extensions: { code: 'INTERNAL_SERVER_ERROR' } }))
}

const isInherited = (name: string): boolean => name in Object.prototype

const nonNull =
  (inner: Complete): Complete =>
  (value, shaping) => {
    const completed = inner(value, shaping)
    if (completed === null) report('A subgraph has answered null where the graph promises a value.', shaping)
    return completed ?? bubble
  }

const listOf =
  (item: Complete): Complete =>
  (value, shaping) => {
    if (value === null || value === undefined) return null
    if (!Array.isArray(value)) return report('A subgraph has answered no list where the graph promises one.', shaping)
    let isWhole = true
    const items = value.map((one, index) => {
      shaping.path.push(index)
      const completed = item(one, shaping)
      shaping.path.pop()
      if (completed === bubble) isWhole = false
      return completed ?? null
    })
    return isWhole ? items : failed
  }

/** Functions that shape the answers of one operation; they are made when an answer first needs them. */
export const makeShapes = (fragments: Fragments) => {
  const { schema, supergraph } = fragments

  const completeAs = (type: GraphQLOutputType, selected: readonly Selected[]): Complete => {
    if (isNonNullType(type)) return nonNull(completeAs(type.ofType, selected))
    if (isListType(type)) return listOf(completeAs(type.ofType, selected))
    if (isLeafType(type)) {
      const [isValid, isHidden] = [isValidLeaf(type), isHiddenValue(type, supergraph)]
      return (value, shaping) => {
        if (value === null || value === undefined) return null
        if (isValid(value)) return value
        return isHidden(value) ? null : report('A subgraph has answered a value that does not fit its type.', shaping)
      }
    }
    return objectOf(type, selected)
  }

  const typenameOf = (source: Data, name: string, type: GraphQLNamedType): unknown => {
    const given = own(source, name) ?? source.__typename
    const known = typeof given === 'string' ? (schema.getType(given) ?? type) : type
    return isObjectType(known) ? known.name : bubble
  }

  const shapeField = (field: SelectedField, type: GraphQLNamedType): ShapedField => {
    const { name, node, parent, below } = field
    const isIncluded = inclusionOf(field)
    const fieldName = node.name.value
    if (fieldName === '__typename')
      return { name, isIncluded, read: (source) => typenameOf(source, name, type), complete: null }
    if (fieldName.startsWith('__'))
      return { name, isIncluded, read: (_source, { introspected }) => introspected[name], complete: null }
    const definition = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[fieldName] : undefined
    if (!definition) throw new Error(`The graph has no field ${parent.name}.${fieldName}.`)
    const read = isInherited(name) ? (source: Data) => own(source, name) : (source: Data) => source[name]
    return { name, isIncluded, read, complete: completeAs(definition.type, below) }
  }

  const objectOf = (declared: GraphQLNamedType, selected: readonly Selected[]): Complete => {
    const byType = new Map<GraphQLNamedType, readonly ShapedField[]>()
    const fieldsFor = (type: GraphQLNamedType): readonly ShapedField[] => {
      const known = byType.get(type) ?? fieldsOf(fragments, selected, type).map((field) => shapeField(field, type))
      byType.set(type, known)
      return known
    }
    return (value, shaping) => {
      if (value === null || value === undefined) return null
      if (!isObject(value)) return report('A subgraph has answered no object where the graph promises one.', shaping)
      const { __typename: name } = value
      const type = typeof name === 'string' ? schema.getType(name) : declared
      // What is @inaccessible is not there; that is no fault.
      if (!type && supergraph.getType(String(name))) return null
      if (!type) return report('A subgraph has answered an object of a type that the graph does not have.', shaping)
      const result: Data = {}
      for (const field of fieldsFor(type)) {
        if (field.isIncluded && !field.isIncluded(shaping.variables)) continue
        const found = field.read(value, shaping)
        if (!field.complete) {
          if (found === bubble) return failed
          result[field.name] = found
          continue
        }
        shaping.path.push(field.name)
        const completed = field.complete(found, shaping)
        shaping.path.pop()
        if (completed === bubble) return failed
        result[field.name] = completed ?? null
      }
      return result
    }
  }

  return { objectOf }
}
