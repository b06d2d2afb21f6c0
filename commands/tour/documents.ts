/** The operations of the tour, as the README shows them. */

export const browse = /* GraphQL */ `
query Browse {
  products(first: 3, filter: { category: "kitchen" }, sort: TITLE_ASC) {
    totalCount
    nodes {
      title
      seller { shopName }
      variants { id sku price { amount { amount currencyCode } } availability { left } }
    }
    pageInfo { hasNextPage endCursor }
  }
}`

export const search = /* GraphQL */ `
query Search {
  search(query: "lamp", first: 2) {
    totalCount
    nodes { title slug variants { id price { amount { amount currencyCode } } availability { inStock } } }
  }
}`

export const guest = /* GraphQL */ `
mutation Guest {
  continueAsGuest { session { accessToken } viewer { id kind } userErrors { code message } }
}`

export const addLine = /* GraphQL */ `
mutation AddLine($variantId: ID!, $quantity: Int!) {
  addCartLine(input: { variantId: $variantId, quantity: $quantity }) {
    cart {
      version
      lines { quantity unitPrice { amount } total { amount } variant { sku product { title } } }
      totals { total { amount currencyCode } rows { label amount { amount } } }
    }
    userErrors { code message field }
  }
}`

export const signUp = /* GraphQL */ `
mutation SignUp($email: String!) {
  signUp(input: { email: $email, password: "a long walk by the sea", name: "Ada" }) {
    session { accessToken refreshToken }
    viewer { kind email }
    userErrors { code message field }
  }
}`

export const liveCart = /* GraphQL */ `
subscription LiveCart {
  cartUpdated {
    seq
    reason
    cart { lines { quantity variant { product { title } } } totals { total { amount currencyCode } } }
  }
}`

export const destination = /* GraphQL */ `
mutation Destination($address: AddressInput!) {
  setCartDestination(input: { shippingAddress: $address }) {
    cart { totals { subtotal { amount } shipping { amount } tax { amount } total { amount currencyCode } rows { kind label amount { amount } } } problems { code message } }
    userErrors { code message field }
  }
}`

export const placeOrder = /* GraphQL */ `
mutation PlaceOrder($key: String!, $total: MoneyInput!, $address: AddressInput!, $token: String!) {
  placeOrder(input: {
    idempotencyKey: $key
    email: "ada@example.com"
    shippingAddress: $address
    acknowledgedTotal: $total
    payment: { provider: "sandbox", token: $token }
  }) {
    order { id number status nextStates checkout { steps { name status reason } } payments { status captured { amount currencyCode } } }
    userErrors { code message field }
  }
}`

export const liveOrder = /* GraphQL */ `
subscription LiveOrder($id: ID!) {
  orderUpdated(id: $id, after: 0) {
    seq
    event
    order { number status lines { title quantity } payments { status } }
  }
}`

export const cancel = /* GraphQL */ `
mutation Cancel($id: ID!) {
  cancelOrder(input: { id: $id, reason: "Only trying." }) {
    order { number status payments { status refunded { amount currencyCode } } timeline { seq event } }
    userErrors { code message }
  }
}`

export const signIn = /* GraphQL */ `
mutation SignIn($email: String!, $password: String!) {
  signIn(input: { email: $email, password: $password }) {
    session { accessToken }
    viewer { kind name roles }
    userErrors { code message }
  }
}`

export const createProduct = /* GraphQL */ `
mutation CreateProduct($title: String!, $sku: String!) {
  createProduct(input: {
    title: $title
    categories: ["Lighting"]
    tags: ["tour"]
    variants: [{ sku: $sku, initialStock: 3 }]
  }) {
    product { id slug status variants { id sku availability { left } } }
    userErrors { code message field }
  }
}`

export const setPrice = /* GraphQL */ `
mutation SetPrice($variantId: ID!) {
  setPrices(input: { prices: [{ variantId: $variantId, amount: { amount: "24.50", currencyCode: "EUR" } }] }) {
    changed
    variants { price { amount { amount currencyCode } lowestIn30Days { amount } } }
    userErrors { code message field }
  }
}`

export const publish = /* GraphQL */ `
mutation Publish($id: ID!) {
  publishProduct(input: { id: $id }) { product { status publishedAt } userErrors { code message } }
}`

export const adjustStock = /* GraphQL */ `
mutation AdjustStock($variantId: ID!, $key: String!) {
  adjustStock(input: { variantId: $variantId, delta: 5, reason: "Delivery from the workshop", idempotencyKey: $key }) {
    variant { sku availability { left } }
    userErrors { code message }
  }
}`
