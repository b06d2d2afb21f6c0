import type { Act } from '#kernel/act.ts'
import type { ActDone } from '#platform/audit.ts'
import type { Consumer } from '#platform/outbox/relay.ts'
import type { PasswordResetRequested } from './events.ts'
import type { Auditing } from './service/auditing.ts'
import type { Mailboxes } from './service/mailboxes.ts'

const actDone: ActDone['type'] = 'ActDone'
const resetRequested: PasswordResetRequested['type'] = 'PasswordResetRequested'

/** What this subgraph does about its own facts. An act that comes again is already in the log. */
export const makeConsumers = (
  auditing: Pick<Auditing, 'append'>,
  mailboxes: Pick<Mailboxes, 'issueResetToken'>,
): Consumer[] => [
  {
    name: 'users.audit',
    on: {
      [actDone]: ({ id, at, payload }) =>
        auditing.append({ _id: id, at: at.getTime(), ...(payload as unknown as Act) }),
    },
  },
  { name: 'users.issueResetToken', on: { [resetRequested]: (event) => mailboxes.issueResetToken(event) } },
]
