import { ShopError } from '#kernel/errors.ts'
import type { Millis } from '#kernel/time.ts'
import { withTimeout } from '#platform/caller.ts'
import type { Log } from '#platform/log.ts'
import { metrics } from '#platform/metrics/table.ts'
import { traced } from '#platform/tracing.ts'
import { NotReceived } from '../domain/notReceived.ts'
import type { Outcome } from '../domain/outcome.ts'
import type { Operation, Payment } from '../domain/payment.ts'
import type { PaymentProvider, ProviderAnswer } from '../provider.ts'

export interface AskingDeps {
  readonly providers: ReadonlyMap<string, PaymentProvider>
  readonly log: Log
  /** A short wait before a busy provider is asked again; injected (rule R14). */
  readonly pause: () => Promise<void>
  /** How long a provider may take for the first answer. */
  readonly timeoutMs: Millis
  /** How long it may take for the answer to a repeated call, which it has stored. */
  readonly repeatTimeoutMs: Millis
}

type Ask = (signal: AbortSignal) => Promise<ProviderAnswer | null>

/** What a provider is asked for, by name. */
type ProviderCall = Operation['kind'] | 'lookup'

const late = (): Error => new Error('the provider did not answer in time')

const send = (provider: PaymentProvider, payment: Payment, operation: Operation): Ask => {
  const { kind, key, amount } = operation
  const { _id: paymentId, orderId, token, reference } = payment
  if (kind === 'authorize') return (signal) => provider.authorize({ key, amount, token, paymentId, orderId, signal })
  if (reference === null) throw new Error(`payment ${paymentId} has no reference to ${kind}`)
  return (signal) => provider[kind]({ key, amount, reference, signal })
}

/** Asks providers, each question within its time. Nothing here is written down. */
export const makeAsking = ({ providers, log, pause, timeoutMs, repeatTimeoutMs }: AskingDeps) => {
  const providerOf = (name: string): PaymentProvider => {
    const provider = providers.get(name)
    if (provider) return provider
    throw new ShopError('BAD_USER_INPUT', `There is no payment provider "${name.slice(0, 60)}".`, ['input', 'provider'])
  }

  /** No answer in time, or a broken connection, tells nothing about whether the money moved (rule R3). */
  const hear = async (
    operation: ProviderCall,
    ms: Millis,
    ask: Ask,
  ): Promise<Outcome & { readonly isBusy?: boolean }> => {
    const count = (outcome: string): void => metrics.providerCalls.inc({ operation, outcome })
    const ended = metrics.providerCallDuration.startTimer({ operation })
    try {
      const answer = await traced(`provider ${operation}`, { kind: 'client' }, () => withTimeout(ms, late, ask))
      count('answered')
      return answer ?? { kind: 'unknown' }
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      count(error instanceof NotReceived ? 'unreceived' : 'unknown')
      if (error instanceof NotReceived) return { kind: 'unavailable', isBusy: error.isBusy }
      log.warn('the outcome of a provider call is unknown', { reason })
      return { kind: 'unknown' }
    } finally {
      ended()
    }
  }

  const isOpen = ({ kind }: Outcome): boolean => kind === 'unknown' || kind === 'unavailable'

  return {
    providerOf,

    /**
     * Asks, repeats once with the same key, looks the key up (rule R20): `unavailable` only if none of it can have been received,
     * `unknown` when that is not sure.
     */
    outcomeOf: async (payment: Payment, operation: Operation): Promise<Outcome> => {
      const provider = providerOf(payment.provider)
      const ask = send(provider, payment, operation)
      const first = await hear(operation.kind, timeoutMs, ask)
      if (!isOpen(first)) return first
      // Nobody is there: asking again at once would only take the buyer's time.
      if (first.kind === 'unavailable' && !first.isBusy) return first
      if (first.isBusy) await pause()
      const second = await hear(operation.kind, repeatTimeoutMs, ask)
      if (!isOpen(second)) return second
      if (first.kind === 'unavailable' && second.kind === 'unavailable') return second
      const third = await hear('lookup', repeatTimeoutMs, (signal) => provider.lookup(operation.key, signal))
      return isOpen(third) ? { kind: 'unknown' } : third
    },

    /** What the provider has answered to a key; `unknown` when it does not say. */
    lookup: async (payment: Payment, key: string): Promise<Outcome> => {
      const provider = providerOf(payment.provider)
      const told = await hear('lookup', repeatTimeoutMs, (signal) => provider.lookup(key, signal))
      return isOpen(told) ? { kind: 'unknown' } : told
    },
  }
}

export type Asking = ReturnType<typeof makeAsking>
