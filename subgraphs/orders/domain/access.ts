import { add, sum, zero } from '#kernel/money.ts'
import type { Order, Totals } from './order.ts'

/** Which orders may be read: all, or those of these buyers and the part of this seller. */
export type Access = 'all' | { readonly ownerIds: readonly string[]; readonly sellerId: string | null }

/** What a seller sees of an order: the own lines and what they come to, and where they go. */
export interface SellerPart extends Omit<Order, 'email' | 'billingAddress'> {
  readonly email: null
  readonly billingAddress: null
}

export type SeenOrder = Order | SellerPart

const totalsOf = (lines: Order['lines'], { total, taxIncluded }: Totals): Totals => {
  const none = zero(total.currency)
  const totalOf = (part: 'total' | 'tax') =>
    sum(
      lines.map((line) => line[part]),
      total.currency,
    )
  const [subtotal, tax] = [totalOf('total'), totalOf('tax')]
  const due = taxIncluded ? subtotal : add(subtotal, tax)
  return { subtotal, discount: none, shipping: none, tax, taxIncluded, total: due }
}

const partOf = (order: Order, sellerId: string): SellerPart => {
  const lines = order.lines.filter((line) => line.sellerId === sellerId)
  return { ...order, lines, totals: totalsOf(lines, order.totals), email: null, billingAddress: null }
}

/** As much of an order as the access shows of it; null: nothing (R9). */
export const seenWith = (order: Order, access: Access): SeenOrder | null => {
  if (access === 'all' || access.ownerIds.some((id) => id === order.ownerId || id === order.claimedBy)) return order
  const { sellerId } = access
  return sellerId !== null && order.lines.some((line) => line.sellerId === sellerId) ? partOf(order, sellerId) : null
}
