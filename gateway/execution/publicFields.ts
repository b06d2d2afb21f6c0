import {
  type ConstDirectiveNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isInterfaceType,
  isObjectType,
  Kind,
  parse,
  type SelectionSetNode,
} from 'graphql'
import { operationOf } from './documents.ts'
import type { FetchNode } from './plan.ts'

/** The tag of fields that answer the same to everybody: ADR 0016. */
const publicTag = 'public'

const textOf = (directive: ConstDirectiveNode, name: string): string | undefined => {
  const value = directive.arguments?.find((argument) => argument.name.value === name)?.value
  return value?.kind === Kind.STRING ? value.value : undefined
}

const isTagged = (directives: readonly ConstDirectiveNode[] | undefined): boolean =>
  (directives ?? []).some((directive) => directive.name.value === 'tag' && textOf(directive, 'name') === publicTag)

const keysOf = (directives: readonly ConstDirectiveNode[] | undefined): string[] =>
  (directives ?? []).flatMap((directive) => {
    const key = directive.name.value === 'join__type' ? textOf(directive, 'key') : undefined
    return key ? [key] : []
  })

const fieldNames = /\w+/g

/** Which fields are tagged, and the key fields of each entity, as the text of a supergraph has them. */
const readSupergraph = (supergraphSdl: string) => {
  const tagged = new Set<string>()
  const keys = new Map<string, ReadonlySet<string>>()
  for (const definition of parse(supergraphSdl, { noLocation: true }).definitions) {
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION && definition.kind !== Kind.INTERFACE_TYPE_DEFINITION) continue
    const { name, directives, fields } = definition
    const ownKeys = keysOf(directives)
    if (ownKeys.length > 0) keys.set(name.value, new Set(ownKeys.join(' ').match(fieldNames)))
    for (const field of fields ?? []) if (isTagged(field.directives)) tagged.add(`${name.value}.${field.name.value}`)
  }
  return { tagged, keys }
}

/**
 * Tells of a fetch whether all it asks for is public: fields that carry `@tag(name: "public")`, keys, which who asks knows already, and
 * whatever values without a key hold below them. Everything else is somebody's: the default.
 */
export const makePublicFetches = (supergraphSdl: string, supergraph: GraphQLSchema) => {
  const { tagged, keys } = readSupergraph(supergraphSdl)
  const roots: readonly (GraphQLNamedType | null | undefined)[] = [
    supergraph.getQueryType(),
    supergraph.getMutationType(),
    supergraph.getSubscriptionType(),
  ]

  const isPublicField = (type: GraphQLNamedType, name: string): boolean => {
    if (name === '__typename' || tagged.has(`${type.name}.${name}`)) return true
    const key = keys.get(type.name)
    return key ? key.has(name) : !roots.includes(type)
  }

  const isPublicSet = ({ selections }: SelectionSetNode, type: GraphQLNamedType): boolean =>
    selections.every((selection) => {
      if (selection.kind === Kind.FRAGMENT_SPREAD) return false
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        const condition = selection.typeCondition ? supergraph.getType(selection.typeCondition.name.value) : type
        return condition !== undefined && isPublicSet(selection.selectionSet, condition)
      }
      const name = selection.name.value
      if (name === '_entities') return !selection.selectionSet || isPublicSet(selection.selectionSet, type)
      if (!isPublicField(type, name)) return false
      if (!selection.selectionSet) return true
      const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[name] : undefined
      return field !== undefined && isPublicSet(selection.selectionSet, getNamedType(field.type))
    })

  return ({ operation: text }: FetchNode): boolean => {
    const operation = operationOf(parse(text, { noLocation: true }))
    const root = supergraph.getRootType(operation.operation)
    return root !== null && root !== undefined && isPublicSet(operation.selectionSet, root)
  }
}
