import { type GraphQLInputType, getNamedType, isInputObjectType, Kind, type ValueNode } from 'graphql'
import { type AccessRules, both, type Requirement } from './accessRules.ts'

type Rules = Pick<AccessRules, 'ofType'>

/** Of every type that a value of this type may be made of. `seen` ends circles. */
const ofAnyValue = (rules: Rules, input: GraphQLInputType, seen: readonly string[] = []): Requirement => {
  const type = getNamedType(input)
  const own = rules.ofType(type.name)
  if (!isInputObjectType(type) || seen.includes(type.name)) return own
  return Object.values(type.getFields()).reduce(
    (sum, field) => both(sum, ofAnyValue(rules, field.type, [...seen, type.name])),
    own,
  )
}

/**
 * What it takes to give this value for an argument: protected scalars and enums count where they go in as well as where they come
 * out. Of a literal those parts count that it has; a variable may turn out to have any part of its type, so all of them count.
 */
export const needOfValue = (rules: Rules, input: GraphQLInputType, value: ValueNode): Requirement => {
  if (value.kind === Kind.VARIABLE) return ofAnyValue(rules, input)
  const type = getNamedType(input)
  const own = rules.ofType(type.name)
  if (value.kind === Kind.LIST)
    return value.values.reduce((sum, item) => both(sum, needOfValue(rules, type, item)), own)
  if (value.kind !== Kind.OBJECT || !isInputObjectType(type)) return own
  const fields = type.getFields()
  return value.fields.reduce((sum, { name, value: part }) => {
    const field = fields[name.value]
    return field ? both(sum, needOfValue(rules, field.type, part)) : sum
  }, own)
}
