/** What the provider answers to a call; stored by key, so that a repetition hears the same. */
export type Answer =
  | { readonly status: 'succeeded'; readonly charge: string }
  | {
      readonly status: 'requires_action'
      readonly charge: string
      readonly action: { readonly kind: string; readonly url: string }
    }
  | { readonly status: 'refused'; readonly charge: string; readonly code: string }

/** One means of payment charged for one order, in minor units of its currency. */
export interface Charge {
  readonly id: string
  /** The merchant's order. */
  readonly reference: string
  /** The merchant's own id of the payment. */
  readonly payment: string
  readonly currency: string
  readonly amount: number
  readonly status: 'requires_action' | 'open' | 'declined' | 'voided'
  /** The buyer did what was asked. */
  readonly authenticated: boolean
  readonly captured: number
  /** Reserved and set free again. */
  readonly released: number
  readonly refunded: number
}

/** What moved: money reserved, taken, given back, set free. */
export type MovementOp = 'authorize' | 'charge' | 'refund' | 'void'

export interface Movement {
  readonly op: MovementOp
  readonly amount: number
}

export interface Result {
  readonly charge: Charge
  readonly answer: Answer
  readonly movement: Movement | null
}

export type NewCharge = Pick<Charge, 'id' | 'reference' | 'payment' | 'currency' | 'amount'>

/** Tokens that are refused, with the code that is told. */
const declines: Readonly<Record<string, string>> = {
  tok_declined: 'card_declined',
  tok_insufficient_funds: 'insufficient_funds',
  tok_fraud: 'fraud_suspected',
}

const accepted: ReadonlySet<string> = new Set(['tok_ok', 'tok_slow', 'tok_timeout_after_charge'])

const succeed = (charge: Charge, movement: Movement | null): Result => ({
  charge,
  movement,
  answer: { status: 'succeeded', charge: charge.id },
})

const refuse = (charge: Charge, code: string): Result => ({
  charge,
  movement: null,
  answer: { status: 'refused', charge: charge.id, code },
})

/** Reserved and neither taken nor set free. */
export const openAmount = ({ status, amount, captured, released }: Charge): number =>
  status === 'open' ? amount - captured - released : 0

/** A new charge; the token alone decides what becomes of it. */
export const authorize = (facts: NewCharge, token: string): Result => {
  const none = { authenticated: false, captured: 0, released: 0, refunded: 0 }
  if (token === 'tok_requires_action') {
    const charge: Charge = { ...facts, ...none, status: 'requires_action' }
    const action = { kind: 'REDIRECT', url: `https://sandbox.invalid/authenticate/${charge.id}` }
    return { charge, movement: null, answer: { status: 'requires_action', charge: charge.id, action } }
  }
  if (!accepted.has(token)) return refuse({ ...facts, ...none, status: 'declined' }, declines[token] ?? 'invalid_token')
  return succeed({ ...facts, ...none, status: 'open' }, { op: 'authorize', amount: facts.amount })
}

/** The buyer did what was asked, on the provider's page: nothing moves before the merchant confirms. */
export const authenticate = (charge: Charge): Charge =>
  charge.status === 'requires_action' ? { ...charge, authenticated: true } : charge

/** In the sandbox the buyer has always done what was asked by the time of the confirmation. */
export const confirm = (charge: Charge): Result =>
  charge.status === 'requires_action'
    ? succeed({ ...charge, authenticated: true, status: 'open' }, { op: 'authorize', amount: charge.amount })
    : refuse(charge, 'not_waiting')

export const capture = (charge: Charge, amount: number): Result =>
  amount <= openAmount(charge)
    ? succeed({ ...charge, captured: charge.captured + amount }, { op: 'charge', amount })
    : refuse(charge, 'not_authorized')

/** Sets free whatever is still reserved. */
export const release = (charge: Charge): Result => {
  if (charge.status === 'requires_action') return succeed({ ...charge, status: 'voided' }, null)
  const amount = openAmount(charge)
  if (amount === 0) return refuse(charge, 'not_authorized')
  const status = charge.captured === 0 ? 'voided' : 'open'
  return succeed({ ...charge, status, released: charge.released + amount }, { op: 'void', amount })
}

export const refund = (charge: Charge, amount: number): Result =>
  charge.refunded + amount <= charge.captured
    ? succeed({ ...charge, refunded: charge.refunded + amount }, { op: 'refund', amount })
    : refuse(charge, 'not_refundable')
