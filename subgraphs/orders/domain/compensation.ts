import { ShopError } from '#kernel/errors.ts'
import type { Millis } from '#kernel/time.ts'
import type { StepOutcome } from './checkout.ts'
import {
  addEvent,
  forgetMeans,
  moveTo,
  numberOf,
  type Order,
  type Step,
  type StepName,
  type Undo,
  type UndoName,
  type UndoStep,
} from './order.ts'
import { currentUndo, isOver, wasBegun } from './steps.ts'

const isRefusedClaim = (order: Order, name: StepName): boolean =>
  name === 'CLAIM_STOCK' && order.steps.some((step) => step.name === name && step.status === 'REFUSED')

/**
 * What has to be taken back. A step that was begun may have taken effect even if no answer came, so it counts; releasing
 * comes before restocking: afterwards a late claim finds no hold. A refused claim sold nothing.
 */
const undoSteps = (order: Order): readonly UndoStep[] => {
  const needed: readonly (readonly [UndoName, StepName])[] = [
    ['CANCEL_PAYMENT', 'AUTHORIZE_PAYMENT'],
    ['RELEASE_STOCK', 'HOLD_STOCK'],
    ['RESTOCK_STOCK', 'CLAIM_STOCK'],
  ]
  return needed
    .filter(([, name]) => wasBegun(order, name) && !isRefusedClaim(order, name))
    .map(([name], index) => ({ name, isDone: false, attempt: index === 0 ? 1 : 0, reason: null }))
}

/** Begins the way back. */
export const turnBack = (order: Order, undo: Omit<Undo, 'steps'>, now: Millis): Order => ({
  ...forgetMeans(order),
  undo: { ...undo, steps: undoSteps(order) },
  updatedAt: now,
})

/** A closed cart stays closed; everything else that was begun is taken back. */
const compensated = (step: Step): Step => {
  if (step.name === 'CLOSE_CART' && step.status === 'DONE') return step
  const wasTaken = step.status === 'DONE' || step.status === 'RUNNING' || step.status === 'ACTION_REQUIRED'
  return wasTaken ? { ...step, status: 'COMPENSATED' } : step
}

const end = (order: Order, to: Undo['to'], now: Millis): Order => {
  const state = to === 'CANCELED' ? ({ status: to, number: numberOf(order) } as const) : ({ status: to } as const)
  const ended = {
    ...moveTo(order, state),
    liveCartId: null,
    steps: order.steps.map(compensated),
  }
  return addEvent(ended, to === 'CANCELED' ? 'OrderCanceled' : 'PaymentFailed', now)
}

/** Writes how a step of the way back went; anything but `done` is tried again: the way back has no way back. */
export const recordUndo = (order: Order, name: UndoName, outcome: StepOutcome, now: Millis): Order => {
  const { undo } = order
  if (undo === null || isOver(order) || currentUndo(undo)?.name !== name) return order
  const change = outcome.kind === 'done' ? { isDone: true, reason: null } : { reason: reasonOf(outcome) }
  const steps = undo.steps.map((step) => (step.name === name ? { ...step, ...change } : step))
  const next = steps.find((step) => !step.isDone)
  if (!next) return end({ ...order, undo: { ...undo, steps } }, undo.to, now)
  const begun = outcome.kind === 'done' ? steps.map((step) => (step === next ? { ...step, attempt: 1 } : step)) : steps
  return { ...order, undo: { ...undo, steps: begun }, updatedAt: now }
}

const reasonOf = (outcome: StepOutcome): string => {
  if (outcome.kind === 'unknown') return outcome.reason
  return outcome.kind === 'refused' ? outcome.problems[0].code : outcome.kind
}

/**
 * Begins the way back at the buyer's wish. No change when the order is canceled, or on its way there.
 * @throws ShopError ILLEGAL_STATE when the payment has failed, or the order is on its way there; when all money went back already.
 */
export const requestCancel = (order: Order, reason: string | null, now: Millis): Order => {
  const goal = order.undo?.to ?? order.state.status
  if (goal === 'CANCELED') return order
  if (goal === 'PAYMENT_FAILED') throw new ShopError('ILLEGAL_STATE', 'The payment of this order has failed.')
  if (goal === 'REFUNDED') throw new ShopError('ILLEGAL_STATE', 'The money of this order went back already.')
  return turnBack(order, { to: 'CANCELED', reason }, now)
}
