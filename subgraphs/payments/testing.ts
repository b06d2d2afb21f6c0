import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import { makeBreaker } from '../../platform/circuitBreaker.ts'
import { readBody } from '../../platform/http.ts'
import { money } from '../../platform/kernel/money.ts'
import { makeManualClock } from '../../platform/kernel/time.ts'
import { ensureIndexes } from '../../platform/mongo.ts'
import { type Provider, type ProviderOptions, startProvider } from '../../provider/server.ts'
import { makeTestDeps } from '../../tests/subgraph.ts'
import { makeComparisonModel } from './model/comparison.ts'
import { makeInboxModel } from './model/inbox.ts'
import { makePaymentModel } from './model/payments.ts'
import { makeSandbox } from './sandbox/adapter.ts'
import { makeLine } from './sandbox/line.ts'
import { makeAsking } from './service/asking.ts'
import { makeHearing } from './service/hearing.ts'
import { makePaying } from './service/paying.ts'
import { makeReconciling } from './service/reconciling.ts'
import { makeSettling } from './service/settling.ts'
import { makeVelocity } from './service/velocity.ts'

export const secret = 'the secret of these tests'

/** A sandbox provider in this process, with books in memory; it ends with the test. */
export const startTestProvider = async (options: Partial<ProviderOptions> = {}): Promise<Provider> => {
  const provider = await startProvider({ host: '127.0.0.1', port: 0, secret, file: null, ...options })
  onTestFinished(() => provider.stop())
  return provider
}

export interface WorldOptions {
  readonly provider: Pick<Provider, 'url'>
  readonly timeoutMs?: number
  /** How an attempt to pay waits for those before it. */
  readonly pause?: (ms: number) => Promise<void>
  /** When it begins: webhooks are signed by the time of the machine. */
  readonly now?: number
}

/** The services of payments over a real database and a real line to a provider, with a clock that the test moves. */
export const startWorld = async ({ provider, timeoutMs = 300, pause: pauseOfBuyers, now }: WorldOptions) => {
  const clock = makeManualClock(now)
  const logged: string[] = []
  const deps = await makeTestDeps('payments', { clock })
  const log = { ...deps.log, error: (message: string) => void logged.push(message) }
  const payments = makePaymentModel(deps.database, deps)
  const inbox = makeInboxModel(deps.database)
  const comparison = makeComparisonModel(deps.database)
  await ensureIndexes([payments.model, inbox.model, ...comparison.models] as never)
  const line = makeLine({ url: provider.url, secret, timeoutMs: 5_000, breaker: makeBreaker({ clock }), clock })
  onTestFinished(() => line.stop())
  const sandbox = makeSandbox(line, secret)
  const pause = () => new Promise<void>((resolve) => setTimeout(resolve, 5))
  const providers = new Map([[sandbox.name, sandbox]])
  const asking = makeAsking({ providers, log, pause, timeoutMs, repeatTimeoutMs: timeoutMs })
  const settling = makeSettling({ payments, asking, clock, ids: deps.ids, leaseMs: 6 * timeoutMs })
  const velocity = makeVelocity({
    limiter: deps.limiter,
    pause: pauseOfBuyers ?? ((ms) => new Promise((resolve) => setTimeout(resolve, 4 * ms))),
  })
  const paying = makePaying({ payments, settling, asking, velocity, clock, ids: deps.ids })
  const hearing = makeHearing({ payments, inbox, settling, providerOf: asking.providerOf, clock, log })
  const reconciling = makeReconciling({ payments, comparison, settling, providers: [sandbox], clock, log })
  return {
    deps,
    clock,
    payments,
    inbox,
    comparison,
    sandbox,
    settling,
    paying,
    hearing,
    reconciling,
    /** Differences of the books that stand. */
    standing: () => comparison.page(false, { first: 100, after: null }),
    /** Errors in the log. */
    logged,
    authorize: (token = 'tok_ok', orderId = 'ord_1', ownerId = `usr_${orderId}`) =>
      paying.authorize({
        orderId,
        ownerId,
        amount: { amount: '10.00', currencyCode: 'EUR' },
        provider: 'sandbox',
        token,
      }),
    payment: async (orderId = 'ord_1') => (await payments.byOrderIds([orderId], 'all'))[0],
    /** The facts that were told of a payment, in order. */
    told: async (orderId = 'ord_1'): Promise<string[]> => {
      const row = await payments.model.findOne({ orderId }).lean<{ outbox: { type: string }[] }>()
      return row?.outbox.map(({ type }) => type) ?? []
    },
    /** The jobs, some rounds of them. */
    work: async (rounds = 1): Promise<void> => {
      for (let round = 0; round < rounds; round++) {
        clock.advance(11_000)
        await settling.settleDue().catch(() => undefined)
        await hearing.workDue().catch(() => undefined)
        await reconciling.run().catch(() => undefined)
      }
    },
  }
}

/** The address of webhooks as the gateway answers it, each delivery repeated `times` at once. */
export const startReceiver = async (hearing: World['hearing'], times = 1) => {
  const statuses: number[] = []
  const server = createServer(async (request, response) => {
    const body = await readBody(request, 65_536)
    const signed = { body, signature: String(request.headers['sandbox-signature']) }
    const results = await Promise.allSettled(Array.from({ length: times }, () => hearing.receive('sandbox', signed)))
    const status = results.some((result) => result.status === 'rejected') ? 400 : 200
    statuses.push(status)
    response.writeHead(status).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, statuses }
}

export type World = Awaited<ReturnType<typeof startWorld>>

export const ten = money(1_000, 'EUR')
