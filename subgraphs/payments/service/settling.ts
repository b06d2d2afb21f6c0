import { ShopError } from '#kernel/errors.ts'
import type { Ids } from '#kernel/id.ts'
import { toWire } from '#kernel/money.ts'
import type { Clock, Millis } from '#kernel/time.ts'
import { withTimeout } from '#platform/caller.ts'
import type { Log } from '#platform/log.ts'
import type { NewEvent } from '#platform/store.ts'
import { type Outcome, type PaymentFact, recordOutcome } from '../domain/outcome.ts'
import { type Operation, type Payment, pendingOperations, type Stamp } from '../domain/payment.ts'
import type { PaymentsEvent } from '../events.ts'
import type { PaymentModel } from '../model/payments.ts'
import type { PaymentProvider, ProviderAnswer } from '../provider.ts'

export interface SettlingDeps {
  readonly payments: PaymentModel
  readonly providers: ReadonlyMap<string, PaymentProvider>
  readonly clock: Clock
  readonly ids: Ids
  readonly log: Log
  /** How long a provider may take for the first answer. */
  readonly timeoutMs: Millis
  /** How long it may take for the answer to a repeated call, which it has stored. */
  readonly repeatTimeoutMs: Millis
}

/** Completed at most per round of the job. */
const batch = 20
/** Longest chain of calls of one payment: authorise, then void or capture and refund. */
const maxRounds = 5

const late = (): Error => new Error('the provider did not answer in time')

const send = (provider: PaymentProvider, payment: Payment, operation: Operation): Promise<ProviderAnswer> => {
  const { kind, key, amount } = operation
  if (kind === 'authorize') return provider.authorize({ key, amount, token: payment.token })
  if (payment.reference === null) throw new Error(`payment ${payment._id} has no reference to ${kind}`)
  return provider[kind]({ key, amount, reference: payment.reference })
}

const event = (payment: Payment, { type, amount }: PaymentFact): PaymentsEvent => ({
  type,
  payload: { paymentId: payment._id, orderId: payment.orderId, amount: toWire(amount) },
})

/** The three phases of every provider call (rule R2): the intent is on disk, the call carries its key, result and event are one commit. */
export const makeSettling = (deps: SettlingDeps) => {
  const { payments, providers, clock, ids, log, timeoutMs, repeatTimeoutMs } = deps
  const stamp = (): Stamp => ({ id: ids.next('txn'), now: clock.now() })

  const providerOf = (name: string): PaymentProvider => {
    const provider = providers.get(name)
    if (provider) return provider
    throw new ShopError('BAD_USER_INPUT', `There is no payment provider "${name.slice(0, 60)}".`, ['input', 'provider'])
  }

  /** Null: no answer in time, or a broken connection. Neither tells whether the money moved (rule R3). */
  const hear = async (ms: Millis, ask: () => Promise<ProviderAnswer | null>): Promise<ProviderAnswer | null> => {
    try {
      return await withTimeout(ms, late, ask)
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      log.warn('the outcome of a provider call is unknown', { reason })
      return null
    }
  }

  /** Asks, repeats once with the same key, looks the key up; an outcome that is then still unknown is left for later. */
  const outcomeOf = async (payment: Payment, operation: Operation): Promise<Outcome> => {
    const provider = providerOf(payment.provider)
    const answer =
      (await hear(timeoutMs, () => send(provider, payment, operation))) ??
      (await hear(repeatTimeoutMs, () => send(provider, payment, operation))) ??
      (await hear(repeatTimeoutMs, () => provider.lookup(operation.key)))
    return answer ?? { kind: 'unknown' }
  }

  const record = (payment: Payment, operation: Operation, outcome: Outcome): Promise<Payment> => {
    const at = stamp()
    const change = (current: Payment) => {
      const { payment: changed, facts } = recordOutcome(current, operation.key, outcome, at)
      return { payment: changed, events: facts.map((fact) => event(changed, fact)) }
    }
    return payments.update(payment._id, change, payment)
  }

  /** Makes the open calls of a payment until none is open or one stays unknown. Safe to run twice at once: the keys decide. */
  const settle = async (payment: Payment): Promise<Payment> => {
    let current = payment
    for (let round = 0; round < maxRounds; round++) {
      const open = pendingOperations(current)
      if (open.length === 0) return current
      for (const operation of open) {
        const outcome = await outcomeOf(current, operation)
        current = await record(current, operation, outcome)
        if (outcome.kind === 'unknown') return current
      }
    }
    return current
  }

  /** Writes down an intent, then makes the call. `act`, of whoever asked for it, goes into the audit log with the intent. */
  const perform = async (
    id: string,
    request: (payment: Payment, at: Stamp) => Payment,
    act?: NewEvent,
  ): Promise<Payment> => {
    const at = stamp()
    const change = (before: Payment) => {
      const payment = request(before, at)
      return { payment, events: act && payment !== before ? [act] : [] }
    }
    return settle(await payments.update(id, change))
  }

  return {
    stamp,
    settle,
    perform,
    providerOf,
    /** Takes over calls that nobody answered for a while: after a crash, or when the provider was away (I11). */
    settleOpen: async (olderThan: Millis): Promise<void> => {
      const open = await payments.openBefore(clock.now() - olderThan, batch)
      await Promise.all(
        open.map(async (id) => {
          const payment = await payments.get(id)
          if (payment) await settle(payment)
        }),
      )
    },
  }
}

export type Settling = ReturnType<typeof makeSettling>
