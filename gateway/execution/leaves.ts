import {
  GraphQLBoolean,
  GraphQLFloat,
  GraphQLID,
  GraphQLInt,
  type GraphQLLeafType,
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

/** Whether a value that is not null fits a scalar or an enum of the graph; a scalar of our own takes anything. */
export const isValidLeaf = (type: GraphQLLeafType): IsValid => {
  if (isEnumType(type)) {
    const values = new Set<unknown>(type.getValues().map(({ name }) => name))
    return (value) => values.has(value)
  }
  return builtIn[type.name] ?? (() => true)
}
