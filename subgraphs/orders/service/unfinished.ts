import type { Unfinished } from '#platform/subgraph.ts'
import type { OrderModel } from '../model.ts'

/** More than this is not counted: it is too much by far. */
const most = 1_000

/** Checkouts and ways back on their way, for metrics: since when the one that waits longest has got no further. */
export const makeUnfinished = (orders: Pick<OrderModel, 'unfinished'>) => async (): Promise<Unfinished> => {
  const found = await orders.unfinished(most)
  const times = found.map(({ placedAt, events }) => events.at(-1)?.at ?? placedAt)
  return { name: 'checkout', count: found.length, oldestAt: times.length > 0 ? Math.min(...times) : null }
}
