import { connect as connectTcp } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import type { RawAnswer, TestShop } from '../client.ts'
import { startTogether } from '../shop.ts'
import { safeRequest } from './safeRequest.ts'

const allowedOrigin = 'https://shop.example'

let shop: TestShop
beforeAll(async () => {
  shop = await startTogether({ CORS_ORIGINS: allowedOrigin })
})
afterAll(() => shop?.stop())

describe('requests that are not GraphQL over HTTP', () => {
  const code = ({ text }: RawAnswer): string => JSON.parse(text).errors[0].extensions.code
  const good = { query: '{ viewer { kind } }' }

  test.each([
    ['not JSON', '{ viewer'],
    ['a number', '5'],
    ['null', 'null'],
    ['a list', '[{ "query": "{ viewer { kind } }" }]'],
    ['empty', ''],
    ['without a query', '{}'],
    ['a query that is no text', '{ "query": 5 }'],
    ['variables that are no object', '{ "query": "{ viewer { kind } }", "variables": "x" }'],
    ['a syntax error', '{ "query": "{" }'],
    ['an unknown field', '{ "query": "{ nothing }" }'],
    ['an unknown operation', '{ "query": "{ viewer { kind } }", "operationName": "Other" }'],
  ])('given a body that is %s, then 400 with a code', async (_, body) => {
    const answer = await safeRequest(shop, body)
    expect([answer.status, code(answer)]).toEqual([
      400,
      expect.stringMatching(
        /^(BAD_REQUEST|GRAPHQL_PARSE_FAILED|GRAPHQL_VALIDATION_FAILED|OPERATION_RESOLUTION_FAILURE)$/,
      ),
    ])
  })

  test('given a document of more tokens than anybody needs, then it is refused before it is read', async () => {
    const answer = await safeRequest(shop, { query: `{ ${'viewer { kind } '.repeat(400)} }` })
    expect([answer.status, code(answer)]).toEqual([400, 'DOCUMENT_TOO_COMPLEX'])
  })

  test.each([101_000, 5_000_000])('given a body of %i bytes, then 413, readable for a browser', async (size) => {
    const answer = await safeRequest(shop, { ...good, padding: 'x'.repeat(size) }, { origin: allowedOrigin })
    expect([answer.status, code(answer)]).toEqual([413, 'BAD_REQUEST'])
    expect(answer.headers.get('access-control-allow-origin')).toBe(allowedOrigin)
  })

  test('given a body that is too large has come whole, as from a proxy that sends for many, then the next request on its connection is answered', async () => {
    const socket = connectTcp(Number(new URL(shop.url).port), '127.0.0.1')
    let told = ''
    socket.on('data', (chunk) => {
      told += String(chunk)
    })
    const post = (path: string, body: string) =>
      socket.write(
        `POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
      )
    post('/graphql', 'x'.repeat(5_000_000))
    await expect.poll(() => told).toMatch(/^HTTP\/1\.1 413 /)
    post('/nothing', '{}')
    await expect.poll(() => told).toContain('HTTP/1.1 404 ')
    socket.destroy()
  })

  test('given a body of 99,000 bytes, then it is read', async () => {
    expect((await safeRequest(shop, { ...good, padding: 'x'.repeat(99_000) })).status).toBe(200)
  })

  test('given a route that does not exist, then 404', async () => {
    for (const path of ['/nothing', '/graphql/', '/.env', '/metrics/../../x']) {
      expect((await safeRequest(shop, good, {}, { path })).status, path).toBe(404)
    }
  })

  test('given a request line that is no URL, then an answer and not the end of the shop', async () => {
    const socket = connectTcp(Number(new URL(shop.url).port), '127.0.0.1')
    socket.end('GET // HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n')
    const answer = await new Promise<string>((resolve) => {
      const chunks: Buffer[] = []
      socket.on('data', (chunk) => chunks.push(chunk))
      socket.on('close', () => resolve(Buffer.concat(chunks).toString()))
    })
    expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /)
    expect((await safeRequest(shop, good)).status).toBe(200)
  })

  test('given GET, then queries work with a preflight header only, and mutations never', async () => {
    const get = (query: string, headers = {}) =>
      safeRequest(shop, undefined, headers, { method: 'GET', path: `/graphql?query=${encodeURIComponent(query)}` })
    const preflighted = { 'apollo-require-preflight': 'yes' }
    const answer = await get('{ viewer { kind } }', preflighted)
    expect([answer.status, JSON.parse(answer.text).data]).toEqual([200, { viewer: { kind: 'ANONYMOUS' } }])
    expect((await get('{ viewer { kind } }')).status).toBe(400)
    const mutation = await get('mutation { continueAsGuest { viewer { id } } }', preflighted)
    expect([mutation.status, JSON.parse(mutation.text).data]).toEqual([405, undefined])
  })

  test('given a form that another site posts, then it is refused: no simple request runs an operation (CSRF)', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
      const answer = await safeRequest(
        shop,
        { query: 'mutation { continueAsGuest { viewer { id } } }' },
        { 'content-type': type },
      )
      expect([answer.status, code(answer)], type).toEqual([415, 'BAD_REQUEST'])
    }
  })

  test('given other methods, then 405 and no operation', async () => {
    for (const method of ['PUT', 'DELETE', 'PATCH']) {
      expect((await safeRequest(shop, good, {}, { method })).status, method).toBe(405)
    }
  })

  test('given a subscription over HTTP, then it is told to come over the WebSocket', async () => {
    const answer = await safeRequest(shop, { query: 'subscription { stockChanged(variantIds: ["var_1"]) { seq } }' })
    expect(code(answer)).toBe('BAD_REQUEST')
    expect(answer.text).toContain('WebSocket')
  })
})

describe('browsers of other origins', () => {
  const corsHeaders = ({ headers }: RawAnswer) =>
    [...headers.keys()].filter((name) => name.startsWith('access-control-allow-origin'))

  test('given the allowed origin, then every answer can be read, refusals included', async () => {
    const from = { origin: allowedOrigin }
    const answers = [
      await safeRequest(shop, { query: '{ viewer { kind } }' }, from),
      await safeRequest(shop, { query: '{ viewer { kind } }' }, { ...from, authorization: 'Bearer x' }),
      await safeRequest(shop, 'junk', from),
      await safeRequest(shop, { query: '{ nothing }' }, from),
      await safeRequest(shop, {}, from, { path: '/nothing' }),
    ]
    expect(answers.map(({ status }) => status)).toEqual([200, 401, 400, 400, 404])
    for (const { headers } of answers) {
      expect(headers.get('access-control-allow-origin')).toBe(allowedOrigin)
      expect(headers.get('vary')).toContain('origin')
    }
  })

  test("given development, then Apollo's Sandbox may ask, whatever else is allowed", async () => {
    const origin = 'https://studio.apollographql.com'
    for (const authorization of ['', 'Bearer x']) {
      const { headers } = await safeRequest(shop, { query: '{ viewer { kind } }' }, { origin, authorization })
      expect(headers.get('access-control-allow-origin')).toBe(origin)
    }
  })

  test('given other origins, then nothing allows them, not even a look-alike or null', async () => {
    for (const origin of [
      'https://evil.example',
      'null',
      `${allowedOrigin}.evil.example`,
      'http://shop.example',
      '*',
    ]) {
      for (const authorization of ['', 'Bearer x']) {
        const answer = await safeRequest(shop, { query: '{ viewer { kind } }' }, { origin, authorization })
        expect(corsHeaders(answer), origin).toEqual([])
      }
    }
  })

  test('given a preflight, then the allowed origin may send tokens and JSON, and others may nothing', async () => {
    const ask = (origin: string) =>
      safeRequest(
        shop,
        undefined,
        {
          origin,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'authorization, content-type',
        },
        { method: 'OPTIONS' },
      )
    const allowed = await ask(allowedOrigin)
    expect(allowed.status).toBe(204)
    expect(allowed.headers.get('access-control-allow-origin')).toBe(allowedOrigin)
    expect(allowed.headers.get('access-control-allow-methods')).toContain('POST')
    expect(allowed.headers.get('access-control-allow-headers')).toMatch(/authorization.*content-type/)
    expect(allowed.headers.get('access-control-allow-credentials')).toBeNull()
    expect(corsHeaders(await ask('https://evil.example'))).toEqual([])
  })
})

describe('sockets that do not behave', () => {
  /** How a raw connection ends: the status that refused it, or the code that closed it. */
  const endOf = (messages: readonly (string | object)[], origin?: string): Promise<number> =>
    new Promise((resolve) => {
      const socket = new WebSocket(`${shop.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', { origin })
      socket.on('unexpected-response', (_, response) => {
        response.destroy()
        resolve(response.statusCode ?? 0)
      })
      socket.on('close', (code) => resolve(code))
      socket.on('error', () => undefined)
      socket.on('open', () => {
        for (const message of messages) socket.send(typeof message === 'string' ? message : JSON.stringify(message))
      })
    })

  const init = (authorization?: string) => ({ type: 'connection_init', payload: { authorization } })
  const subscribe = { id: '1', type: 'subscribe', payload: { query: '{ viewer { kind } }' } }

  test.each([
    ['a bad token', [init('Bearer junk')], 4403],
    ['an operation before the greeting', [subscribe], 4401],
    ['two greetings', [init(), init()], 4429],
    ['something that is no message', ['junk'], 4400],
    ['a message of an unknown type', [{ type: 'nothing' }], 4400],
    ['a message of more than 64 KiB', ['x'.repeat(65 * 1_024)], 1009],
  ] as [string, (string | object)[], number][])(
    'given %s, then the connection is closed with a code that says so',
    async (_, messages, code) => {
      expect(await endOf(messages)).toBe(code)
    },
  )

  test('given a page of another origin, then no connection comes about (cross-site WebSocket hijacking)', async () => {
    for (const origin of ['https://evil.example', 'null', `${allowedOrigin}.evil.example`]) {
      expect(await endOf([init()], origin), origin).toBe(403)
    }
    expect(await endOf([init(), init()], allowedOrigin)).toBe(4429)
    expect((await safeRequest(shop, { query: '{ viewer { kind } }' })).status).toBe(200)
  })
})
