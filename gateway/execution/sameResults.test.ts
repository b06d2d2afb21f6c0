import { ApolloServer } from '@apollo/server'
import fc from 'fast-check'
import {
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
} from 'graphql'
import { afterAll, expect, test } from 'vitest'
import { anonymous } from '#platform/auth.ts'
import { type Faults, makeMarket, readMarket } from '../fixtures/market.ts'
import { makeSupergraphGateway } from '../supergraph.ts'
import { makeExecutor } from './executor.ts'

const supergraphSdl = await readMarket()
const { schema } = makeExecutor(supergraphSdl, { execute: async () => ({}), subscribe: async () => ({}) })

/** The same graph over the same answers, run by Apollo's executor and by ours. */
const startBoth = async (faults: Faults) => {
  const market = await makeMarket(faults)
  const transport = {
    execute: (subgraph: string, { query, variables }: { query: string; variables?: object }) =>
      market.execute(subgraph, query, variables),
    subscribe: async () => ({}),
  }
  const [apollo, ours] = (['apollo', 'own'] as const).map(
    (runsPlans) =>
      new ApolloServer({
        nodeEnv: 'production',
        gateway: makeSupergraphGateway({ supergraphSdl, transport, enforcer: null, runsPlans }),
      }),
  ) as [ApolloServer, ApolloServer]
  await Promise.all([apollo.start(), ours.start()])
  afterAll(async () => void (await Promise.all([apollo.stop(), ours.stop()])))
  return { apollo, ours }
}

const variables = { yes: 'Boolean! = true', no: 'Boolean!', text: 'ID! = "e1"', count: 'Int! = 2' }

/** Builds a document out of a list of numbers: each decides one thing, and a list that has ended decides for less. */
const makeDocument = (graph: GraphQLSchema, choices: readonly number[], kind: 'query' | 'mutation'): string => {
  const left = [...choices]
  const choose = (count: number): number => (left.shift() ?? 0) % count
  const names = new Map<string, string>()

  /** One meaning for each response name, or the document is not valid. */
  const aliasOf = (parent: string, text: string): string => {
    const alias = `a${choose(5)}`
    const meaning = `${parent} ${text}`
    if ((names.get(alias) ?? meaning) !== meaning) return ''
    names.set(alias, meaning)
    return `${alias}: `
  }

  const conditions = [
    '',
    '',
    '',
    '',
    ' @include(if: $yes)',
    ' @skip(if: $yes)',
    ' @include(if: $no)',
    ' @skip(if: false)',
  ]
  const condition = (): string => conditions[choose(conditions.length)] ?? ''

  const argumentsOf = ({ args }: GraphQLField<unknown, unknown>): string => {
    const given = args.filter(({ type }) => String(type).endsWith('!') || choose(3) === 1)
    const values = given.map(({ name, type }) => {
      const isText = /ID|String/.test(String(type))
      const variable = choose(2) === 1 ? (isText ? '$text' : '$count') : isText ? `"e${choose(3)}"` : choose(4)
      return `${name}: ${variable}`
    })
    return values.length > 0 ? `(${values.join(', ')})` : ''
  }

  const fieldOf = (type: GraphQLNamedType, depth: number): string => {
    if (choose(6) === 5) return `${aliasOf('', '__typename')}__typename`
    if (!isObjectType(type) && !isInterfaceType(type)) return '__typename'
    const fields = Object.values(type.getFields()).filter(
      ({ type: inner }) => depth > 0 || !isCompositeType(getNamedType(inner)),
    )
    const field = fields[choose(fields.length)]
    if (!field) return '__typename'
    const inner = getNamedType(field.type)
    const call = `${field.name}${argumentsOf(field)}`
    // A field with arguments needs a name of its own: two calls with different ones may not share it.
    const alias = field.args.length > 0 ? `${field.name}_${call.replaceAll(/\W+/g, '_')}: ` : ''
    const below = isCompositeType(inner) ? ` ${setOf(inner, depth - 1)}` : ''
    if (alias || below) return `${alias}${call}${condition()}${below}`
    return `${choose(4) === 3 ? aliasOf(type.name, call) : ''}${call}${condition()}`
  }

  const selectionOf = (type: GraphQLNamedType, depth: number): string => {
    if (isAbstractType(type) && choose(2) === 0) {
      const types = graph.getPossibleTypes(type)
      const possible = types[choose(types.length)] ?? type
      return `... on ${possible.name}${condition()} ${setOf(possible, depth)}`
    }
    return choose(9) === 8 ? `...${condition()} ${setOf(type, depth)}` : fieldOf(type, depth)
  }

  const setOf = (type: GraphQLNamedType, depth: number): string =>
    `{ ${Array.from({ length: 2 + choose(4) }, () => selectionOf(type, depth)).join(' ')} }`

  const root = kind === 'query' ? graph.getQueryType() : graph.getMutationType()
  if (!root) throw new Error('no root')
  const body = setOf(root, 5)
  const used = Object.entries(variables).filter(([name]) => body.includes(`$${name}`))
  const declared = used.map(([name, type]) => `$${name}: ${type}`).join(', ')
  return `${kind}${declared ? ` (${declared})` : ''} ${body}`
}

const documents = fc
  .tuple(
    fc.noBias(fc.array(fc.nat(1_000), { minLength: 20, maxLength: 160, size: 'max' })),
    fc.constantFrom('query' as const, 'mutation' as const),
  )
  .map(([choices, kind]) => makeDocument(schema, choices, kind))

const both = async ({ apollo, ours }: Awaited<ReturnType<typeof startBoth>>, query: string, no: boolean) => {
  const answers = [apollo, ours].map(async (server) => {
    const { body } = await server.executeOperation(
      { query, variables: { no } },
      { contextValue: { viewer: anonymous } },
    )
    if (body.kind !== 'single') throw new Error('not one answer')
    return JSON.parse(JSON.stringify(body.singleResult))
  })
  const [theirs, own] = await Promise.all(answers)
  return { theirs, own }
}

const runs = 250

test('given any document, when every subgraph answers, then our executor gives the data that Apollo gives', async () => {
  const servers = await startBoth({ nulls: 4, errors: 0 })
  let answered = 0
  await fc.assert(
    fc.asyncProperty(documents, fc.boolean(), async (query, no) => {
      const { theirs, own } = await both(servers, query, no)
      if (theirs.data) answered += 1
      expect(own.data).toEqual(theirs.data)
    }),
    { numRuns: runs },
  )
  // A test of documents that nobody can run would prove nothing.
  expect(answered).toBeGreaterThan(runs / 2)
}, 120_000)

test('given any document, when subgraphs fail here and there, then the data is the same and errors stand for the same places', async () => {
  const servers = await startBoth({ nulls: 4, errors: 3 })
  await fc.assert(
    fc.asyncProperty(documents, fc.boolean(), async (query, no) => {
      const { theirs, own } = await both(servers, query, no)
      expect(own.data).toEqual(theirs.data)
      if (theirs.errors) expect(own.errors).toBeDefined()
      // Apollo notes a broken promise in the extensions alone.
      if (own.errors) expect(theirs.errors ?? theirs.extensions).toBeDefined()
    }),
    { numRuns: runs },
  )
}, 120_000)
