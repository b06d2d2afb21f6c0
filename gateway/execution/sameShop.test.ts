import { readdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import fc from 'fast-check'
import { buildSchema } from 'graphql'
import { expect, onTestFinished, test } from 'vitest'
import { documentsOf, startBoth } from '../fixtures/compare.ts'
import { type Faults, makeSubgraphs } from '../fixtures/made.ts'

/** The graph of the shop itself. */
const folder = join(import.meta.dirname, '../../schema')
const supergraphSdl = await readFile(join(folder, 'supergraph.graphql'), 'utf8')
const files = await readdir(join(folder, 'subgraphs'))
const texts = files.map(
  async (file) => [basename(file, '.graphql'), await readFile(join(folder, 'subgraphs', file), 'utf8')] as const,
)
const typeDefs = new Map(await Promise.all(texts))

const schema = buildSchema(await readFile(join(folder, 'api.graphql'), 'utf8'))
const documents = documentsOf(schema)

const start = async (faults: Faults) => {
  const both = await startBoth(supergraphSdl, makeSubgraphs(typeDefs, faults))
  onTestFinished(async () => void (await both.stop()))
  return both
}

const runs = 40

test('given any document of the shop, when every subgraph answers, then our executor gives the data that Apollo gives', async () => {
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

test('given any document of the shop, when subgraphs fail here and there, then the data is the same and errors stand for the same places', async () => {
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
