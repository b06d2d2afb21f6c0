import { add, isSame, type Money, money, subtract, zero } from '#kernel/money.ts'
import type { Millis } from '#kernel/time.ts'

/** What the buyer has to do at the provider, such as 3-D Secure. */
export interface NextAction {
  readonly kind: string
  readonly url: string
}

/** Where a payment stands. Only `recordOutcome` and `requestCancel` move it. */
export type PaymentState =
  | { readonly kind: 'PENDING' }
  | { readonly kind: 'REQUIRES_ACTION'; readonly action: NextAction }
  | { readonly kind: 'AUTHORIZED' }
  /** A part is taken, the rest is still reserved. */
  | { readonly kind: 'PARTIALLY_CAPTURED' }
  | { readonly kind: 'CAPTURED' }
  | { readonly kind: 'DECLINED'; readonly code: string }
  | { readonly kind: 'VOIDED' }
  | { readonly kind: 'REFUNDED' }

export type PaymentStatus = PaymentState['kind']

export type OperationKind = 'authorize' | 'confirm' | 'capture' | 'void' | 'refund'

/**
 * The intent of one provider call, written before the call is made (rule R2). `key` derives from the intent, never from the
 * attempt: every repetition of the call carries the same key, so the provider moves money once. Pending means that the
 * outcome is not known (rule R3), not that it failed.
 */
export interface Operation {
  readonly id: string
  readonly kind: OperationKind
  readonly key: string
  readonly amount: Money
  /** `withdrawn`: no call of it ever reached the provider, and none will. */
  readonly state: 'pending' | 'succeeded' | 'refused' | 'withdrawn'
  /** Why the provider refused. */
  readonly refusal: string | null
  readonly at: Millis
  /** The fence (rule R8): rises with each holder, and whoever held an earlier one cannot write what only a holder may. */
  readonly attempt: number
  /** Who makes the call at this moment, until `dueAt`; null: nobody. */
  readonly holder: string | null
  /** A call may have reached the provider whose answer nobody has heard. */
  readonly unsure: boolean
  /** When somebody else may take it over. */
  readonly dueAt: Millis
}

export type TransactionKind = 'AUTHORIZE' | 'CAPTURE' | 'VOID' | 'REFUND'

/** An entry of the ledger: appended once, never changed. */
export interface Transaction {
  readonly id: string
  readonly kind: TransactionKind
  readonly amount: Money
  readonly at: Millis
}

/** One order's way of paying. */
export interface Payment {
  readonly _id: string
  readonly v: number
  readonly orderId: string
  readonly ownerId: string
  /** The account that has claimed the order of a guest. */
  readonly claimedBy?: string
  readonly amount: Money
  readonly provider: string
  /** The provider's token for the buyer's means of payment; empty once it has served. */
  readonly token: string
  readonly reference: string | null
  readonly state: PaymentState
  /** The order is dead: whatever an open call brings, the money goes back (I10). */
  readonly canceling: boolean
  readonly operations: readonly Operation[]
  readonly transactions: readonly Transaction[]
  readonly createdAt: Millis
  readonly updatedAt: Millis
}

/** When something happens, the id of the operation that may begin with it, and until when its call is left to whoever began it. */
export interface Stamp {
  readonly id: string
  readonly now: Millis
  readonly leaseUntil: Millis
}

export interface Balances {
  /** Reserved, neither captured nor set free. */
  readonly authorized: Money
  readonly captured: Money
  readonly refunded: Money
}

const effects: Record<TransactionKind, (balances: Balances, amount: Money) => Balances> = {
  AUTHORIZE: (b, amount) => ({ ...b, authorized: add(b.authorized, amount) }),
  CAPTURE: (b, amount) => ({
    ...b,
    authorized: subtract(b.authorized, amount),
    captured: add(b.captured, amount),
  }),
  VOID: (b, amount) => ({ ...b, authorized: subtract(b.authorized, amount) }),
  REFUND: (b, amount) => ({ ...b, refunded: add(b.refunded, amount) }),
}

/** The balances, derived from the ledger alone. */
export const balances = ({ amount, transactions }: Pick<Payment, 'amount' | 'transactions'>): Balances => {
  const none = zero(amount.currency)
  return transactions.reduce<Balances>((sums, entry) => effects[entry.kind](sums, entry.amount), {
    authorized: none,
    captured: none,
    refunded: none,
  })
}

/** The sums of the ledger by kind, in minor units: what a provider's books are compared with. */
export const ledgerTotals = ({ transactions }: Pick<Payment, 'transactions'>) => {
  const total = (kind: TransactionKind): number =>
    transactions.reduce((sum, entry) => (entry.kind === kind ? sum + entry.amount.minor : sum), 0)
  return {
    authorized: total('AUTHORIZE'),
    captured: total('CAPTURE'),
    released: total('VOID'),
    refunded: total('REFUND'),
  }
}

export const pendingOperations = (payment: Payment): readonly Operation[] =>
  payment.operations.filter((operation) => operation.state === 'pending')

export const isBusy = (payment: Payment): boolean => pendingOperations(payment).length > 0

/** No call of it has reached the provider, and nobody is making one: it may be forgotten. */
export const isUnsent = ({ state, holder, unsure }: Operation): boolean =>
  state === 'pending' && holder === null && !unsure

/** What may still be refunded: captured, less what went back and what open refunds will take. */
export const refundable = (payment: Payment): Money => {
  const { captured, refunded } = balances(payment)
  return pendingOperations(payment)
    .filter((operation) => operation.kind === 'refund')
    .reduce((left, operation) => subtract(left, operation.amount), subtract(captured, refunded))
}

/** The key of an operation: of the payment and the kind, and for a part also the key of whoever asked for it. */
export const operationKey = (paymentId: string, kind: OperationKind, partKey?: string): string =>
  partKey === undefined ? `${paymentId}:${kind}` : `${paymentId}:${kind}:${partKey}`

export const findOperation = (payment: Payment, key: string): Operation | undefined =>
  payment.operations.find((operation) => operation.key === key)

/** Writes down the intent of a provider call, held by whoever begins it; one that is refused or done may be begun again with the same key. */
export const begin = (
  payment: Payment,
  intent: Pick<Operation, 'kind' | 'key' | 'amount'>,
  { id, now, leaseUntil }: Stamp,
): Payment => {
  const attempt = (findOperation(payment, intent.key)?.attempt ?? 0) + 1
  const lease = { attempt, holder: id, unsure: false, dueAt: leaseUntil }
  return {
    ...payment,
    operations: [
      ...payment.operations.filter((operation) => operation.key !== intent.key),
      { ...intent, ...lease, id, state: 'pending', refusal: null, at: now },
    ],
    updatedAt: now,
  }
}

/** Changes the operation of this key. */
export const changeOperation = (payment: Payment, key: string, change: Partial<Operation>): Payment => ({
  ...payment,
  operations: payment.operations.map((each) => (each.key === key ? { ...each, ...change } : each)),
})

/**
 * Takes over an open call that nobody makes, or whose holder has not been heard of in time; otherwise no change. What became of the
 * call of a lost holder is not known (rule R3).
 */
export const takeOver = (payment: Payment, key: string, { id, now, leaseUntil }: Stamp): Payment => {
  const operation = findOperation(payment, key)
  if (operation?.state !== 'pending') return payment
  const { holder, dueAt, attempt, unsure } = operation
  if (holder !== null && dueAt > now) return payment
  const lease = { attempt: attempt + 1, holder: id, unsure: unsure || holder !== null, dueAt: leaseUntil }
  return changeOperation(payment, key, lease)
}

export type NewPayment = Pick<Payment, '_id' | 'orderId' | 'ownerId' | 'claimedBy' | 'amount' | 'provider' | 'token'>

const open = (facts: NewPayment, state: PaymentState, now: Millis): Payment => ({
  ...facts,
  v: 1,
  reference: null,
  state,
  canceling: false,
  operations: [],
  transactions: [],
  createdAt: now,
  updatedAt: now,
})

/** A new payment with the intent to authorise its whole amount. */
export const openPayment = (facts: NewPayment, stamp: Stamp): Payment =>
  begin(
    open(facts, { kind: 'PENDING' }, stamp.now),
    { kind: 'authorize', key: operationKey(facts._id, 'authorize'), amount: facts.amount },
    stamp,
  )

/** ISO 4217's code for "no currency". */
const noCurrency = 'XXX'

/**
 * The payment of an order that was canceled before its payment was written: it ends here, so that an authorisation that was
 * delayed on the wire finds it voided instead of charging a dead order (I10).
 */
export const barredPayment = (id: string, orderId: string, now: Millis): Payment => ({
  ...open(
    { _id: id, orderId, ownerId: '', amount: money(0, noCurrency), provider: '', token: '' },
    { kind: 'VOIDED' },
    now,
  ),
  canceling: true,
})

/** The payment of an order that an account has claimed; claimed again: unchanged. */
export const claimFor = (payment: Payment, accountId: string): Payment =>
  payment.claimedBy === accountId ? payment : { ...payment, claimedBy: accountId }

/** Whether a repeated request to pay an order asks for the same money. */
export const isSameDemand = (payment: Payment, amount: Money): boolean => isSame(payment.amount, amount)
