import type { JobState } from '#platform/board.ts'
import type { RequestContext } from '#platform/context.ts'
import type { AuditEntry as Entry } from './domain/audit.ts'
import type { Loaders } from './loaders.ts'
import type { PublicAccount } from './model/accounts.ts'
import type { OutboxState as Outbox } from './service/operations.ts'
import type { AuditPage } from './service/reading.ts'

export interface Seller {
  readonly id: string
  readonly shopName: string
}

export type Account = PublicAccount

export type AuditEntry = Entry

export type AuditEntryConnection = AuditPage

export type OutboxState = Outbox

export type BackgroundJob = JobState

export type Context = RequestContext<Loaders>
