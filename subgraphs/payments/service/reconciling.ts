import { type Clock, type Millis, seconds } from '#kernel/time.ts'
import { crashPoint } from '#platform/crashPoint.ts'
import type { Log } from '#platform/log.ts'
import { ledgerTotals, type Payment, pendingOperations } from '../domain/payment.ts'
import { requestConfirm } from '../domain/requests.ts'
import type { BookedSums, ComparisonModel, Difference } from '../model/comparison.ts'
import type { PaymentModel } from '../model/payments.ts'
import type { PaymentProvider, ProviderTotals } from '../provider.ts'
import type { Settling } from './settling.ts'

export interface ReconcilingDeps {
  readonly payments: PaymentModel
  readonly comparison: ComparisonModel
  readonly settling: Settling
  readonly providers: readonly PaymentProvider[]
  readonly clock: Clock
  readonly log: Log
}

/** What is younger may still be under way, and is left for the next round. */
const settlingTime: Millis = seconds(10)
const pageOfTheirs = 500
/** Each of these costs a question to the provider. */
const pageOfOurs = 50
const pageOfWaiting = 50

const isSameAs = (payment: Payment, theirs: ProviderTotals): boolean => {
  const ours = ledgerTotals(payment)
  const names = ['authorized', 'captured', 'released', 'refunded'] as const
  return payment.amount.currency === theirs.currency && names.every((name) => ours[name] === theirs[name])
}

const toBooked = ({ currency, authorized, captured, released, refunded }: ProviderTotals): BookedSums => ({
  currency,
  authorized,
  captured,
  released,
  refunded,
})

/** Compares our books with the provider's, from both sides, and mends or reports every difference (I12). */
export const makeReconciling = ({ payments, comparison, settling, providers, clock, log }: ReconcilingDeps) => {
  const report = async (found: Omit<Difference, 'foundAt' | 'mendedAt'>): Promise<void> => {
    await crashPoint('payments.differenceFound')
    const isNew = await comparison.report({ ...found, foundAt: clock.now(), mendedAt: null })
    if (isNew) log.error("our books and the provider's differ", { reason: found.reason, path: found._id })
  }

  const compare = async (provider: PaymentProvider, found: Payment, theirs: ProviderTotals | null): Promise<void> => {
    // An open call explains a difference: settling it is what mends it.
    const payment = pendingOperations(found).length > 0 ? await settling.settle(found) : found
    if (pendingOperations(payment).length > 0) return
    const now = payment.reference === null ? null : theirs
    if (now && isSameAs(payment, now)) return comparison.mended(payment._id, clock.now())
    // Theirs may be older than ours by now: the last word has a fresh look.
    const fresh = payment.reference === null ? null : await provider.totals(payment.reference)
    if (fresh && isSameAs(payment, fresh)) return comparison.mended(payment._id, clock.now())
    if (!fresh && payment.transactions.length === 0) return
    const reason = fresh ? 'SUMS_DIFFER' : 'UNKNOWN_TO_PROVIDER'
    await report({ _id: payment._id, provider: provider.name, reason, theirs: fresh && toBooked(fresh) })
  }

  const reportUnknown = (provider: PaymentProvider, theirs: ProviderTotals): Promise<void> =>
    report({ _id: theirs.paymentId, provider: provider.name, reason: 'UNKNOWN_TO_US', theirs: toBooked(theirs) })

  const theirSide = async (provider: PaymentProvider, cursor: number): Promise<void> => {
    const { moved, cursor: next } = await provider.movedAfter(cursor, pageOfTheirs)
    const known = await payments.byIds(
      moved.map(({ paymentId }) => paymentId),
      'all',
    )
    const byId = new Map(known.map((payment) => [payment._id, payment]))
    for (const theirs of moved) {
      const payment = byId.get(theirs.paymentId)
      if (payment) await compare(provider, payment, theirs)
      else await reportUnknown(provider, theirs)
    }
    if (next > cursor) await comparison.goOn(provider.name, { cursor: next })
  }

  const ourSide = async (provider: PaymentProvider, until: Millis): Promise<void> => {
    const changed = await payments.changedBetween(until, clock.now() - settlingTime, pageOfOurs)
    for (const payment of changed) {
      if (payment.provider !== provider.name) continue
      await compare(provider, payment, payment.reference === null ? null : await provider.totals(payment.reference))
    }
    const last = changed.at(-1)
    if (last) await comparison.goOn(provider.name, { until: last.updatedAt })
  }

  /** News of the buyer may have been lost on the way. */
  const waiting = async (provider: PaymentProvider): Promise<void> => {
    for (const payment of await payments.waitingForBuyer(clock.now() - settlingTime, pageOfWaiting)) {
      if (payment.provider !== provider.name || payment.canceling || payment.reference === null) continue
      const theirs = await provider.totals(payment.reference)
      if (theirs?.isAuthenticated) await settling.perform(payment._id, requestConfirm)
    }
  }

  return {
    run: async (): Promise<void> => {
      for (const provider of providers) {
        const { cursor, until } = await comparison.place(provider.name)
        await waiting(provider)
        await theirSide(provider, cursor)
        await ourSide(provider, until)
        await comparison.goOn(provider.name, { finishedAt: clock.now() })
      }
    },
  }
}

export type Reconciling = ReturnType<typeof makeReconciling>
