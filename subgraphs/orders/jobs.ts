import type { TimedJob } from '#platform/subgraph.ts'
import type { Driving } from './service/driving.ts'

/** Finishes what a crash or a silent sibling left. */
export const makeJobs = (driving: Pick<Driving, 'continueDue'>): TimedJob[] => [
  { name: 'orders.continueUnfinished', run: () => driving.continueDue() },
]
