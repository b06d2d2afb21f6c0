import { type ExecutionResult, type OperationDefinitionNode, parse } from 'graphql'
import { expect, test } from 'vitest'
import { anonymous } from '#platform/auth.ts'
import { makeMarket, readMarket } from '../fixtures/market.ts'
import { makeExecutor } from './executor.ts'
import { makePlanner } from './planner.ts'
import type { StreamingContext } from './subgraphs.ts'

const supergraphSdl = await readMarket()
const market = await makeMarket()

const start = (answer?: (subgraph: string) => Promise<ExecutionResult> | undefined) => {
  const executor = makeExecutor<StreamingContext>(supergraphSdl, {
    execute: (subgraph, { query, variables }) => answer?.(subgraph) ?? market.execute(subgraph, query, variables),
    subscribe: async () => ({}),
  })
  const run = (text: string, variables: Record<string, unknown> = {}) => {
    // Each time another document object, as when a text arrives several times at once.
    const document = parse(text)
    const operation = document.definitions[0] as OperationDefinitionNode
    return executor.execute({ document, operation, documentId: text, variables, context: { viewer: anonymous } })
  }
  return { executor, run }
}

test('given a plan with something that is not covered here, when it runs, then it is left to whoever else may run it, and a stream is refused', async () => {
  const planner = makePlanner(supergraphSdl)
  const transport = { execute: async () => ({}), subscribe: async () => ({}) }
  const executor = makeExecutor(supergraphSdl, transport, {
    planner: { ...planner, plan: () => ({ kind: 'Defer' }) },
  })
  const run = (text: string) => {
    const document = parse(text)
    const operation = document.definitions[0] as OperationDefinitionNode
    const request = { document, operation, documentId: text, variables: {}, context: { viewer: anonymous } }
    return executor.execute(request, async () => ({ data: { by: 'another' } }))
  }
  expect(await run('{ orders { id } }')).toEqual({ data: { by: 'another' } })
  expect(await run('subscription { variantChanged { product { id } } }')).toMatchObject({
    errors: [{ extensions: { code: 'BAD_REQUEST' } }],
  })
})

test.each([
  ['{ __typename orders { id } }', { errors: [{ extensions: { code: 'BAD_REQUEST' } }] }],
  [
    '{ ...Q } fragment Q on Query { orders { id } }',
    { errors: [{ message: expect.stringContaining('Query.orders') }] },
  ],
  ['{ __typename }', { data: { __typename: 'Query' } }],
  ['{ orders @skip(if: true) { id } }', { data: {} }],
])(
  'given a planner that finds nobody to answer, when %s is asked, then only data that is asked for is refused',
  async (text, answer) => {
    const planner = { ...makePlanner(supergraphSdl), plan: () => undefined }
    const transport = { execute: async () => ({}), subscribe: async () => ({}) }
    const document = parse(text)
    const operation = document.definitions[0] as OperationDefinitionNode
    const request = { document, operation, documentId: text, variables: {}, context: { viewer: anonymous } }
    expect(await makeExecutor<StreamingContext>(supergraphSdl, transport, { planner }).execute(request)).toMatchObject(
      answer,
    )
  },
)

const query = '{ orders { id customer { name } items { product { title stock } } } }'

test('given twenty equal operations at once, when none was seen before, then one of them is planned (parameters table: plans)', async () => {
  const { executor, run } = start()
  const results = await Promise.all(Array.from({ length: 20 }, () => run(query)))
  expect(executor.planned()).toBe(1)
  expect(new Set(results.map((result) => JSON.stringify(result))).size).toBe(1)
})

test('given introspection beside data, when it runs, then both are answered and no subgraph is asked about the schema', async () => {
  const { run } = start()
  const { data, errors } = await run(
    'query ($name: String!) { ...Q orders(first: 1) { id } } fragment Q on Query { __type(name: $name) { kind } root: __typename }',
    { name: 'Order' },
  )
  expect(errors).toBeUndefined()
  expect(data).toMatchObject({ __type: { kind: 'OBJECT' }, root: 'Query', orders: expect.any(Array) })
})

test('given a subgraph that is away, when others answer, then their part is there and the error names the place (F9)', async () => {
  const away = (subgraph: string) => (subgraph === 'users' ? Promise.reject(new Error('away')) : undefined)
  const { data, errors } = await start(away).run('{ orders { id customer { email } } }')
  expect(data?.orders).toEqual(expect.arrayContaining([{ id: expect.any(String), customer: { email: null } }]))
  expect(errors).toHaveLength(1)
  expect(errors?.[0]?.path).toEqual(['orders', 0, 'customer', 'email'])
})

test.each([
  ['constructor', '{ orders { constructor: number toString: state } }'],
  ['valueOf', '{ orders { valueOf: id customer { hasOwnProperty: name } } }'],
])(
  'given names that every object inherits (%s), when they are asked for, then only what subgraphs said stands there',
  async (_name, text) => {
    const { data, errors } = await start().run(text)
    expect(errors).toBeUndefined()
    expect(JSON.stringify(data)).not.toContain('function')
  },
)

test('given a field called __proto__, when it is asked for, then it is refused and nothing is touched (threat: injection)', async () => {
  const { errors } = await start().run('{ orders { __proto__: id } }')
  expect(errors).toMatchObject([{ extensions: { code: 'BAD_REQUEST' } }])
  expect('id' in {}).toBe(false)
})

test('given variables that do not fit, when it runs, then the error names them and no subgraph is asked', async () => {
  const asked: string[] = []
  const { run } = start((subgraph) => void asked.push(subgraph) as undefined)
  const { errors } = await run('query ($first: Int!) { orders(first: $first) { id } }', { first: 'many' })
  expect(errors?.[0]?.message).toContain('$first')
  expect(asked).toEqual([])
})
