import { type Problem, ShopError } from '#kernel/errors.ts'
import type { Clock } from '#kernel/time.ts'
import { actDone } from '#platform/audit.ts'
import type { Asker } from '#platform/context.ts'
import { crashPoint } from '#platform/crashPoint.ts'
import { requestCancel } from '../domain/compensation.ts'
import type { Order } from '../domain/order.ts'
import type { Changing } from './changing.ts'
import type { Driving } from './driving.ts'
import { changeAccess, type OrderArgs, type Reading } from './reading.ts'

export interface CancelingDeps {
  readonly changing: Changing
  readonly driving: Driving
  readonly reading: Pick<Reading, 'find'>
  readonly clock: Clock
}

const maxReason = 200

const underWay: Problem = {
  code: 'IN_PROGRESS',
  message: 'The cancellation is written down and goes on by itself.',
}

export const makeCanceling = ({ changing, driving, reading, clock }: CancelingDeps) => ({
  /**
   * Cancels an order: money and stock go back. Canceling again changes nothing.
   * @throws ShopError NOT_FOUND, ILLEGAL_STATE, BAD_USER_INPUT
   */
  cancelOrder: async (
    asker: Asker,
    input: OrderArgs & { readonly reason?: string | null },
  ): Promise<{ order: Order; userErrors: readonly Problem[] }> => {
    const reason = input.reason ?? null
    if (reason !== null && reason.length > maxReason)
      throw new ShopError('BAD_USER_INPUT', `At most ${maxReason} characters.`, ['input', 'reason'])
    const found = await reading.find(input, changeAccess(asker.viewer))
    if (!found) throw new ShopError('NOT_FOUND', 'There is no such order.', ['input', 'id'])
    const now = clock.now()
    const act = actDone(asker, 'ORDER_CANCELED', found._id)
    const { _id } = await changing.changeBy(act, found._id, (order) => requestCancel(order, reason, now))
    await crashPoint('orders.turnedBack')
    const order = await driving.drive(_id)
    return { order, userErrors: order.state.status === 'CANCELED' ? [] : [underWay] }
  },
})
