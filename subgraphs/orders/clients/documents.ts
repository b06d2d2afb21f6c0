/** The operations that orders sends to its siblings; a test checks each against the sibling's schema. */
const userErrors = 'userErrors { code message field }'
const money = '{ amount currencyCode }'

export const cartForCheckout = /* GraphQL */ `
  query CartForCheckout($ownerId: ID!, $guestId: ID) {
    cartForCheckout(ownerId: $ownerId, guestId: $guestId) {
      id
      currency
      shippingMethodId
      lines { variantId quantity }
    }
  }
`

export const closeCart = /* GraphQL */ `
  mutation CloseCart($input: CloseCartInput!) {
    closeCart(input: $input) { ${userErrors} }
  }
`

export const provedBuyer = /* GraphQL */ `
  query ProvedBuyer($accountId: ID!) {
    provedBuyer(accountId: $accountId) { email guestIds }
  }
`

export const variants = /* GraphQL */ `
  query VariantsToOrder($ids: [ID!]!) {
    variants(ids: $ids) {
      sku title product { title } sellerId isSold maxPerOrder
      parts { variant { id } quantity }
    }
  }
`

export const quote = /* GraphQL */ `
  query QuoteOfOrder($input: QuoteInput!, $acknowledgedTotal: MoneyInput) {
    tryQuote(input: $input, acknowledgedTotal: $acknowledgedTotal) {
      quote {
        lines { unitPrice ${money} tax ${money} total ${money} }
        subtotal ${money} discount ${money} shipping ${money} tax ${money} total ${money}
        taxIncluded
        shippingMethod { name }
      }
      ${userErrors}
    }
  }
`

export const holdStock = /* GraphQL */ `
  mutation HoldStock($input: HoldStockInput!) { stock: holdStock(input: $input) { ${userErrors} } }
`

export const claimStock = /* GraphQL */ `
  mutation ClaimStock($input: OrderStockInput!) { stock: claimStock(input: $input) { ${userErrors} } }
`

export const releaseStock = /* GraphQL */ `
  mutation ReleaseStock($input: OrderStockInput!) { stock: releaseStock(input: $input) { ${userErrors} } }
`

export const restockStock = /* GraphQL */ `
  mutation RestockStock($input: RestockStockInput!) { stock: restockStock(input: $input) { ${userErrors} } }
`

export const paymentProviders = /* GraphQL */ `
  query PaymentProviders { paymentProviders }
`

export const authorizePayment = /* GraphQL */ `
  mutation AuthorizePayment($input: AuthorizePaymentInput!) {
    answer: authorizePayment(input: $input) { payment { status } ${userErrors} }
  }
`

export const capturePayment = /* GraphQL */ `
  mutation CapturePayment($input: PaymentOfOrderInput!) {
    answer: capturePayment(input: $input) { payment { status } ${userErrors} }
  }
`

export const cancelPayment = /* GraphQL */ `
  mutation CancelPayment($input: PaymentOfOrderInput!) {
    answer: cancelPayment(input: $input) { payment { status } ${userErrors} }
  }
`
