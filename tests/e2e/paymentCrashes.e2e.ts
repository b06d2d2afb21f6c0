import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { makeCallSigner, makeSubgraphCaller } from '../../platform/caller.ts'
import { readConfig, type SubgraphName, type UnitName } from '../../platform/config.ts'
import { remoteEndpoint } from '../../platform/endpoint.ts'
import { makeIds } from '../../platform/kernel/id.ts'
import { systemClock } from '../../platform/kernel/time.ts'
import { systemRandom } from '../../platform/random.ts'
import { type Provider, startProvider } from '../../provider/server.ts'
import { signWebhook } from '../../provider/webhooks.ts'
import { freePorts } from '../ports.ts'
import { endProcess, startProcess } from '../shop.ts'
import { freshPrefix } from '../subgraph.ts'

const secret = 'shared with the provider of this test'
let provider: Provider
let dataDir: string
let env: Record<string, string>
let endpoint: ReturnType<typeof remoteEndpoint>

const caller = (identity: string) => {
  const { internalSecret } = readConfig({})
  const sign = makeCallSigner({ secret: internalSecret, clock: systemClock, ids: makeIds(systemClock, systemRandom) })
  const ask = makeSubgraphCaller(identity, { endpoints: () => endpoint, sign, timeoutMs: 5_000 })
  return <Data>(query: string, input: object) =>
    ask<Data>('payments' satisfies SubgraphName, { query, variables: { input } })
}

interface Told {
  readonly told: {
    readonly payment: { readonly id: string; readonly status: string } | null
    readonly userErrors: readonly object[]
  }
}

const authorize = (orderId: string) =>
  caller('orders')<Told>(
    'mutation ($input: AuthorizePaymentInput!) { told: authorizePayment(input: $input) { payment { id status } userErrors { code } } }',
    {
      orderId,
      ownerId: `usr_${orderId}`,
      amount: { amount: '10.00', currencyCode: 'EUR' },
      provider: 'sandbox',
      token: 'tok_ok',
    },
  )

const hear = (body: string) =>
  caller('gateway')(
    'mutation ($input: ReceivePaymentWebhookInput!) { told: receivePaymentWebhook(input: $input) { received userErrors { code } } }',
    { provider: 'sandbox', body, signature: signWebhook(secret, body, Date.now()) },
  )

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'emporion-'))
  provider = await startProvider({ host: '127.0.0.1', port: 0, secret, file: null })
  const [port] = await freePorts(1)
  env = {
    SEED: 'off',
    LOG_LEVEL: 'error',
    MONGODB_URL: inject('mongoUrl'),
    DATABASE_PREFIX: freshPrefix(),
    DATA_DIR: dataDir,
    PAYMENTS_URL: `http://127.0.0.1:${port}/graphql`,
    PROVIDER_URL: provider.url,
    PROVIDER_SECRET: secret,
    PROVIDER_TIMEOUT_MS: '200',
  }
  endpoint = remoteEndpoint(env.PAYMENTS_URL ?? '')
})
afterAll(async () => {
  await endpoint?.stop()
  await provider?.stop()
  await rm(dataDir, { recursive: true, force: true })
})

/** The process of payments dies at a point while it does this, and is started again. */
const dieAt = async (
  point: string,
  work: () => Promise<unknown>,
  units: readonly UnitName[] = ['payments'],
): Promise<(() => Promise<unknown>) & { output: () => string }> => {
  const doomed = await startProcess(units, { ...env, CRASH_AT: `${point}:kill` })
  const died = new Promise((resolve) => doomed.child.once('exit', (_, signal) => resolve(signal)))
  await work().catch(() => undefined)
  expect(await died).toBe('SIGKILL')
  const { child, output } = await startProcess(units, env)
  return Object.assign(() => endProcess(child), { output })
}

const ofOrder = (order: string) => provider.movements(0, 100).filter(({ reference }) => reference === order)

test.each(['payments.intentWritten', 'payments.answerReceived', 'payments.resultWritten'])(
  'given payments is killed at %s, when the order asks again, then the money is reserved once (F1, R2, R8)',
  async (point) => {
    const stop = await dieAt(point, () => authorize(point))
    try {
      await expect
        .poll(async () => (await authorize(point)).told.payment?.status, { timeout: 10_000 })
        .toBe('AUTHORIZED')
      expect(ofOrder(point)).toMatchObject([{ op: 'authorize', amount: 1_000 }])
    } finally {
      await stop()
    }
  },
  40_000,
)

test('given payments is killed with a webhook in its inbox, when the webhook comes again, then it counts once (C9)', async () => {
  const order = 'ord_webhook'
  const lost = await dieAt('payments.answerReceived', () => authorize(order))
  await lost()
  const { payment } = ofOrder(order)[0] ?? { payment: '' }
  const data = { payment, key: `${payment}:authorize`, amount: 1_000, currency: 'EUR' }
  const body = JSON.stringify({ id: 'evt_1', type: 'charge.authorized', data })
  const stop = await dieAt('payments.webhookStored', () => hear(body))
  try {
    expect(await hear(body)).toEqual({ told: { received: true, userErrors: [] } })
    await expect.poll(async () => (await authorize(order)).told.payment?.status, { timeout: 10_000 }).toBe('AUTHORIZED')
    expect(ofOrder(order)).toHaveLength(1)
  } finally {
    await stop()
  }
}, 60_000)

/** Somebody at the provider takes money that we have only reserved. */
const captureByHand = async (order: string): Promise<void> => {
  const [{ charge } = { charge: '' }] = ofOrder(order)
  const headers = {
    authorization: `Bearer ${secret}`,
    'content-type': 'application/json',
    'idempotency-key': 'by-hand',
  }
  const body = JSON.stringify({ amount: 1_000, currency: 'EUR' })
  const { status } = await fetch(`${provider.url}/v1/charges/${charge}/capture`, { method: 'POST', headers, body })
  expect(status).toBe(200)
}

// The books are compared every 15 s, and what is younger than 10 s is left for the next time.
test.runIf(inject('thorough'))(
  'given payments is killed when the books differ, then the comparison after it reports the difference (F1, I12)',
  async () => {
    const order = 'ord_differs'
    const differ = async () => {
      await authorize(order)
      await captureByHand(order)
    }
    const stop = await dieAt('payments.differenceFound', differ, ['payments', 'workers'])
    try {
      await expect.poll(stop.output, { timeout: 60_000 }).toContain("our books and the provider's differ")
    } finally {
      await stop()
    }
  },
  120_000,
)
