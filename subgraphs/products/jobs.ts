import type { TimedJob } from '#platform/subgraph.ts'
import type { Locations } from './service/locations.ts'
import type { makeStockService } from './service/stock.ts'

export const makeJobs = (
  stock: Pick<ReturnType<typeof makeStockService>, 'sweepHolds'>,
  locations: Pick<Locations, 'keepUp'>,
): TimedJob[] => [
  /** Holds end by themselves: here, and lazily on every read. */
  { name: 'products.releaseExpiredHolds', run: stock.sweepHolds },
  /** Where a change of a location broke off. */
  { name: 'products.followLocations', run: locations.keepUp },
]
