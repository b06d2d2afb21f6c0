import { eraseBuyer } from '../domain/erasure.ts'
import type { OrderModel } from '../model.ts'

/** Orders of people who have closed their account. */
export const makeErasing = (orders: Pick<OrderModel, 'idsOf' | 'update'>) => ({
  /** Erases who bought from all orders of these buyers; doing it again changes nothing. */
  eraseBuyer: async (ownerIds: readonly string[]): Promise<void> => {
    for (const id of await orders.idsOf(ownerIds)) {
      await orders.update(id, (order) => ({ order: eraseBuyer(order), events: [] }))
    }
  },
})

export type Erasing = ReturnType<typeof makeErasing>
