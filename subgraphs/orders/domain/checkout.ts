import type { Problem } from '#kernel/errors.ts'
import type { Millis } from '#kernel/time.ts'
import { turnBack } from './compensation.ts'
import {
  addEvent,
  type EventName,
  forgetMeans,
  isSold,
  moveTo,
  type Order,
  type StepName,
  type UndoName,
} from './order.ts'
import { changeStep, currentStep, currentUndo, isOver } from './steps.ts'

/** What to do next with an order. */
export type Decision =
  | { readonly kind: 'run'; readonly step: StepName }
  | { readonly kind: 'undo'; readonly step: UndoName }
  /** The hold on the stock has ended before the payment was settled. */
  | { readonly kind: 'expire' }
  /** The buyer has to act, until then. */
  | { readonly kind: 'wait'; readonly until: Millis }
  | { readonly kind: 'done' }

/** How a step went. `unknown`: no answer, or one that settles nothing; the same command is sent again later (rule R3). */
export type StepOutcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'actionRequired' }
  | { readonly kind: 'unknown'; readonly reason: string }
  | { readonly kind: 'refused'; readonly problems: readonly [Problem, ...Problem[]] }

const stepEvents: Partial<Record<StepName, EventName>> = {
  HOLD_STOCK: 'StockHeld',
  AUTHORIZE_PAYMENT: 'PaymentAuthorized',
  CLAIM_STOCK: 'StockClaimed',
  CAPTURE_PAYMENT: 'PaymentCaptured',
  CONFIRM: 'OrderConfirmed',
}

/** The steps that nothing was sold by yet: they end with the hold on the stock. */
const expiring: ReadonlySet<StepName> = new Set<StepName>(['HOLD_STOCK', 'AUTHORIZE_PAYMENT'])

/** The next command of an order: the whole of the checkout and of its way back, as a function of what is written down. */
export const decide = (order: Order, now: Millis): Decision => {
  if (isOver(order)) return { kind: 'done' }
  const back = order.undo && currentUndo(order.undo)
  if (back) return { kind: 'undo', step: back.name }
  const step = currentStep(order)
  if (!step) return { kind: 'done' }
  if (expiring.has(step.name) && now >= order.expiresAt) return { kind: 'expire' }
  return step.status === 'ACTION_REQUIRED' ? { kind: 'wait', until: order.expiresAt } : { kind: 'run', step: step.name }
}

/** How often a payment that waits for its buyer is asked for, in case the news of it was lost: this many times the patience. */
const reminders = 6

/** When somebody should look after an order that nobody moved meanwhile; null: never. `patience` is in milliseconds. */
export const dueAt = (order: Order, patience: Millis): Millis | null => {
  const decision = decide(order, order.updatedAt)
  if (decision.kind === 'done') return null
  return decision.kind === 'wait'
    ? Math.min(decision.until, order.updatedAt + reminders * patience)
    : order.updatedAt + patience
}

const beginNext = (order: Order): Order => {
  const next = currentStep(order)
  return next ? changeStep(order, next.name, { status: 'RUNNING', attempt: next.attempt + 1 }) : order
}

/** Done and the next one begun in one write, so that what runs is on disk before it is called. */
const complete = (order: Order, name: StepName, now: Millis): Order => {
  const known = name === 'AUTHORIZE_PAYMENT' ? forgetMeans(order) : order
  const done = beginNext(changeStep(known, name, { status: 'DONE', reason: null }))
  const event = stepEvents[name]
  return event ? addEvent(done, event, now) : { ...done, updatedAt: now }
}

const waitForBuyer = (order: Order, name: StepName, now: Millis): Order => {
  const waiting = {
    ...changeStep(forgetMeans(order), name, { status: 'ACTION_REQUIRED', reason: null }),
    updatedAt: now,
  }
  const isTold = order.events.some(({ event }) => event === 'PaymentActionRequired')
  return isTold ? waiting : addEvent(waiting, 'PaymentActionRequired', now)
}

const refuse = (order: Order, name: StepName, problems: readonly [Problem, ...Problem[]], now: Millis): Order => {
  const reason = problems[0].code
  const refused = { ...changeStep(order, name, { status: 'REFUSED', reason }), refusals: problems }
  return turnBack(refused, { to: 'PAYMENT_FAILED', reason }, now)
}

const isAwaited = (order: Order, name: StepName): boolean =>
  order.undo === null && !isOver(order) && currentStep(order)?.name === name

/**
 * Writes how a step went. An outcome that is not awaited any more changes nothing: two drivers of one order, or one that
 * comes back after a cancellation, do no harm. CONFIRM is not recorded here but by `confirm`.
 */
export const recordStep = (order: Order, name: StepName, outcome: StepOutcome, now: Millis): Order => {
  if (!isAwaited(order, name)) return order
  switch (outcome.kind) {
    case 'done':
      return complete(order, name, now)
    case 'actionRequired':
      return waitForBuyer(order, name, now)
    case 'unknown':
      return { ...changeStep(order, name, { status: 'RUNNING', reason: outcome.reason }), updatedAt: now }
    case 'refused':
      // What follows the confirmation cannot undo it: it is tried until it is done.
      return isSold(order)
        ? recordStep(order, name, { kind: 'unknown', reason: outcome.problems[0].code }, now)
        : refuse(order, name, outcome.problems, now)
    default: {
      const never: never = outcome
      throw new Error(`no such outcome: ${String(never)}`)
    }
  }
}

/** Gives the order its number. No change when it is not at this step (any more). */
export const confirm = (order: Order, number: number, now: Millis): Order =>
  isAwaited(order, 'CONFIRM') ? complete(moveTo(order, { status: 'CONFIRMED', number }), 'CONFIRM', now) : order

/** Ends the wait for a payment when the hold on the stock has ended. */
export const expire = (order: Order, now: Millis): Order => {
  const step = currentStep(order)
  if (!step || decide(order, now).kind !== 'expire') return order
  const message = 'The payment was not settled while the stock was held.'
  return refuse(order, step.name, [{ code: 'PAYMENT_EXPIRED', message }], now)
}
