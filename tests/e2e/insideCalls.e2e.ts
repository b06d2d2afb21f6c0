import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createClient } from 'graphql-ws'
import { expect, onTestFinished, test } from 'vitest'
import { WebSocket } from 'ws'
import { makeManualClock, seconds } from '#kernel/time.ts'
import { anonymous, type CallHeaders, callHeader, callKey, service, signCall, type Viewer } from '#platform/auth.ts'
import { readConfig } from '#platform/config.ts'
import { readBody } from '#platform/http.ts'
import { makeLog } from '#platform/log.ts'
import { serveSubgraph } from '#platform/serve.ts'
import { startShop } from '../../shop.ts'
import { users } from '../../subgraphs/users/index.ts'
import { send } from '../client.ts'
import { startTestSubgraph } from '../subgraph.ts'

/** The users subgraph on a port of its own, and what signs calls to it. */
const serveUsers = async (clock = makeManualClock(Date.now())) => {
  const log = makeLog('silent')
  const { subgraph, deps } = await startTestSubgraph(users, { clock })
  const server = await serveSubgraph(subgraph, {
    host: '127.0.0.1',
    port: 0,
    health: async () => ({ ok: true }) as never,
    log,
  })
  onTestFinished(() => server.stop())
  const url = `http://127.0.0.1:${server.port}/graphql`
  let nonces = 0
  const sign = (body: string, viewer: Viewer = anonymous, name = 'users') =>
    signCall(
      { key: callKey(deps.config.internalSecret, name), clock, nonce: () => `nonce-${++nonces}` },
      { viewer, body, requestId: 'req_inside' },
    )
  const post = async (body: string, headers: CallHeaders) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    })
    return { status: response.status, text: await response.text() }
  }
  return { url, clock, sign, post }
}

const bodyOf = (query: string, variables = {}): string => JSON.stringify({ query, variables })

const operations = {
  'a query': bodyOf('{ viewer { kind } }'),
  'the service definition': bodyOf('{ _service { sdl } }'),
  entities: bodyOf('query ($r: [_Any!]!) { _entities(representations: $r) { ... on Seller { shopName } } }', {
    r: [{ __typename: 'Seller', id: 'usr_1' }],
  }),
  'the keys': bodyOf('{ jwks }'),
  'a mutation': bodyOf('mutation { continueAsGuest { viewer { kind } } }'),
  introspection: bodyOf('{ __schema { types { name } } }'),
  'no GraphQL': '{"query":"{"}',
  'no JSON': 'junk',
  nothing: '',
}

const refused = {
  status: 401,
  text: '{"errors":[{"message":"This call is not signed by the gateway.","extensions":{"code":"UNAUTHENTICATED"}}]}',
}

test('given calls that are forged, altered or for another subgraph, when they come directly, then 401 whatever they ask (threat: subgraphs)', async () => {
  const { sign, post } = await serveUsers()
  const admin: Viewer = { kind: 'user', id: 'usr_1', sessionId: 'ses_1', roles: ['ADMIN'] }
  const encoded = (viewer: Viewer) => Buffer.from(JSON.stringify(viewer)).toString('base64url')
  for (const [name, body] of Object.entries(operations)) {
    const good = sign(body)
    const wrong: Record<string, CallHeaders> = {
      'no headers': {},
      'headers of a client': {
        'x-user-id': 'usr_1',
        'x-user-roles': 'ADMIN',
        authorization: 'Bearer x',
        cookie: 'sid=1',
      },
      'an unsigned viewer': { ...good, [callHeader.signature]: '' },
      'another viewer': { ...good, [callHeader.viewer]: encoded(admin) },
      'a service as viewer': { ...good, [callHeader.viewer]: encoded(service('gateway')) },
      'another client': { ...good, 'x-emporion-client': encoded(admin) },
      'another time': { ...good, [callHeader.time]: String(Number(good[callHeader.time]) + 1) },
      'another nonce': { ...good, [callHeader.nonce]: 'nonce-0' },
      'another request': { ...good, [callHeader.requestId]: 'req_other' },
      'the signature of another body': { ...sign(`${body} `), [callHeader.nonce]: good[callHeader.nonce] ?? '' },
      'a call to another subgraph': sign(body, anonymous, 'orders'),
    }
    for (const [mistake, headers] of Object.entries(wrong))
      expect(await post(body, headers), `${name}, ${mistake}`).toEqual(refused)
    expect(await post(`${body} `, good), `${name}, another body`).toEqual(refused)
  }
  expect(await post(operations['the service definition'], sign(operations['the service definition']))).toMatchObject({
    status: 200,
  })
  expect(await post(operations.entities, sign(operations.entities))).toMatchObject({ status: 200 })
})

test('given signed calls, when they come later than 30 s or a mutation comes twice, then 401; a query may repeat (threat: subgraphs)', async () => {
  const { clock, sign, post } = await serveUsers()
  const mutation = operations['a mutation']
  const once = sign(mutation)
  expect(await post(mutation, once)).toMatchObject({ status: 200 })
  for (const again of await Promise.all([post(mutation, once), post(mutation, once)])) expect(again).toEqual(refused)
  const reading = sign(operations['a query'])
  for (const _ of [1, 2]) expect(await post(operations['a query'], reading)).toMatchObject({ status: 200 })
  const late = Object.entries(operations).map(([name, body]) => ({ name, body, headers: sign(body) }))
  const almost = sign(operations['a query'])
  clock.advance(seconds(29))
  expect(await post(operations['a query'], almost)).toMatchObject({ status: 200 })
  clock.advance(seconds(2))
  for (const { name, body, headers } of late) expect(await post(body, headers), name).toEqual(refused)
  const early = Object.entries(operations).map(([name, body]) => ({ name, body, headers: sign(body) }))
  const hardly = sign(operations['a query'])
  clock.advance(-seconds(29))
  expect(await post(operations['a query'], hardly)).toMatchObject({ status: 200 })
  clock.advance(-seconds(2))
  for (const { name, body, headers } of early) expect(await post(body, headers), name).toEqual(refused)
})

test('given a socket to a subgraph, when its operations are not signed, then each is refused (threat: subgraphs)', async () => {
  const { url, sign } = await serveUsers()
  const client = createClient({ url: url.replace('http', 'ws'), webSocketImpl: WebSocket, retryAttempts: 0 })
  onTestFinished(() => void client.dispose())
  const query = '{ viewer { kind } }'
  const body = bodyOf(query)
  const signedForAnother = { headers: sign(body, anonymous, 'orders'), body }
  for (const extensions of [
    undefined,
    {},
    { headers: {}, body },
    { headers: sign(body), body: `${body} ` },
    signedForAnother,
  ]) {
    const attempt = client.iterate({ query, extensions }).next()
    await expect(attempt).rejects.toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }])
  }
})

/** A real proxy that writes down what passes. */
const recordTo = async (target: string) => {
  const seen: { headers: IncomingHttpHeaders; body: string }[] = []
  const server = createServer(async (request, response) => {
    const body = await readBody(request, 1_000_000)
    seen.push({ headers: request.headers, body })
    const { host, connection, 'content-length': length, ...headers } = request.headers
    const answer = await fetch(target, { method: 'POST', headers: headers as Record<string, string>, body })
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return { seen, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql` }
}

const allowedInside = [...Object.values(callHeader), 'accept', 'connection', 'content-length', 'content-type', 'host']

test('given thirty headers that look like those inside, when a client sends them, then none arrives inside (threat: gateway)', async () => {
  const { url, clock } = await serveUsers()
  const recorder = await recordTo(url)
  const env = { USERS_URL: recorder.url, PORT: '0', LOG_LEVEL: 'silent', DATA_DIR: '.data/test' }
  const shop = await startShop(readConfig(env, ['gateway']), { clock })
  onTestFinished(() => shop.stop())
  const names = [
    'x-emporion-viewer', 'x-emporion-client', 'x-emporion-time', 'x-emporion-nonce', 'x-emporion-signature',
    'x-user-id', 'x-user-roles', 'x-user-email', 'x-user', 'x-viewer', 'x-roles', 'x-scopes', 'x-admin', 'x-internal',
    'x-service', 'x-service-name', 'x-gateway', 'x-session-id', 'x-auth-request-user', 'x-forwarded-user',
    'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip', 'forwarded', 'via', 'x-original-url',
    'x-http-method-override', 'apollo-federation-include-trace', 'traceparent', 'cookie', 'x-api-key',
  ] // biome-ignore format: a list of names
  const canary = 'canary-of-a-client'
  const headers = Object.fromEntries(names.map((name) => [name, canary]))
  const operations = [
    { query: '{ viewer { kind id roles } }' },
    { query: 'mutation { continueAsGuest { viewer { kind } } }' },
  ]
  const [asked, made] = [
    await send({ url: shop.url!, stop: shop.stop }, operations[0], headers),
    await send({ url: shop.url!, stop: shop.stop }, operations[1], headers),
  ]
  expect(JSON.parse(asked.text).data.viewer).toEqual({ kind: 'ANONYMOUS', id: null, roles: [] })
  expect(JSON.parse(made.text).data.continueAsGuest.viewer).toEqual({ kind: 'GUEST' })
  expect(recorder.seen.length).toBeGreaterThan(1)
  for (const { headers, body } of recorder.seen) {
    expect(Object.keys(headers).filter((name) => !allowedInside.includes(name))).toEqual([])
    const inside = Object.values(headers).flatMap((value) => [
      String(value),
      Buffer.from(String(value), 'base64url').toString(),
    ])
    expect([...inside, body].filter((text) => text.includes(canary))).toEqual([])
  }
})
