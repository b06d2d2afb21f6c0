import { add, type Money, subtract } from '#kernel/money.ts'
import { type Millis, seconds } from '#kernel/time.ts'
import { continueCancel } from './canceling.ts'
import {
  balances,
  changeOperation,
  findOperation,
  type NextAction,
  type Operation,
  type OperationKind,
  type Payment,
  type PaymentState,
  type Stamp,
  type TransactionKind,
} from './payment.ts'

/** What the provider answered. `unknown` is neither success nor failure (rule R3): nothing may be concluded from it. */
export type Outcome =
  | { readonly kind: 'succeeded'; readonly reference: string }
  | { readonly kind: 'requiresAction'; readonly reference: string; readonly action: NextAction }
  | { readonly kind: 'refused'; readonly code: string; readonly reference: string | null }
  | { readonly kind: 'unknown' }
  /** The call has certainly not reached the provider. */
  | { readonly kind: 'unavailable' }

/** How one call of an operation went. `attempt` is the fence of whoever made it; null: it was heard in another way. */
export interface Heard {
  readonly key: string
  readonly attempt: number | null
  readonly outcome: Outcome
}

/** A fact about a payment that others may want to know. */
export interface PaymentFact {
  readonly type:
    | 'PaymentAuthorized'
    | 'PaymentActionRequired'
    | 'PaymentDeclined'
    | 'PaymentCaptured'
    | 'PaymentVoided'
    | 'PaymentRefunded'
  readonly amount: Money
}

export interface Change {
  readonly payment: Payment
  readonly facts: readonly PaymentFact[]
}

const entryKinds: Record<OperationKind, TransactionKind> = {
  authorize: 'AUTHORIZE',
  confirm: 'AUTHORIZE',
  capture: 'CAPTURE',
  void: 'VOID',
  refund: 'REFUND',
}

const factTypes: Record<OperationKind, PaymentFact['type']> = {
  authorize: 'PaymentAuthorized',
  confirm: 'PaymentAuthorized',
  capture: 'PaymentCaptured',
  void: 'PaymentVoided',
  refund: 'PaymentRefunded',
}

const afterSuccess = (payment: Payment, { kind, amount }: Operation): PaymentState => {
  const { authorized, captured, refunded } = balances(payment)
  if (kind === 'authorize' || kind === 'confirm') return { kind: 'AUTHORIZED' }
  if (kind === 'capture') return { kind: subtract(authorized, amount).minor === 0 ? 'CAPTURED' : 'PARTIALLY_CAPTURED' }
  if (kind === 'void' && captured.minor === 0) return { kind: 'VOIDED' }
  const isAllBack = (kind === 'refund' ? add(refunded, amount) : refunded).minor === captured.minor
  if (kind === 'void') return { kind: isAllBack ? 'REFUNDED' : 'CAPTURED' }
  return isAllBack && authorized.minor === 0 ? { kind: 'REFUNDED' } : payment.state
}

/** Closes an operation. The token has served when its authorisation is closed, whatever came of it. */
const close = (payment: Payment, operation: Operation, change: Partial<Operation>): Payment => ({
  ...changeOperation(payment, operation.key, { ...change, holder: null }),
  token: operation.kind === 'authorize' ? '' : payment.token,
})

/** A payment that still waited for its buyer reserved nothing: setting it free moves no money. */
const movesMoney = (payment: Payment, { kind }: Operation): boolean =>
  kind !== 'void' || payment.state.kind !== 'REQUIRES_ACTION'

const succeed = (payment: Payment, operation: Operation, reference: string, { now }: Stamp): Change => {
  const entry = { id: operation.id, kind: entryKinds[operation.kind], amount: operation.amount, at: now }
  const closed = close(payment, operation, { state: 'succeeded' })
  return {
    payment: {
      ...closed,
      state: afterSuccess(payment, operation),
      reference: payment.reference ?? reference,
      transactions: movesMoney(payment, operation) ? [...payment.transactions, entry] : payment.transactions,
      updatedAt: now,
    },
    facts: [{ type: factTypes[operation.kind], amount: operation.amount }],
  }
}

const isAuthorization = ({ kind }: Operation): boolean => kind === 'authorize' || kind === 'confirm'

const refuse = (
  payment: Payment,
  operation: Operation,
  outcome: Extract<Outcome, { kind: 'refused' }>,
  now: number,
): Change => {
  const closed = {
    ...close(payment, operation, { state: 'refused', refusal: outcome.code }),
    reference: payment.reference ?? outcome.reference,
    updatedAt: now,
  }
  // A refused capture, void or refund moved nothing: the payment stands where it stood.
  if (!isAuthorization(operation)) return { payment: closed, facts: [] }
  return {
    payment: { ...closed, state: { kind: 'DECLINED', code: outcome.code } },
    facts: [{ type: 'PaymentDeclined', amount: payment.amount }],
  }
}

const waitForBuyer = (
  payment: Payment,
  operation: Operation,
  outcome: Extract<Outcome, { kind: 'requiresAction' }>,
  now: number,
): Change => ({
  payment: {
    ...close(payment, operation, { state: 'succeeded' }),
    state: { kind: 'REQUIRES_ACTION', action: outcome.action },
    reference: outcome.reference,
    updatedAt: now,
  },
  facts: [{ type: 'PaymentActionRequired', amount: payment.amount }],
})

/** First pause before an open call is made again by the job, doubled with each attempt; the provider's return is noticed within the longest. */
const firstPause = seconds(2)
const longestPause = seconds(10)

const pauseAfter = (attempt: number): Millis => Math.min(longestPause, firstPause * 2 ** Math.min(attempt - 1, 10))

/** The call is left to whoever comes next. */
const letGo = (payment: Payment, { key, attempt, unsure }: Operation, now: Millis): Payment =>
  changeOperation(payment, key, { holder: null, unsure, dueAt: now + pauseAfter(attempt) })

const apply = (payment: Payment, operation: Operation, outcome: Outcome, stamp: Stamp): Change => {
  switch (outcome.kind) {
    case 'succeeded':
      return succeed(payment, operation, outcome.reference, stamp)
    case 'requiresAction':
      return waitForBuyer(payment, operation, outcome, stamp.now)
    case 'refused':
      return refuse(payment, operation, outcome, stamp.now)
    case 'unknown':
      return { payment: letGo(payment, { ...operation, unsure: true }, stamp.now), facts: [] }
    case 'unavailable':
      return { payment: letGo(payment, operation, stamp.now), facts: [] }
    default: {
      const never: never = outcome
      throw new Error(`no such outcome: ${String(never)}`)
    }
  }
}

/** The provider stores these answers: they are the same whoever brings them. That a confirmation still waits is no such answer. */
const isForGood = ({ kind }: Outcome, operation: Operation): boolean =>
  kind === 'succeeded' || kind === 'refused' || (kind === 'requiresAction' && operation.kind === 'authorize')

/**
 * Writes what the provider answered to the operation of this key, and begins what a cancellation needs next. An operation
 * that is not pending any more stays as it is: two completers of one call, or an answer that comes twice, count once (C9). What is
 * no answer for good counts only from the present holder (rule R8).
 */
export const recordOutcome = (payment: Payment, { key, attempt, outcome }: Heard, stamp: Stamp): Change => {
  const operation = findOperation(payment, key)
  if (operation?.state !== 'pending') return { payment, facts: [] }
  if (!isForGood(outcome, operation) && attempt !== operation.attempt) return { payment, facts: [] }
  const { payment: changed, facts } = apply(payment, operation, outcome, stamp)
  return { payment: continueCancel(changed, stamp), facts }
}
