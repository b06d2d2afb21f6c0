/** Every refusal the shop can answer with. `schema/shared.graphql` repeats the list as `enum ErrorCode`; a test holds both together. */
export const errorCodes = [
  'BAD_USER_INPUT',
  'CART_ALREADY_ORDERED',
  'CART_EMPTY',
  'CONFLICT',
  'CURRENCY_MISMATCH',
  'EMAIL_TAKEN',
  'FORBIDDEN',
  'IDEMPOTENCY_KEY_REUSED',
  'ILLEGAL_STATE',
  'INVALID_CREDENTIALS',
  'IN_PROGRESS',
  'LIMIT_EXCEEDED',
  'NOT_FOUND',
  'NOT_PRICED',
  'NOT_SOLD',
  'OUT_OF_STOCK',
  'PASSWORD_TOO_WEAK',
  'PAYMENT_DECLINED',
  'PAYMENT_EXPIRED',
  'PAYMENT_PENDING',
  'PAYMENT_UNAVAILABLE',
  'PRICE_CHANGED',
  'RATE_LIMITED',
  'REFRESH_TOKEN_INVALID',
  'SKU_TAKEN',
  'SLUG_TAKEN',
  'TOKEN_INVALID',
  'UNAUTHENTICATED',
  'UNAVAILABLE',
] as const

export type ErrorCode = (typeof errorCodes)[number]

/** Codes after which the same request may succeed unchanged (rule R17). */
const retryable: ReadonlySet<ErrorCode> = new Set([
  'CONFLICT',
  'IN_PROGRESS',
  'PAYMENT_UNAVAILABLE',
  'RATE_LIMITED',
  'UNAVAILABLE',
])

/** One reason for one input field; `field` is the path inside the operation's arguments, e.g. `['input', 'quantity']`. */
export interface Problem {
  readonly code: ErrorCode
  readonly message: string
  readonly field?: readonly string[]
}

/**
 * A refusal by a rule of the shop, safe to show to the client. Everything else that is thrown is a fault and gets masked.
 * A mutation answers it as `userErrors`, a query as a GraphQL error with `extensions.code`.
 */
export class ShopError extends Error {
  override readonly name = 'ShopError'
  readonly problems: readonly [Problem, ...Problem[]]

  constructor(code: ErrorCode, message: string, field?: readonly string[], more: readonly Problem[] = []) {
    super(message)
    this.problems = [{ code, message, field }, ...more]
  }

  get code(): ErrorCode {
    return this.problems[0].code
  }

  get retryable(): boolean {
    return retryable.has(this.code)
  }
}

/** Throws all collected problems as one error, so that a client can mend every field at once; returns when there are none. */
export const refuseIfAny = (problems: readonly Problem[]): void => {
  const [first, ...rest] = problems
  if (first) throw new ShopError(first.code, first.message, first.field, rest)
}

export const isShopError = (error: unknown): error is ShopError => error instanceof ShopError
