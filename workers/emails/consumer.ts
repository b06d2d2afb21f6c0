import type { SubgraphCaller } from '#platform/caller.ts'
import type { Consumer } from '#platform/outbox/relay.ts'
import type { MailRequested } from '../../subgraphs/users/events.ts'
import type { MailTransport } from './mail.ts'
import { renderMail } from './render.ts'

const mailRequested: MailRequested['type'] = 'MailRequested'

const document = /* GraphQL */ `
  query Mailing($accountId: ID!, $tokenId: ID) {
    mailing(accountId: $accountId, tokenId: $tokenId) { to name token }
  }
`

interface Answer {
  readonly mailing: { readonly to: string; readonly name: string; readonly token: string | null } | null
}

export interface MailConsumerDeps {
  readonly call: SubgraphCaller
  readonly transport: MailTransport
}

/** Writes and sends the mails that facts ask for. A mail that is no longer wanted is not sent: its token was used or has expired. */
export const makeMailConsumer = ({ call, transport }: MailConsumerDeps): Consumer => ({
  name: 'mails.send',
  on: {
    [mailRequested]: async ({ id, at, payload }) => {
      const { accountId, kind, tokenId } = payload as MailRequested['payload']
      const { mailing } = await call<Answer>('users', { query: document, variables: { accountId, tokenId } })
      if (!mailing) return
      const { to, name: toName } = mailing
      await transport.send({ id, to, toName, at, ...renderMail(kind, mailing) })
    },
  },
})
