import {
  type DirectiveNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  isAbstractType,
  isInterfaceType,
  isObjectType,
  Kind,
  type SelectionSetNode,
} from 'graphql'
import type { Data } from './run.ts'

/** `@include` or `@skip` of a variable: holds when the variable has this value. */
interface Condition {
  readonly variable: string
  readonly value: boolean
}

/** Selections that count when all their conditions hold. `null` conditions: never. */
export interface Selected {
  readonly set: SelectionSetNode
  readonly when: readonly Condition[]
}

/** All occurrences of one response name. */
export interface SelectedField {
  readonly name: string
  /** The first occurrence; validation has made sure that the others ask for the same. */
  readonly node: FieldNode
  readonly parent: GraphQLNamedType
  readonly occurrences: (readonly Condition[])[]
  /** What is selected below. */
  readonly below: Selected[]
}

export interface Fragments {
  readonly schema: GraphQLSchema
  /** The graph with what is hidden from clients. */
  readonly supergraph: GraphQLSchema
  readonly named: ReadonlyMap<string, FragmentDefinitionNode>
}

/** The conditions that directives add; null when they exclude in any case. */
const conditionsOf = (directives: readonly DirectiveNode[] | undefined): Condition[] | null => {
  const conditions: Condition[] = []
  for (const { name, arguments: given } of directives ?? []) {
    const wanted = name.value === 'include' ? true : name.value === 'skip' ? false : null
    const condition = given?.find((argument) => argument.name.value === 'if')?.value
    if (wanted === null || !condition) continue
    if (condition.kind === Kind.VARIABLE) conditions.push({ variable: condition.name.value, value: wanted })
    else if (condition.kind === Kind.BOOLEAN && condition.value !== wanted) return null
  }
  return conditions
}

const holdAll = (conditions: readonly Condition[], variables: Readonly<Data>): boolean =>
  conditions.every(({ variable, value }) => variables[variable] === value)

/** Whether a field is asked for, given the variables; null when it always is. */
export const inclusionOf = ({ occurrences }: SelectedField): ((variables: Readonly<Data>) => boolean) | null =>
  occurrences.some((conditions) => conditions.length === 0)
    ? null
    : (variables) => occurrences.some((conditions) => holdAll(conditions, variables))

const isSubtype = (schema: GraphQLSchema, wanted: GraphQLNamedType | undefined, type: GraphQLNamedType): boolean => {
  if (wanted === type) return true
  return isAbstractType(wanted) && (isObjectType(type) || isInterfaceType(type)) && schema.isSubType(wanted, type)
}

/** The fields that selections ask for of an object of a type, in the order of the answer. */
export const fieldsOf = ({ schema, named }: Fragments, selected: readonly Selected[], type: GraphQLNamedType) => {
  const fields = new Map<string, SelectedField>()

  const addField = (node: FieldNode, when: readonly Condition[], parent: GraphQLNamedType): void => {
    const name = node.alias?.value ?? node.name.value
    const field = fields.get(name) ?? { name, node, parent, occurrences: [], below: [] }
    fields.set(name, field)
    field.occurrences.push(when)
    if (node.selectionSet) field.below.push({ set: node.selectionSet, when })
  }

  const visit = ({ set, when }: Selected, parent: GraphQLNamedType): void => {
    for (const selection of set.selections) {
      const own = conditionsOf(selection.directives)
      if (!own) continue
      const all = own.length > 0 ? [...when, ...own] : when
      if (selection.kind === Kind.FIELD) {
        addField(selection, all, parent)
        continue
      }
      const fragment = selection.kind === Kind.FRAGMENT_SPREAD ? named.get(selection.name.value) : selection
      const wanted = fragment?.typeCondition ? schema.getType(fragment.typeCondition.name.value) : parent
      if (!fragment || (fragment.typeCondition && !isSubtype(schema, wanted, type))) continue
      visit({ set: fragment.selectionSet, when: all }, wanted ?? parent)
    }
  }

  for (const one of selected) visit(one, type)
  return [...fields.values()]
}
