import type { Problem } from '#kernel/errors.ts'
import { isSold, type Order } from '../domain/order.ts'
import { currentStep, isAtPayment } from '../domain/steps.ts'

const canceled: Problem = { code: 'ILLEGAL_STATE', message: 'The order was canceled.' }
/** The provider has not said how it went. */
export const pending: Problem = {
  code: 'PAYMENT_PENDING',
  message: 'The outcome of the payment is not known yet; the order goes on by itself.',
}
const unavailable: Problem = {
  code: 'PAYMENT_UNAVAILABLE',
  message:
    'The payment provider cannot be reached, and nothing was charged. The order goes on when it is back; ask again with the same key, or cancel it.',
}
const unfinished: Problem = {
  code: 'UNAVAILABLE',
  message: 'A part of the shop does not answer; the order goes on by itself.',
}

/** Why there is no confirmed order; empty when it is confirmed or waits for the buyer. */
export const problemsOf = (order: Order): readonly Problem[] => {
  if (order.state.status === 'CANCELED' || order.undo?.to === 'CANCELED') return [canceled]
  if (order.undo) return order.refusals
  const step = currentStep(order)
  if (isSold(order) || !step || step.status === 'ACTION_REQUIRED') return []
  if (!isAtPayment(step)) return [unfinished]
  return [step.reason === unavailable.code ? unavailable : pending]
}
