import { isShopError } from '#kernel/errors.ts'
import type { Clock } from '#kernel/time.ts'
import type { Refund } from '../domain/order.ts'
import { recordRefund } from '../domain/refunding.ts'
import type { Changing } from './changing.ts'

export interface RefundingDeps {
  readonly changing: Pick<Changing, 'change'>
  readonly clock: Clock
}

export const makeRefunding = ({ changing, clock }: RefundingDeps) => ({
  /** Money of an order went back. A payment without an order here (barred before it came) has nothing to show it. */
  recordRefund: async (orderId: string, refund: Refund): Promise<void> => {
    const now = clock.now()
    try {
      await changing.change(orderId, (order) => recordRefund(order, refund, now))
    } catch (error) {
      if (!isShopError(error) || error.code !== 'NOT_FOUND') throw error
    }
  },
})

export type Refunding = ReturnType<typeof makeRefunding>
