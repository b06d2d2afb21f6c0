import type { Problem } from '#kernel/errors.ts'

export const pending: Problem = {
  code: 'PAYMENT_PENDING',
  message: 'The provider has not answered yet; the outcome follows.',
}

export const declined = (code: string, field?: readonly string[]): Problem => ({
  code: 'PAYMENT_DECLINED',
  message: `The provider refused: ${code}.`,
  field,
})

/** Nothing was charged or reserved, and nobody is trying. */
export const unavailable: Problem = {
  code: 'PAYMENT_UNAVAILABLE',
  message: 'The payment provider cannot be reached; nothing was charged.',
}
