import { type ErrorCode, ShopError } from '#kernel/errors.ts'
import { isSame, type Money, toDecimal } from '#kernel/money.ts'
import {
  begin,
  findOperation,
  type Operation,
  type OperationKind,
  operationKey,
  type Payment,
  type PaymentStatus,
  pendingOperations,
  refundable,
  type Stamp,
} from './payment.ts'

const refuse = (code: ErrorCode, message: string, field?: readonly string[]): never => {
  throw new ShopError(code, message, field)
}

const illegal = (payment: Payment, verb: string): never =>
  refuse('ILLEGAL_STATE', `A payment that is ${payment.state.kind} cannot be ${verb}.`)

const isBusy = (payment: Payment): boolean => pendingOperations(payment).length > 0

interface Rule {
  readonly kind: OperationKind
  readonly verb: string
  /** The state the operation starts from. */
  readonly from: PaymentStatus
  /** States in which its effect is already there. */
  readonly reached: readonly PaymentStatus[]
}

/** Begins an operation on the whole amount, or leaves the payment as it is when the operation is under way, done or was refused. */
const request = (payment: Payment, rule: Rule, stamp: Stamp): Payment => {
  const key = operationKey(payment._id, rule.kind)
  const known = findOperation(payment, key)
  if (known?.state === 'pending' || rule.reached.includes(payment.state.kind)) return payment
  if (payment.canceling) return refuse('ILLEGAL_STATE', 'The payment is being canceled.')
  if (isBusy(payment)) return refuse('IN_PROGRESS', 'Another operation on this payment is under way.')
  if (payment.state.kind !== rule.from) return illegal(payment, rule.verb)
  if (known?.state === 'refused') return payment
  return begin(payment, { kind: rule.kind, key, amount: payment.amount }, stamp)
}

/**
 * Capture of the whole authorised amount; no change when it is captured, under way, or was refused for good.
 * @throws ShopError ILLEGAL_STATE, IN_PROGRESS
 */
export const requestCapture = (payment: Payment, stamp: Stamp): Payment =>
  request(payment, { kind: 'capture', verb: 'captured', from: 'AUTHORIZED', reached: ['CAPTURED'] }, stamp)

/**
 * Going on after the buyer acted; no change when the payment went on already.
 * @throws ShopError ILLEGAL_STATE, IN_PROGRESS
 */
export const requestConfirm = (payment: Payment, stamp: Stamp): Payment =>
  request(
    payment,
    {
      kind: 'confirm',
      verb: 'confirmed',
      from: 'REQUIRES_ACTION',
      reached: ['AUTHORIZED', 'CAPTURED', 'REFUNDED', 'DECLINED'],
    },
    stamp,
  )

export interface RefundRequest {
  /** Key of whoever asks: the same key never refunds twice. */
  readonly key: string
  readonly amount: Money
}

/** The operation of a client's refund, under a name that no refund of the shop's own can have. */
export const refundKey = (payment: Payment, clientKey: string): string =>
  operationKey(payment._id, 'refund', `client:${clientKey}`)

const cancelRefundKey = (payment: Payment): string => operationKey(payment._id, 'refund', 'cancel')

const repeated = (known: Operation, payment: Payment, amount: Money): Payment =>
  isSame(known.amount, amount)
    ? payment
    : refuse('IDEMPOTENCY_KEY_REUSED', 'This key was used before to refund another amount.', [
        'input',
        'idempotencyKey',
      ])

/**
 * Refund of a part or the rest of what is captured.
 * @throws ShopError CURRENCY_MISMATCH, BAD_USER_INPUT naming `['input','amount']`, IDEMPOTENCY_KEY_REUSED, ILLEGAL_STATE
 */
export const requestRefund = (payment: Payment, { key, amount }: RefundRequest, stamp: Stamp): Payment => {
  const intentKey = refundKey(payment, key)
  const known = findOperation(payment, intentKey)
  if (known) return repeated(known, payment, amount)
  if (amount.currency !== payment.amount.currency)
    return refuse('CURRENCY_MISMATCH', `The payment is in ${payment.amount.currency}.`, [
      'input',
      'amount',
      'currencyCode',
    ])
  if (amount.minor <= 0) return refuse('BAD_USER_INPUT', 'A refund is more than zero.', ['input', 'amount'])
  if (payment.state.kind !== 'CAPTURED' && payment.state.kind !== 'REFUNDED') return illegal(payment, 'refunded')
  const left = refundable(payment)
  if (amount.minor > left.minor)
    return refuse('BAD_USER_INPUT', `At most ${toDecimal(left)} ${left.currency} can be refunded.`, ['input', 'amount'])
  return begin(payment, { kind: 'refund', key: intentKey, amount }, stamp)
}

/** The next call that a canceled payment needs; the payment as it is when an outcome is awaited or nothing is left to give back. */
export const continueCancel = (payment: Payment, stamp: Stamp): Payment => {
  if (!payment.canceling || isBusy(payment)) return payment
  const kind = payment.state.kind
  if (kind === 'AUTHORIZED' || kind === 'REQUIRES_ACTION') {
    const key = operationKey(payment._id, 'void')
    return findOperation(payment, key) ? payment : begin(payment, { kind: 'void', key, amount: payment.amount }, stamp)
  }
  if (kind !== 'CAPTURED') return payment
  const rest = refundable(payment)
  if (rest.minor === 0) return { ...payment, state: { kind: 'REFUNDED' }, updatedAt: stamp.now }
  const key = cancelRefundKey(payment)
  return findOperation(payment, key) ? payment : begin(payment, { kind: 'refund', key, amount: rest }, stamp)
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
