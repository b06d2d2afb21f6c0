import type { Ids } from '#kernel/id.ts'
import { toWire } from '#kernel/money.ts'
import type { Clock, Millis } from '#kernel/time.ts'
import { withTimeout } from '#platform/caller.ts'
import { crashPoint } from '#platform/crashPoint.ts'
import type { NewEvent } from '#platform/store.ts'
import { type Heard, type PaymentFact, recordOutcome } from '../domain/outcome.ts'
import {
  findOperation,
  type Operation,
  type Payment,
  pendingOperations,
  type Stamp,
  takeOver,
} from '../domain/payment.ts'
import type { PaymentsEvent } from '../events.ts'
import type { PaymentModel } from '../model/payments.ts'
import type { Asking } from './asking.ts'

export interface SettlingDeps {
  readonly payments: PaymentModel
  readonly asking: Asking
  readonly clock: Clock
  readonly ids: Ids
  /** How long a call is left to whoever began it: longer than it can take. */
  readonly leaseMs: Millis
}

/** Completed at once by the job, and so many times one after another: what a provider that was away has left is settled soon after. */
const batch = 50
const maxBatches = 10
/** Longest chain of calls of one payment: authorise, then void or capture and refund, and one that had to be waited for. */
const maxRounds = 6

const event = (payment: Payment, { type, amount }: PaymentFact): PaymentsEvent => ({
  type,
  payload: { paymentId: payment._id, orderId: payment.orderId, amount: toWire(amount) },
})

/** How far a call came: the payment as it stands, and whether there may be more to do for it now. */
interface Turn {
  readonly payment: Payment
  readonly goesOn: boolean
}

/** The three phases of every provider call (rule R2): the intent is on disk, the call carries its key, result and event are one commit. */
export const makeSettling = ({ payments, asking, clock, ids, leaseMs }: SettlingDeps) => {
  /** Calls of this process by their key, for those who would make the same. */
  const running = new Map<string, Promise<Turn>>()

  const stamp = (): Stamp => {
    const now = clock.now()
    return { id: ids.next('txn'), now, leaseUntil: now + leaseMs }
  }

  const record = (payment: Payment, heard: Heard, at: Stamp): Promise<Payment> => {
    const change = (current: Payment) => {
      const { payment: changed, facts } = recordOutcome(current, heard, at)
      return { payment: changed, events: facts.map((fact) => event(changed, fact)) }
    }
    return payments.update(payment._id, change, payment)
  }

  const make = async (payment: Payment, operation: Operation, held: Set<string>): Promise<Turn> => {
    await crashPoint('payments.intentWritten')
    const outcome = await asking.outcomeOf(payment, operation)
    await crashPoint('payments.answerReceived')
    const at = stamp()
    // What the answer begins is for us to make as well.
    held.add(at.id)
    const { key, attempt } = operation
    const recorded = await record(payment, { key, attempt, outcome }, at)
    await crashPoint('payments.resultWritten')
    return { payment: recorded, goesOn: outcome.kind !== 'unknown' && outcome.kind !== 'unavailable' }
  }

  const makeOnce = async (payment: Payment, operation: Operation, held: Set<string>): Promise<Turn> => {
    const own = make(payment, operation, held)
    running.set(operation.key, own)
    try {
      return await own
    } finally {
      if (running.get(operation.key) === own) running.delete(operation.key)
    }
  }

  /** Waits for whoever makes this call in this process; one in another process is not waited for. */
  const join = async (payment: Payment, { key }: Operation): Promise<Turn> => {
    const other = running.get(key)
    const late = () => new Error('whoever makes the call hangs')
    if (other) await withTimeout(leaseMs, late, () => other).catch(() => undefined)
    const current = (await payments.get(payment._id)) ?? payment
    return { payment: current, goesOn: findOperation(current, key)?.state !== 'pending' }
  }

  const turn = async (payment: Payment, operation: Operation, held: Set<string>): Promise<Turn> => {
    if (operation.holder !== null && held.has(operation.holder)) return makeOnce(payment, operation, held)
    const at = stamp()
    const { key } = operation
    const taking = await payments.update(
      payment._id,
      (current) => ({ payment: takeOver(current, key, at), events: [] }),
      payment,
    )
    const taken = findOperation(taking, key)
    if (taken?.state !== 'pending') return { payment: taking, goesOn: true }
    return taken.holder === at.id ? makeOnce(taking, taken, held) : join(taking, taken)
  }

  /**
   * Makes open calls until none is open or one is left open: the calls that `holder` has begun and what follows from them, or all when
   * it has begun none. Calls that somebody else makes are waited for, in this process.
   */
  const settle = async (payment: Payment, holder?: string): Promise<Payment> => {
    const held = new Set(holder === undefined ? [] : [holder])
    let current = payment
    for (let round = 0; round < maxRounds; round++) {
      const open = pendingOperations(current)
      const own = open.filter((operation) => operation.holder !== null && held.has(operation.holder))
      const next = own.length > 0 || round > 0 ? own : open
      if (next.length === 0) return current
      const from = current
      const turns = await Promise.all(next.map((operation) => turn(from, operation, held)))
      const [first] = turns
      current = (turns.length === 1 ? first?.payment : await payments.get(payment._id)) ?? current
      if (turns.some(({ goesOn }) => !goesOn)) return current
    }
    return current
  }

  return {
    stamp,
    settle,

    /**
     * Writes down an intent, then makes the call. `act`, of whoever asked for it, goes into the audit log with the intent; `known` is the
     * payment as it was read just now.
     */
    perform: async (
      id: string,
      request: (payment: Payment, at: Stamp) => Payment,
      { act, known }: { readonly act?: NewEvent; readonly known?: Payment } = {},
    ): Promise<Payment> => {
      const at = stamp()
      const change = (before: Payment) => {
        const payment = request(before, at)
        return { payment, events: act && payment !== before ? [act] : [] }
      }
      return settle(await payments.update(id, change, known), at.id)
    },

    /** Asks the provider what it has answered to a key, and writes it down. False: it did not say. */
    resolve: async (payment: Payment, key: string): Promise<boolean> => {
      const outcome = await asking.lookup(payment, key)
      if (outcome.kind === 'unknown') return false
      const at = stamp()
      await settle(await record(payment, { key, attempt: null, outcome }, at), at.id)
      return true
    },

    /** Takes over calls that nobody makes: after a crash, or when the provider was away (I11). */
    settleDue: async (): Promise<void> => {
      for (let round = 0; round < maxBatches; round++) {
        const due = await payments.due(clock.now(), batch)
        const results = await Promise.allSettled(due.map((payment) => settle(payment)))
        const failed = results.find((result) => result.status === 'rejected')
        if (failed) throw failed.reason
        if (due.length < batch) return
      }
    },
  }
}

export type Settling = ReturnType<typeof makeSettling>
