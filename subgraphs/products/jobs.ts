import { seconds } from '#kernel/time.ts'
import type { TimedJob } from '#platform/subgraph.ts'
import type { makeStockService } from './service/stock.ts'

/** Holds end by themselves: every 5 s (parameters table: reservation), and lazily on every read. */
export const makeJobs = (stock: Pick<ReturnType<typeof makeStockService>, 'sweepHolds'>): TimedJob[] => [
  { name: 'products.releaseExpiredHolds', everyMs: seconds(5), run: stock.sweepHolds },
]
