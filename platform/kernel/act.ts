/** Acts that the audit log keeps: whatever changes who may do what, what only privileged people may do, and what moves money (I22). */
export const actions = [
  'ACCOUNT_BANNED',
  'ACCOUNT_CLOSED',
  'ACCOUNT_CREATED',
  'ACCOUNT_UNBANNED',
  'DATA_EXPORTED',
  'EMAIL_VERIFIED',
  'EVENTS_REPLAYED',
  'ORDER_CANCELED',
  'ORDER_PLACED',
  'PASSWORD_CHANGED',
  'PASSWORD_RESET',
  'PASSWORD_RESET_REQUESTED',
  'PAYMENT_CONFIRMED',
  'PAYMENT_REFUNDED',
  'PRICES_SET',
  'PRODUCTS_IMPORTED',
  'PRODUCT_CREATED',
  'PRODUCT_PUBLISHED',
  'PRODUCT_UPDATED',
  'REFRESH_TOKEN_REUSED',
  'ROLE_GRANTED',
  'ROLE_REVOKED',
  'SESSION_REVOKED',
  'SIGNED_IN',
  'SIGNED_OUT',
  'SIGNED_OUT_EVERYWHERE',
  'SIGNED_UP',
  'SIGN_IN_FAILED',
  'STOCK_ADJUSTED',
  'STOCK_LOCATION_CREATED',
  'STOCK_LOCATION_UPDATED',
] as const
export type Action = (typeof actions)[number]

/** Who did what to whom, from where, in which request. Ids only: what belongs to a person stays in the account. */
export interface Act {
  readonly action: Action
  readonly actorKind: 'anonymous' | 'guest' | 'user' | 'service'
  /** Account or guest id, or the name of the service; null for anonymous. */
  readonly actorId: string | null
  /** Id of what it was done to; null when there is none. */
  readonly target: string | null
  readonly address: string
  readonly requestId: string
}
