import type { Act } from '#kernel/act.ts'
import type { ActDone } from '#platform/audit.ts'
import type { Consumer } from '#platform/outbox/relay.ts'
import type { PasswordResetRequested, SignUpRequested } from './events.ts'
import type { Auditing } from './service/auditing.ts'
import type { Mailboxes } from './service/mailboxes.ts'
import type { SigningUp } from './service/signingUp.ts'

const actDone: ActDone['type'] = 'ActDone'
const resetRequested: PasswordResetRequested['type'] = 'PasswordResetRequested'
const signUpRequested: SignUpRequested['type'] = 'SignUpRequested'

/** What this subgraph does about its own facts. An act that comes again is already in the log. */
export const makeConsumers = (
  auditing: Pick<Auditing, 'append'>,
  mailboxes: Pick<Mailboxes, 'issueResetToken'>,
  signingUp: Pick<SigningUp, 'answer'>,
): Consumer[] => [
  {
    name: 'users.audit',
    on: {
      [actDone]: ({ id, at, payload }) =>
        auditing.append({ _id: id, at: at.getTime(), ...(payload as unknown as Act) }),
    },
  },
  { name: 'users.answerSignUp', on: { [signUpRequested]: ({ aggregateId }) => signingUp.answer(aggregateId) } },
  { name: 'users.issueResetToken', on: { [resetRequested]: (event) => mailboxes.issueResetToken(event) } },
]
