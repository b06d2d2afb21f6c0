import type { AuditRecord, Records } from '#platform/snapshot.ts'
import type { AuditModel } from '../model/audit.ts'

/** The audit log, without who and from where, for `npm run dump-state`. */
export const makeRecording = (audit: Pick<AuditModel, 'all'>) => async (): Promise<Records> => {
  const entries: AuditRecord[] = []
  for await (const { _id: id, action, target } of audit.all()) entries.push({ id, action, target })
  return { audit: entries }
}
