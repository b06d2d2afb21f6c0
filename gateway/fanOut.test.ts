import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ApolloServer } from '@apollo/server'
import type { ExecutionResult } from 'graphql'
import { expect, onTestFinished, test } from 'vitest'
import { anonymous, type Viewer } from '#platform/auth.ts'
import { makeChannel } from '#platform/streams.ts'
import { makeEnforcer } from './authorisation.ts'
import type { StreamingContext } from './execution/subgraphs.ts'
import { makeSupergraphGateway } from './supergraph.ts'

interface Call {
  readonly subgraph: string
  readonly viewer: Viewer
  readonly query: string
  readonly representations: readonly { readonly id: string }[]
}

const buyer = (id: string): Viewer => ({ kind: 'user', id, sessionId: `ses_${id}`, roles: ['BUYER'] })
const seller = (id: string): Viewer => ({ kind: 'user', id, sessionId: `ses_${id}`, roles: ['BUYER', 'SELLER'] })

const answers: Readonly<Record<string, (id: string) => object>> = {
  products: () => ({ sku: 'LAMP', product: { title: 'Lamp', seller: { __typename: 'Seller', id: 'usr_1' } } }),
  pricing: () => ({ price: { amount: { amount: '12.00' } } }),
  users: (id) => (id === 'usr_1' ? { shopName: 'Lantern House' } : {}),
}

/** The shop's own graph over subgraphs that note who asks, and streams that one event feeds. */
const startGraph = async () => {
  const supergraph = await readFile(join(import.meta.dirname, '../schema/supergraph.graphql'), 'utf8')
  const calls: Call[] = []
  const sources: ReturnType<typeof makeChannel<ExecutionResult>>[] = []
  let present: ExecutionResult | null = null
  const gateway = makeSupergraphGateway<StreamingContext>({
    supergraphSdl: supergraph,
    transport: {
      execute: async (subgraph, { query, variables }, { viewer }) => {
        const representations = (variables?.representations ?? []) as Call['representations']
        calls.push({ subgraph, viewer, query, representations })
        return { data: { _entities: representations.map(({ id }) => answers[subgraph]?.(id) ?? null) } }
      },
      subscribe: async () => {
        const source = makeChannel<ExecutionResult>(10, () => undefined)
        sources.push(source)
        if (present) source.push(present)
        return source
      },
    },
    enforcer: makeEnforcer,
  })
  const server = new ApolloServer<StreamingContext>({ gateway, nodeEnv: 'production' })
  await server.start()
  onTestFinished(() => server.stop())
  const subscribe = async (viewer: Viewer, query: string): Promise<AsyncIterator<ExecutionResult>> => {
    const opened: { stream?: AsyncIterable<ExecutionResult> } = {}
    const openStream: StreamingContext['openStream'] = (stream) => {
      opened.stream = stream
    }
    const { body } = await server.executeOperation({ query }, { contextValue: { viewer, openStream } })
    if (!opened.stream) throw new Error(JSON.stringify(body))
    return opened.stream[Symbol.asyncIterator]()
  }
  const subscribeAll = (viewers: readonly Viewer[], query: string) =>
    Promise.all(viewers.map((viewer) => subscribe(viewer, query)))
  /** One event for everybody, also for streams that open in this moment; what each of them gets. */
  const tell = async (streams: readonly AsyncIterator<ExecutionResult>[], event: ExecutionResult) => {
    present = event
    for (const source of sources) source.push(event)
    return Promise.all(streams.map(async (stream) => (await stream.next()).value as ExecutionResult))
  }
  return { calls, subscribeAll, tell }
}

const watch = /* GraphQL */ `
  subscription {
    stockChanged(variantIds: ["var_1"]) {
      seq
      variant {
        id
        sku
        price { amount { amount } }
        product { title seller { shopName } }
      }
    }
  }
`

const variant = { __typename: 'ProductVariant', id: 'var_1' }
const stock: ExecutionResult = {
  data: {
    stockChanged: {
      seq: 7,
      number: 7,
      variant: { ...variant, sku: 'LAMP', product: { title: 'Lamp', seller: { __typename: 'Seller', id: 'usr_1' } } },
    },
  },
}

const told = {
  stockChanged: {
    seq: 7,
    variant: {
      id: 'var_1',
      sku: 'LAMP',
      price: { amount: { amount: '12.00' } },
      product: { title: 'Lamp', seller: { shopName: 'Lantern House' } },
    },
  },
}

const people = (count: number): Viewer[] => Array.from({ length: count }, (_, index) => buyer(`usr_${index}`))

test('given 500 subscribers of public fields of four subgraphs, when one event comes, then each other subgraph is asked once (L3)', async () => {
  const { calls, subscribeAll, tell } = await startGraph()
  const streams = await subscribeAll(people(500), watch)
  const results = await tell(streams, stock)
  for (const { data, errors } of results) {
    expect(errors).toBeUndefined()
    expect(data).toEqual(told)
  }
  expect(calls.map(({ subgraph }) => subgraph).sort()).toEqual(['pricing', 'users'])
  expect(calls.map(({ viewer }) => viewer)).toEqual([anonymous, anonymous])
  // One object for all: it is written down once.
  expect(new Set(results).size).toBe(1)
})

test('given different selections, when one event comes, then equal fetches are still one call, and nobody writes into the answer of another', async () => {
  const { calls, subscribeAll, tell } = await startGraph()
  const other = watch.replace('seq', 'number: seq')
  const streams = [...(await subscribeAll(people(3), watch)), ...(await subscribeAll(people(3), other))]
  const results = await tell(streams, stock)
  expect(calls).toHaveLength(2)
  expect(new Set(results).size).toBe(2)
  const amounts = results.map(({ data }) => (data as typeof told).stockChanged.variant.price)
  expect(new Set(amounts).size).toBe(2)
})

const cart = /* GraphQL */ `
  subscription { cartUpdated { seq cart { lines { quantity variant { price { amount { amount } } } } } } }
`
const changed: ExecutionResult = {
  data: { cartUpdated: { seq: 1, cart: { lines: [{ quantity: 1, variant }] } } },
}

test('given carts of two people, when both change, then prices are asked for once in nobody’s name, and each has a result of its own (threat: cache)', async () => {
  const { calls, subscribeAll, tell } = await startGraph()
  const streams = await subscribeAll([buyer('usr_1'), buyer('usr_2')], cart)
  const results = await tell(streams, changed)
  expect(calls).toHaveLength(1)
  expect(calls[0]).toMatchObject({ subgraph: 'pricing', viewer: anonymous, representations: [variant] })
  expect(results[0]).toEqual(results[1])
  expect(results[0]).not.toBe(results[1])
})

test('given sellers, who see drafts, when an event comes, then each asks in the own name and nothing is shared (threat: cache)', async () => {
  const { calls, subscribeAll, tell } = await startGraph()
  const viewers = [seller('usr_1'), seller('usr_2'), buyer('usr_3')]
  const results = await tell(await subscribeAll(viewers, watch), stock)
  const priced = calls.filter(({ subgraph }) => subgraph === 'pricing').map(({ viewer }) => viewer)
  expect(priced).toEqual(expect.arrayContaining([viewers[0], viewers[1], anonymous]))
  expect(new Set(results).size).toBe(3)
})
