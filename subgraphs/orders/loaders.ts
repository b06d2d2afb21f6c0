import DataLoader from 'dataloader'
import type { Order } from './domain/order.ts'
import type { Access, OrderModel } from './model.ts'

const maxBatchSize = 1_000

/** Batched reads of one operation; what the viewer may not see is not read. */
export const makeLoaders = (orders: OrderModel, access: Access) => ({
  order: new DataLoader<string, Order | null>(
    async (ids) => {
      const byId = new Map((await orders.byIds(ids, access)).map((order) => [order._id, order]))
      return ids.map((id) => byId.get(id) ?? null)
    },
    { maxBatchSize },
  ),
})

export type Loaders = ReturnType<typeof makeLoaders>
