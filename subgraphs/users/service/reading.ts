import type { Action } from '#kernel/act.ts'
import { type Connection, type PageArgs, parsePage, toConnection } from '#kernel/page.ts'
import type { Millis } from '#kernel/time.ts'
import type { AuditEntry } from '../domain/audit.ts'
import type { Auditing } from './auditing.ts'

export interface AuditPage extends Connection<AuditEntry> {
  readonly count: () => Promise<number>
}

export interface AuditFilter {
  readonly action?: Action | null
  readonly actorId?: string | null
  readonly target?: string | null
  readonly since?: Millis | null
}

/** Lists for administrators. */
export const makeReading = ({ auditing }: { readonly auditing: Pick<Auditing, 'page' | 'count'> }) => ({
  /** Entries of the audit log, youngest first. @throws ShopError BAD_USER_INPUT */
  auditLog: async (args: PageArgs & { readonly filter?: AuditFilter | null }): Promise<AuditPage> => {
    const page = parsePage(args, 'number')
    const { action = null, actorId = null, target = null, since = null } = args.filter ?? {}
    const before = page.after === null ? null : Number(page.after.value)
    const search = { first: page.first, before, action, actorId, target, since }
    const connection = toConnection(await auditing.page(search), page, ({ seq, _id }) => ({ value: seq, id: _id }))
    return { ...connection, count: () => auditing.count(search) }
  },
})

export type Reading = ReturnType<typeof makeReading>
