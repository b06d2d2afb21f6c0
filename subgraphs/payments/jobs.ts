import { seconds } from '#kernel/time.ts'
import type { TimedJob } from '#platform/subgraph.ts'
import type { Hearing } from './service/hearing.ts'
import type { Reconciling } from './service/reconciling.ts'
import type { Settling } from './service/settling.ts'

export interface Jobs {
  readonly settling: Pick<Settling, 'settleDue'>
  readonly hearing: Pick<Hearing, 'workDue'>
  readonly reconciling: Reconciling
}

export const makeJobs = ({ settling, hearing, reconciling }: Jobs): TimedJob[] => [
  { name: 'payments.settleOpenCalls', everyMs: seconds(1), run: settling.settleDue },
  { name: 'payments.hearParkedWebhooks', everyMs: seconds(2), run: hearing.workDue },
  // Twice within the time in which a lost webhook must be made up for (F6).
  { name: 'payments.compareBooks', everyMs: seconds(15), run: reconciling.run },
]
