import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  valueFromASTUntyped,
} from 'graphql'
import type { CostRules, ListRule } from './costRules.ts'
import { limits } from './limits.ts'

export type Variables = Readonly<Record<string, unknown>>
type SizeOf = (variables: Variables) => number

/** What one field of an answer costs. */
export interface CostNode {
  /** Once for the field. */
  readonly own: number
  /** For each value that it has. */
  readonly each: number
  readonly isObject: boolean
  /** How many values there may be; null: one. */
  readonly sizeOf: SizeOf | null
  readonly children: CostTree
}

/** By the key in the answer. */
export type CostTree = Map<string, CostNode>

/** Parameters table: cost. */
const weights = { object: 1, mutation: 10 } as const

/** Items of a list that says nothing about itself. */
const usualList = 5

/** Between nothing and a whole page: what asks for more, or for nonsense, is refused by the owner of the field. */
const asSize = (value: unknown, otherwise: number): number =>
  typeof value === 'number' && Number.isFinite(value) ? Math.min(Math.max(0, value), limits.page) : otherwise

/** The size that an argument gives: a literal, a variable or its default, or nothing. */
const sizeByArgument = (rule: ListRule, field: FieldNode, operation: OperationDefinitionNode): SizeOf => {
  const otherwise = rule.assumedSize ?? usualList
  const given = field.arguments?.find(({ name }) => rule.slicingArguments.includes(name.value))?.value
  if (!given) return () => otherwise
  if (given.kind !== Kind.VARIABLE) {
    const size = asSize(valueFromASTUntyped(given), otherwise)
    return () => size
  }
  const name = given.name.value
  const declared = operation.variableDefinitions?.find(({ variable }) => variable.name.value === name)?.defaultValue
  const fallback = declared ? asSize(valueFromASTUntyped(declared), otherwise) : otherwise
  return (variables) => asSize(variables[name], fallback)
}

export interface CostTreeOptions {
  readonly schema: GraphQLSchema
  readonly rules: CostRules
  readonly document: DocumentNode
  readonly operation: OperationDefinitionNode
}

/** Sizes that a field gives to fields below it. */
interface Sized {
  readonly fields: readonly string[]
  readonly sizeOf: SizeOf
}

/**
 * What an operation costs, as a tree in the shape of its answer: fields that are selected twice stand in it once, fragments count
 * whatever the type turns out to be. Made once for an operation that passed the limits, so its selections are bounded.
 */
export const makeCostTree = ({ schema, rules, document, operation }: CostTreeOptions): CostTree => {
  const fragments = new Map(
    document.definitions
      .filter((node): node is FragmentDefinitionNode => node.kind === Kind.FRAGMENT_DEFINITION)
      .map((node) => [node.name.value, node]),
  )

  const makeNode = (parent: GraphQLNamedType, field: FieldNode, sized: Sized | null): CostNode | null => {
    const name = field.name.value
    const definition = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[name] : undefined
    if (!definition) return null
    const place = `${parent.name}.${name}`
    const type = getNamedType(definition.type)
    const isObject = isCompositeType(type)
    const rule = rules.listOf(place)
    const isList = isListType(getNullableType(definition.type))
    const ownSize = rule ? sizeByArgument(rule, field, operation) : () => usualList
    return {
      own: rules.weightOf(place) ?? (parent === schema.getMutationType() ? weights.mutation : 0),
      each: rules.weightOf(type.name) ?? (isObject ? weights.object : 0),
      isObject,
      sizeOf: !isList ? null : sized?.fields.includes(name) ? sized.sizeOf : ownSize,
      children: new Map(),
    }
  }

  const addField = (parent: GraphQLNamedType, field: FieldNode, into: CostTree, sized: Sized | null): void => {
    const key = (field.alias ?? field.name).value
    const node = into.get(key) ?? makeNode(parent, field, sized)
    if (!node) return
    into.set(key, node)
    if (!field.selectionSet) return
    const rule = rules.listOf(`${parent.name}.${field.name.value}`)
    const below =
      rule && rule.sizedFields.length > 0
        ? { fields: rule.sizedFields, sizeOf: sizeByArgument(rule, field, operation) }
        : null
    const definition =
      isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[field.name.value] : undefined
    if (definition)
      addAll({ parent: getNamedType(definition.type), set: field.selectionSet, into: node.children, sized: below })
  }

  interface Walk {
    readonly parent: GraphQLNamedType
    readonly set: SelectionSetNode
    readonly into: CostTree
    readonly sized: Sized | null
  }
  const addAll = ({ parent, set, into, sized }: Walk): void => {
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) {
        addField(parent, selection, into, sized)
        continue
      }
      const fragment = selection.kind === Kind.FRAGMENT_SPREAD ? fragments.get(selection.name.value) : selection
      const condition = fragment?.typeCondition && schema.getType(fragment.typeCondition.name.value)
      if (fragment) addAll({ parent: condition ?? parent, set: fragment.selectionSet, into, sized })
    }
  }

  const tree: CostTree = new Map()
  const root = schema.getRootType(operation.operation)
  if (root) addAll({ parent: root, set: operation.selectionSet, into: tree, sized: null })
  return tree
}
