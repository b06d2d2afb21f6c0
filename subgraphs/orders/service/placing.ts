import { type Problem, refuseIfAny, ShopError } from '#kernel/errors.ts'
import type { Ids } from '#kernel/id.ts'
import { type Clock, type Millis, minutes } from '#kernel/time.ts'
import { actDone } from '#platform/audit.ts'
import type { Client, Shopper } from '#platform/auth.ts'
import type { Asker } from '#platform/context.ts'
import { crashPoint } from '#platform/crashPoint.ts'
import type { AccessTokens } from '../accessTokens.ts'
import type { CatalogueVariant, CheckoutCart, PricedLine, PricedOrder, Siblings } from '../clients/ports.ts'
import { fingerprint } from '../domain/idempotency.ts'
import type { Line, Order } from '../domain/order.ts'
import {
  type Demand,
  type PlaceOrderInput,
  type PriceChange,
  PriceChanged,
  parsePlaceOrder,
  placeOrder,
  refuseBeyondCap,
  refuseUnsold,
} from '../domain/placeOrder.ts'
import type { OrderModel } from '../model.ts'
import { problemsOf } from './answers.ts'
import { newEvents } from './changing.ts'
import type { Driving } from './driving.ts'
import { makeProviders } from './providers.ts'
import { ownerIdsOf } from './reading.ts'
import { makeWaiting } from './waiting.ts'

export interface PlacingDeps {
  readonly orders: Pick<OrderModel, 'get' | 'byKey' | 'byLiveCart' | 'insert' | 'lastConfirmed'>
  readonly siblings: Siblings
  readonly driving: Driving
  readonly accessTokens: AccessTokens
  readonly clock: Clock
  readonly ids: Ids
  readonly hash: (text: string) => string
  /** Injected (rule R14). */
  readonly pause: (ms: Millis) => Promise<void>
}

export interface Placed {
  /** Null: none was written. */
  readonly order: Order | null
  readonly accessToken: string | null
  readonly priceChange: PriceChange | null
  readonly userErrors: readonly Problem[]
}

/** Who buys, and from where. */
interface Buying {
  readonly viewer: Shopper
  readonly client: Client
}

/** Stock is held for 10 min from the start of the checkout (parameters table: reservation). */
const holdTime = minutes(10)

/** Products without options have one variant of this title, which tells a buyer nothing. */
const plainTitle = 'Default'

const titleOf = ({ title, product }: CatalogueVariant): string =>
  title === plainTitle || title === product.title ? product.title : `${product.title} / ${title}`

/** The arguments of `tryQuote` as the buyer knows them; its lines are the cart's, not the input's. */
const inPlaceOrder = ({ code, message, field }: Problem): Problem => {
  if (field?.[1] === 'destination') return { code, message, field: ['input', 'shippingAddress', ...field.slice(2)] }
  return field?.[1] === 'shippingMethodId' ? { code, message, field } : { code, message }
}

/** The refusal as a value: it has more to tell than a problem has room for. */
const unlessPriceChanged = (order: Promise<Order>): Promise<Order | PriceChanged> =>
  order.catch((error: unknown) => {
    if (error instanceof PriceChanged) return error
    throw error
  })

export const makePlacing = (deps: PlacingDeps) => {
  const { orders, siblings, driving, accessTokens, clock, ids, hash, pause } = deps
  const providers = makeProviders(siblings.payments)
  const waiting = makeWaiting({ orders, driving, clock, pause })

  const answer = (order: Order, userErrors = problemsOf(order)): Placed => ({
    order,
    accessToken: accessTokens.make(order._id),
    priceChange: null,
    userErrors,
  })

  const alreadyOrdered = (order: Order): Placed =>
    answer(order, [{ code: 'CART_ALREADY_ORDERED', message: `This cart has become the order ${order._id}.` }])

  /** The same key always answers with the same order, however far it is; an unfinished one goes on. */
  const repeat = async (order: Order, print: string): Promise<Placed> => {
    if (order.fingerprint !== print)
      throw new ShopError('IDEMPOTENCY_KEY_REUSED', 'This key was used before with other input.', [
        'input',
        'idempotencyKey',
      ])
    const { order: reached, underWay } = await waiting.join(order)
    return underWay ? answer(reached, [underWay]) : answer(reached)
  }

  /** A request that comes when another has just ordered the cart finds no cart: it is told of that order (C6). */
  const withoutCart = async (viewer: Shopper): Promise<Placed> => {
    const recent = await orders.lastConfirmed(ownerIdsOf(viewer), clock.now() - holdTime)
    if (recent) return alreadyOrdered(recent)
    throw new ShopError('CART_EMPTY', 'There is nothing in the cart.')
  }

  const snapshot = (
    cart: CheckoutCart,
    variants: readonly (CatalogueVariant | null)[],
    prices: readonly PricedLine[],
  ): Line[] =>
    cart.lines.map(({ variantId, quantity }, index) => {
      const [variant, priced] = [variants[index], prices[index]]
      if (!variant || !priced) throw new Error(`line ${index} of cart ${cart.id} was not answered`)
      const { sku, sellerId, parts } = variant
      const title = titleOf(variant)
      const line = { id: ids.next('line'), variantId, sellerId, sku, title, quantity, ...priced }
      return parts.length > 0 ? { ...line, parts } : line
    })

  const quoteFor = async (cart: CheckoutCart, demand: Demand): Promise<PricedOrder> => {
    const { quote, problems } = await siblings.prices.quote({
      lines: cart.lines.map(({ variantId, quantity }) => ({ variantId, quantity })),
      destination: demand.shippingAddress,
      shippingMethodId: demand.shippingMethodId ?? cart.shippingMethodId,
      currency: cart.currency,
      acknowledgedTotal: demand.acknowledgedTotal,
    })
    refuseIfAny(problems.map(inPlaceOrder))
    if (!quote) throw new Error('pricing gave neither a quote nor a reason')
    return quote
  }

  const write = async (
    { viewer, client }: Buying,
    cart: CheckoutCart,
    demand: Demand,
    print: string,
  ): Promise<Order> => {
    const variants = await siblings.catalogue.variants(cart.lines.map(({ variantId }) => variantId))
    const offers = cart.lines.map((line, index) => ({ ...line, variant: variants[index] ?? null }))
    refuseUnsold(offers)
    refuseBeyondCap(offers)
    const { lines: prices, shippingMethod, ...totals } = await quoteFor(cart, demand)
    const now = clock.now()
    return placeOrder(
      {
        _id: ids.next('ord'),
        ownerId: viewer.id,
        fingerprint: print,
        cartId: cart.id,
        demand,
        clientAddress: client.address,
        lines: snapshot(cart, variants, prices),
        totals,
        shippingMethod,
        expiresAt: now + holdTime,
      },
      now,
    )
  }

  /** Somebody else was faster with this key, or with this cart. */
  const afterRace = async (viewer: Shopper, demand: Demand, print: string, cartId: string): Promise<Placed> => {
    const sameKey = await orders.byKey(viewer.id, demand.idempotencyKey)
    if (sameKey) return repeat(sameKey, print)
    const sameCart = await orders.byLiveCart(cartId)
    if (sameCart) return alreadyOrdered(sameCart)
    throw new ShopError('CONFLICT', 'The cart was being ordered at the same moment; try again.')
  }

  return {
    /**
     * Orders the viewer's cart.
     * @throws ShopError BAD_USER_INPUT, CART_EMPTY, NOT_SOLD, NOT_PRICED, CURRENCY_MISMATCH, PRICE_CHANGED,
     *   IDEMPOTENCY_KEY_REUSED, UNAVAILABLE: then nothing was written. Everything later is told beside the order.
     */
    placeOrder: async (asker: Asker, viewer: Shopper, input: PlaceOrderInput): Promise<Placed> => {
      const demand = parsePlaceOrder(input)
      const print = hash(fingerprint(demand))
      const known = await orders.byKey(viewer.id, demand.idempotencyKey)
      if (known) return repeat(known, print)
      const guestId = viewer.kind === 'user' ? (viewer.guestId ?? null) : null
      const cart = await siblings.carts.forCheckout(viewer.id, guestId)
      if (!cart) return withoutCart(viewer)
      const living = await orders.byLiveCart(cart.id)
      if (living) return afterRace(viewer, demand, print, cart.id)
      await providers.refuseUnknown(demand.payment.provider)
      if (cart.lines.length === 0) throw new ShopError('CART_EMPTY', 'There is nothing in the cart.')
      const order = await unlessPriceChanged(write({ viewer, client: asker.client }, cart, demand, print))
      if (order instanceof PriceChanged)
        return { order: null, accessToken: null, priceChange: order.change, userErrors: order.problems }
      const act = actDone(asker, 'ORDER_PLACED', order._id)
      const isFirst = await orders.insert(order, [...newEvents({ events: [] }, order), act])
      if (!isFirst) return afterRace(viewer, demand, print, cart.id)
      await crashPoint('orders.orderWritten')
      return answer((await waiting.drive(order)).order)
    },
  }
}
