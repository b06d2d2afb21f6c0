/**
 * Who may see what, for every field and every identifying argument of the composed graph. A field that is not here fails the suite:
 * adding one is a decision about who sees it.
 */

/**
 * - public: holds nothing of anybody.
 * - object: part of a thing with an owner, which is reached only through doors that are checked (`doors`).
 * - own: what the viewer is or has; no argument leads to somebody else's.
 * - token: needs any access token. - scope: needs a scope. Both by directive in the SDL.
 * - siblings: for other subgraphs, not in the public graph.
 */
export type Visibility = 'public' | 'object' | 'own' | 'token' | 'scope' | 'siblings'

type TypeRules = Partial<Readonly<Record<Visibility, string>>>

export const fieldRules: Readonly<Record<string, TypeRules>> = {
  Query: {
    public: 'quote shippingMethods paymentProviders product products search categories',
    own: 'viewer cart',
    object: 'order payment',
    token: 'orders sessions',
    scope: 'auditLog account stockLocations paymentDifferences bookComparisons outbox jobs',
    siblings:
      'cartForCheckout tryQuote variants auditVerification mailing orderMailing provedBuyer jwks sessionStates sessionNews',
  },
  Mutation: {
    public:
      'continueAsGuest signUp signIn refreshSession requestPasswordReset resetPassword verifyEmail requestEmailVerification',
    object: 'cancelOrder',
    token:
      'addCartLine updateCartLine removeCartLine setCartDestination setCartCurrency placeOrder confirmPayment signOut revokeSession changePassword updateProfile addAddress updateAddress removeAddress setPreferences becomeSeller closeAccount exportMyData',
    scope:
      'refundPayment setPrices createProduct updateProduct publishProduct adjustStock createStockLocation updateStockLocation banAccount unbanAccount grantRole revokeRole replayEvents',
    siblings:
      'closeCart authorizePayment capturePayment capturePaymentPart releasePayment receivePaymentWebhook cancelPayment importProducts holdStock claimStock releaseStock restockStock ensureAccount makeAdmin',
  },
  Subscription: { public: 'stockChanged', object: 'orderUpdated', token: 'cartUpdated' },

  // A seller of a line sees the own lines and no more of the buyer than where they go: see access/matrix.ts.
  Order: {
    object:
      'id number status nextStates lines totals email shippingAddress billingAddress shippingMethod checkout timeline placedAt updatedAt payments',
  },
  OrderMailing: { siblings: 'to name number lines totals refunded' },
  OrderLine: { object: 'id variant sku title quantity unitPrice tax total' },
  OrderTotals: { object: 'subtotal discount shipping tax taxIncluded total' },
  OrderEvent: { object: 'seq event at' },
  OrderUpdate: { object: 'seq event isReset order' },
  OrderConnection: { object: 'edges nodes pageInfo totalCount' },
  OrderEdge: { object: 'cursor node' },
  Checkout: { object: 'steps' },
  CheckoutStep: { object: 'name status attempt reason' },
  PlaceOrderPayload: { object: 'order accessToken priceChange userErrors' },
  PriceChange: { own: 'acknowledged total difference' },
  CancelOrderPayload: { object: 'order userErrors' },
  Payment: {
    object: 'id status amount captured refunded provider reference nextAction declineCode transactions createdAt',
  },
  PaymentDifference: { scope: 'id payment provider reason ours theirs foundAt mendedAt' },
  PaymentSums: { scope: 'authorized captured released refunded' },
  PaymentDifferenceConnection: { object: 'edges nodes pageInfo totalCount' },
  PaymentDifferenceEdge: { object: 'cursor node' },
  BookComparison: { scope: 'provider comparedUntil finishedAt' },
  PaymentAction: { object: 'kind url' },
  PaymentTransaction: { object: 'id kind amount at' },
  ReceivePaymentWebhookPayload: { siblings: 'received userErrors' },
  PaymentPayload: { object: 'payment userErrors' },
  Cart: { object: 'id version lines totals problems warnings currency shippingAddress shippingMethodId updatedAt' },
  CartLine: { object: 'id variant quantity unitPrice total', siblings: 'variantId' },
  CartPayload: { object: 'cart userErrors' },
  CartProblem: { object: 'code message lineId' },
  CartTotalRow: { object: 'kind label amount' },
  CartTotals: { object: 'subtotal discount shipping tax taxIncluded total rows' },
  CartUpdate: { object: 'seq reason isReset cart' },
  Address: { object: 'name line1 line2 city region postalCode countryCode phone' },

  Viewer: { own: 'id kind email name shopName addresses preferences isEmailVerified roles sessionExpiresAt' },
  SavedAddress: { own: 'id address' },
  Preferences: { own: 'locale currency marketingConsent' },
  UpdateProfilePayload: { own: 'viewer userErrors' },
  AddressBookPayload: { own: 'addresses userErrors' },
  SetPreferencesPayload: { own: 'viewer userErrors' },
  BecomeSellerPayload: { own: 'viewer userErrors' },
  CloseAccountPayload: { own: 'closed userErrors' },
  ExportMyDataPayload: { own: 'json data userErrors' },
  PersonalData: { own: 'id orders cart' },
  Account: { scope: 'id email name roles shopName isEmailVerified createdAt bannedAt' },
  AccountPayload: { object: 'account userErrors' },
  MakeAdminPayload: { siblings: 'accountId userErrors' },
  Session: { own: 'accessToken accessTokenExpiresAt refreshToken refreshTokenExpiresAt' },
  SessionNews: { siblings: 'asOf ended states' },
  SessionPayload: { own: 'session viewer userErrors' },
  SignOutPayload: { own: 'endedSessions userErrors' },
  ChangePasswordPayload: { own: 'viewer userErrors' },
  RevokeSessionPayload: { own: 'sessions userErrors' },
  DeviceSession: { token: 'id device createdAt lastUsedAt expiresAt isCurrent' },
  RequestEmailVerificationPayload: { public: 'accepted userErrors' },
  RequestPasswordResetPayload: { public: 'accepted userErrors' },
  ResetPasswordPayload: { public: 'done userErrors' },
  VerifyEmailPayload: { public: 'verified userErrors', own: 'session viewer' },
  SignUpPayload: { public: 'confirmationSent userErrors', own: 'session viewer' },
  AuditEntry: { scope: 'id seq at action actorKind actorId target address requestId hash' },
  AuditEntryConnection: { object: 'edges nodes pageInfo totalCount' },
  AuditEntryEdge: { object: 'cursor node' },
  OutboxState: { object: 'asOf pending dead lagMs queues deadLetters' },
  QueueState: { object: 'name pending dead lagMs' },
  DeadLetter: { object: 'id queue type aggregateId reason' },
  BackgroundJob: { object: 'name isHeld lastRunAt tookMs failure' },
  ReplayEventsPayload: { object: 'requested userErrors' },
  AuditVerification: { siblings: 'entries head problems' },
  Mailing: { siblings: 'to name token' },
  ProvedBuyer: { siblings: 'email guestIds' },
  SessionState: { siblings: 'id active roles' },
  EnsureAccountPayload: { siblings: 'accountId userErrors' },

  Product: {
    object:
      'id slug title descriptionHtml vendor productType categories tags media options variants seller status createdAt updatedAt publishedAt',
  },
  ProductVariant: {
    object: 'id price sku barcode title weightGrams selectedOptions maxPerOrder parts product availability',
    scope: 'stock',
    siblings: 'isSold sellerId',
  },
  BundlePart: { object: 'variant quantity' },
  ProductPayload: { object: 'product userErrors' },
  StockLocation: { object: 'code name priority isActive' },
  LocationStock: { object: 'location available reserved onHand' },
  StockLocationPayload: { object: 'location userErrors' },
  AdjustStockPayload: { object: 'variant userErrors' },
  SetPricesPayload: { object: 'variants changed userErrors' },
  ProductConnection: { public: 'edges nodes pageInfo totalCount' },
  ProductSearchConnection: { public: 'edges nodes pageInfo totalCount' },
  ProductEdge: { public: 'cursor node' },
  ProductOption: { public: 'name values' },
  SelectedOption: { public: 'name value' },
  Category: { public: 'slug name' },
  Media: { public: 'url alt' },
  Availability: { public: 'inStock left asOf' },
  StockChange: { public: 'seq variant' },
  ImportedProduct: { siblings: 'handle outcome message variants' },
  ImportedVariant: { siblings: 'id sku' },
  ImportProductsPayload: { siblings: 'products userErrors' },
  StockPayload: { siblings: 'done userErrors' },
  Seller: { public: 'id shopName' },

  Price: { public: 'amount compareAt tiers lowestIn30Days' },
  PriceTier: { public: 'minQuantity amount' },
  Quote: {
    public: 'id currency lines rows subtotal discount shipping shippingMethod tax taxIncluded total expiresAt',
  },
  QuoteLine: { public: 'variantId quantity unitPrice total tax' },
  QuoteRow: { public: 'kind label amount variantId' },
  QuoteAttempt: { siblings: 'quote unitPrices userErrors' },
  ShippingMethod: { public: 'id name price freeFrom' },
  Money: { public: 'amount currencyCode' },
  PageInfo: { public: 'hasNextPage hasPreviousPage startCursor endCursor' },
  UserError: { public: 'code message field' },
}

/**
 * Identifying arguments that open no door of their own, and why. The others have a door in `doors.ts`, which the matrix tries with
 * every viewer.
 */
export const harmlessArguments: Readonly<Record<string, string>> = {
  'Subscription.stockChanged(variantIds)':
    'a list of ids; a draft among them is silent (a test of its own in access/matrix.ts)',
  'Mutation.addCartLine(input.variantId)': 'anybody may try to buy; of a draft it says NOT_SOLD and nothing else',
  'Query.quote(input.lines.variantId)': 'what is not for sale looks like what does not exist (pricing.int.test.ts)',
  'Mutation.setCartDestination(input.shippingMethodId)': 'methods of delivery are public',
  'Mutation.placeOrder(input.shippingMethodId)': 'methods of delivery are public',
  'Mutation.placeOrder(input.payment.token)': 'a token of the payment provider is the credential itself',
  'Query.quote(input.shippingMethodId)': 'methods of delivery are public',
  'Query.order(accessToken)': 'the credential itself; that of another order opens nothing (strangers.e2e.ts)',
  'Mutation.cancelOrder(input.accessToken)': 'the credential itself (strangers.e2e.ts)',
  'Subscription.orderUpdated(accessToken)': 'the credential itself (strangers.e2e.ts)',
  'Mutation.refreshSession(input.refreshToken)': 'the credential itself',
  'Mutation.resetPassword(input.token)': 'the credential itself',
  'Mutation.verifyEmail(input.token)': 'the credential itself',
  'Mutation.createProduct(input.slug)': 'a name for something new',
  'Mutation.createProduct(input.variants.id)': 'names nothing: the product is new',
  'Mutation.createProduct(input.variants.parts.variantId)':
    'only variants of the same seller can be parts (bundles.int.test.ts)',
  'Mutation.updateProduct(input.variants.parts.variantId)':
    'only variants of the same seller can be parts (bundles.int.test.ts)',
  'Mutation.updateProduct(input.slug)': 'a new name for an own product',
  'Mutation.updateProduct(input.variants.id)': 'looked up among the variants of the own product only',
  'Query.products(filter.sellerId)': 'sellers are public; the list shows what the viewer may see (strangers.e2e.ts)',
  'Query.search(filter.sellerId)': 'sellers are public; only published products are found',
  'Query.auditLog(filter.actorId)': 'only holders of the scope get so far',
  'Query.auditLog(filter.target)': 'only holders of the scope get so far',
  'Mutation.replayEvents(input.eventId)': 'only holders of the scope get so far',
}
