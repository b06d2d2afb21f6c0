import {
  GraphQLBoolean,
  GraphQLFloat,
  GraphQLID,
  GraphQLInt,
  type GraphQLLeafType,
  type GraphQLSchema,
  GraphQLString,
  isEnumType,
} from 'graphql'

type IsValid = (value: unknown) => boolean

const isText: IsValid = (value) => typeof value === 'string'

/** By the name of the type. Subgraphs have serialised what they send: here it only has to be of the right kind. */
const builtIn: Readonly<Record<string, IsValid>> = {
  [GraphQLBoolean.name]: (value) => typeof value === 'boolean',
  [GraphQLInt.name]: Number.isSafeInteger,
  [GraphQLFloat.name]: Number.isFinite,
  [GraphQLID.name]: (value) => isText(value) || Number.isSafeInteger(value),
  [GraphQLString.name]: isText,
}

const valuesOf = (type: unknown): ReadonlySet<unknown> =>
  new Set(isEnumType(type) ? type.getValues().map(({ name }) => name) : [])

/** Whether a value belongs to an enum of the supergraph: one that clients may not see is `@inaccessible`. */
export const isHiddenValue = (type: GraphQLLeafType, supergraph: GraphQLSchema): IsValid => {
  const values = valuesOf(supergraph.getType(type.name))
  return (value) => values.has(value)
}

/** Whether a value that is not null fits a scalar or an enum of the graph; a scalar of our own takes anything. */
export const isValidLeaf = (type: GraphQLLeafType): IsValid => {
  if (isEnumType(type)) {
    const values = valuesOf(type)
    return (value) => values.has(value)
  }
  return builtIn[type.name] ?? (() => true)
}
