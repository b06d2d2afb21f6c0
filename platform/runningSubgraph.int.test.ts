import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import DataLoader from 'dataloader'
import { GraphQLError } from 'graphql'
import { expect, onTestFinished, test } from 'vitest'
import { ShopError } from '#kernel/errors.ts'
import { makeManualClock, seconds } from '#kernel/time.ts'
import { makeTestDeps, startTestSubgraph } from '../tests/subgraph.ts'
import { anonymous, service, type Viewer } from './auth.ts'
import { makeCallSigner } from './caller.ts'
import type { RequestContext } from './context.ts'
import { makeLog } from './log.ts'
import { anyone, mutation, only } from './resolvers.ts'
import { startSubgraph } from './runningSubgraph.ts'
import { defineSubgraph, type SubgraphDefinition } from './subgraph.ts'

const schema = /* GraphQL */ `
  type Query {
    viewer: String!
    secondLoad: Int!
    refuse: String
    wrongType: Int
    missing: String!
    at(at: DateTime!): DateTime
    ownCode: String
    fail: String
  }
  type Mutation {
    count: CountPayload!
    fail: CountPayload!
  }
  type CountPayload {
    count: Int
    userErrors: [UserError!]!
  }
  type Subscription {
    counted: Int!
    loads: Int!
    fed(from: Int, after: Int): Int!
    unopened: Int
    unread: Int
  }
`

type Context = RequestContext<DataLoader<string, number>>

const makeResolvers = () => {
  let count = 0
  const batches: (readonly string[])[] = []
  const left = Promise.withResolvers<void>()
  return {
    batches,
    left: left.promise,
    resolvers: {
      Query: {
        viewer: (_parent: unknown, _args: unknown, { viewer, requestId }: Context) => `${viewer.kind} ${requestId}`,
        secondLoad: async (_parent: unknown, _args: unknown, { loaders }: Context) =>
          (await loaders.load('a')) + (await loaders.load('a')),
        refuse: () => {
          throw new ShopError('CONFLICT', 'Again.', ['id'])
        },
        wrongType: () => 'canary of the database',
        missing: () => null,
        ownCode: () => {
          throw new GraphQLError('Too deep.', { extensions: { code: 'LIMIT_EXCEEDED' } })
        },
        fail: () => {
          throw new TypeError('canary of the database')
        },
      },
      Mutation: {
        count: mutation(only('orders'), { count: null }, async () => ({ count: ++count })),
        fail: mutation(anyone, { count: null }, () => Promise.reject(new Error('canary of the database'))),
      },
      Subscription: {
        counted: {
          subscribe: () => {
            const { promise, resolve } = Promise.withResolvers<IteratorResult<unknown>>()
            const leave = async () => {
              left.resolve()
              resolve({ done: true, value: undefined })
              return { done: true, value: undefined }
            }
            const silent = { next: () => promise, return: leave, [Symbol.asyncIterator]: () => silent }
            return silent
          },
        },
        loads: {
          subscribe: async function* () {
            yield { loads: 1 }
            yield { loads: 2 }
          },
          resolve: async (_parent: unknown, _args: unknown, { loaders }: Context) => loaders.load('a'),
        },
        fed: {
          subscribe: async function* (_parent: unknown, { from = 0, after = 0 }: { from?: number; after?: number }) {
            yield { seq: after + 1, value: from }
          },
          resolve: ({ value }: { value: number }) => value,
        },
        unopened: { subscribe: () => Promise.reject(new Error('canary of the database')) },
        unread: {
          subscribe: async function* () {
            yield {}
          },
          resolve: () => Promise.reject(new Error('canary of the database')),
        },
      },
    },
  }
}

const define = async (change: (resolvers: Record<string, unknown>) => Record<string, unknown> = (same) => same) => {
  const folder = await mkdtemp(join(tmpdir(), 'subgraph-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  await writeFile(join(folder, 'schema.graphql'), schema)
  const made = makeResolvers()
  const loaders = () =>
    new DataLoader<string, number>(async (keys) => {
      made.batches.push(keys)
      return keys.map(() => made.batches.length)
    })
  const definition: SubgraphDefinition = defineSubgraph({
    name: 'cart',
    folder,
    build: () => ({ resolvers: change(made.resolvers), loaders }),
  })
  return { definition, ...made }
}

const start = async () => {
  const lines: string[] = []
  const clock = makeManualClock()
  const made = await define()
  const log = makeLog('error', { write: (line) => void lines.push(line) })
  const started = await startTestSubgraph(made.definition, { clock, log })
  const { config, ids } = started.deps
  const sign = makeCallSigner({ secret: config.internalSecret, clock, ids })
  const call = (query: string, viewer: Viewer = anonymous, name: 'cart' | 'orders' = 'cart') =>
    sign(name, { viewer, body: JSON.stringify({ query }), requestId: 'req_7' })
  return { ...started, ...made, clock, call, sign, lines: () => lines.map((line) => JSON.parse(line)) }
}

test('given a signed call, when it comes, then resolvers see its viewer and request (R10)', async () => {
  const { subgraph, call } = await start()
  expect(await subgraph.execute(call('{ viewer }', service('orders')))).toEqual({
    status: 200,
    result: { data: { viewer: 'service req_7' } },
  })
})

test('given a call that is not signed for here and now, when it comes, then it is refused whatever it asks (R10)', async () => {
  const { subgraph, call, clock } = await start()
  const good = call('{ viewer }')
  const old = call('{ viewer }')
  const calls = [
    { ...good, headers: {} },
    { ...good, body: good.body.replace('viewer', '_service { sdl }') },
    call('{ viewer }', anonymous, 'orders'),
  ]
  const refused = {
    errors: [{ message: 'This call is not signed by the gateway.', extensions: { code: 'UNAUTHENTICATED' } }],
  }
  const refusals = async (wrong: typeof good) => {
    const { status, result } = await subgraph.execute(wrong)
    expect([status, JSON.parse(JSON.stringify(result))]).toEqual([401, refused])
    expect(JSON.parse(JSON.stringify(await subgraph.subscribe(wrong)))).toEqual(refused)
  }
  for (const wrong of calls) await refusals(wrong)
  clock.advance(seconds(31))
  await refusals(old)
})

test('given a mutation, when the same call is made again, then it does not run twice; a query may repeat (R10)', async () => {
  const { subgraph, call } = await start()
  const counting = call('mutation { count { count } }', service('orders'))
  expect((await subgraph.execute(counting)).result).toEqual({ data: { count: { count: 1 } } })
  const replayed = await Promise.all([subgraph.execute(counting), subgraph.execute(counting)])
  for (const { result } of replayed) expect(result.errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }])
  const again = await subgraph.execute(call('mutation { count { count } }', service('orders')))
  expect(again.result).toEqual({ data: { count: { count: 2 } } })
  const reading = call('{ viewer }')
  for (const _ of [1, 2]) expect((await subgraph.execute(reading)).result.errors).toBeUndefined()
})

test('given a refusal in a query, when it is answered, then code, field and retryable are there (R17)', async () => {
  const { subgraph, call, lines } = await start()
  const { result } = await subgraph.execute(call('{ refuse viewer }'))
  expect(JSON.parse(JSON.stringify(result))).toMatchObject({
    data: { refuse: null, viewer: 'anonymous req_7' },
    errors: [{ message: 'Again.', path: ['refuse'], extensions: { code: 'CONFLICT', retryable: true, field: ['id'] } }],
  })
  expect(lines()).toEqual([])
})

test('given a fault, when it is answered, then it is masked, and the log has it with the subgraph and the request (R17, R18)', async () => {
  const { subgraph, call, lines } = await start()
  for (const query of ['{ fail }', 'mutation { fail { count } }']) {
    const { result } = await subgraph.execute(call(query))
    expect(result.errors).toMatchObject([
      { message: 'Something went wrong on our side.', path: ['fail'], extensions: { code: 'INTERNAL_SERVER_ERROR' } },
    ])
    expect(JSON.stringify(result)).not.toMatch(/canary|stack/)
  }
  const logged = {
    ...{ msg: 'a resolver failed', subgraph: 'cart', requestId: 'req_7' },
    ...{ path: 'fail', cause: expect.stringContaining('canary') },
  }
  expect(lines()).toMatchObject([logged, logged])
})

test('given a stream that cannot be opened, and an event that cannot be read, then the line of each names the request that has subscribed (R17)', async () => {
  const { subgraph, call, lines } = await start()
  const masked = { errors: [{ extensions: { code: 'INTERNAL_SERVER_ERROR' } }] }
  expect(await subgraph.subscribe(call('subscription { unopened }'))).toMatchObject(masked)
  const stream = await subgraph.subscribe(call('subscription { unread }'))
  for await (const event of stream as AsyncIterable<unknown>) expect(event).toMatchObject(masked)
  expect(lines()).toMatchObject([
    { path: 'unopened', requestId: 'req_7' },
    { path: 'unread', requestId: 'req_7' },
  ])
})

test('given a resolver whose answer does not fit the schema, when it is answered, then it is a fault like any other (R17)', async () => {
  const { subgraph, call, lines } = await start()
  for (const field of ['wrongType', 'missing']) {
    const { result } = await subgraph.execute(call(`{ ${field} }`))
    expect(JSON.parse(JSON.stringify(result.errors))).toEqual([
      { message: 'Something went wrong on our side.', path: [field], extensions: { code: 'INTERNAL_SERVER_ERROR' } },
    ])
  }
  expect(lines()).toMatchObject([{ path: 'wrongType' }, { path: 'missing' }])
})

test('given a GraphQL error with a code of its own, when a resolver throws it, then code and text stay', async () => {
  const { subgraph, call, lines } = await start()
  const { result } = await subgraph.execute(call('{ ownCode }'))
  expect(result.errors).toMatchObject([{ message: 'Too deep.', extensions: { code: 'LIMIT_EXCEEDED' } }])
  expect(lines()).toEqual([])
})

test('given a call whose time is over before it begins, then nothing is read and nothing is changed for it', async () => {
  const { subgraph, sign, batches } = await start()
  const ask = (query: string, remainingMs: number) =>
    subgraph.execute(sign('cart', { viewer: service('orders'), body: JSON.stringify({ query }), remainingMs }))
  for (const query of ['{ secondLoad }', 'mutation { count { count } }']) {
    const { status, result } = await ask(query, 0)
    expect([status, result.errors?.[0]?.extensions]).toEqual([200, { code: 'UNAVAILABLE', retryable: true }])
  }
  expect(batches).toEqual([])
  expect((await ask('mutation { count { count } }', 1)).result.data).toEqual({ count: { count: 1 } })
})

test('given variables that do not fit, when the operation comes, then it is BAD_USER_INPUT and no fault', async () => {
  const { subgraph, sign, lines } = await start()
  const body = JSON.stringify({ query: 'query ($at: DateTime!) { at(at: $at) }', variables: { at: 'tomorrow' } })
  const { result } = await subgraph.execute(sign('cart', { viewer: anonymous, body }))
  expect(result.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }])
  expect(lines()).toEqual([])
})

test('given an operation that is no GraphQL or not of this schema, when it comes, then it is BAD_USER_INPUT or the like, no fault', async () => {
  const { subgraph, call, lines } = await start()
  for (const query of ['{', '{ nothing }', 'mutation { count }', '']) {
    const { result } = await subgraph.execute(call(query))
    expect(result.errors?.[0]?.extensions?.code).toMatch(
      /^(GRAPHQL_PARSE_FAILED|GRAPHQL_VALIDATION_FAILED|BAD_REQUEST|BAD_USER_INPUT)$/,
    )
  }
  expect(lines()).toEqual([])
})

test('given two operations, when both load the same thing, then each has loaders of its own', async () => {
  const { subgraph, call, batches } = await start()
  expect((await subgraph.execute(call('{ secondLoad }'))).result.data).toEqual({ secondLoad: 2 })
  expect((await subgraph.execute(call('{ secondLoad }'))).result.data).toEqual({ secondLoad: 4 })
  expect(batches).toHaveLength(2)
})

test('given a subscription, when events come, then each is loaded anew and the stream ends with its source', async () => {
  const { subgraph, call } = await start()
  const stream = await subgraph.subscribe(call('subscription { loads }'))
  const seen: unknown[] = []
  for await (const { data } of stream as AsyncIterable<{ data: unknown }>) seen.push(data)
  expect(seen).toEqual([{ loads: 1 }, { loads: 2 }])
})

test('given a feed, then each event carries its number whatever is selected, and the gateway goes on after a number of its own (R15)', async () => {
  const { subgraph, sign } = await start()
  const events = async (query: string, extensions?: object, variables?: object) => {
    const body = JSON.stringify({ query, variables, extensions })
    const stream = await subgraph.subscribe(sign('cart', { viewer: anonymous, body }))
    const seen: unknown[] = []
    for await (const event of stream as AsyncIterable<unknown>) seen.push(event)
    return seen
  }
  expect(await events('subscription { value: fed(from: 3) }')).toEqual([{ data: { value: 3 }, extensions: { seq: 1 } }])
  for (const [query, variables] of [
    ['subscription { value: fed(from: 3) }'],
    ['subscription { value: fed(from: 3, after: 1) }'],
    ['subscription ($n: Int) { value: fed(from: 3, after: $n) }', { n: 1 }],
  ] as const)
    expect(await events(query, { after: 41 }, variables)).toEqual([{ data: { value: 3 }, extensions: { seq: 42 } }])
  expect(await events('subscription { loads }', { after: 41 })).toEqual([
    { data: { loads: 1 } },
    { data: { loads: 2 } },
  ])
})

test('given a silent subscription, when the subscriber leaves, then the source hears of it at once', async () => {
  const { subgraph, call, left } = await start()
  const stream = (await subgraph.subscribe(call('subscription { counted }'))) as AsyncIterable<unknown>
  const events = stream[Symbol.asyncIterator]()
  const waiting = events.next()
  expect(await events.return?.()).toEqual({ done: true, value: undefined })
  await left
  expect(await waiting).toEqual({ done: true, value: undefined })
})

test('given a mutation without a guard, when the subgraph starts, then it refuses and names it (R9)', async () => {
  const bare = { count: async () => ({ count: 1 }), fail: async () => ({}) }
  const { definition } = await define((resolvers) => ({ ...resolvers, Mutation: bare }))
  const deps = await makeTestDeps('cart')
  await expect(startSubgraph(definition, deps)).rejects.toThrow('Mutations of cart without a guard: count, fail')
})
