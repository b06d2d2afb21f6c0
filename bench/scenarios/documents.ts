/** The operations as a web shop would send them. */

export const list = /* GraphQL */ `
query List {
  products(first: 20) {
    nodes {
      id slug title
      media { url alt }
      variants { id sku price { amount { amount currencyCode } } availability { inStock left } }
    }
    pageInfo { hasNextPage endCursor }
  }
}`

export const detail = /* GraphQL */ `
query Detail($slug: String!) {
  product(slug: $slug) {
    id slug title descriptionHtml vendor
    media { url alt }
    options { name values }
    categories { slug name }
    seller { id shopName }
    variants {
      id sku title
      selectedOptions { name value }
      price { amount { amount currencyCode } compareAt { amount } tiers { minQuantity amount { amount } } }
      availability { inStock left }
    }
  }
}`

export const continueAsGuest = /* GraphQL */ `
mutation Guest {
  continueAsGuest { session { accessToken } userErrors { code } }
}`

export const addCartLine = /* GraphQL */ `
mutation AddCartLine($input: AddCartLineInput!) {
  addCartLine(input: $input) {
    cart {
      id version
      lines { id quantity unitPrice { amount } variant { sku product { title } } }
      totals { total { amount currencyCode } }
    }
    userErrors { code }
  }
}`

export const setCartDestination = /* GraphQL */ `
mutation SetCartDestination($input: SetCartDestinationInput!) {
  setCartDestination(input: $input) {
    cart { id version totals { subtotal { amount } shipping { amount } tax { amount } total { amount currencyCode } } }
    userErrors { code }
  }
}`

export const placeOrder = /* GraphQL */ `
mutation PlaceOrder($input: PlaceOrderInput!) {
  placeOrder(input: $input) {
    order { id number status totals { total { amount currencyCode } } payments { status } }
    userErrors { code message }
  }
}`

/** For the preparations. */
export const catalogue = /* GraphQL */ `
query Catalogue {
  products(first: 100, sort: OLDEST) {
    nodes { slug seller { id } variants { id } }
  }
}`

export const signIn = /* GraphQL */ `
mutation SignIn($input: SignInInput!) {
  signIn(input: $input) { session { accessToken } userErrors { code message } }
}`

export const adjustStock = /* GraphQL */ `
mutation AdjustStock($input: AdjustStockInput!) {
  adjustStock(input: $input) { variant { id } userErrors { code message } }
}`
