import { subtract, toWire } from '#kernel/money.ts'
import { requireService } from '#platform/auth.ts'
import { anyone, type Complete, mutation, shopper } from '#platform/resolvers.ts'
import { nextStates } from './domain/order.ts'
import type { Resolvers, ResolversParentTypes } from './schema.generated.ts'
import type { makeCanceling } from './service/canceling.ts'
import { shownNumber } from './service/changing.ts'
import type { makePlacing } from './service/placing.ts'
import type { Reading } from './service/reading.ts'
import type { OrderUpdate, Watching } from './service/watching.ts'

export interface Services {
  readonly placing: ReturnType<typeof makePlacing>
  readonly canceling: ReturnType<typeof makeCanceling>
  readonly reading: Reading
  readonly watching: Watching
}

export const makeResolvers = ({
  placing,
  canceling,
  reading,
  watching,
}: Services): Complete<Resolvers, ResolversParentTypes> => ({
  Query: {
    order: (_, args, { viewer }) => reading.order(viewer, args),
    orders: (_, args, { viewer }) => reading.orders(viewer, args),
    orderMailing: (_, { orderId, seq }, { viewer }) => {
      requireService(viewer, 'workers')
      return reading.mailing(orderId, seq)
    },
  },
  Mutation: {
    placeOrder: mutation(shopper, { order: null, accessToken: null, priceChange: null }, ({ input }, viewer, context) =>
      placing.placeOrder(context, viewer, input),
    ),
    cancelOrder: mutation(
      anyone,
      async ({ input }, { viewer }) => ({ order: await reading.order(viewer, input) }),
      ({ input }, _viewer, context) => canceling.cancelOrder(context, input),
    ),
  },
  Subscription: {
    orderUpdated: {
      subscribe: (_, args, { viewer }) => watching.orderUpdated(viewer, args),
      resolve: (update: OrderUpdate) => update,
    },
  },
  Order: {
    __resolveReference: ({ id }, { loaders }) => loaders.order.load(id),
    id: ({ _id }) => _id,
    number: shownNumber,
    status: ({ state }) => state.status,
    nextStates: (order) => [...nextStates(order)],
    checkout: ({ steps }) => ({ steps: [...steps] }),
    timeline: ({ events }) => [...events],
  },
  OrderLine: {
    variant: ({ variantId }) => ({ id: variantId }),
    unitPrice: ({ unitPrice }) => toWire(unitPrice),
    tax: ({ tax }) => toWire(tax),
    total: ({ total }) => toWire(total),
  },
  OrderTotals: {
    subtotal: ({ subtotal }) => toWire(subtotal),
    discount: ({ discount }) => toWire(discount),
    shipping: ({ shipping }) => toWire(shipping),
    tax: ({ tax }) => toWire(tax),
    total: ({ total }) => toWire(total),
  },
  OrderMailing: {
    lines: ({ lines }) => [...lines],
    refunded: ({ refunded }) => refunded && toWire(refunded),
  },
  PersonalData: {
    __resolveReference: ({ id }, { viewer }) => (viewer.kind === 'user' && viewer.id === id ? { id } : null),
    orders: (_, __, { viewer }) => reading.everyOrder(viewer),
  },
  PriceChange: {
    acknowledged: ({ acknowledged }) => toWire(acknowledged),
    total: ({ total }) => toWire(total),
    difference: ({ total, acknowledged }) => toWire(subtract(total, acknowledged)),
  },
  OrderConnection: { totalCount: ({ count }) => count() },
})
