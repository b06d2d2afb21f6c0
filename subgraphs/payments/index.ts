import { createHash } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import type { Millis } from '#kernel/time.ts'
import { makeBreaker } from '#platform/circuitBreaker.ts'
import { makeIdempotency } from '#platform/idempotency/idempotency.ts'
import { makeIdempotencyModel } from '#platform/idempotency/mongo.ts'
import { metrics } from '#platform/metrics/table.ts'
import { defineSubgraph, type SubgraphDeps } from '#platform/subgraph.ts'
import { makeConsumers } from './consumers.ts'
import { makeJobs } from './jobs.ts'
import { makeLoaders } from './loaders.ts'
import { makeComparisonModel } from './model/comparison.ts'
import { makeInboxModel } from './model/inbox.ts'
import { makePaymentModel } from './model/payments.ts'
import { makeResolvers } from './resolvers.ts'
import { makeSandbox } from './sandbox/adapter.ts'
import { makeLine } from './sandbox/line.ts'
import { makeAsking } from './service/asking.ts'
import { makeComparing } from './service/comparing.ts'
import { makeHearing } from './service/hearing.ts'
import { accessOf, makeManaging } from './service/managing.ts'
import { makePaying } from './service/paying.ts'
import { makeReconciling } from './service/reconciling.ts'
import { makeRecording } from './service/recording.ts'
import { makeSettling } from './service/settling.ts'
import { makeUnfinished } from './service/unfinished.ts'
import { makeVelocity } from './service/velocity.ts'

/**
 * A stored answer needs no work: it comes soon, or the provider is away. Together with the first call, its repetition and the look-up
 * take less than 6 s, after which a buyer is to know where the order stands (F5).
 */
const longestRepeat: Millis = 400

const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64url')

/** Full jitter before a provider that is busy is asked again (parameters table: retries). */
const jitter = async (): Promise<void> => {
  await setTimeout(50 + Math.random() * 150)
}

const times = ({ providerTimeoutMs: timeoutMs }: SubgraphDeps['config']) => {
  const repeatTimeoutMs: Millis = Math.min(longestRepeat, timeoutMs)
  // Twice as long as a call with its repetition and its look-up can take: who is later than that is gone.
  return { timeoutMs, repeatTimeoutMs, leaseMs: 2 * (timeoutMs + 2 * repeatTimeoutMs) }
}

const makeLineTo = ({ config, clock, log }: SubgraphDeps) => {
  const onChange = (status: string) => log.warn('the breaker of the payment provider changed', { status })
  const breaker = makeBreaker({ clock, onChange })
  const unwatch = metrics.breakers.watch(() => [{ labels: { dependency: 'provider', state: breaker.state }, value: 1 }])
  const line = makeLine({
    url: config.providerUrl,
    secret: config.providerSecret,
    timeoutMs: config.providerTimeoutMs,
    breaker,
    clock,
  })
  const stop = (): Promise<void> => {
    unwatch()
    return line.stop()
  }
  return { ...line, stop }
}

/** Payments, their ledger, and the line to the provider. */
export const payments = defineSubgraph({
  name: 'payments',
  folder: import.meta.dirname,
  build: (deps) => {
    const { database, clock, ids, bus, log, config, limiter } = deps
    const model = makePaymentModel(database, { clock, ids, bus })
    const inbox = makeInboxModel(database)
    const comparison = makeComparisonModel(database)
    const keys = makeIdempotencyModel(database)
    const line = makeLineTo(deps)
    const sandbox = makeSandbox(line, config.providerSecret)
    const { timeoutMs, repeatTimeoutMs, leaseMs } = times(config)
    const providers = new Map([[sandbox.name, sandbox]])
    const asking = makeAsking({ providers, log, pause: jitter, timeoutMs, repeatTimeoutMs })
    const settling = makeSettling({ payments: model, asking, clock, ids, leaseMs })
    const pause = (ms: Millis) => setTimeout(ms)
    const idempotency = makeIdempotency({ store: keys.store, clock, hash: sha256, pause })
    const velocity = makeVelocity({ limiter, pause })
    const hearing = makeHearing({ payments: model, inbox, settling, providerOf: asking.providerOf, clock, log })
    const reconciling = makeReconciling({
      payments: model,
      comparison,
      settling,
      providers: [...providers.values()],
      clock,
      log,
    })
    const paying = makePaying({ payments: model, settling, asking, velocity, clock, ids })
    return {
      resolvers: makeResolvers({
        paying,
        managing: makeManaging({ payments: model, settling, idempotency }),
        hearing,
        comparing: makeComparing({ comparison, providerNames: [...providers.keys()] }),
        providerNames: [...providers.keys()],
      }),
      loaders: (viewer) => makeLoaders(model, accessOf(viewer)),
      models: [model.model, inbox.model, keys.model, ...comparison.models],
      outboxes: [model.outbox],
      consumers: makeConsumers(paying),
      jobs: makeJobs({ settling, hearing, reconciling }),
      records: makeRecording(model),
      unfinished: makeUnfinished(model),
      stop: line.stop,
    }
  },
})
