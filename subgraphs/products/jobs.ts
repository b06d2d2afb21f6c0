import type { TimedJob } from '#platform/subgraph.ts'
import type { makeStockService } from './service/stock.ts'

/** Holds end by themselves: here, and lazily on every read. */
export const makeJobs = (stock: Pick<ReturnType<typeof makeStockService>, 'sweepHolds'>): TimedJob[] => [
  { name: 'products.releaseExpiredHolds', run: stock.sweepHolds },
]
