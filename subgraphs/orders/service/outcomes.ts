import { type ErrorCode, isShopError, type Problem } from '#kernel/errors.ts'
import type { PaymentAnswer } from '../clients/ports.ts'
import type { StepOutcome } from '../domain/checkout.ts'
import { type Order, unitsOf } from '../domain/order.ts'

/** Refusals that settle nothing: the same command may succeed later. */
const unsettled: ReadonlySet<ErrorCode> = new Set([
  'CONFLICT',
  'IN_PROGRESS',
  'PAYMENT_PENDING',
  'PAYMENT_UNAVAILABLE',
  'RATE_LIMITED',
  'UNAVAILABLE',
] as const)

const done: StepOutcome = { kind: 'done' }

/** What a sibling's problems mean for the step that asked. */
export const outcomeOf = ([first, ...rest]: readonly Problem[]): StepOutcome => {
  if (!first) return done
  const open = [first, ...rest].find(({ code }) => unsettled.has(code))
  return open ? { kind: 'unknown', reason: open.code } : { kind: 'refused', problems: [first, ...rest] }
}

/** Stock names a variant in `field`; here it becomes part of the message, because the buyer's input has no such argument. */
const namingVariant =
  (order: Order) =>
  ({ code, message, field }: Problem): Problem => {
    const line = order.lines.find((each) => unitsOf(each).some(({ variantId }) => field?.includes(variantId)))
    return { code, message: line ? `${line.title} (${line.sku}, ${line.variantId}): ${message}` : message }
  }

export const stockOutcome = (order: Order, problems: readonly Problem[]): StepOutcome =>
  outcomeOf(problems.map(namingVariant(order)))

/** The arguments of `authorizePayment` as the buyer knows them. */
const paymentFields: Readonly<Record<string, readonly string[]>> = {
  provider: ['input', 'payment', 'provider'],
  token: ['input', 'payment', 'token'],
}

const inPlaceOrder = ({ code, message, field }: Problem): Problem => ({
  code,
  message,
  field: paymentFields[field?.[1] ?? ''],
})

export const paymentOutcome = ({ status, problems }: PaymentAnswer): StepOutcome =>
  problems.length === 0 && status === 'REQUIRES_ACTION'
    ? { kind: 'actionRequired' }
    : outcomeOf(problems.map(inPlaceOrder))

/** A cart that is gone or closed needs no closing. */
export const closeOutcome = (problems: readonly Problem[]): StepOutcome => {
  const outcome = outcomeOf(problems)
  return outcome.kind === 'refused' ? done : outcome
}

/** An answer that did not come leaves the outcome unknown (rule R3); a fault of ours stays one. */
export const unlessSilent = async (ask: () => Promise<StepOutcome>): Promise<StepOutcome> => {
  try {
    return await ask()
  } catch (error) {
    if (isShopError(error)) return { kind: 'unknown', reason: error.code }
    throw error
  }
}
