import { ApolloServer } from '@apollo/server'
import type { ExecutionResult } from 'graphql'
import { expect, onTestFinished, test } from 'vitest'
import { anonymous } from '#platform/auth.ts'
import { makeChannel } from '#platform/streams.ts'
import type { Faults } from '../fixtures/made.ts'
import { makeMarket, readMarket } from '../fixtures/market.ts'
import { makeSupergraphGateway } from '../supergraph.ts'
import type { StreamingContext } from './subgraphs.ts'

const quiet = () => undefined
const logger = { debug: quiet, info: quiet, warn: quiet, error: quiet }

const supergraphSdl = await readMarket()

/** The market with a subscription whose events the test makes; other subgraphs answer by themselves, always the same. */
const startMarket = async (faults?: Faults) => {
  const market = await makeMarket(faults)
  const calls: { subgraph: string; query: string; variables: Readonly<Record<string, unknown>> }[] = []
  const source = makeChannel<object>(10, () => undefined)
  const gateway = makeSupergraphGateway<StreamingContext>({
    supergraphSdl,
    transport: {
      execute: (subgraph, { query, variables = {} }) => {
        calls.push({ subgraph, query, variables })
        return market.execute(subgraph, query, variables)
      },
      subscribe: async (subgraph, { query, variables = {} }) => {
        calls.push({ subgraph, query, variables })
        return market.subscribe(subgraph, query, variables, source)
      },
    },
    enforcer: null,
  })
  const server = new ApolloServer<StreamingContext>({ gateway, nodeEnv: 'production', logger })
  await server.start()
  onTestFinished(() => server.stop())

  const subscribe = async (query: string, variables: Record<string, unknown> = {}) => {
    const opened: { stream?: AsyncIterable<ExecutionResult> } = {}
    const contextValue: StreamingContext = {
      viewer: anonymous,
      openStream: (stream) => {
        opened.stream = stream
      },
    }
    const { body } = await server.executeOperation({ query, variables }, { contextValue })
    const answer = body.kind === 'single' ? body.singleResult : null
    return { events: opened.stream?.[Symbol.asyncIterator](), answer }
  }

  /** The result of one event of a subscription. */
  const hear = async (query: string, event: object, variables?: Record<string, unknown>) => {
    const { events, answer } = await subscribe(query, variables)
    if (!events) throw new Error(JSON.stringify(answer))
    source.push(event)
    const { value } = await events.next()
    return JSON.parse(JSON.stringify(value)) as { data: { orderChanged: Record<string, unknown> }; errors?: object[] }
  }
  /** The same selection as a query. */
  const ask = async (query: string) => {
    const { body } = await server.executeOperation({ query }, { contextValue: { viewer: anonymous } })
    return JSON.parse(JSON.stringify(body)).singleResult.data
  }
  return { calls, subscribe, hear, ask }
}

const orderOf = (id: string) => ({ __typename: 'Order', id })
const changed = (order: object | null, more: object = {}) => ({
  orderChanged: { __typename: 'OrderChange', seq: 1, order, ...more },
})

/** What an order is in the market, whoever asks for it: as a query says. */
const selection = /* GraphQL */ `
  id state shipping
  customer { name email friend { __typename name } }
  items { quantity product { title stock maker { name } } }
  grid { quantity product { title } }
  payer { __typename ... on User { name } ... on Company { name contact { email } } }
`

test('given a selection over all subgraphs, with lists, unions, interfaces and @requires, when an event comes, then it is what a query would answer', async () => {
  const { hear, ask, calls } = await startMarket()
  const { order } = await ask(`{ order(id: "x2") { ${selection} } }`)
  calls.length = 0
  const query = `subscription { orderChanged(id: "e1") { order { ${selection} } } }`
  const { data, errors } = await hear(query, changed(orderOf(order.id)))
  expect(errors).toBeUndefined()
  expect(data.orderChanged.order).toEqual(order)
  expect(new Set(calls.map(({ subgraph }) => subgraph))).toEqual(new Set(['orders', 'users', 'products', 'shipping']))
  const computed = calls.find(({ query }) => query.includes('shipping'))
  expect(computed?.variables.representations).toMatchObject([{ __typename: 'Order', weight: expect.any(Number) }])
})

test('given aliases, named fragments and arguments, when an event comes, then each answer stands under its own name', async () => {
  const { hear } = await startMarket()
  const query = /* GraphQL */ `
    subscription Watch { change: orderChanged(id: "e1") { number: seq order { ...Both } } }
    fragment Both on Order { items { en: note de: note(lang: "de") product { name: title ...Stock } } }
    fragment Stock on Product { left: stock }
  `
  const { data, errors } = await hear(
    query,
    changed({ ...orderOf('e1'), items: [{ quantity: 1, note: 'n', product: { __typename: 'Product', id: 'e2' } }] }),
  )
  expect(errors).toBeUndefined()
  expect(data).toEqual({
    change: {
      number: 1,
      order: { items: [{ en: 'n', de: 'n', product: { name: expect.any(String), left: expect.any(Number) } }] },
    },
  })
})

test('given variables with defaults and conditions below the root, when an event comes, then they decide what is fetched', async () => {
  const { hear, calls } = await startMarket()
  const query = /* GraphQL */ `
    subscription ($id: ID!, $after: Int = 7, $deep: Boolean! = false) {
      orderChanged(id: $id, after: $after) {
        seq
        order @include(if: $deep) { customer { name } }
      }
    }
  `
  const { data } = await hear(query, changed(orderOf('e1')), { id: 'e1' })
  expect(data.orderChanged).toEqual({ seq: 1 })
  expect(calls).toHaveLength(1)
  expect(calls[0]?.variables).toMatchObject({ id: 'e1', after: 7 })
  const { data: deep } = await hear(query, changed(orderOf('e1')), { id: 'e1', deep: true })
  expect(deep.orderChanged.order).toEqual({ customer: { name: expect.any(String) } })
})

test.each([
  ['User', { __typename: 'User', id: 'e1' }, { __typename: 'User', name: expect.any(String) }],
  ['Company', { __typename: 'Company', name: 'Inc' }, { __typename: 'Company', title: 'Inc' }],
])(
  'given a union whose event is a %s, when it is completed, then only the fragment of that type counts',
  async (_type, subject, expected) => {
    const { hear } = await startMarket()
    const query = `subscription { orderChanged(id: "e1") {
    subject { __typename ... on User { name } ... on Company { title: name } } } }`
    const { data } = await hear(query, changed(null, { subject }))
    expect(data.orderChanged.subject).toEqual(expected)
  },
)

test('given a subgraph whose field fails where there must be a value, when an event comes, then null goes up as far as it must and the error has its place', async () => {
  const { hear } = await startMarket({ nulls: 0, errors: 100 })
  const product = { __typename: 'Product', id: 'e2' }
  const order = { ...orderOf('e1'), state: 'OPEN', items: [{ quantity: 1, product }] }
  const { data, errors } = await hear(
    'subscription { orderChanged(id: "e1") { order { state items { quantity product { id reserve } } } } }',
    changed(order),
  )
  expect(data.orderChanged.order).toEqual({ state: 'OPEN', items: [{ quantity: 1, product: null }] })
  expect(errors).toMatchObject([{ path: ['orderChanged', 'order', 'items', 0, 'product', 'reserve'] }])
})

test.each([
  ['@include', 'subscription ($yes: Boolean!) { orderChanged(id: "e1") @include(if: $yes) { seq } }'],
  ['@skip', 'subscription { orderChanged(id: "e1") @skip(if: true) { seq } }'],
  ['no such field', 'subscription { nothing }'],
  ['two fields', 'subscription { orderChanged(id: "e1") { seq } variantChanged { seq } }'],
])(
  'given a subscription with %s at its root, when it is opened, then it is refused and nothing is asked',
  async (_what, query) => {
    const { subscribe, calls } = await startMarket()
    const opened = await subscribe(query, { yes: true }).catch((error: unknown) => ({
      events: undefined,
      answer: error,
    }))
    expect(opened.events).toBeUndefined()
    expect(calls).toEqual([])
  },
)
