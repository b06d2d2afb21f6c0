/**
 * What comes of a mutation that is sent again, because its answer got lost (I14). Every mutation of the composed graph is here once:
 * it takes a key (for 72 h at least), a repetition finds the state that it asks for, or it moves neither orders nor stock nor money.
 * `tests/e2e/refusedMoney.e2e.ts` sends each of the first two kinds twice.
 */
export const keyed: ReadonlySet<string> = new Set(['placeOrder', 'refundPayment', 'adjustStock', 'capturePaymentPart'])

const ofOrder = 'counts once for an order'

export const byState: Readonly<Record<string, string>> = {
  cancelOrder: 'a canceled order stays canceled',
  confirmPayment: 'a payment that went on stays as it is',
  setPrices: 'the same prices again are the same prices',
  createProduct: 'its SKUs are taken by then; stock of a product that was refused is in no product',
  updateProduct: 'says how the product is to be, and touches no stock that is there',
  publishProduct: 'a published product stays published',
  importProducts: 'a product is known by its handle',
  closeCart: 'a closed cart stays closed, by one order',
  holdStock: ofOrder,
  claimStock: ofOrder,
  releaseStock: ofOrder,
  restockStock: ofOrder,
  authorizePayment: ofOrder,
  capturePayment: ofOrder,
  releasePayment: ofOrder,
  cancelPayment: ofOrder,
  receivePaymentWebhook: 'an event counts once, by its id',
}

export const unmoving: ReadonlySet<string> = new Set(
  `addCartLine updateCartLine removeCartLine setCartDestination setCartCurrency continueAsGuest signUp signIn refreshSession signOut
  revokeSession changePassword requestPasswordReset resetPassword requestEmailVerification verifyEmail updateProfile addAddress
  updateAddress removeAddress setPreferences becomeSeller closeAccount exportMyData banAccount unbanAccount grantRole revokeRole makeAdmin replayEvents
  ensureAccount createStockLocation updateStockLocation`.split(/\s+/),
)
