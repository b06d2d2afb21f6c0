import { type Connection, type PageArgs, parsePage, toConnection } from '#kernel/page.ts'
import { hasRole, requireShopper, type Viewer } from '#platform/auth.ts'
import type { AccessTokens } from '../accessTokens.ts'
import type { Access, SeenOrder } from '../domain/access.ts'
import { mailingOf, type OrderMailing } from '../domain/mailing.ts'
import type { Order, OrderStatus } from '../domain/order.ts'
import type { OrderModel } from '../model.ts'

export interface ReadingDeps {
  readonly orders: OrderModel
  readonly accessTokens: AccessTokens
}

/** Orders in an export. */
const maxExported = 1_000

export interface OrderArgs {
  readonly id: string
  readonly accessToken?: string | null
}

export interface OrderPage extends Connection<Order> {
  readonly count: () => Promise<number>
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

/** Which orders a viewer may see: those it may change, and a seller the own part of others. */
export const readAccess = (viewer: Viewer): Access => {
  const access = changeAccess(viewer)
  return access !== 'all' && viewer.kind === 'user' && hasRole(viewer, 'SELLER')
    ? { ...access, sellerId: viewer.id }
    : access
}

export const makeReading = ({ orders, accessTokens }: ReadingDeps) => {
  /** The holder of an order's token may do what its buyer may. */
  const orHolder = ({ id, accessToken }: OrderArgs, access: Access): Access =>
    accessToken != null && accessTokens.isValid(id, accessToken) ? 'all' : access

  const find = async (args: OrderArgs, access: Access): Promise<SeenOrder | null> =>
    (await orders.byIds([args.id], orHolder(args, access)))[0] ?? null

  return {
    orHolder,
    find,

    order: (viewer: Viewer, args: OrderArgs): Promise<SeenOrder | null> => find(args, readAccess(viewer)),

    /** What the mail about an event tells; null when it must not go out. */
    mailing: async (orderId: string, seq: number): Promise<OrderMailing | null> => {
      const order = await orders.get(orderId)
      return order && mailingOf(order, seq)
    },

    /** All that the viewer has ordered, for an export. */
    everyOrder: (viewer: Viewer): Promise<Order[]> =>
      orders.page(ownerIdsOf(viewer), null, { first: maxExported - 1, after: null }),

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
  }
}

export type Reading = ReturnType<typeof makeReading>
