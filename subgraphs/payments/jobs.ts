import { seconds } from '#kernel/time.ts'
import type { TimedJob } from '#platform/subgraph.ts'
import type { Settling } from './service/settling.ts'

/** Longer than a call with its repetition and its look-up can take, so that the job never doubles a call that is under way. */
const patience = seconds(10)

export const makeJobs = (settling: Pick<Settling, 'settleOpen'>): TimedJob[] => [
  { name: 'payments.settleOpenCalls', everyMs: seconds(3), run: () => settling.settleOpen(patience) },
]
