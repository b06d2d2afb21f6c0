import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ask, connect, get, send } from '../client.ts'
import { addLine, guest, placeOrder, signIn, signUp, someVariants } from '../people.ts'
import { seriesOf } from '../series.ts'
import { startTogether } from '../shop.ts'

const token = 'what Prometheus shows, 32 characters'

let shop: Awaited<ReturnType<typeof startTogether>>

beforeAll(async () => {
  shop = await startTogether({
    METRICS_PORT: '0',
    METRICS_TOKEN: token,
    PROVIDER_TIMEOUT_MS: '5000',
    // A machine with other things to do takes longer for 32 passwords; how long is not what is looked at here.
    SUBGRAPH_TIMEOUT_MS: '20000',
    CHECKOUT_TIMEOUT_MS: '20000',
  })
})
afterAll(() => shop?.stop())

const scrape = async (authorization?: string) => {
  const response = await fetch(shop.metricsUrl!, { headers: authorization ? { authorization } : {} })
  return { status: response.status, text: await response.text() }
}

const metricsNow = async (): Promise<string> => (await scrape(`Bearer ${token}`)).text

describe('metrics', () => {
  test('given a scraper, when it shows no token or a wrong one, then it learns nothing; the gateway has no such address (threat: open /metrics)', async () => {
    expect(await scrape()).toEqual({ status: 401, text: expect.not.stringContaining('emporion') })
    expect((await scrape('Bearer wrong')).status).toBe(401)
    expect((await scrape(`Bearer ${token}`)).status).toBe(200)
    expect((await send(shop, undefined, {}, { path: '/metrics', method: 'GET' })).status).toBe(404)
  })

  test('given buyers, then what they do is counted at each place that it passes', async () => {
    const before = await metricsNow()
    const buyer = await guest(shop)
    const [variant] = await someVariants(shop)
    await addLine(shop, buyer, variant!.id)
    expect((await placeOrder(shop, buyer)).order.status).toBe('CONFIRMED')
    const refused = await addLine(shop, buyer, 'var_unknown')
    const socket = connect(shop, buyer)
    await socket.watch('subscription { cartUpdated { seq } }').next()
    const grown = async (series: string) => seriesOf(await metricsNow(), series) - seriesOf(before, series)
    const other = 'emporion_operations_total{operation="other",'
    expect(await grown(`${other}field="placeOrder",outcome="ok"}`)).toBe(1)
    expect(await grown(`${other}field="cartUpdated",outcome="ok"}`)).toBe(1)
    // Saying where it goes, and ordering.
    expect(await grown('emporion_operation_duration_seconds_count{class="checkout"}')).toBe(2)
    expect(await grown('emporion_subgraph_calls_total{subgraph="orders",outcome="answered"}')).toBeGreaterThan(0)
    expect(await grown('emporion_provider_calls_total{operation="capture",outcome="answered"}')).toBe(1)
    expect(await grown('emporion_events_total{type="OrderConfirmed"}')).toBe(1)
    expect(await grown(`emporion_refusals_total{code="${refused.userErrors[0].code}"}`)).toBe(1)
    expect(await grown('emporion_cache_reads_total{cache="prices",outcome="miss"}')).toBeGreaterThan(0)
    expect(before).toContain('emporion_cache_reads_total{cache="prices",outcome="stale"} 0')
    expect(await grown('emporion_sockets')).toBe(1)
    expect(await grown('emporion_socket_operations')).toBe(1)
    expect(await grown('emporion_plans_total{outcome="miss"}')).toBeGreaterThan(0)
    await expect.poll(() => grown('emporion_outbox_lag_seconds_count')).toBeGreaterThan(0)
    const now = await metricsNow()
    expect(seriesOf(now, 'emporion_database_connections{state="open"}')).toBeGreaterThan(0)
    expect(seriesOf(now, 'process_resident_memory_bytes')).toBeGreaterThan(0)
    expect(seriesOf(now, 'nodejs_eventloop_lag_p99_seconds')).toBeGreaterThan(0)
    expect(now).toContain('emporion_outbox_waiting{collection="orders"}')
    expect(now).toContain('emporion_saga_oldest_seconds{saga="checkout"} 0')
    await socket.close()
    await expect
      .poll(async () => seriesOf(await metricsNow(), 'emporion_sockets'))
      .toBe(seriesOf(before, 'emporion_sockets'))
  })

  test('given an operation of the manifest and others with names of their own, then only the first has its name on a label (threat: metric cardinality)', async () => {
    await ask(shop, 'query Browse { products(first: 1) { totalCount } }')
    await ask(shop, 'query cAnArYName { products(first: 1) { totalCount } }')
    await ask(shop, 'query ($a: Int!) { cAnArYField }')
    await ask(shop, 'query cAnArY { cAnArY')
    const text = await metricsNow()
    expect(text).toContain('{operation="Browse",field="products",outcome="ok"}')
    expect(text).not.toMatch(/canary/i)
    expect(text.split('\n').filter((line) => line.startsWith('emporion_')).length).toBeLessThan(1_000)
  })
})

const signInDocument = `mutation ($input: SignInInput!) {
  signIn(input: $input) { session { accessToken } userErrors { code message field } } }`

test('given more sign-ins at once than passwords may wait, then two are hashed at a time and 30 wait at most, the others hear RATE_LIMITED at once, and somebody else buys meanwhile (L2)', async () => {
  const person = await signUp(shop)
  const buyer = await guest(shop)
  const [variant] = (await someVariants(shop)).filter(({ left }) => left > 5)
  await addLine(shop, buyer, variant!.id)

  const crowd = 200
  const answers: string[] = []
  const seen: Record<'running' | 'waiting', number[]> = { running: [], waiting: [] }
  const look = async (): Promise<void> => {
    const text = await metricsNow()
    for (const state of ['running', 'waiting'] as const)
      seen[state].push(seriesOf(text, `emporion_passwords{state="${state}"}`))
  }
  const flood = Promise.all(
    Array.from({ length: crowd }, async (_, n) => {
      const input = { email: `flood${n}@example.com`, password: 'a wrong password' }
      const { signIn: answer } = await get(shop, signInDocument, { input })
      // Looking costs as much as signing in, and may not be what keeps the crowd out.
      if (answers.push(JSON.stringify(answer)) % 10 === 1) await look()
    }),
  )
  const [{ order }] = await Promise.all([placeOrder(shop, buyer), flood])

  expect(order.status).toBe('CONFIRMED')
  const refusal = { code: 'RATE_LIMITED', message: 'Too many sign-ins at once; try again in a moment.', field: null }
  const away = JSON.stringify({ session: null, userErrors: [refusal] })
  const refused = answers.filter((answer) => answer === away)
  const tried = answers.filter((answer) => answer.includes('INVALID_CREDENTIALS'))
  expect(refused.length).toBeGreaterThan(0)
  expect(refused.length + tried.length).toBe(crowd)
  // Whoever is sent away does not wait for the 30 who have found a place.
  expect(answers.lastIndexOf(away)).toBeLessThan(crowd - 15)
  const [running, waiting] = [Math.max(...seen.running), Math.max(...seen.waiting)]
  expect([running > 0 && running <= 2, waiting > 15 && waiting <= 30]).toEqual([true, true])
  expect(await signIn(shop, person)).toBeTruthy()
})
