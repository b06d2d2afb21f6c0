import { demoAccounts } from '../seed/firstStart.ts'
import { at, type Data, type TourClient, TourStopped } from './client.ts'
import * as documents from './documents.ts'

/** One thing the tour did, for the screen and for the README. */
export interface Step {
  readonly title: string
  readonly document: string
  readonly variables: Readonly<Record<string, unknown>>
  readonly answer: unknown
}

export interface TourOptions {
  readonly client: TourClient
  /** Told about each step as soon as it is done. */
  readonly show: (step: Step) => void
  /** Makes names of this run unique. */
  readonly suffix: string
}

const address = { name: 'Ada Lovelace', line1: 'Hauptstr. 1', city: 'Berlin', postalCode: '10115', countryCode: 'DE' }

/** @throws TourStopped when the payload under `name` has a user error. */
const accepted = (answer: Data, name: string): Data => {
  const refused = at(answer, `${name}.userErrors.0`)
  if (refused) throw new TourStopped(`${name}: ${at(refused, 'code')}: ${at(refused, 'message')}`)
  return answer
}

const makeTalk = ({ client, show }: TourOptions) => {
  const say = (title: string, document: string, variables: Readonly<Record<string, unknown>>, answer: Data): Data => {
    show({ title, document: document.trim(), variables, answer })
    return answer
  }
  return {
    ask: async (
      title: string,
      document: string,
      variables: Record<string, unknown> = {},
      token: string | null = null,
    ) => say(title, document, variables, await client.ask(document, variables, token)),
    say,
    watch: client.watch,
  }
}

type Talk = ReturnType<typeof makeTalk>

interface Listed {
  readonly variants: readonly { readonly id: string; readonly availability: { readonly left: number } }[]
}

/** The variants of a list that are well in stock. */
const inStock = (answer: Data): string[] =>
  (at(answer, 'products.nodes') as Listed[])
    .flatMap(({ variants }) => variants)
    .flatMap(({ id, availability }) => (availability.left > 4 ? [id] : []))

const buy = async (talk: Talk, suffix: string): Promise<{ token: string; orderId: string }> => {
  const list = await talk.ask('Browse: titles from products, prices from pricing, one query', documents.browse)
  await talk.ask('Search', documents.search)
  const [first, second = first] = inStock(list)
  const guest = await talk.ask(
    'Continue as a guest: the access token goes into the Authorization header',
    documents.guest,
  )
  const guestToken = String(at(guest, 'continueAsGuest.session.accessToken'))
  accepted(
    await talk.ask('Put something in the cart', documents.addLine, { variantId: first, quantity: 2 }, guestToken),
    'addCartLine',
  )
  const email = `ada+${suffix}@example.com`
  const account = accepted(
    await talk.ask('Sign up: the cart comes along', documents.signUp, { email }, guestToken),
    'signUp',
  )
  const token = String(at(account, 'signUp.session.accessToken'))

  const live = talk.watch(documents.liveCart, {}, token)
  talk.say(
    'Watch the cart on a second device, over WebSocket: first the present state',
    documents.liveCart,
    {},
    await live.next(),
  )
  accepted(
    await talk.ask(
      'Add another thing on the first device',
      documents.addLine,
      { variantId: second, quantity: 1 },
      token,
    ),
    'addCartLine',
  )
  talk.say('The second device has heard of it', documents.liveCart, {}, await live.next())
  await live.close()

  const cart = accepted(
    await talk.ask('Say where it goes: shipping and tax enter the totals', documents.destination, { address }, token),
    'setCartDestination',
  )
  const order = { total: at(cart, 'setCartDestination.cart.totals.total'), address }
  const declined = { ...order, key: `declined-${suffix}`, token: 'tok_declined' }
  await talk.ask(
    'Pay with a card that is declined: nothing is charged, nothing held, the cart stays',
    documents.placeOrder,
    declined,
    token,
  )
  const paid = { ...order, key: `paid-${suffix}`, token: 'tok_ok' }
  const placed = accepted(await talk.ask('Pay with a good card', documents.placeOrder, paid, token), 'placeOrder')
  return { token, orderId: String(at(placed, 'placeOrder.order.id')) }
}

const follow = async (talk: Talk, orderId: string, token: string): Promise<void> => {
  const live = talk.watch(documents.liveOrder, { id: orderId }, token)
  const seen: Data[] = []
  do seen.push(await live.next())
  while (at(seen.at(-1), 'orderUpdated.event') !== 'OrderConfirmed')
  await live.close()
  const history = seen
    .map((update) => `${at(update, 'orderUpdated.seq')} ${at(update, 'orderUpdated.event')}`)
    .join(', ')
  talk.say(
    `Watch the order from its first event (${history}); the last message:`,
    documents.liveOrder,
    { id: orderId },
    seen.at(-1) ?? {},
  )
}

const sell = async (talk: Talk, suffix: string): Promise<void> => {
  const [{ email = '', password = '' } = {}] = demoAccounts
  const seller = accepted(await talk.ask('Sign in as the demo seller', documents.signIn, { email, password }), 'signIn')
  const token = String(at(seller, 'signIn.session.accessToken'))
  const names = { title: `Tour Lantern ${suffix}`, sku: `TOUR-${suffix}` }
  const created = accepted(
    await talk.ask('Create a product: a draft that only its seller sees', documents.createProduct, names, token),
    'createProduct',
  )
  const id = at(created, 'createProduct.product.id')
  const variantId = at(created, 'createProduct.product.variants.0.id')
  accepted(await talk.ask('Give it a price', documents.setPrice, { variantId }, token), 'setPrices')
  accepted(await talk.ask('Publish it', documents.publish, { id }, token), 'publishProduct')
  const delivery = { variantId, key: `delivery-${suffix}` }
  accepted(
    await talk.ask('Add stock; the same key never counts twice', documents.adjustStock, delivery, token),
    'adjustStock',
  )
}

/**
 * A buyer and a seller try everything against a running shop.
 * @throws TourStopped with one sentence when something does not go as it should.
 */
export const runTour = async (options: TourOptions): Promise<void> => {
  const talk = makeTalk(options)
  const { token, orderId } = await buy(talk, options.suffix)
  await follow(talk, orderId, token)
  await sell(talk, options.suffix)
  await talk.ask(
    'Back to the buyer: cancel the order; the money and the stock go back',
    documents.cancel,
    { id: orderId },
    token,
  )
}
