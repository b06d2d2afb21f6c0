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
  { name: 'payments.settleOpenCalls', run: settling.settleDue },
  { name: 'payments.hearParkedWebhooks', run: hearing.workDue },
  { name: 'payments.compareBooks', run: reconciling.run },
]
