import { ShopError } from '#kernel/errors.ts'
import { isSame } from '#kernel/money.ts'
import { type Clock, type Millis, seconds } from '#kernel/time.ts'
import { crashPoint } from '#platform/crashPoint.ts'
import type { Log } from '#platform/log.ts'
import { findOperation } from '../domain/payment.ts'
import { requestConfirm } from '../domain/requests.ts'
import type { InboxEntry, InboxModel, Verdict } from '../model/inbox.ts'
import type { PaymentModel } from '../model/payments.ts'
import type { PaymentProvider, ProviderNews, SignedNews } from '../provider.ts'
import type { Settling } from './settling.ts'

export interface HearingDeps {
  readonly payments: PaymentModel
  readonly inbox: InboxModel
  readonly settling: Settling
  readonly providerOf: (name: string) => PaymentProvider
  readonly clock: Clock
  readonly log: Log
}

/** An entry that was stored and not settled within this time was left behind by a crash. */
const patience = seconds(30)
/** A webhook that comes before what it is about waits 1 s, 2 s, 4 s ... 60 s, and is given up after so many looks. */
const maxAttempts = 12
const longestWait = seconds(60)
const batch = 50

const waitAfter = (attempts: number): Millis => Math.min(longestWait, seconds(1) * 2 ** attempts)

const isOver = (verdict: Verdict): boolean => verdict !== 'received' && verdict !== 'parked'

/**
 * Hears what providers tell by themselves. A webhook proves nothing but that it is worth asking: the provider's stored answer is read
 * before anything is written, so one with another amount, an old one and a repeated one change nothing.
 */
export const makeHearing = ({ payments, inbox, settling, providerOf, clock, log }: HearingDeps) => {
  const alert = (news: Pick<InboxEntry, '_id' | 'paymentId'>, reason: string): Verdict => {
    log.error('a webhook does not fit our books', { eventId: news._id, reason })
    return 'refused'
  }

  /** The buyer acted on the provider's page: the payment goes on, as if the buyer had confirmed it here. */
  const confirm = async (entry: InboxEntry): Promise<Verdict> => {
    try {
      await settling.perform(entry.paymentId, requestConfirm)
      return 'applied'
    } catch (error) {
      if (error instanceof ShopError) return error.code === 'IN_PROGRESS' ? 'parked' : 'nothing'
      throw error
    }
  }

  /** What an entry means now; `received`: it is to be applied. */
  const judge = async (entry: InboxEntry): Promise<Verdict> => {
    const payment = await payments.get(entry.paymentId)
    if (!payment) return 'parked'
    if (entry.key === null) return payment.state.kind === 'REQUIRES_ACTION' ? 'received' : 'nothing'
    const operation = findOperation(payment, entry.key)
    if (!operation) return 'parked'
    if (!entry.amount || !isSame(entry.amount, operation.amount)) return alert(entry, 'it tells another amount')
    return operation.state === 'pending' ? 'received' : 'nothing'
  }

  const apply = async (entry: InboxEntry): Promise<Verdict> => {
    if (entry.key === null) return confirm(entry)
    const payment = await payments.get(entry.paymentId)
    return payment && (await settling.resolve(payment, entry.key)) ? 'applied' : 'parked'
  }

  const settle = async (entry: InboxEntry, verdict: Verdict): Promise<void> => {
    const attempts = entry.attempts + 1
    const open = { verdict, attempts, dueAt: clock.now() + waitAfter(attempts) }
    if (isOver(verdict)) return inbox.settle(entry._id, { verdict, attempts, dueAt: null })
    if (attempts < maxAttempts) return inbox.settle(entry._id, open)
    return inbox.settle(entry._id, { ...open, verdict: alert(entry, 'nothing that it is about has come'), dueAt: null })
  }

  const work = async (entry: InboxEntry): Promise<void> => {
    const judged = await judge(entry)
    const verdict = judged === 'received' ? await apply(entry) : judged
    await crashPoint('payments.webhookApplied')
    await settle(entry, verdict)
  }

  const toEntry = (provider: string, { id, type, paymentId, key, amount }: ProviderNews): InboxEntry => {
    const now = clock.now()
    const rest = { type, paymentId, key, amount, attempts: 0, receivedAt: new Date(now) }
    return { _id: `${provider}:${id}`, provider, verdict: 'received', dueAt: now + patience, ...rest }
  }

  return {
    /**
     * Takes a webhook in. One that repeats another, is early or stale is taken in like any other; only what is not signed is not.
     * @throws ShopError BAD_USER_INPUT naming provider or signature
     */
    receive: async (providerName: string, signed: SignedNews): Promise<void> => {
      const news = providerOf(providerName).readNews(signed, clock.now())
      if (!news) {
        log.warn('a webhook is not signed as it should be')
        throw new ShopError('BAD_USER_INPUT', 'The signature is wrong, or not of this time.', ['input', 'signature'])
      }
      const entry = toEntry(providerName, news)
      const judged = await judge(entry)
      // Mostly the answer to the call was first: one write, and nothing to do.
      const stored = isOver(judged) ? { ...entry, verdict: judged, dueAt: null } : entry
      if (!(await inbox.insert(stored)) || isOver(judged)) return
      await crashPoint('payments.webhookStored')
      await work(entry)
    },

    /** Looks again at what was parked, or left behind by a crash. */
    workDue: async (): Promise<void> => {
      for (const entry of await inbox.due(clock.now(), batch)) await work(entry)
    },
  }
}

export type Hearing = ReturnType<typeof makeHearing>
