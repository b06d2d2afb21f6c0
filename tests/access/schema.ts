import {
  buildASTSchema,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isInputObjectType,
  isInterfaceType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
  parse,
} from 'graphql'

/** A composed supergraph, with what only siblings may use. */
export const readSchema = (sdl: string): GraphQLSchema =>
  buildASTSchema(parse(sdl), { assumeValid: true, assumeValidSDL: true })

const outputTypes = (schema: GraphQLSchema) =>
  Object.values(schema.getTypeMap()).filter(
    (type) => (isObjectType(type) || isInterfaceType(type)) && !/^(?:__|join__|link__)/.test(type.name),
  ) as GraphQLObjectType[]

/** Every field of every type: `Order.email`. */
export const fieldsOf = (schema: GraphQLSchema): string[] =>
  outputTypes(schema).flatMap((type) => Object.keys(type.getFields()).map((name) => `${type.name}.${name}`))

/** Arguments that name a thing or open a door to one. */
const isIdentifying = (name: string, type: GraphQLNamedType): boolean =>
  type.name === 'ID' || /(?:^id|Ids?|[tT]oken|slug|actor|target)$/.test(name)

const idsOfInput = (name: string, input: GraphQLInputType, seen: readonly string[] = []): string[] => {
  const type = getNamedType(input)
  if (isIdentifying(name.split('.').at(-1) ?? '', type)) return [name]
  if (!isInputObjectType(type) || seen.includes(type.name)) return []
  return Object.values(type.getFields()).flatMap((field) =>
    idsOfInput(`${name}.${field.name}`, field.type, [...seen, type.name]),
  )
}

/** Every argument that identifies something, also inside inputs: `Mutation.cancelOrder(input.id)`. */
export const idArgumentsOf = (schema: GraphQLSchema): string[] =>
  outputTypes(schema).flatMap((type) =>
    Object.values(type.getFields()).flatMap((field) =>
      field.args.flatMap((argument) =>
        idsOfInput(argument.name, argument.type).map((path) => `${type.name}.${field.name}(${path})`),
      ),
    ),
  )

/** A selection of every field of a type, down to a depth, without those that need arguments. */
export const selectAll = (schema: GraphQLSchema, typeName: string, depth = 3): string => {
  const type = schema.getType(typeName)
  if (!isObjectType(type) && !isInterfaceType(type)) return ''
  const fields = Object.values(type.getFields()).flatMap((field) => {
    const result = getNamedType(field.type)
    if (field.args.some(isRequiredArgument)) return []
    if (isLeafType(result)) return [field.name]
    const inner = depth > 1 ? selectAll(schema, result.name, depth - 1) : ''
    return inner ? [`${field.name} ${inner}`] : []
  })
  return fields.length > 0 ? `{ ${fields.join(' ')} }` : ''
}

/** Types that a subgraph answers through `_entities`. */
export const entitiesOf = (subgraphSdl: string): string[] =>
  [...subgraphSdl.matchAll(/^(?:extend )?type (\w+)[^{]*@key\([^)]*\)[^{]*\{/gm)].flatMap(([text, name = '']) =>
    text.includes('resolvable: false') ? [] : [name],
  )
