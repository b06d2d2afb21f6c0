import { seconds } from '#kernel/time.ts'
import type { TimedJob } from '#platform/subgraph.ts'
import type { Driving } from './service/driving.ts'

/** Finishes what a crash or a silent sibling left. */
export const makeJobs = (driving: Pick<Driving, 'continueDue'>): TimedJob[] => [
  { name: 'orders.continueUnfinished', everyMs: seconds(3), run: () => driving.continueDue() },
]
