import DataLoader from 'dataloader'
import type { Access, SeenOrder } from './domain/access.ts'
import type { OrderModel } from './model.ts'

const maxBatchSize = 1_000

/** Batched reads of one operation; what the viewer may not see is not read. */
export const makeLoaders = (orders: OrderModel, access: Access) => ({
  order: new DataLoader<string, SeenOrder | null>(
    async (ids) => {
      const byId = new Map((await orders.byIds(ids, access)).map((order) => [order._id, order]))
      return ids.map((id) => byId.get(id) ?? null)
    },
    { maxBatchSize },
  ),
})

export type Loaders = ReturnType<typeof makeLoaders>
