import { mostUnfinished, type Unfinished, unfinishedSince } from '#platform/unfinished.ts'
import type { OrderModel } from '../model.ts'

/** Checkouts and ways back on their way, for metrics: since when the one that waits longest has got no further. */
export const makeUnfinished = (orders: Pick<OrderModel, 'unfinished'>) => async (): Promise<Unfinished> => {
  const found = await orders.unfinished(mostUnfinished)
  const times = found.map(({ placedAt, events }) => events.at(-1)?.at ?? placedAt)
  return unfinishedSince('checkout', times)
}
