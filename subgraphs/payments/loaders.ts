import DataLoader from 'dataloader'
import type { Payment } from './domain/payment.ts'
import type { Access, PaymentModel } from './model/payments.ts'

const maxBatchSize = 1_000

/** Batched reads of one operation; what the viewer may not see is not read. */
export const makeLoaders = (payments: PaymentModel, access: Access) => ({
  payment: new DataLoader<string, Payment | null>(
    async (ids) => {
      const byId = new Map((await payments.byIds(ids, access)).map((payment) => [payment._id, payment]))
      return ids.map((id) => byId.get(id) ?? null)
    },
    { maxBatchSize },
  ),
  paymentsOfOrder: new DataLoader<string, Payment[]>(
    async (orderIds) => {
      const byOrder = Map.groupBy(await payments.byOrderIds(orderIds, access), (payment) => payment.orderId)
      return orderIds.map((orderId) => byOrder.get(orderId) ?? [])
    },
    { maxBatchSize },
  ),
})

export type Loaders = ReturnType<typeof makeLoaders>
