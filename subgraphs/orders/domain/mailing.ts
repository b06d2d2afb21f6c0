import type { Money } from '#kernel/money.ts'
import { erasedEmail } from './erasure.ts'
import { numberOf, type Order } from './order.ts'

/** What a mail about an order tells, and to whom. */
export interface OrderMailing extends Pick<Order, 'lines' | 'totals'> {
  readonly to: string
  readonly name: string
  readonly number: string | null
  /** What went back with the event that the mail is about; null for others. */
  readonly refunded: Money | null
}

/** Refunds and their events come in pairs, in the same order. */
const refundOf = ({ events, refunds = [] }: Order, seq: number): Money | null => {
  const told = events.filter(({ event }) => event === 'PaymentRefunded')
  return refunds[told.findIndex((event) => event.seq === seq)]?.amount ?? null
}

/** What the mail about an event of an order tells; null when its buyer is erased: nobody is to be written to. */
export const mailingOf = (order: Order, seq: number): OrderMailing | null =>
  order.email === erasedEmail
    ? null
    : {
        to: order.email,
        name: order.billingAddress.name,
        number: numberOf(order)?.toString() ?? null,
        lines: order.lines,
        totals: order.totals,
        refunded: refundOf(order, seq),
      }
