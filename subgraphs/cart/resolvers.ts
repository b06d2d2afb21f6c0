import { multiply, toDecimal } from '#kernel/money.ts'
import { isShopper, requireService, requireShopper, type Shopper, type Viewer } from '#platform/auth.ts'
import { type Complete, mutation, only, shopper } from '#platform/resolvers.ts'
import type { Cart } from './domain/cart.ts'
import type { CartLine, CartUpdate, Context } from './parents.ts'
import type { Resolvers, ResolversParentTypes } from './schema.generated.ts'
import type { Checkout } from './service/checkout.ts'
import type { Shopping } from './service/shopping.ts'
import type { Watching } from './service/watching.ts'

export interface Services {
  readonly shopping: Shopping
  readonly checkout: Checkout
  readonly watching: Watching
}

/** A cart shows where somebody lives: only the owner and other subgraphs may read it. */
const maySee = (viewer: Viewer, cart: Cart): boolean =>
  viewer.kind === 'service' || (isShopper(viewer) && viewer.id === cart.owner.id)

const unitPriceOf = async ({ cart, index }: CartLine, { loaders }: Context) =>
  (await loaders.priced.load(cart))?.unitPrices[index] ?? null

export const makeResolvers = ({
  shopping,
  checkout,
  watching,
}: Services): Complete<Resolvers, ResolversParentTypes> => {
  /** A change of the viewer's cart; a refused one answers with the cart as it stands. */
  const change = <Args>(run: (args: Args, viewer: Shopper) => Promise<Cart | null>) =>
    mutation(
      shopper,
      async (_: Args, { viewer }: Context) => ({ cart: isShopper(viewer) ? await shopping.cart(viewer) : null }),
      async (args: Args, viewer) => ({ cart: await run(args, viewer) }),
    )

  return {
    Query: {
      cart: (_, __, { viewer }) => (isShopper(viewer) ? shopping.cart(viewer) : null),
      cartForCheckout: (_, { ownerId, guestId }, { viewer }) => {
        requireService(viewer, 'orders')
        return checkout.cartForCheckout({ id: ownerId, guestId })
      },
    },
    Mutation: {
      addCartLine: change(({ input }, viewer) => shopping.addLine(viewer, input)),
      updateCartLine: change(({ input }, viewer) => shopping.updateLine(viewer, input)),
      removeCartLine: change(({ input }, viewer) => shopping.removeLine(viewer, input.lineId)),
      setCartDestination: change(({ input }, viewer) => shopping.setDestination(viewer, input)),
      setCartCurrency: change(({ input }, viewer) => shopping.setCurrency(viewer, input.currency)),
      closeCart: mutation(only('orders'), { cart: null }, async ({ input }) => ({
        cart: await checkout.closeCart(input),
      })),
    },
    Subscription: {
      cartUpdated: {
        subscribe: (_, { after }, { viewer }) => watching.cartUpdated(requireShopper(viewer), after),
        resolve: (update: CartUpdate) => update,
      },
    },
    Cart: {
      __resolveReference: async ({ id }, { loaders, viewer }) => {
        const cart = await loaders.cart.load(id)
        return cart && maySee(viewer, cart) ? cart : null
      },
      lines: (cart) => cart.lines.map((line, index) => ({ ...line, cart, index })),
      totals: async (cart, _, { loaders }) => (await loaders.priced.load(cart))?.totals ?? null,
      problems: async (cart, _, { loaders }) => [...(await loaders.findings.load(cart)).problems],
      warnings: async (cart, _, { loaders }) => [...(await loaders.findings.load(cart)).warnings],
    },
    PersonalData: {
      __resolveReference: ({ id }, { viewer }) => (viewer.kind === 'user' && viewer.id === id ? { id } : null),
      cart: (_, __, { viewer }) => (isShopper(viewer) ? shopping.cart(viewer) : null),
    },
    CartLine: {
      variant: ({ variantId }) => ({ id: variantId }),
      unitPrice: (line, _, context) => unitPriceOf(line, context),
      total: async (line, _, context) => {
        const price = await unitPriceOf(line, context)
        return price && multiply(price, line.quantity)
      },
    },
    Money: { amount: toDecimal, currencyCode: ({ currency }) => currency },
  }
}
