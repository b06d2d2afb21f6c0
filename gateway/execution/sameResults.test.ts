import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { documentsOf, startBoth } from '../fixtures/compare.ts'
import type { Faults } from '../fixtures/made.ts'
import { makeMarket, readMarket } from '../fixtures/market.ts'
import { makeExecutor } from './executor.ts'

const supergraphSdl = await readMarket()
const { schema } = makeExecutor(supergraphSdl, { execute: async () => ({}), subscribe: async () => ({}) })
const documents = documentsOf(schema)

const start = async (faults: Faults) => {
  const both = await startBoth(supergraphSdl, await makeMarket(faults))
  onTestFinished(async () => void (await both.stop()))
  return both
}

const runs = 250

test('given any document, when every subgraph answers, then our executor gives the data that Apollo gives', async () => {
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

test('given any document, when subgraphs fail here and there, then the data is the same and errors stand for the same places', async () => {
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
