import type { SeedSeller } from '../commands/seed/sellers.ts'
import { type Answer, get, type TestShop } from './client.ts'

export const address = {
  name: 'Ada Buyer',
  line1: 'Hauptstr. 1',
  city: 'Berlin',
  postalCode: '10115',
  countryCode: 'DE',
}

/** A new guest's or user's tokens. */
export const guest = async (shop: TestShop): Promise<string> =>
  (await get(shop, 'mutation { continueAsGuest { session { accessToken } } }')).continueAsGuest.session.accessToken

let people = 0

export const signUp = async (
  shop: TestShop,
  token?: string,
): Promise<{ token: string; email: string; password: string }> => {
  people += 1
  const email = `buyer${people}-${process.pid}@example.com`
  const password = 'a long walk by the sea'
  const { signUp: payload } = await get(
    shop,
    'mutation ($input: SignUpInput!) { signUp(input: $input) { session { accessToken } userErrors { code message field } } }',
    { input: { email, password, name: 'Ada' } },
    token,
  )
  if (payload.userErrors.length > 0) throw new Error(JSON.stringify(payload.userErrors))
  return { token: payload.session.accessToken, email, password }
}

/** Variants of the seeded catalogue with their prices and stock. */
export const someVariants = async (
  shop: TestShop,
): Promise<{ id: string; sku: string; left: number; price: string; title: string }[]> => {
  const { products } = await get(
    shop,
    '{ products(first: 40) { nodes { title variants { id sku price { amount { amount } } availability { left } } } } }',
  )
  return products.nodes.flatMap((product: Answer) =>
    product.variants.map((variant: Answer) => ({
      id: variant.id,
      sku: variant.sku,
      left: variant.availability.left,
      price: variant.price.amount.amount,
      title: product.title,
    })),
  )
}

export const addLine = async (shop: TestShop, token: string, variantId: string, quantity = 1): Promise<Answer> =>
  (
    await get(
      shop,
      `mutation ($input: AddCartLineInput!) { addCartLine(input: $input) {
        cart { id version lines { id quantity variant { id sku product { title } } } totals { total { amount currencyCode } } }
        userErrors { code message field } } }`,
      { input: { variantId, quantity } },
      token,
    )
  ).addCartLine

/** Says where the cart goes; the total that the buyer then sees. */
export const setDestination = async (shop: TestShop, token: string): Promise<Answer> => {
  const { setCartDestination } = await get(
    shop,
    'mutation ($input: SetCartDestinationInput!) { setCartDestination(input: $input) { cart { totals { total { amount currencyCode } } } userErrors { code } } }',
    { input: { shippingAddress: address } },
    token,
  )
  return setCartDestination.cart?.totals?.total ?? { amount: '0.00', currencyCode: 'EUR' }
}

export const orderFields = `
  id number status nextStates totals { total { amount currencyCode } } lines { title quantity variant { id } }
  payments { id status amount { amount } captured { amount currencyCode } refunded { amount } nextAction { url } declineCode transactions { kind amount { amount } } }
  checkout { steps { name status reason } } timeline { seq event }`

/** Orders with exactly this input. */
export const sendOrder = async (shop: TestShop, token: string, input: object): Promise<Answer> =>
  (
    await get(
      shop,
      `mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) {
        order { ${orderFields} } accessToken userErrors { code message field }
        priceChange { acknowledged { amount currencyCode } total { amount currencyCode } difference { amount currencyCode } } } }`,
      { input },
      token,
    )
  ).placeOrder

/** A good input for `placeOrder`. */
export const orderInput = (acknowledgedTotal: object, token = 'tok_ok') => ({
  idempotencyKey: crypto.randomUUID(),
  email: 'ada@example.com',
  shippingAddress: address,
  acknowledgedTotal,
  payment: { provider: 'sandbox', token },
})

/** Orders the cart at the total that the buyer sees. */
export const placeOrder = async (shop: TestShop, token: string, input: object = {}): Promise<Answer> =>
  sendOrder(shop, token, { ...orderInput(await setDestination(shop, token)), ...input })

export const signIn = async (shop: TestShop, { email, password }: Pick<SeedSeller, 'email' | 'password'>) => {
  const { signIn: payload } = await get(
    shop,
    'mutation ($input: SignInInput!) { signIn(input: $input) { session { accessToken } userErrors { code } } }',
    { input: { email, password } },
  )
  return payload.session.accessToken as string
}

let offers = 0

/** A new product of a seller with variants at 10.00 EUR each; published unless told otherwise. */
export const offer = async (
  shop: TestShop,
  seller: string,
  { stock = 10, variants = 1, published = true } = {},
): Promise<{ productId: string; slug: string; title: string; variantIds: string[] }> => {
  offers += 1
  const title = `Offer ${offers} of ${process.pid}`
  const choices = Array.from({ length: variants }, (_, index) => `no ${index + 1}`)
  const { createProduct } = await get(
    shop,
    'mutation ($input: CreateProductInput!) { createProduct(input: $input) { product { id slug variants { id } } userErrors { code message field } } }',
    {
      input: {
        title,
        vendor: 'Offers',
        categories: [`Shelf ${offers % 3}`],
        variants: choices.map((value, index) => ({
          sku: `OFFER-${process.pid}-${offers}-${index}`,
          selectedOptions: variants > 1 ? [{ name: 'Kind', value }] : [],
          initialStock: stock,
        })),
      },
    },
    seller,
  )
  if (createProduct.userErrors.length > 0) throw new Error(JSON.stringify(createProduct.userErrors))
  const { id: productId, slug } = createProduct.product
  const variantIds: string[] = createProduct.product.variants.map(({ id }: Answer) => id)
  const done = await get(
    shop,
    `mutation ($id: ID!, $published: Boolean!, $prices: SetPricesInput!) {
      setPrices(input: $prices) { changed userErrors { code message field } }
      publishProduct(input: { id: $id }) @include(if: $published) { userErrors { code } } }`,
    {
      id: productId,
      published,
      prices: {
        prices: variantIds.map((variantId) => ({ variantId, amount: { amount: '10.00', currencyCode: 'EUR' } })),
      },
    },
    seller,
  )
  if (done.setPrices.userErrors.length > 0) throw new Error(JSON.stringify(done.setPrices.userErrors))
  return { productId, slug, title, variantIds }
}

/** Units of a variant that can be bought now. */
export const unitsLeft = async (shop: TestShop, slug: string): Promise<number> =>
  (await get(shop, 'query ($slug: String!) { product(slug: $slug) { variants { availability { left } } } }', { slug }))
    .product.variants[0].availability.left
