import { generateKeyPairSync } from 'node:crypto'
import { getIntrospectionQuery } from 'graphql'
import { createClient } from 'graphql-ws'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { send } from '../client.ts'
import { guest } from '../people.ts'
import { startTogether } from '../shop.ts'

/** What Apollo Sandbox needs: it is a page on this origin, in the developer's browser, and shows every miss as a "network error". */
const origin = 'https://studio.apollographql.com'

let shop: Awaited<ReturnType<typeof startTogether>>
beforeAll(async () => {
  shop = await startTogether()
})
afterAll(() => shop?.stop())

const fromSandbox = (body: unknown, headers: Record<string, string> = {}) =>
  send(shop, body, { origin, 'apollographql-client-name': 'apollo-sandbox', ...headers })

test.each([
  'content-type',
  'authorization',
  'apollo-require-preflight',
  'apollographql-client-name',
  'apollographql-client-version',
  'x-apollo-operation-name',
])('given a preflight, when the page wants to send %s, then it may', async (header) => {
  const { status, headers } = await send(
    shop,
    undefined,
    { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': header },
    { method: 'OPTIONS' },
  )
  expect(status).toBe(204)
  expect(headers.get('access-control-allow-origin')).toBe(origin)
  expect(headers.get('access-control-allow-methods')).toContain('POST')
  expect(headers.get('access-control-allow-headers')?.toLowerCase().split(/,\s*/)).toContain(header)
})

test.each([
  ['an answer', 200, { query: '{ viewer { kind } }' }, {}],
  ['a bad token', 401, { query: '{ viewer { kind } }' }, { authorization: 'Bearer junk' }],
  ['a bad document', 400, { query: '{ nothing }' }, {}],
  ['a body that is no JSON', 400, '{', {}],
  ['a body that is too large', 413, { query: `# ${'x'.repeat(100_000)}` }, {}],
])('given %s, when it comes with %i, then the page may read it', async (_, status, body, headers) => {
  const answer = await fromSandbox(body, { accept: 'application/graphql-response+json', ...headers })
  expect(answer.status).toBe(status)
  expect(answer.headers.get('access-control-allow-origin')).toBe(origin)
  expect(answer.headers.get('vary')?.toLowerCase()).toContain('origin')
  expect(answer.headers.get('access-control-allow-credentials')).toBeNull()
})

test('given development, when the page asks for the schema over POST, then it gets all of it', async () => {
  const { status, text } = await fromSandbox({
    operationName: 'IntrospectionQuery',
    query: getIntrospectionQuery({ descriptions: true, inputValueDeprecation: true, specifiedByUrl: true }),
  })
  expect(status).toBe(200)
  const { data } = JSON.parse(text)
  expect(data.__schema.subscriptionType.name).toBe('Subscription')
  expect(data.__schema.types.length).toBeGreaterThan(100)
})

test('given a token in the connection parameters, when the page opens a socket at /graphql, then the subscription runs', async () => {
  const token = await guest(shop)
  class FromSandbox extends WebSocket {
    constructor(address: string, protocols: string[]) {
      super(address, protocols, { origin })
    }
  }
  const client = createClient({
    url: `${shop.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: FromSandbox,
    connectionParams: { authorization: `Bearer ${token}` },
    retryAttempts: 0,
  })
  const first = await client.iterate({ query: 'subscription { cartUpdated { seq reason } }' }).next()
  expect(first.value).toEqual({ data: { cartUpdated: { seq: 0, reason: 'SNAPSHOT' } } })
  await client.dispose()
})

test('given a browser, when it opens the shop, then the first page leads to Sandbox on this endpoint, and /graphql embeds it', async () => {
  const welcome = await send(shop, undefined, { accept: 'text/html' }, { method: 'GET', path: '/' })
  expect(welcome.status).toBe(200)
  expect(welcome.text).toContain(`${origin}/sandbox/explorer?endpoint=${shop.url}/graphql`)
  const embedded = await send(shop, undefined, { accept: 'text/html' }, { method: 'GET' })
  expect([embedded.status, embedded.headers.get('content-type')]).toEqual([200, expect.stringContaining('text/html')])
  expect(embedded.text).toContain('embeddable-sandbox')
})

test('given production, then there are no pages, no introspection, and nothing of it may be read from Sandbox (threat: operations)', async () => {
  const secret = 'a secret for this test only, long enough'
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const production = await startTogether({
    NODE_ENV: 'production',
    INTERNAL_SECRET: secret,
    ORDER_TOKEN_SECRET: secret,
    REFRESH_TOKEN_SECRET: secret,
    PROVIDER_SECRET: secret,
    PROVIDER_URL: 'http://127.0.0.1:9',
    SIGNING_KEY_PEM: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    DRAIN_MS: '0',
  })
  for (const path of ['/', '/graphiql', '/inbox'])
    expect((await send(production, undefined, { accept: 'text/html' }, { method: 'GET', path })).status).toBe(404)
  const embedded = await send(production, undefined, { accept: 'text/html' }, { method: 'GET' })
  expect(embedded.text).not.toContain('<html')
  const { headers, text } = await send(production, { query: getIntrospectionQuery() }, { origin })
  const { data, errors } = JSON.parse(text)
  expect([data ?? null, errors[0].extensions.code]).toEqual([null, 'GRAPHQL_VALIDATION_FAILED'])
  expect(headers.get('access-control-allow-origin')).toBeNull()
  await production.stop()
})
