import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { makeAdversary, parseWeather } from './adversary.ts'
import { authorize, type Charge, capture, confirm, refund, release } from './charge.ts'
import { startProvider } from './server.ts'

const facts = { id: 'ch_1', reference: 'ord_1', payment: 'pay_1', currency: 'EUR', amount: 1_000 }
const opened = (token = 'tok_ok'): Charge => authorize(facts, token).charge
const taken = (): Charge => capture(opened(), 1_000).charge

describe('a charge', () => {
  test('is reserved, taken in parts, set free and given back, each as a movement', () => {
    const part = capture(opened(), 300)
    const free = release(part.charge)
    const back = refund(free.charge, 300)
    expect([part.movement, free.movement, back.movement]).toEqual([
      { op: 'charge', amount: 300 },
      { op: 'void', amount: 700 },
      { op: 'refund', amount: 300 },
    ])
    expect(back.charge).toMatchObject({ captured: 300, released: 700, refunded: 300 })
  })

  test('that waits for its buyer moves nothing before the confirmation, and can be ended', () => {
    const waiting = opened('tok_requires_action')
    expect(confirm(waiting).movement).toEqual({ op: 'authorize', amount: 1_000 })
    expect(release(waiting)).toMatchObject({ charge: { status: 'voided' }, movement: null })
  })

  test.each([
    ['a capture of what is captured', () => capture(taken(), 1), 'not_authorized'],
    ['a capture above what is reserved', () => capture(opened(), 1_001), 'not_authorized'],
    ['a void of what is captured', () => release(taken()), 'not_authorized'],
    ['a refund of what is only reserved', () => refund(opened(), 1), 'not_refundable'],
    ['a refund above the capture', () => refund(taken(), 1_001), 'not_refundable'],
    ['a confirmation of what did not wait', () => confirm(opened()), 'not_waiting'],
    ['an unknown token', () => authorize(facts, '4111'), 'invalid_token'],
    ['a declined card', () => authorize(facts, 'tok_declined'), 'card_declined'],
  ])('refuses %s, and nothing moves', (_, act, code) => {
    expect(act()).toMatchObject({ answer: { status: 'refused', code }, movement: null })
  })
})

describe('the adversary', () => {
  test('does the same for the same seed, in about the shares it was told', () => {
    const calls = { slow: 0.2, unavailable: 0.3 }
    const draw = () => {
      const adversary = makeAdversary({ seed: 7, calls, webhooks: {}, latencyMs: 0 })
      return Array.from({ length: 1_000 }, () => adversary.callFault())
    }
    expect(draw()).toEqual(draw())
    const slow = draw().filter((fault) => fault === 'slow').length
    expect(slow).toBeGreaterThan(150)
    expect(slow).toBeLessThan(250)
    expect(makeAdversary().callFault()).toBeNull()
  })

  test.each([
    null,
    [[]],
    { calls: { rain: 1 } },
    { calls: { slow: 2 } },
    { webhooks: 'lost' },
    { seed: -1 },
    { more: 1 },
  ])('does not understand %j', (weather) => {
    expect(parseWeather(weather)).toBeNull()
  })
})

const start = async (file: string | null = null) => {
  const secret = 'a secret'
  const provider = await startProvider({ host: '127.0.0.1', port: 0, secret, file })
  onTestFinished(() => provider.stop())
  const ask = async (
    path: string,
    init: { key?: string; body?: object; method?: string; secret?: string | null } = {},
  ) => {
    const { key, body, method = body ? 'POST' : 'GET', secret: shown = secret } = init
    const response = await fetch(provider.url + path, {
      method,
      headers: {
        ...(shown !== null && { authorization: `Bearer ${shown}` }),
        ...(key !== undefined && { 'idempotency-key': key }),
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    })
    return { status: response.status, body: (await response.json()) as Record<string, never> }
  }
  return { provider, ask }
}

const demand = { amount: 1_000, currency: 'EUR', token: 'tok_ok', reference: 'ord_1', payment: 'pay_1' }

describe('the API', () => {
  test('given a key it has answered, then the answer is the same; with another demand it is a conflict', async () => {
    const { provider, ask } = await start()
    const first = await ask('/v1/charges', { key: 'k', body: demand })
    expect(await ask('/v1/charges', { key: 'k', body: demand })).toEqual(first)
    expect((await ask('/v1/charges', { key: 'k', body: { ...demand, amount: 999 } })).status).toBe(409)
    expect(await ask('/v1/answers/k')).toEqual(first)
    expect((await ask('/v1/answers/other')).status).toBe(404)
    expect(provider.movements(0, 10)).toHaveLength(1)
  })

  test.each([
    ['no key', { body: demand }, 400],
    ['a fraction', { key: 'k', body: { ...demand, amount: 1.5 } }, 400],
    ['a negative amount', { key: 'k', body: { ...demand, amount: -1 } }, 400],
    ['another secret', { key: 'k', body: demand, secret: 'guessed' }, 401],
    ['no secret', { key: 'k', body: demand, secret: null }, 401],
  ])('given %s, then it is refused and nothing moves', async (_, init, status) => {
    const { provider, ask } = await start()
    expect((await ask('/v1/charges', init)).status).toBe(status)
    expect(provider.movements(0, 10)).toEqual([])
  })

  test('the books can be read in pages, and the weather turned, from this machine; not by a form on a web page', async () => {
    const { ask, provider } = await start()
    await ask('/v1/charges', { key: 'a', body: demand })
    await ask('/v1/charges', { key: 'b', body: { ...demand, reference: 'ord_2' } })
    expect((await ask('/movements?limit=1', { secret: null })).body).toMatchObject({
      movements: [{ seq: 1, reference: 'ord_1' }],
      next: 1,
    })
    expect((await ask('/movements?after=1', { secret: null })).body).toMatchObject({
      movements: [{ op: 'authorize' }],
      next: null,
    })
    expect((await ask('/adversary', { body: { calls: { unavailable: 1 } }, secret: null })).status).toBe(200)
    expect((await ask('/v1/charges', { key: 'c', body: demand })).status).toBe(503)
    const form = await fetch(`${provider.url}/adversary`, { method: 'POST', body: '{}' })
    expect(form.status).toBe(415)
  })

  test('given it was killed, then its books and its answers are all there', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'provider-'))
    onTestFinished(() => rm(folder, { recursive: true, force: true }))
    const file = join(folder, 'books.sqlite')
    const before = await start(file)
    const first = await before.ask('/v1/charges', { key: 'k', body: demand })
    // Not stopped: a second one opens the file as it lies there after a kill -9.
    const after = await start(file)
    expect(await after.ask('/v1/charges', { key: 'k', body: demand })).toEqual(first)
    expect(after.provider.movements(0, 10)).toHaveLength(1)
  })
})
