import { request } from 'node:http'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { callHeader } from '../../platform/auth.ts'
import { signUp } from '../people.ts'
import { joinSocket, type RawSocket } from '../rawSocket.ts'
import { startBehindProxies } from '../shop.ts'

const allowedOrigin = 'https://shop.example'

let shop: Awaited<ReturnType<typeof startBehindProxies>>
beforeAll(async () => {
  shop = await startBehindProxies({ TRUSTED_PROXIES: '0', CORS_ORIGINS: allowedOrigin, SUBGRAPH_TIMEOUT_MS: '10000' })
})
afterAll(() => shop?.stop())

type Headers = Record<string, string | string[]>

/** A request as it is, with the bytes that come back as they are. */
const raw = ({
  query,
  headers = {},
  method = 'POST',
}: {
  query: string
  headers?: Headers
  method?: string
}): Promise<{ status: number; headers: Record<string, unknown>; bytes: Buffer }> =>
  new Promise((resolve, reject) => {
    const path = method === 'GET' ? `/graphql?query=${encodeURIComponent(query)}` : '/graphql'
    const own = method === 'GET' ? { 'apollo-require-preflight': 'yes' } : { 'content-type': 'application/json' }
    request(`${shop.url}${path}`, { method, headers: { ...own, ...headers } }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk) => chunks.push(chunk))
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, bytes: Buffer.concat(chunks) }),
      )
    })
      .on('error', reject)
      .end(method === 'GET' ? undefined : JSON.stringify({ query }))
  })

const page = '{ products(first: 20) { nodes { id slug title descriptionHtml variants { id sku title } } } }'
const short = '{ products(first: 1) { nodes { title } } }'
const unpack = { gzip: gunzipSync, br: brotliDecompressSync }

describe('compression', () => {
  test.each(['gzip', 'br'] as const)(
    'given a client that takes %s, then a long answer comes so, the same and shorter',
    async (coding) => {
      const plain = await raw({ query: page })
      const packed = await raw({ query: page, headers: { 'accept-encoding': coding } })
      expect([plain.headers['content-encoding'], packed.headers['content-encoding']]).toEqual([undefined, coding])
      const dataOf = (bytes: Buffer) => JSON.parse(bytes.toString()).data
      expect(dataOf(unpack[coding](packed.bytes))).toEqual(dataOf(plain.bytes))
      expect(packed.bytes.length).toBeLessThan(plain.bytes.length / 2)
      expect(packed.headers.vary).toContain('accept-encoding')
    },
  )

  test('given what a client says it takes, then the best of it, and nothing that it refuses', async () => {
    const codingFor = async (accepted: string) =>
      (await raw({ query: page, headers: { 'accept-encoding': accepted } })).headers['content-encoding']
    expect(await codingFor('gzip, deflate, br')).toBe('br')
    expect(await codingFor('br;q=0, gzip;q=0.5')).toBe('gzip')
    for (const none of ['identity', 'br;q=0', 'deflate', 'brotli', ''])
      expect(await codingFor(none), none).toBeUndefined()
  })

  test('given short answers, and answers that hold tokens, then they are not compressed (BREACH)', async () => {
    const headers = { 'accept-encoding': 'gzip, br' }
    expect((await raw({ query: short, headers })).headers['content-encoding']).toBeUndefined()
    const many = Array.from(
      { length: 4 },
      (_, index) => `a${index}: continueAsGuest { session { accessToken } viewer { id } }`,
    )
    const tokens = await raw({ query: `mutation { ${many.join(' ')} }`, headers })
    expect(tokens.bytes.length).toBeGreaterThan(1_400)
    expect(tokens.headers['content-encoding']).toBeUndefined()
  })
})

describe('how long an answer may be kept', () => {
  const keeping = async (
    query: string,
    { headers = {}, method = 'GET' }: { headers?: Headers; method?: string } = {},
  ) => {
    const answer = await raw({ query, headers, method })
    return { kept: answer.headers['cache-control'], ...JSON.parse(answer.bytes.toString()) }
  }
  const price =
    '{ products(first: 2) { nodes { title seller { shopName } variants { price { amount { amount } } availability { left } } } } }'

  test('given public fields only and nobody in particular, when they are asked by GET, then others may have the answer for seconds', async () => {
    for (const query of [
      short,
      page,
      price,
      '{ categories { name } }',
      '{ search(query: "lamp", first: 2) { nodes { slug } } }',
    ]) {
      const { kept, data, extensions } = await keeping(query)
      expect([kept, extensions], query).toEqual(['public, max-age=10', undefined])
      expect(data).toBeTruthy()
    }
  })

  test('given a token, a POST, a field of somebody, an error or a mutation, then nobody keeps it', async () => {
    const { token } = await signUp(shop)
    const mine = { authorization: `Bearer ${token}` }
    expect((await keeping(short, { headers: mine })).kept).toBe('no-store')
    expect((await keeping(short, { method: 'POST' })).kept).toBe('no-store')
    expect((await keeping('{ viewer { kind } }')).kept).toBe('no-store')
    expect((await keeping('{ products(first: 1) { nodes { title } } viewer { kind } }')).kept).toBe('no-store')
    expect((await keeping('{ products(first: 1, filter: { status: DRAFT }) { nodes { title } } }')).kept).toBe(
      'no-store',
    )
    expect((await keeping('{ nothing }')).kept).toBe('no-store')
    expect((await keeping('mutation { continueAsGuest { viewer { id } } }', { method: 'POST' })).kept).toBe('no-store')
    expect((await keeping(short, { headers: { authorization: 'Bearer junk' } })).kept).toBe('no-store')
    shop.proxies.pricing.become('down')
    expect((await keeping(price)).kept).toBe('no-store')
    shop.proxies.pricing.become('fair')
  })

  test('given any answer, then it says on which headers it depends', async () => {
    expect((await raw({ query: short })).headers.vary).toBe('origin, accept, accept-encoding, authorization')
  })
})

describe('clients and subgraphs that leave', () => {
  test('given a client that hangs up on a query, then the gateway hangs up on the subgraph; a mutation goes on (R11)', async () => {
    const { products, users } = shop.proxies
    const leave = async (proxy: typeof products, query: string): Promise<void> => {
      proxy.become('hanging')
      proxy.swallowed()
      const left = new AbortController()
      const headers = { 'content-type': 'application/json' }
      const asked = fetch(`${shop.url}/graphql`, {
        method: 'POST',
        headers,
        body: JSON.stringify({ query }),
        signal: left.signal,
      })
      const swallowed: string[] = []
      await expect
        .poll(() => swallowed.push(proxy.swallowed()) && swallowed.join(''), { timeout: 10_000 })
        .toContain('"query"')
      left.abort()
      await expect(asked).rejects.toThrow()
    }
    await leave(products, '{ products(first: 3) { nodes { id } } }')
    // Sooner than the 10 s after which the gateway would have given up by itself.
    await expect.poll(() => products.waiting(), { timeout: 5_000 }).toBe(0)
    products.become('fair')
    await leave(users, 'mutation { continueAsGuest { viewer { id } } }')
    expect((await raw({ query: '{ products(first: 2) { nodes { id } } }' })).status).toBe(200)
    expect(users.waiting()).toBe(1)
    users.become('fair')
  })

  test.each([
    ['ends it', (raw: RawSocket) => raw.say({ id: 'q', type: 'complete' })],
    ['closes its socket', (raw: RawSocket) => raw.socket.close()],
  ])(
    'given a query over a socket, when its client %s, then the gateway hangs up on the subgraph (R11)',
    async (_, leave) => {
      const { products } = shop.proxies
      const socket = await joinSocket(shop)
      products.become('hanging')
      products.swallowed()
      socket.say({ id: 'q', type: 'subscribe', payload: { query: '{ products(first: 4) { nodes { id } } }' } })
      await expect.poll(() => products.waiting()).toBe(1)
      leave(socket)
      await expect.poll(() => products.waiting(), { timeout: 5_000 }).toBe(0)
      products.become('fair')
      socket.socket.close()
    },
  )

  test('given that the keys cannot be had, then 503 with a time to come back, also for pages of other origins', async () => {
    shop.proxies.users.become('down')
    const { status, headers } = await fetch(`${shop.url}/.well-known/jwks.json`, { headers: { origin: allowedOrigin } })
    expect([status, headers.get('retry-after'), headers.get('access-control-allow-origin')]).toEqual([
      503,
      '1',
      allowedOrigin,
    ])
    shop.proxies.users.become('fair')
  })
})

describe('headers of clients', () => {
  /** What subgraphs get besides HTTP's own. */
  const inside: readonly string[] = [
    ...Object.values(callHeader),
    'content-type',
    'content-length',
    'accept',
    'host',
    'connection',
  ]

  test('given thirty headers that look like those inside, doubled and hop by hop, then none of them arrives there (threat: gateway)', async () => {
    const canary = 'canary-of-a-header'
    const doubled = (value: string): string[] => [value, `${value}-2`]
    const forged: Headers = {
      ...Object.fromEntries(
        Object.values(callHeader)
          .filter((name) => name !== 'x-request-id')
          .map((name) => [name, doubled(canary)]),
      ),
      ...Object.fromEntries(
        [
          'x-user-id',
          'x-user-roles',
          'x-viewer',
          'x-account-id',
          'x-session-id',
          'x-tenant-id',
          'x-internal',
          'x-internal-secret',
          'x-service',
          'x-admin',
          'x-forwarded-for',
          'x-forwarded-host',
          'x-forwarded-proto',
          'x-forwarded-user',
          'forwarded',
          'x-real-ip',
          'x-original-url',
          'x-rewrite-url',
          'x-http-method-override',
          'x-envoy-internal',
          'apollo-federation-include-trace',
          'apollo-query-plan-experimental',
          'traceparent',
          'cookie',
        ].map((name) => [name, canary]),
      ),
      te: 'trailers',
      'proxy-authorization': canary,
      'x-request-id': `${canary}, 2`,
      'user-agent': 'a browser',
      connection: 'keep-alive, x-emporion-viewer, x-emporion-signature',
    }
    expect(Object.keys(forged).length).toBeGreaterThan(30)
    for (const proxy of Object.values(shop.proxies)) proxy.forwarded()
    const { status, bytes } = await raw({
      query: '{ viewer { kind } cart { id } products(first: 1) { nodes { title } } }',
      headers: forged,
    })
    expect([status, JSON.parse(bytes.toString()).data.viewer]).toEqual([200, { kind: 'ANONYMOUS' }])
    const arrived = Object.values(shop.proxies)
      .map((proxy) => proxy.forwarded())
      .join('')
    const heads = [...arrived.matchAll(/POST \/graphql HTTP\/1\.1\r\n([\s\S]*?)\r\n\r\n/g)].map(
      ([, head]) => head ?? '',
    )
    expect(heads.length).toBeGreaterThan(1)
    for (const head of heads) {
      const names = head.split('\r\n').map((line) => line.slice(0, line.indexOf(':')).toLowerCase())
      expect(names.filter((name) => !inside.includes(name))).toEqual([])
      expect(new Set(names).size).toBe(names.length)
    }
    expect(arrived).not.toContain(canary)
    // Signed as the gateway saw it: the address of the socket, since no proxy is trusted.
    const [, client = ''] = /x-emporion-client: (\S+)/.exec(arrived) ?? []
    expect(JSON.parse(Buffer.from(client, 'base64url').toString())).toEqual({
      address: '127.0.0.1',
      userAgent: 'a browser',
    })
  })
})
