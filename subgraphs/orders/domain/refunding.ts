import { ShopError } from '#kernel/errors.ts'
import { sum } from '#kernel/money.ts'
import type { Millis } from '#kernel/time.ts'
import { addEvent, moveTo, numberOf, type Order, type Refund } from './order.ts'
import { isOver } from './steps.ts'

/**
 * Money went back to the buyer by the shop's wish: the order shows whether all of it did. The same fact counts once. No change for an
 * order that is being canceled, or that ended: its money goes back as a part of that.
 * @throws ShopError CONFLICT while the order is not confirmed: its refund is told again later.
 */
export const recordRefund = (order: Order, refund: Refund, now: Millis): Order => {
  if (order.undo || isOver(order)) return order
  const refunds = order.refunds ?? []
  if (refunds.some(({ id }) => id === refund.id)) return order
  const number = numberOf(order)
  if (number === null) throw new ShopError('CONFLICT', 'The order is not confirmed yet.')
  const known = { ...order, refunds: [...refunds, refund] }
  const back = sum(
    known.refunds.map(({ amount }) => amount),
    order.totals.total.currency,
  )
  const status = back.minor >= order.totals.total.minor ? 'REFUNDED' : 'PARTIALLY_REFUNDED'
  const moved = order.state.status === status ? known : moveTo(known, { status, number })
  return addEvent(moved, 'PaymentRefunded', now)
}
