import { ApolloServer } from '@apollo/server'
import type { ExecutionResult } from 'graphql'
import { expect, onTestFinished, test } from 'vitest'
import type { Viewer } from '#platform/auth.ts'
import { makeEnforcer } from './authorisation.ts'
import type { StreamingContext } from './execution/subgraphs.ts'
import { makeSupergraphGateway } from './supergraph.ts'
import { readSupergraph } from './supergraphFile.ts'

const viewer: Viewer = { kind: 'guest', id: 'gst_1', sessionId: 'ses_1' }

interface Request {
  readonly subgraph: string
  readonly query: string
  readonly variables?: Readonly<Record<string, unknown>>
}

/** A source that a test feeds by hand, and that knows whether somebody still listens. */
const makeSource = () => {
  const waiting: ((result: IteratorResult<ExecutionResult>) => void)[] = []
  const state = { left: false, asked: Promise.withResolvers<void>() }
  return {
    state,
    emit: (value: ExecutionResult) => waiting.shift()?.({ done: false, value }),
    stream: {
      [Symbol.asyncIterator]: () => ({
        next: () => {
          state.asked.resolve()
          return new Promise<IteratorResult<ExecutionResult>>((resolve) => waiting.push(resolve))
        },
        return: async () => {
          state.left = true
          for (const settle of waiting.splice(0)) settle({ done: true, value: undefined })
          return { done: true as const, value: undefined }
        },
      }),
    } satisfies AsyncIterable<ExecutionResult>,
  }
}

/** The real supergraph over subgraphs that answer what the test says. */
const startGraph = async (
  answers: Record<string, (request: Request) => ExecutionResult | Promise<ExecutionResult>>,
) => {
  const source = makeSource()
  const requests: Request[] = []
  const gateway = makeSupergraphGateway<StreamingContext>({
    supergraphSdl: await readSupergraph('schema/supergraph.graphql'),
    transport: {
      execute: async (subgraph, request) => {
        requests.push({ subgraph, ...request })
        return answers[subgraph]?.({ subgraph, ...request }) ?? { data: {} }
      },
      subscribe: async (subgraph, request) => {
        requests.push({ subgraph, ...request })
        return source.stream
      },
    },
    enforcer: makeEnforcer,
  })
  const server = new ApolloServer<StreamingContext>({ gateway, nodeEnv: 'production', logger: console })
  await server.start()
  onTestFinished(() => server.stop())
  const subscribe = async (query: string, variables: Record<string, unknown> = {}) => {
    const opened: { stream?: AsyncIterable<ExecutionResult> } = {}
    const contextValue: StreamingContext = {
      viewer,
      openStream: (stream) => {
        opened.stream = stream
      },
    }
    const { body } = await server.executeOperation({ query, variables }, { contextValue })
    return {
      events: opened.stream?.[Symbol.asyncIterator](),
      result: body.kind === 'single' ? body.singleResult : null,
    }
  }
  return { gateway, server, source, requests, subscribe }
}

const line = { quantity: 2, variant: { __typename: 'ProductVariant', id: 'var_1' } }
const cart = { __typename: 'Cart', id: 'cart_1', lines: [line] }

const products = ({ query }: Request): ExecutionResult =>
  query.includes('_entities')
    ? { data: { _entities: [{ __typename: 'ProductVariant', product: { title: 'Lamp' } }] } }
    : { data: {} }

test('given an event of one subgraph, when the selection reaches another, then the event is completed there', async () => {
  const { source, requests, subscribe } = await startGraph({ products })
  const { events } = await subscribe(
    'subscription { cartUpdated { seq cart { lines { amount: quantity variant { product { title } } } } } }',
  )
  const first = events!.next()
  source.emit({ data: { cartUpdated: { seq: 7, cart: { ...cart, lines: [{ ...line, amount: 2 }] } } } })
  expect((await first).value).toEqual({
    data: { cartUpdated: { seq: 7, cart: { lines: [{ amount: 2, variant: { product: { title: 'Lamp' } } }] } } },
  })
  expect(requests.map(({ subgraph }) => subgraph)).toEqual(['cart', 'products'])
  expect(requests[1]?.variables).toEqual({ representations: [{ __typename: 'ProductVariant', id: 'var_1' }] })
})

test('given variables, when a stream opens, then only those of the primary travel and bad ones are refused by name', async () => {
  const { requests, subscribe } = await startGraph({})
  const query =
    'subscription ($after: Int, $all: Boolean = true) { cartUpdated(after: $after) { seq cart { id @include(if: $all) } } }'
  await subscribe(query, { after: 5 })
  expect(requests[0]?.variables).toMatchObject({ after: 5 })
  const { events, result } = await subscribe(query, { after: 'five' })
  expect(events).toBeUndefined()
  expect(result?.errors?.[0]).toMatchObject({
    extensions: { code: 'BAD_USER_INPUT' },
    message: expect.stringContaining('$after'),
  })
})

test('given a silent source, when the client leaves, then the subgraph hears of it at once and the pending wait ends', async () => {
  const { source, subscribe } = await startGraph({})
  const { events } = await subscribe('subscription { cartUpdated { seq } }')
  const pending = events!.next()
  await source.state.asked.promise
  await events!.return?.()
  expect(source.state.left).toBe(true)
  expect(await pending).toMatchObject({ done: true })
})

test('given an event that is only an error, then it passes as it is and nothing else is asked', async () => {
  const { source, requests, subscribe } = await startGraph({ products })
  const { events } = await subscribe(
    'subscription { cartUpdated { seq cart { lines { variant { product { title } } } } } }',
  )
  const first = events!.next()
  const refusal = { errors: [{ message: 'no', extensions: { code: 'UNAUTHENTICATED' } }] } as never
  source.emit(refusal)
  expect((await first).value).toEqual(refusal)
  expect(requests).toHaveLength(1)
})

test('given two subscribers of one event object, when each completes it, then neither sees the other (copy per subscriber)', async () => {
  const { source, subscribe } = await startGraph({ products })
  const { events } = await subscribe(
    'subscription { cartUpdated { seq cart { lines { variant { product { title } } } } } }',
  )
  const event = { data: { cartUpdated: { seq: 1, cart } } }
  const before = JSON.stringify(event)
  const first = events!.next()
  source.emit(event)
  await first
  expect(JSON.stringify(event)).toBe(before)
})

test('given plain HTTP, when a subscription is sent, then it is refused with a reason', async () => {
  const { server } = await startGraph({})
  const { body } = await server.executeOperation(
    { query: 'subscription { cartUpdated { seq } }' },
    { contextValue: { viewer } },
  )
  expect(body).toMatchObject({ singleResult: { errors: [{ message: expect.stringContaining('WebSocket') }] } })
})

test('given an operation under way, when the graph is replaced, then it ends on the graph with which it began, and the next one runs on the new one', async () => {
  const [asked, answer] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const { gateway, server } = await startGraph({
    products: async ({ query }) => {
      if (query.includes('_entities')) return products({ subgraph: 'products', query })
      asked.resolve()
      await answer.promise
      return { data: { product: { title: 'Lamp', vendor: 'Ada' } } }
    },
  })
  const query = '{ product(slug: "lamp") { title vendor } }'
  const ask = async () => (await server.executeOperation({ query }, { contextValue: { viewer } })).body
  const early = ask()
  await asked.promise
  const sdl = await readSupergraph('schema/supergraph.graphql')
  await gateway.replace(sdl.replace('  vendor: String @tag', '  maker: String @tag'))
  answer.resolve()
  expect(await early).toMatchObject({ singleResult: { data: { product: { title: 'Lamp', vendor: 'Ada' } } } })
  expect(await ask()).toMatchObject({ singleResult: { errors: [{ message: expect.stringContaining('vendor') }] } })
})

test('given a text that is no supergraph, when it is to replace the graph, then the graph stays', async () => {
  const { gateway, server } = await startGraph({})
  await expect(gateway.replace('type Query { nothing: Int }')).rejects.toThrow()
  const { body } = await server.executeOperation({ query: '{ __typename }' }, { contextValue: { viewer } })
  expect(body).toMatchObject({ singleResult: { data: { __typename: 'Query' } } })
})
