import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buildASTSchema, parse, validate } from 'graphql'
import { expect, test } from 'vitest'
import type { SubgraphCaller, SubgraphOperation } from '#platform/caller.ts'
import { makeProductsClient } from './clients.ts'

test('given variants of which one does not exist, then what is known of the others, and the schema of products fits', async () => {
  const asked: SubgraphOperation[] = []
  const call: SubgraphCaller = async <Data>(_: string, operation: SubgraphOperation) => {
    asked.push(operation)
    return { variants: [null, { id: 'var_B', sellerId: 'usr_1', isSold: false }] } as Data
  }
  const offers = await makeProductsClient(call).offers(['var_A', 'var_B'])
  expect([...offers]).toEqual([['var_B', { id: 'var_B', sellerId: 'usr_1', isSold: false }]])
  expect(asked[0]?.variables).toEqual({ ids: ['var_A', 'var_B'] })
  const sdl = await readFile(join(import.meta.dirname, '../../schema/subgraphs/products.graphql'), 'utf8')
  expect(validate(buildASTSchema(parse(sdl), { assumeValidSDL: true }), parse(asked[0]?.query ?? ''))).toEqual([])
})
