import { type Money, money } from '#kernel/money.ts'
import type { Millis } from '#kernel/time.ts'
import type { NextAction, TransactionKind } from './payment.ts'

/** What the sandbox answers. */
export type ChargeAnswer =
  | { readonly kind: 'succeeded'; readonly reference: string }
  | { readonly kind: 'requiresAction'; readonly reference: string; readonly action: NextAction }
  | { readonly kind: 'refused'; readonly code: string; readonly reference: string }

export type ChargeState = 'requiresAction' | 'authorized' | 'captured' | 'voided' | 'declined'

/** A payment as the sandbox provider sees it: its books, with every answer it ever gave, by idempotency key. */
export interface Charge {
  /** The provider's reference. */
  readonly _id: string
  readonly v: number
  readonly amount: Money
  readonly state: ChargeState
  readonly refunded: Money
  readonly answers: readonly { readonly key: string; readonly answer: ChargeAnswer }[]
  readonly movements: readonly { readonly kind: TransactionKind; readonly amount: Money; readonly at: Millis }[]
}

export interface ChargeCall {
  readonly key: string
  readonly amount: Money
}

/** Tokens that the sandbox refuses, with the code it tells. */
const declines: Readonly<Record<string, string>> = {
  tok_declined: 'card_declined',
  tok_insufficient_funds: 'insufficient_funds',
  tok_fraud: 'fraud_suspected',
}

const accepted: ReadonlySet<string> = new Set(['tok_ok', 'tok_slow', 'tok_timeout_after_charge'])

export const answerTo = (charge: Charge, key: string): ChargeAnswer | null =>
  charge.answers.find((given) => given.key === key)?.answer ?? null

const answer = (charge: Charge, key: string, given: ChargeAnswer): Charge => ({
  ...charge,
  answers: [...charge.answers, { key, answer: given }],
})

const move = (charge: Charge, kind: TransactionKind, amount: Money, now: Millis): Charge => ({
  ...charge,
  movements: [...charge.movements, { kind, amount, at: now }],
})

const succeed = (charge: Charge, key: string): Charge =>
  answer(charge, key, { kind: 'succeeded', reference: charge._id })

const refuse = (charge: Charge, key: string, code: string): Charge =>
  answer(charge, key, { kind: 'refused', code, reference: charge._id })

/** A new charge with its answer; what the token says decides, and nothing else. */
export const openCharge = (reference: string, call: ChargeCall & { readonly token: string }, now: Millis): Charge => {
  const { key, amount, token } = call
  const empty: Charge = {
    _id: reference,
    v: 1,
    amount,
    state: 'declined',
    refunded: money(0, amount.currency),
    answers: [],
    movements: [],
  }
  if (token === 'tok_requires_action') {
    const action = { kind: 'REDIRECT', url: `https://sandbox.invalid/authenticate/${reference}` }
    return answer({ ...empty, state: 'requiresAction' }, key, { kind: 'requiresAction', reference, action })
  }
  return accepted.has(token)
    ? succeed(move({ ...empty, state: 'authorized' }, 'AUTHORIZE', amount, now), key)
    : refuse(empty, key, declines[token] ?? 'invalid_token')
}

type Action = (charge: Charge, call: ChargeCall, now: Millis) => Charge

/** Answers a key once: whatever comes with the same key later gets the stored answer. */
const once =
  (act: Action): Action =>
  (charge, call, now) =>
    answerTo(charge, call.key) ? charge : act(charge, call, now)

/** In the sandbox the buyer has always done what was asked by the time of the confirmation. */
export const confirmCharge = once((charge, { key }, now) =>
  charge.state === 'requiresAction'
    ? succeed(move({ ...charge, state: 'authorized' }, 'AUTHORIZE', charge.amount, now), key)
    : refuse(charge, key, 'not_waiting'),
)

export const captureCharge = once((charge, { key, amount }, now) =>
  charge.state === 'authorized' && amount.minor === charge.amount.minor
    ? succeed(move({ ...charge, state: 'captured' }, 'CAPTURE', amount, now), key)
    : refuse(charge, key, 'not_authorized'),
)

export const voidCharge = once((charge, { key, amount }, now) => {
  if (charge.state === 'requiresAction') return succeed({ ...charge, state: 'voided' }, key)
  return charge.state === 'authorized'
    ? succeed(move({ ...charge, state: 'voided' }, 'VOID', amount, now), key)
    : refuse(charge, key, 'not_authorized')
})

export const refundCharge = once((charge, { key, amount }, now) => {
  const refunded = charge.refunded.minor + amount.minor
  return charge.state === 'captured' && refunded <= charge.amount.minor
    ? succeed(move({ ...charge, refunded: money(refunded, charge.amount.currency) }, 'REFUND', amount, now), key)
    : refuse(charge, key, 'not_refundable')
})
