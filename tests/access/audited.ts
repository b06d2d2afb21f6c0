import type { Action } from '../../platform/kernel/act.ts'

/**
 * Every mutation of the composed graph is here once: in `audited` with the act of which it leaves exactly one entry in the audit log
 * (I22), or in `unaudited` with the reason why it leaves none. Audited is what only privileged people or programs may do, what moves
 * money, and what changes who may do what. `tests/e2e/auditLog.e2e.ts` does each of them.
 */
export const audited: Readonly<Record<string, Action>> = {
  placeOrder: 'ORDER_PLACED',
  cancelOrder: 'ORDER_CANCELED',
  confirmPayment: 'PAYMENT_CONFIRMED',
  refundPayment: 'PAYMENT_REFUNDED',
  setPrices: 'PRICES_SET',
  createProduct: 'PRODUCT_CREATED',
  updateProduct: 'PRODUCT_UPDATED',
  publishProduct: 'PRODUCT_PUBLISHED',
  importProducts: 'PRODUCTS_IMPORTED',
  adjustStock: 'STOCK_ADJUSTED',
  createStockLocation: 'STOCK_LOCATION_CREATED',
  updateStockLocation: 'STOCK_LOCATION_UPDATED',
  signUp: 'SIGNED_UP',
  signIn: 'SIGNED_IN',
  signOut: 'SIGNED_OUT',
  revokeSession: 'SESSION_REVOKED',
  changePassword: 'PASSWORD_CHANGED',
  requestPasswordReset: 'PASSWORD_RESET_REQUESTED',
  resetPassword: 'PASSWORD_RESET',
  verifyEmail: 'EMAIL_VERIFIED',
  becomeSeller: 'ROLE_GRANTED',
  closeAccount: 'ACCOUNT_CLOSED',
  exportMyData: 'DATA_EXPORTED',
  banAccount: 'ACCOUNT_BANNED',
  unbanAccount: 'ACCOUNT_UNBANNED',
  grantRole: 'ROLE_GRANTED',
  revokeRole: 'ROLE_REVOKED',
  makeAdmin: 'ROLE_GRANTED',
  replayEvents: 'EVENTS_REPLAYED',
  ensureAccount: 'ACCOUNT_CREATED',
}

const ownCart = 'the own cart, which moves nothing'
const ownProfile = 'what somebody says about oneself'
const partOfOrder = 'a step of an order, whose placing and canceling are in the log'

export const unaudited: Readonly<Record<string, string>> = {
  addCartLine: ownCart,
  updateCartLine: ownCart,
  removeCartLine: ownCart,
  setCartDestination: ownCart,
  setCartCurrency: ownCart,
  continueAsGuest: 'a guest is nobody yet',
  refreshSession: 'goes on with a session; a used token that comes back is in the log as REFRESH_TOKEN_REUSED',
  requestEmailVerification: 'sends the owner a mail; its token leaves an entry when it is used',
  updateProfile: ownProfile,
  addAddress: ownProfile,
  updateAddress: ownProfile,
  removeAddress: ownProfile,
  setPreferences: ownProfile,
  closeCart: partOfOrder,
  holdStock: partOfOrder,
  claimStock: partOfOrder,
  releaseStock: partOfOrder,
  restockStock: partOfOrder,
  authorizePayment: partOfOrder,
  capturePayment: partOfOrder,
  capturePaymentPart: partOfOrder,
  releasePayment: partOfOrder,
  receivePaymentWebhook: 'repeats what the provider did at the wish of somebody whose act has its entry',
  cancelPayment: partOfOrder,
}
