import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeLog } from '#platform/log.ts'
import { connect, get, send, type TestShop } from '../client.ts'
import { type CollectedSpan, startCollector } from '../collector.ts'
import { addLine, placeOrder, signUp, someVariants } from '../people.ts'
import { startTogether } from '../shop.ts'

const lines: string[] = []
const linesOf = (requestId: string): string[] =>
  lines
    .map((line) => JSON.parse(line) as { requestId?: string; msg: string })
    .filter((line) => line.requestId === requestId)
    .map(({ msg }) => msg)

let collector: Awaited<ReturnType<typeof startCollector>>
let shop: TestShop
let dataDir: string

beforeAll(async () => {
  collector = await startCollector()
  const log = makeLog('debug', { write: (line) => void lines.push(line) })
  // The folder of mails cannot be made: each mail fails.
  dataDir = await mkdtemp(join(tmpdir(), 'tracing-'))
  await writeFile(join(dataDir, 'mail'), '')
  shop = await startTogether(
    {
      DATA_DIR: dataDir,
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      TRUSTED_PROXIES: '1',
      PROVIDER_TIMEOUT_MS: '5000',
    },
    { log },
  )
})
afterAll(async () => {
  await shop?.stop()
  await collector?.stop()
  await rm(dataDir, { recursive: true, force: true })
})

const traceOf = (name: string): CollectedSpan[] => {
  const root = collector.spans.find((span) => span.name === name)
  return collector.spans.filter(({ traceId }) => traceId === root?.traceId)
}

const namesOf = (spans: readonly CollectedSpan[]) => new Set(spans.map(({ name }) => name))

describe('traces', () => {
  test('given a checkout, then all that it caused is one connected trace, from the gateway to database, provider and deliveries', async () => {
    const { token } = await signUp(shop)
    const [variant] = await someVariants(shop)
    await addLine(shop, token, variant!.id)
    const { order } = await placeOrder(shop, token)
    expect(order.status).toBe('CONFIRMED')
    await expect.poll(() => [...namesOf(traceOf('mutation placeOrder'))]).toContain('deliver PaymentCaptured')
    // Who has ended is told once a second, children before their parents.
    const orphans = () => {
      const spans = traceOf('mutation placeOrder')
      const ids = new Set(spans.map(({ spanId }) => spanId))
      return spans.filter(({ parentSpanId }) => parentSpanId && !ids.has(parentSpanId))
    }
    await expect.poll(orphans).toEqual([])
    const trace = traceOf('mutation placeOrder')
    const expected = [
      'http',
      'call orders',
      'orders',
      'call payments',
      'provider authorize',
      'provider capture',
      'mongodb update',
    ]
    expect([...namesOf(trace)]).toEqual(expect.arrayContaining(expected))
    expect(trace.filter(({ parentSpanId }) => parentSpanId === undefined).map(({ name }) => name)).toEqual(['http'])
    // Mails fail here, see above.
    expect(trace.filter(({ isFailed, name }) => isFailed && name !== 'send mail')).toEqual([])
  })

  test('given a sign-up, then the mail is sent within the trace of the request that asked for it', async () => {
    await signUp(shop)
    await expect.poll(() => [...namesOf(traceOf('mutation signUp'))]).toContain('send mail')
  })

  test('given all that people write, then no span has any of it: names and codes only (threat: privacy)', async () => {
    const { token, email, password } = await signUp(shop)
    const secret = 'cAnArY7f3aTraced'
    await send(shop, { query: `query ${secret} { search(query: "${secret}", first: 1) { totalCount } }` })
    await send(shop, { query: 'query ($id: ID!) { order(id: $id) { id } }', variables: { id: secret } })
    await get(shop, '{ viewer { id email } }', {}, token)
    await expect.poll(() => [...namesOf(collector.spans)]).toContain('query viewer')
    const all = JSON.stringify(collector.spans)
    for (const text of [email, password, token, secret, 'Hauptstr', 'tok_ok']) expect(all).not.toContain(text)
  })

  test('given nobody asks for anything, then polls and jobs leave no traces', () => {
    const roots = collector.spans.filter(({ parentSpanId }) => parentSpanId === undefined)
    expect([...namesOf(roots)]).toEqual(['http'])
  })

  test('given a live cart with fields of other subgraphs, when it changes, then what the push fetches is a trace of its own', async () => {
    const { token } = await signUp(shop)
    const [variant] = await someVariants(shop)
    const socket = connect(shop, token)
    const live = socket.watch('subscription { cartUpdated { cart { lines { variant { title product { title } } } } } }')
    await live.next()
    await addLine(shop, token, variant!.id)
    await live.next()
    await socket.close()
    const fetched = () => {
      const pushes = collector.spans.filter(({ name }) => name === 'push cartUpdated')
      expect(pushes.every(({ parentSpanId }) => parentSpanId === undefined)).toBe(true)
      const traces = new Set(pushes.map(({ traceId }) => traceId))
      return [...namesOf(collector.spans.filter(({ traceId }) => traces.has(traceId)))]
    }
    await expect.poll(fetched).toEqual(expect.arrayContaining(['call products', 'products']))
  })

  test('given a proxy of ours has named the request and its trace, then both are kept in every part', async () => {
    const traceId = 'abcdef0123456789abcdef0123456789'
    const headers = { 'x-request-id': 'edge-12345678', traceparent: `00-${traceId}-0123456789abcdef-01` }
    const { headers: answered } = await send(shop, { query: '{ products(first: 1) { totalCount } }' }, headers)
    expect(answered.get('x-request-id')).toBe('edge-12345678')
    await expect
      .poll(() => [...namesOf(collector.spans.filter((span) => span.traceId === traceId))])
      .toContain('products')
  })
})

test('given a mail that cannot be written, then the line of the workers names the request that asked for it', async () => {
  const query = `mutation { signUp(input: { email: "lines@example.com", password: "a long walk by the sea", name: "Ada" }) {
    userErrors { code } } }`
  const { headers } = await send(shop, { query })
  const requestId = headers.get('x-request-id') ?? ''
  await expect.poll(() => linesOf(requestId)).toContain('a mail was not sent')
})
