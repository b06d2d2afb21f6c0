import { readdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import fc from 'fast-check'
import { buildSchema, type GraphQLSchema } from 'graphql'
import { describe, expect, onTestFinished, test } from 'vitest'
import { startBoth } from '../fixtures/compare.ts'
import { makeDocument } from '../fixtures/documents.ts'
import { type Faults, makeSubgraphs } from '../fixtures/made.ts'
import { makeMarket, readMarket } from '../fixtures/market.ts'
import { makeExecutor } from './executor.ts'

const readMarketGraph = async () => {
  const supergraphSdl = await readMarket()
  const { schema } = makeExecutor(supergraphSdl, { execute: async () => ({}), subscribe: async () => ({}) })
  return { name: 'of a market with all that federation has', runs: 250, supergraphSdl, schema, make: makeMarket }
}

const folder = join(import.meta.dirname, '../../schema')

const readShopGraph = async () => {
  const supergraphSdl = await readFile(join(folder, 'supergraph.graphql'), 'utf8')
  const schema = buildSchema(await readFile(join(folder, 'api.graphql'), 'utf8'))
  const texts = (await readdir(join(folder, 'subgraphs'))).map(
    async (file) => [basename(file, '.graphql'), await readFile(join(folder, 'subgraphs', file), 'utf8')] as const,
  )
  const typeDefs = new Map(await Promise.all(texts))
  const make = async (faults: Faults) => makeSubgraphs(typeDefs, faults)
  return { name: 'of the shop', runs: 40, supergraphSdl, schema, make }
}

/** Queries and mutations, and a value for the variable `no`. */
const documentsOf = (schema: GraphQLSchema) =>
  fc.tuple(
    fc
      .tuple(
        fc.noBias(fc.array(fc.nat(1_000), { minLength: 20, maxLength: 160, size: 'max' })),
        fc.constantFrom('query' as const, 'mutation' as const),
      )
      .map(([choices, kind]) => makeDocument(schema, choices, kind)),
    fc.boolean(),
  )

const graphs = [await readMarketGraph(), await readShopGraph()]

describe.each(graphs)('given any document $name', ({ runs, supergraphSdl, schema, make }) => {
  const documents = documentsOf(schema)

  const start = async (faults: Faults) => {
    const both = await startBoth(supergraphSdl, await make(faults))
    onTestFinished(async () => void (await both.stop()))
    return both
  }

  test('when every subgraph answers, then our executor gives the data that Apollo gives', async () => {
    const { ask } = await start({ nulls: 4, errors: 0 })
    let answered = 0
    await fc.assert(
      fc.asyncProperty(documents, async ([query, no]) => {
        const { theirs, own } = await ask(query, no)
        if (theirs.data) answered += 1
        expect(own.data).toEqual(theirs.data)
      }),
      { numRuns: runs },
    )
    // A test of documents that nobody can run would prove nothing.
    expect(answered).toBeGreaterThan(runs / 2)
  }, 120_000)

  test('when subgraphs fail here and there, then the data is the same and errors stand for the same places', async () => {
    const { ask } = await start({ nulls: 4, errors: 3 })
    await fc.assert(
      fc.asyncProperty(documents, async ([query, no]) => {
        const { theirs, own } = await ask(query, no)
        expect(own.data).toEqual(theirs.data)
        if (theirs.errors) expect(own.errors).toBeDefined()
        // Apollo notes a broken promise in the extensions alone.
        if (own.errors) expect(theirs.errors ?? theirs.extensions).toBeDefined()
      }),
      { numRuns: runs },
    )
  }, 120_000)
})
