import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type GraphQLSchema, getNamedType, isInputObjectType, isObjectType } from 'graphql'
import { describe, expect, test } from 'vitest'
import { isNothing, readAccessRules } from '../gateway/accessRules.ts'
import { subgraphNames } from '../platform/config.ts'
import { audited, unaudited } from './access/audited.ts'
import { doors, entityDoors, publicEntities } from './access/doors.ts'
import { byState, keyed, unmoving } from './access/repeated.ts'
import { fieldRules, harmlessArguments, type Visibility } from './access/rules.ts'
import { entitiesOf, fieldsOf, idArgumentsOf, readSchema } from './access/schema.ts'
import { goodOnce } from './refusedMoney.ts'

const read = (path: string): string => readFileSync(join(import.meta.dirname, '..', path), 'utf8')

const sdl = read('schema/supergraph.graphql')
const schema = readSchema(sdl)
const access = readAccessRules(sdl)

const ruled = new Map<string, Visibility>(
  Object.entries(fieldRules).flatMap(([type, rules]) =>
    Object.entries(rules).flatMap(([visibility, names]) =>
      names.split(' ').map((name) => [`${type}.${name}`, visibility as Visibility] as const),
    ),
  ),
)

const isForSiblings = (coordinate: string): boolean => {
  const [typeName = '', name = ''] = coordinate.split('.')
  const type = schema.getType(typeName)
  if (!isObjectType(type)) return false
  const nodes = [type.astNode, type.getFields()[name]?.astNode]
  return nodes.some((node) => node?.directives?.some((directive) => directive.name.value === 'inaccessible'))
}

const siblingArgument = (argument: string): boolean => isForSiblings(argument.split('(')[0] ?? '')

const unruledFields = (of: GraphQLSchema): string[] => fieldsOf(of).filter((field) => !ruled.has(field))
const unruledArguments = (of: GraphQLSchema): string[] =>
  idArgumentsOf(of).filter(
    (argument) => !(argument in doors) && !(argument in harmlessArguments) && !siblingArgument(argument),
  )

const unlistedMutations = (of: GraphQLSchema): string[] =>
  Object.keys(of.getMutationType()?.getFields() ?? {}).filter((name) => !(name in audited) && !(name in unaudited))

/** Mutations that are said to take a key and do not, or are not said to be anything. */
const unrepeatable = (of: GraphQLSchema): string[] =>
  Object.values(of.getMutationType()?.getFields() ?? {}).flatMap(({ name, args }) => {
    if (name in byState || unmoving.has(name)) return []
    const input = args[0] && getNamedType(args[0].type)
    const key = isInputObjectType(input) ? input.getFields().idempotencyKey : undefined
    return keyed.has(name) && String(key?.type) === 'String!' ? [] : [name]
  })

describe('rules of access', () => {
  test('given the composed graph, then every field has a rule of who sees it, and no rule is left over (R9, threat: fields)', () => {
    expect(unruledFields(schema)).toEqual([])
    const all = new Set(fieldsOf(schema))
    expect([...ruled.keys()].filter((field) => !all.has(field))).toEqual([])
  })

  test('given the composed graph, then every argument that identifies something has a door in the matrix or a reason (threat: objects)', () => {
    expect(unruledArguments(schema)).toEqual([])
    const all = new Set(idArgumentsOf(schema))
    expect([...Object.keys(doors), ...Object.keys(harmlessArguments)].filter((name) => !all.has(name))).toEqual([])
  })

  test('given the entities of every subgraph, then each is tried by the matrix or holds nothing of anybody (threat: objects)', () => {
    const tried = new Set([...publicEntities, ...entityDoors.map(({ subgraph, type }) => `${subgraph} ${type}`)])
    const all = subgraphNames.flatMap((name) =>
      entitiesOf(read(`schema/subgraphs/${name}.graphql`)).map((type) => `${name} ${type}`),
    )
    expect(all.filter((entity) => !tried.has(entity))).toEqual([])
    expect([...tried].filter((entity) => !all.includes(entity))).toEqual([])
  })

  test('given the composed graph, then every mutation leaves an entry in the audit log or has a reason why not, and never both (I22)', () => {
    expect(unlistedMutations(schema)).toEqual([])
    const all = Object.keys(schema.getMutationType()?.getFields() ?? {})
    expect([...Object.keys(audited), ...Object.keys(unaudited)].sort()).toEqual(all.sort())
  })

  test('given the composed graph, then every mutation takes a key, finds its state when it is repeated, or moves nothing (I14)', () => {
    expect(unrepeatable(schema)).toEqual([])
    const all = Object.keys(schema.getMutationType()?.getFields() ?? {})
    expect([...keyed, ...Object.keys(byState), ...unmoving].sort()).toEqual(all.sort())
    const moving = [...keyed, ...Object.keys(byState)].filter((name) => !isForSiblings(`Mutation.${name}`))
    expect(Object.keys(goodOnce).sort()).toEqual(moving.sort())
  })

  test('given a new field, argument or entity without a rule, when the rules are checked, then it is named', () => {
    const grown = readSchema(
      sdl
        .replace(/\ntype Order\n([^{]*)\{/, '\ntype Order\n$1{\n  phoneOfBuyer: String\n')
        .replace(/\ntype Query\n([^{]*)\{/, '\ntype Query\n$1{\n  order2(id: ID!): Order\n'),
    )
    expect(unruledFields(grown)).toEqual(['Order.phoneOfBuyer', 'Query.order2'])
    const riskier = readSchema(
      sdl.replace(/\ntype Mutation\n([^{]*)\{/, '\ntype Mutation\n$1{\n  payOut(id: ID!): Int\n'),
    )
    expect(unlistedMutations(riskier)).toEqual(['payOut'])
    expect(unrepeatable(riskier)).toEqual(['payOut'])
    expect(unruledArguments(grown)).toEqual(['Query.order2(id)'])
    expect(entitiesOf('type Secret @key(fields: "id") {\n  id: ID!\n}')).toEqual(['Secret'])
  })

  test('given a rule, then the graph carries it: a directive for tokens and scopes, hidden for siblings, neither for the rest (threat: fields)', () => {
    const wrong = [...ruled].filter(([coordinate, visibility]) => {
      const [type = '', field = ''] = coordinate.split('.')
      const need = access.ofField(type, field)
      if (isForSiblings(coordinate) !== (visibility === 'siblings')) return true
      if (visibility === 'scope') return need.scopes.length === 0
      if (visibility === 'token') return !need.authenticated || need.scopes.length > 0
      return !isNothing(need) && !['object', 'own'].includes(visibility)
    })
    expect(wrong).toEqual([])
  })
})
