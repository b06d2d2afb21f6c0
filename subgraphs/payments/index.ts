import { setTimeout } from 'node:timers/promises'
import { seconds } from '#kernel/time.ts'
import { defineSubgraph } from '#platform/subgraph.ts'
import { makeConsumers } from './consumers.ts'
import { makeJobs } from './jobs.ts'
import { makeLoaders } from './loaders.ts'
import { makeChargeModel } from './model/charges.ts'
import { makePaymentModel } from './model/payments.ts'
import { makeResolvers } from './resolvers.ts'
import { makeSandbox } from './sandbox.ts'
import { accessOf, makeManaging } from './service/managing.ts'
import { makePaying } from './service/paying.ts'
import { makeSettling } from './service/settling.ts'

/** A stored answer needs no work: it comes within a second, or the provider is away. */
const repeatTimeout = seconds(1)

/** Payments, their ledger, and the sandbox provider. */
export const payments = defineSubgraph({
  name: 'payments',
  folder: import.meta.dirname,
  build: ({ database, clock, ids, bus, log, config }) => {
    const model = makePaymentModel(database, { clock, ids, bus })
    const charges = makeChargeModel(database, { clock, ids, bus })
    const sandbox = makeSandbox({ charges, clock, ids, pause: (ms) => setTimeout(ms) })
    const settling = makeSettling({
      payments: model,
      providers: new Map([[sandbox.name, sandbox]]),
      clock,
      ids,
      log,
      timeoutMs: config.providerTimeoutMs,
      repeatTimeoutMs: Math.min(repeatTimeout, config.providerTimeoutMs),
    })
    const paying = makePaying({ payments: model, settling, clock, ids })
    return {
      resolvers: makeResolvers({
        paying,
        managing: makeManaging({ payments: model, settling }),
      }),
      loaders: (viewer) => makeLoaders(model, accessOf(viewer)),
      models: [model.model, charges.model],
      outboxes: [model.outbox],
      consumers: makeConsumers(paying),
      jobs: makeJobs(settling),
    }
  },
})
