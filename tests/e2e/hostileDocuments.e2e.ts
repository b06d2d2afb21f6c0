import { generateKeyPairSync } from 'node:crypto'
import { getIntrospectionQuery } from 'graphql'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { type RawAnswer, send, type TestShop } from '../client.ts'
import { hostileDocuments } from '../hostile.ts'
import { startTogether } from '../shop.ts'
import { overPost, overSocket, type Told, transports } from '../transports.ts'
import { safeRequest } from './safeRequest.ts'

const secret = (name: string): string => `${name} that only this test knows, and nobody else`

let shop: TestShop
beforeAll(async () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  // As in production: what development shows must not be what makes these stories pass, or fail.
  shop = await startTogether({
    NODE_ENV: 'production',
    INTERNAL_SECRET: secret('internal'),
    ORDER_TOKEN_SECRET: secret('order tokens'),
    REFRESH_TOKEN_SECRET: secret('refresh tokens'),
    PROVIDER_SECRET: secret('provider'),
    PROVIDER_URL: 'http://127.0.0.1:9',
    SIGNING_KEY_PEM: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  })
})
afterAll(() => shop?.stop())

const withoutCost = ({ data, errors }: Told) => ({ data, errors })

describe('hostile documents (threat: GraphQL)', () => {
  // A GET has no room for long ones: the server refuses its address before anybody looks at it.
  test.each(hostileDocuments)(
    '$name: the same refusal over POST, GET and WebSocket',
    async ({ query, variables, code, limit }) => {
      const asked = { query: query('Salt'), variables }
      const told = await overPost(shop, asked)
      expect(told.status).toBe(400)
      expect(told.data).toBeUndefined()
      expect(told.errors?.length).toBeGreaterThan(0)
      expect(told.errors?.length).toBeLessThanOrEqual(20)
      for (const { extensions } of told.errors ?? [])
        expect(extensions).toMatchObject({ code, ...(limit && { limit }) })
      for (const [name, ask] of transports.slice(1)) {
        const size = encodeURIComponent(JSON.stringify(asked)).length
        if (name === 'GET' && size > 14_000) continue
        if (name === 'WebSocket' && size > 60_000) continue
        expect(withoutCost(await ask(shop, asked)), name).toEqual(withoutCost(told))
      }
    },
  )

  test('given two sign-ins under aliases, or six mutations, then nothing runs (threat: accounts)', async () => {
    const signIn = 'signIn(input: { email: "a@example.org", password: "a wrong password" }) { userErrors { code } }'
    const guest = 'continueAsGuest { viewer { id } }'
    for (const ask of [overPost, overSocket]) {
      const two = await ask(shop, { query: `mutation { a: ${signIn} b: ${signIn} }` })
      expect(two.errors?.[0]?.extensions).toMatchObject({ limit: 'attempts', max: 1, actual: 2 })
      const six = await ask(shop, { query: `mutation { ${[1, 2, 3, 4, 5, 6].map((n) => `a${n}: ${guest}`)} }` })
      expect(six.errors?.[0]?.extensions).toMatchObject({ limit: 'mutations', max: 5, actual: 6 })
    }
  })
})

describe('the checks of graphql-cop (threat: GraphQL)', () => {
  const refused = ({ data, errors }: Told) => data === undefined && (errors?.length ?? 0) > 0
  const overBoth = [
    ['POST', overPost],
    ['WebSocket', overSocket],
  ] as const
  const parsed = ({ text }: RawAnswer): Told => JSON.parse(text)

  describe.each(overBoth)('over %s', (_, ask) => {
    test.each([
      ['alias overloading', `query cop { ${Array.from({ length: 101 }, (_, n) => `alias${n}:__typename`).join(' ')} }`],
      ['field duplication', `query cop { ${'__typename \n'.repeat(500)} }`],
      ['introspection', 'query cop { __schema { types { name fields { name } } } }'],
      ['introspection, as explorers ask', getIntrospectionQuery()],
      ['introspection by __type', 'query cop { __type(name: "Query") { name } }'],
      [
        'circles through introspection',
        'query cop { __schema { types { fields { type { fields { type { fields { type { fields { type { name } } } } } } } } } } }',
      ],
      [
        'circles of fragments',
        'query { __schema { ...A } } fragment A on __Schema { __typename ...B } fragment B on __Schema { ...A }',
      ],
    ])('%s', async (_, query) => {
      expect(refused(await ask(shop, { query }))).toBe(true)
    })

    test('directive overloading: one refusal, not one error for each', async () => {
      const { errors } = await ask(shop, { query: `query cop { __typename ${'@aa'.repeat(10)} }` })
      expect(errors).toHaveLength(1)
    })

    test('field suggestions', async () => {
      for (const query of [
        'query cop { __schema { directive } }',
        '{ viewe { id } }',
        '{ viewer { i } }',
        '{ product(slugg: "x") { id } }',
      ]) {
        const { errors = [] } = await ask(shop, { query })
        expect(errors.length).toBeGreaterThan(0)
        expect(JSON.stringify(errors)).not.toMatch(/did you mean/i)
      }
    })

    test('traces and debug modes', async () => {
      const told = await ask(shop, { query: 'query cop { __typename }' })
      expect(Object.keys(told.extensions)).toEqual(['cost'])
    })

    test('unhandled errors', async () => {
      const { errors } = await ask(shop, { query: 'qwerty cop { abc }' })
      expect(errors?.map(({ extensions }) => extensions)).toEqual([{ code: 'GRAPHQL_PARSE_FAILED' }])
    })
  })

  test('batches, over POST and WebSocket', async () => {
    const batch = Array.from({ length: 10 }, () => ({ query: 'query { __typename }' }))
    const answer = await safeRequest(shop, batch)
    expect([answer.status, refused(parsed(answer))]).toEqual([400, true])
    const socket = new WebSocket(`${shop.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws')
    const closed = new Promise<number>((resolve) => socket.on('close', resolve))
    socket.on('open', () => {
      socket.send(JSON.stringify({ type: 'connection_init' }))
      socket.send(JSON.stringify({ type: 'subscribe', id: '1', payload: batch }))
    })
    expect(await closed).toBe(4400)
  })

  test('queries by GET without a preflight, mutations by GET, forms by POST (CSRF)', async () => {
    const byGet = (query: string, headers = {}) =>
      send(shop, undefined, headers, { method: 'GET', path: `/graphql?query=${encodeURIComponent(query)}` })
    expect(refused(parsed(await byGet('{ __typename }')))).toBe(true)
    const mutation = 'mutation { continueAsGuest { viewer { id } } }'
    expect(refused(parsed(await byGet(mutation, { 'apollo-require-preflight': 'yes' })))).toBe(true)
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    const answers = [
      await send(shop, 'query=query%20%7B__typename%7D', form),
      await send(shop, 'query=query%20%7B__typename%7D', form, { path: '/graphql?query=query%20%7B__typename%7D' }),
    ]
    for (const answer of answers) expect(refused(parsed(answer))).toBe(true)
  })

  test('a GraphQL IDE', async () => {
    for (const path of ['/', '/graphiql', '/playground', '/console', '/graphql', '/inbox']) {
      const answer = await send(shop, undefined, { accept: 'text/html' }, { method: 'GET', path })
      expect(answer.text, path).not.toMatch(/graphiql|playground|sandbox|<html/i)
      expect(answer.status, path).toBeGreaterThanOrEqual(400)
    }
  })
})

describe('what production does not show (threat: GraphQL)', () => {
  test('query plans, traces and caches, whatever headers ask for them', async () => {
    const headers = {
      'apollo-query-plan-experimental': '1',
      'apollo-query-plan-experimental-format': 'internal',
      'apollo-federation-include-trace': 'ftv1',
      'apollo-expose-query-plan': 'true',
      'x-apollo-tracing': '1',
      'cache-control': 'no-cache',
    }
    const { text } = await safeRequest(shop, { query: '{ products(first: 1) { nodes { id } } }' }, headers)
    expect(Object.keys(JSON.parse(text).extensions)).toEqual(['cost'])
  })

  test('names of inside in errors: of types that are hidden, of who answers, of where', async () => {
    for (const query of [
      '{ _entities(representations: []) { __typename } }',
      '{ _service { sdl } }',
      '{ variants(ids: []) { id } }',
      '{ sessionStates(ids: ["x"]) { active } }',
      '{ product(id: 5.5) { id } }',
      'mutation { makeAdmin(input: {}) { __typename } }',
      'query ($x: _Any) { viewer { id } }',
    ]) {
      const answer = await safeRequest(shop, { query })
      expect(answer.text, query).not.toMatch(/service"|join__|serviceName/)
      expect(answer.status, query).toBe(400)
    }
  })
})
