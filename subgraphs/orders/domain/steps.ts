import type { Millis } from '#kernel/time.ts'
import { type Order, type Step, type StepName, stepNames, type Undo, type UndoStep } from './order.ts'

/** The step that is to be taken; undefined when all are. */
export const currentStep = (order: Pick<Order, 'steps'>): Step | undefined =>
  order.steps.find((step) => step.status !== 'DONE')

/** The step of the way back that is to be taken; undefined when all are. */
export const currentUndo = (undo: Undo): UndoStep | undefined => undo.steps.find((step) => !step.isDone)

/** The checkout has ended without an order. */
export const isOver = ({ state }: Pick<Order, 'state'>): boolean =>
  state.status === 'PAYMENT_FAILED' || state.status === 'CANCELED'

/** The steps of a new order: the first is begun. */
export const newSteps = (): readonly Step[] =>
  stepNames.map((name, index) =>
    index === 0
      ? { name, status: 'RUNNING', attempt: 1, reason: null }
      : { name, status: 'PENDING', attempt: 0, reason: null },
  )

export const changeStep = (order: Order, name: StepName, change: Partial<Step>): Order => ({
  ...order,
  steps: order.steps.map((step) => (step.name === name ? { ...step, ...change } : step)),
})

export const wasBegun = (order: Pick<Order, 'steps'>, name: StepName): boolean =>
  order.steps.some((step) => step.name === name && step.attempt > 0)

/** What is to be done now, forth or back; undefined when nothing is. */
const openStep = (order: Order): Step | UndoStep | undefined => {
  if (isOver(order)) return undefined
  return order.undo ? currentUndo(order.undo) : currentStep(order)
}

/** Waits for its buyer, or an answer did not come. */
const isHeldUp = (open: Step | UndoStep): boolean =>
  open.reason !== null || ('status' in open && open.status === 'ACTION_REQUIRED')

/** Stands still until somebody asks again: waits for its buyer, or an answer did not come. */
export const isStuck = (order: Order): boolean => {
  const open = openStep(order)
  return open !== undefined && isHeldUp(open)
}

const paymentSteps: ReadonlySet<StepName> = new Set<StepName>(['AUTHORIZE_PAYMENT', 'CAPTURE_PAYMENT'])

export const isAtPayment = ({ name }: Step): boolean => paymentSteps.has(name)

/** Its provider has left the outcome open, or has said nothing for so long. */
export const waitsForPayment = (order: Order, now: Millis, long: Millis): boolean => {
  const step = order.undo || isOver(order) ? undefined : currentStep(order)
  if (!step || !isAtPayment(step) || step.status !== 'RUNNING') return false
  return step.reason !== null || now - order.updatedAt >= long
}

/** Somebody drives it, as far as can be told from what is written down: it was moved within this time, and nothing holds it up. */
export const isMoving = (order: Order, now: Millis, within: Millis): boolean => {
  const open = openStep(order)
  return open !== undefined && !isHeldUp(open) && now - order.updatedAt < within
}

/** Counts a further attempt at what is open: by whoever takes over an order that stands still, or hears news of its payment. */
export const resume = (order: Order, now: Millis): Order => {
  if (isOver(order)) return order
  if (order.undo) {
    const open = currentUndo(order.undo)
    const steps = order.undo.steps.map((step) => (step === open ? { ...step, attempt: step.attempt + 1 } : step))
    return { ...order, undo: { ...order.undo, steps }, updatedAt: now }
  }
  const step = currentStep(order)
  if (!step) return order
  return { ...changeStep(order, step.name, { status: 'RUNNING', attempt: step.attempt + 1 }), updatedAt: now }
}
