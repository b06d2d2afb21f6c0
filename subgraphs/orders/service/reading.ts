import { ShopError } from '#kernel/errors.ts'
import { type Connection, type PageArgs, parsePage, toConnection } from '#kernel/page.ts'
import { hasRole, requireShopper, type Viewer } from '#platform/auth.ts'
import type { Bus } from '#platform/bus/bus.ts'
import { makeFeed } from '#platform/feed.ts'
import type { Log } from '#platform/log.ts'
import type { AccessTokens } from '../accessTokens.ts'
import { type Order, type OrderStatus, seqOf } from '../domain/order.ts'
import type { Access, OrderModel } from '../model.ts'

export interface ReadingDeps {
  readonly orders: OrderModel
  readonly accessTokens: AccessTokens
  readonly bus: Bus
  readonly log: Log
  readonly pollMs: number
}

export interface OrderArgs {
  readonly id: string
  readonly accessToken?: string | null
}

export interface OrderPage extends Connection<Order> {
  readonly count: () => Promise<number>
}

export interface OrderUpdate {
  readonly seq: number
  readonly event: string
  readonly order: Order
}

/** The viewer's own id, and that of the guest session that the sign-in absorbed. */
export const ownerIdsOf = (viewer: Viewer): readonly string[] => {
  if (viewer.kind === 'user') return viewer.guestId ? [viewer.id, viewer.guestId] : [viewer.id]
  return viewer.kind === 'guest' ? [viewer.id] : []
}

/** Which orders a viewer may change: staff all, a shopper the own ones. */
export const changeAccess = (viewer: Viewer): Access =>
  viewer.kind === 'service' || hasRole(viewer, 'SUPPORT', 'ADMIN')
    ? 'all'
    : { ownerIds: ownerIdsOf(viewer), sellerId: null }

/** Which orders a viewer may see: those it may change, and a seller those with own lines. */
export const readAccess = (viewer: Viewer): Access => {
  const access = changeAccess(viewer)
  return access !== 'all' && viewer.kind === 'user' && hasRole(viewer, 'SELLER')
    ? { ...access, sellerId: viewer.id }
    : access
}

const updatesAfter = (order: Order, after: number | null): OrderUpdate[] =>
  after === null
    ? [{ seq: seqOf(order), event: 'Snapshot', order }]
    : order.events.filter(({ seq }) => seq > after).map(({ seq, event }) => ({ seq, event, order }))

export const makeReading = ({ orders, accessTokens, bus, log, pollMs }: ReadingDeps) => {
  /** The holder of an order's token may do what its buyer may. */
  const find = async (args: OrderArgs, access: Access): Promise<Order | null> => {
    const isHolder = args.accessToken != null && accessTokens.isValid(args.id, args.accessToken)
    return (await orders.byIds([args.id], isHolder ? 'all' : access))[0] ?? null
  }

  return {
    find,

    order: (viewer: Viewer, args: OrderArgs): Promise<Order | null> => find(args, readAccess(viewer)),

    /** @throws ShopError UNAUTHENTICATED, BAD_USER_INPUT */
    orders: async (
      viewer: Viewer,
      args: PageArgs & { filter?: { status?: OrderStatus | null } | null },
    ): Promise<OrderPage> => {
      const ownerIds = ownerIdsOf(requireShopper(viewer))
      const page = parsePage(args, 'number')
      const status = args.filter?.status ?? null
      const items = await orders.page(ownerIds, status, page)
      const connection = toConnection(items, page, ({ placedAt, _id }) => ({ value: placedAt, id: _id }))
      return { ...connection, count: () => orders.count(ownerIds, status) }
    },

    /** First the present state (or what came after `after`), then every change. @throws ShopError NOT_FOUND, BAD_USER_INPUT */
    orderUpdated: async (viewer: Viewer, args: OrderArgs & { after?: number | null }) => {
      const after = args.after ?? null
      if (after !== null && after < 0) throw new ShopError('BAD_USER_INPUT', '"after" is not negative.', ['after'])
      const order = await find(args, readAccess(viewer))
      if (!order) throw new ShopError('NOT_FOUND', 'There is no such order.', ['id'])
      const read = async (seen: number | null) => {
        const now = await orders.get(order._id)
        return now ? updatesAfter(now, seen) : []
      }
      return makeFeed({ bus, topics: [orders.topic(order._id)], pollMs, after, read, log })
    },
  }
}

export type Reading = ReturnType<typeof makeReading>
