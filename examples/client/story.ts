import {
  AddToCartDocument,
  BrowseDocument,
  LiveCartDocument,
  type LiveCartSubscription,
  LiveOrderDocument,
  type OrderViewFragment,
  PlaceOrderDocument,
  SetDestinationDocument,
} from './graphql.generated.ts'
import { accepted, type Shop } from './shop.ts'

const address = { name: 'Ada Lovelace', line1: 'Hauptstr. 1', city: 'Berlin', postalCode: '10115', countryCode: 'DE' }

/** A live cart, as a page would keep it on screen. Ends when the cart has become an order. */
const showCart = async (updates: AsyncIterable<LiveCartSubscription>, say: (line: string) => void): Promise<void> => {
  for await (const { cartUpdated } of updates) {
    const { reason, cart } = cartUpdated
    const total = cart?.totals?.total
    say(`cart: ${reason}, ${cart?.lines.length ?? 0} line(s), ${total ? `${total.amount} ${total.currencyCode}` : '-'}`)
    if (reason === 'ORDERED') return
  }
}

/** A live order from its first event to its confirmation. */
const showOrder = async (shop: Shop, id: string, say: (line: string) => void): Promise<OrderViewFragment> => {
  for await (const { orderUpdated } of shop.watch(LiveOrderDocument, { id, after: 0 })) {
    const { event, order } = orderUpdated
    say(`order: ${event}, ${order.status}`)
    if (order.status === 'CONFIRMED' && event === 'OrderConfirmed') return order
  }
  throw new Error('The live order ended before the order was confirmed.')
}

/** What a buyer does in a shop, from the first look to the confirmed order. Each line of it goes to `say`. */
export const buySomething = async (shop: Shop, say: (line: string) => void): Promise<OrderViewFragment> => {
  await shop.continueAsGuest()

  const { products } = await shop.ask(BrowseDocument, { first: 10 })
  const variant = products.nodes.flatMap(({ variants }) => variants).find(({ availability }) => availability.left > 1)
  if (!variant) throw new Error('Everything is sold out.')
  say(`browse: ${products.totalCount} products`)

  const updates = shop.watch(LiveCartDocument, {})
  const first = await updates.next()
  say(`cart: ${first.value?.cartUpdated.reason}`)
  const cartShown = showCart(updates, say)
  accepted((await shop.ask(AddToCartDocument, { variantId: variant.id, quantity: 1 })).addCartLine)
  const { cart } = accepted((await shop.ask(SetDestinationDocument, { address })).setCartDestination)
  if (!cart?.totals) throw new Error('The cart has no total yet.')

  const { order } = accepted(
    (
      await shop.ask(PlaceOrderDocument, {
        input: {
          idempotencyKey: crypto.randomUUID(),
          email: 'ada@example.com',
          shippingAddress: address,
          // What the buyer has seen: when it is not the price any more, the order is refused with PRICE_CHANGED.
          acknowledgedTotal: cart.totals.total,
          payment: { provider: 'sandbox', token: 'tok_ok' },
        },
      })
    ).placeOrder,
  )
  if (!order) throw new Error('There is no order.')
  const confirmed = await showOrder(shop, order.id, say)
  await cartShown
  return confirmed
}
