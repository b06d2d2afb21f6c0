import { add, type Money } from '#kernel/money.ts'
import {
  balances,
  findOperation,
  type NextAction,
  type Operation,
  type OperationKind,
  type Payment,
  type PaymentState,
  type Stamp,
  type TransactionKind,
} from './payment.ts'
import { continueCancel } from './requests.ts'

/** What the provider answered. `unknown` is neither success nor failure (rule R3): nothing may be concluded from it. */
export type Outcome =
  | { readonly kind: 'succeeded'; readonly reference: string }
  | { readonly kind: 'requiresAction'; readonly reference: string; readonly action: NextAction }
  | { readonly kind: 'refused'; readonly code: string; readonly reference: string | null }
  | { readonly kind: 'unknown' }

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
  if (kind === 'authorize' || kind === 'confirm') return { kind: 'AUTHORIZED' }
  if (kind === 'capture') return { kind: 'CAPTURED' }
  if (kind === 'void') return { kind: 'VOIDED' }
  const { captured, refunded } = balances(payment)
  return add(refunded, amount).minor === captured.minor ? { kind: 'REFUNDED' } : payment.state
}

const close = (payment: Payment, operation: Operation, change: Partial<Operation>): Payment => ({
  ...payment,
  operations: payment.operations.map((each) => (each.key === operation.key ? { ...each, ...change } : each)),
})

/** A payment that still waited for its buyer reserved nothing: setting it free moves no money. */
const movesMoney = (payment: Payment, { kind }: Operation): boolean =>
  kind !== 'void' || payment.state.kind === 'AUTHORIZED'

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

const apply = (payment: Payment, operation: Operation, outcome: Outcome, stamp: Stamp): Change => {
  switch (outcome.kind) {
    case 'succeeded':
      return succeed(payment, operation, outcome.reference, stamp)
    case 'requiresAction':
      return waitForBuyer(payment, operation, outcome, stamp.now)
    case 'refused':
      return refuse(payment, operation, outcome, stamp.now)
    case 'unknown':
      return { payment, facts: [] }
    default: {
      const never: never = outcome
      throw new Error(`no such outcome: ${String(never)}`)
    }
  }
}

/**
 * Writes what the provider answered to the operation of this key, and begins what a cancellation needs next. An operation
 * that is not pending any more stays as it is: two completers of one call, or an answer that comes twice, count once.
 */
export const recordOutcome = (payment: Payment, key: string, outcome: Outcome, stamp: Stamp): Change => {
  const operation = findOperation(payment, key)
  if (operation?.state !== 'pending') return { payment, facts: [] }
  const { payment: changed, facts } = apply(payment, operation, outcome, stamp)
  return { payment: continueCancel(changed, stamp), facts }
}
