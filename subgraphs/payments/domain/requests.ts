import { type ErrorCode, ShopError } from '#kernel/errors.ts'
import { isSame, type Money, toDecimal } from '#kernel/money.ts'
import {
  balances,
  begin,
  findOperation,
  isBusy,
  type Operation,
  type OperationKind,
  operationKey,
  type Payment,
  type PaymentStatus,
  refundable,
  type Stamp,
} from './payment.ts'

const refuse = (code: ErrorCode, message: string, field?: readonly string[]): never => {
  throw new ShopError(code, message, field)
}

const illegal = (payment: Payment, verb: string): never =>
  refuse('ILLEGAL_STATE', `A payment that is ${payment.state.kind} cannot be ${verb}.`)

interface Rule {
  readonly kind: OperationKind
  readonly verb: string
  /** The states the operation starts from. */
  readonly from: readonly PaymentStatus[]
  /** States in which its effect is already there. */
  readonly reached: readonly PaymentStatus[]
}

/** Begins an operation on all that is left for it, or leaves the payment as it is when the operation is under way, done or was refused. */
const request = (payment: Payment, rule: Rule, stamp: Stamp): Payment => {
  const key = operationKey(payment._id, rule.kind)
  const known = findOperation(payment, key)
  if (known?.state === 'pending' || rule.reached.includes(payment.state.kind)) return payment
  if (payment.canceling) return refuse('ILLEGAL_STATE', 'The payment is being canceled.')
  if (isBusy(payment)) return refuse('IN_PROGRESS', 'Another operation on this payment is under way.')
  if (!rule.from.includes(payment.state.kind)) return illegal(payment, rule.verb)
  if (known?.state === 'refused') return payment
  const amount = rule.kind === 'confirm' ? payment.amount : balances(payment).authorized
  return begin(payment, { kind: rule.kind, key, amount }, stamp)
}

/** States with money reserved. */
const reserved: readonly PaymentStatus[] = ['AUTHORIZED', 'PARTIALLY_CAPTURED']

/**
 * Capture of all that is still reserved; no change when it is captured, under way, or was refused for good.
 * @throws ShopError ILLEGAL_STATE, IN_PROGRESS
 */
export const requestCapture = (payment: Payment, stamp: Stamp): Payment =>
  request(payment, { kind: 'capture', verb: 'captured', from: reserved, reached: ['CAPTURED'] }, stamp)

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
      from: ['REQUIRES_ACTION'],
      reached: ['AUTHORIZED', 'PARTIALLY_CAPTURED', 'CAPTURED', 'REFUNDED', 'DECLINED'],
    },
    stamp,
  )

/**
 * Setting free of what is reserved and not taken, so that a part stays captured; no change when nothing is reserved any more.
 * @throws ShopError ILLEGAL_STATE, IN_PROGRESS
 */
export const requestRelease = (payment: Payment, stamp: Stamp): Payment =>
  request(
    payment,
    { kind: 'void', verb: 'released', from: reserved, reached: ['CAPTURED', 'REFUNDED', 'VOIDED', 'DECLINED'] },
    stamp,
  )

/** A part of what is reserved or taken. */
export interface PartRequest {
  /** Key of whoever asks: the same key never moves money twice. */
  readonly key: string
  readonly amount: Money
}

/** The operation of a part that somebody asked for, under a name that no operation of the shop's own can have. */
export const partKey = (payment: Payment, kind: 'capture' | 'refund', clientKey: string): string =>
  operationKey(payment._id, kind, `client:${clientKey}`)

const repeated = (known: Operation, payment: Payment, amount: Money): Payment =>
  isSame(known.amount, amount)
    ? payment
    : refuse('IDEMPOTENCY_KEY_REUSED', 'This key was used before with another amount.', ['input', 'idempotencyKey'])

const refuseUnfit = (payment: Payment, amount: Money): void => {
  const { currency } = payment.amount
  if (amount.currency !== currency)
    refuse('CURRENCY_MISMATCH', `The payment is in ${currency}.`, ['input', 'amount', 'currencyCode'])
  if (amount.minor <= 0) refuse('BAD_USER_INPUT', 'An amount is more than zero.', ['input', 'amount'])
}

const refuseAbove = (left: Money, amount: Money, verb: string): void => {
  if (amount.minor > left.minor)
    refuse('BAD_USER_INPUT', `At most ${toDecimal(left)} ${left.currency} can be ${verb}.`, ['input', 'amount'])
}

/**
 * Refund of a part or the rest of what is captured.
 * @throws ShopError CURRENCY_MISMATCH, BAD_USER_INPUT naming `['input','amount']`, IDEMPOTENCY_KEY_REUSED, ILLEGAL_STATE
 */
export const requestRefund = (payment: Payment, { key, amount }: PartRequest, stamp: Stamp): Payment => {
  const intentKey = partKey(payment, 'refund', key)
  const known = findOperation(payment, intentKey)
  if (known) return repeated(known, payment, amount)
  refuseUnfit(payment, amount)
  if (balances(payment).captured.minor === 0) return illegal(payment, 'refunded')
  refuseAbove(refundable(payment), amount, 'refunded')
  return begin(payment, { kind: 'refund', key: intentKey, amount }, stamp)
}

/**
 * Capture of a part of what is reserved; the rest stays reserved.
 * @throws ShopError CURRENCY_MISMATCH, BAD_USER_INPUT naming `['input','amount']`, IDEMPOTENCY_KEY_REUSED, ILLEGAL_STATE, IN_PROGRESS
 */
export const requestPartCapture = (payment: Payment, { key, amount }: PartRequest, stamp: Stamp): Payment => {
  const intentKey = partKey(payment, 'capture', key)
  const known = findOperation(payment, intentKey)
  if (known) return repeated(known, payment, amount)
  refuseUnfit(payment, amount)
  if (payment.canceling) return refuse('ILLEGAL_STATE', 'The payment is being canceled.')
  if (isBusy(payment)) return refuse('IN_PROGRESS', 'Another operation on this payment is under way.')
  if (!reserved.includes(payment.state.kind)) return illegal(payment, 'captured')
  refuseAbove(balances(payment).authorized, amount, 'captured')
  return begin(payment, { kind: 'capture', key: intentKey, amount }, stamp)
}
