import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { HeaderMap } from '@apollo/server'
import { Kind, type OperationDefinitionNode, OperationTypeNode } from 'graphql'
import { expect, test } from 'vitest'
import { registry } from '#platform/metrics/kinds.ts'
import { measuring, readOperationNames } from './measuring.ts'

const operationNamed = (name: string): OperationDefinitionNode => ({
  kind: Kind.OPERATION_DEFINITION,
  operation: OperationTypeNode.QUERY,
  name: { kind: Kind.NAME, value: name },
  selectionSet: {
    kind: Kind.SELECTION_SET,
    selections: [{ kind: Kind.FIELD, name: { kind: Kind.NAME, value: 'products' } }],
  },
})

const seriesCount = async (): Promise<number> =>
  (await registry.metrics()).split('\n').filter((line) => line !== '' && !line.startsWith('#')).length

test('given 100,000 operations with names of their own, then there are no more series than before (threat: metric cardinality)', async () => {
  const plugin = measuring(new Set(['Browse']))
  const answer = async (operation: OperationDefinitionNode) => {
    const listener = await plugin.requestDidStart?.({} as never)
    const response = { http: { headers: new HeaderMap() }, body: { kind: 'single', singleResult: { data: {} } } }
    await listener?.willSendResponse?.({ operation, response } as never)
  }
  await answer(operationNamed('Browse'))
  await answer(operationNamed('another'))
  const before = await seriesCount()
  for (let n = 0; n < 100_000; n++) await answer(operationNamed(`hostile${n}`))
  expect(await seriesCount()).toBe(before)
  expect(before).toBeLessThan(1_000)
})

test('given a manifest, then its names are the known ones; without one there are none', async () => {
  const file = join(tmpdir(), `manifest-${process.pid}.json`)
  await writeFile(file, JSON.stringify({ a: 'query Browse { a } fragment F on A { b }', b: '{ c }' }))
  expect(await readOperationNames(file)).toEqual(new Set(['Browse']))
  expect(await readOperationNames(`${file}.missing`)).toEqual(new Set())
})
