import {
  balances,
  begin,
  changeOperation,
  findOperation,
  isBusy,
  isUnsent,
  operationKey,
  type Payment,
  type PaymentStatus,
  refundable,
  type Stamp,
} from './payment.ts'

/** Calls that never left are forgotten, apart from those that do what a cancellation wants anyway. */
const withdrawUnsent = (payment: Payment, now: number): Payment =>
  payment.operations
    .filter((operation) => isUnsent(operation) && operation.kind !== 'refund' && operation.kind !== 'void')
    .reduce((current, { key, kind }) => {
      const withdrawn = changeOperation(current, key, { state: 'withdrawn' })
      if (kind !== 'authorize') return withdrawn
      return { ...withdrawn, state: { kind: 'VOIDED' }, token: '', updatedAt: now }
    }, payment)

const release = (payment: Payment, stamp: Stamp): Payment => {
  const key = operationKey(payment._id, 'void')
  if (findOperation(payment, key)) return payment
  const amount = payment.state.kind === 'REQUIRES_ACTION' ? payment.amount : balances(payment).authorized
  return begin(payment, { kind: 'void', key, amount }, stamp)
}

const giveBack = (payment: Payment, stamp: Stamp): Payment => {
  const rest = refundable(payment)
  if (rest.minor === 0) return { ...payment, state: { kind: 'REFUNDED' }, updatedAt: stamp.now }
  const key = operationKey(payment._id, 'refund', 'cancel')
  return findOperation(payment, key) ? payment : begin(payment, { kind: 'refund', key, amount: rest }, stamp)
}

/** The next call that a canceled payment needs; the payment as it is when an outcome is awaited or nothing is left to give back. */
export const continueCancel = (payment: Payment, stamp: Stamp): Payment => {
  if (!payment.canceling) return payment
  const current = withdrawUnsent(payment, stamp.now)
  if (isBusy(current)) return current
  switch (current.state.kind) {
    case 'AUTHORIZED':
    case 'PARTIALLY_CAPTURED':
    case 'REQUIRES_ACTION':
      return release(current, stamp)
    case 'CAPTURED':
      return giveBack(current, stamp)
    default:
      return current
  }
}

/**
 * The end of a payment: sets free what is authorised, gives back what is captured. While the outcome of an earlier call is
 * unknown it only marks the payment; `recordOutcome` goes on. No change when the payment has ended.
 */
export const requestCancel = (payment: Payment, stamp: Stamp): Payment =>
  payment.canceling ? continueCancel(payment, stamp) : continueCancel({ ...payment, canceling: true }, stamp)

const ended: ReadonlySet<PaymentStatus> = new Set(['DECLINED', 'VOIDED', 'REFUNDED'])

/** Nothing is charged or reserved any more, and no open call can change that. */
export const isEnded = (payment: Payment): boolean => ended.has(payment.state.kind) && !isBusy(payment)
