import type { SubgraphCaller } from '#platform/caller.ts'
import { type Letter, toHtml, toText } from './layout.ts'
import { accountLetter, type Holder } from './letters/accounts.ts'
import { type OrderMailing, orderLetter } from './letters/orders.ts'
import type { Mail } from './mail.ts'
import type { About, MailRow } from './model.ts'

const accountDocument = /* GraphQL */ `
  query Mailing($accountId: ID!, $tokenId: ID) {
    mailing(accountId: $accountId, tokenId: $tokenId) { to name token }
  }
`

const orderDocument = /* GraphQL */ `
  query OrderMailing($orderId: ID!, $seq: Int!) {
    orderMailing(orderId: $orderId, seq: $seq) {
      to name number
      lines { title quantity total { amount currencyCode } }
      totals { shipping { amount currencyCode } tax { amount currencyCode } taxIncluded total { amount currencyCode } }
      refunded { amount currencyCode }
    }
  }
`

interface Written {
  readonly to: string
  readonly letter: Letter
}

/** Asks the owner of the facts, when the mail is written: a mail is null that is not wanted any more, because its token was used or its reader erased. */
export const makeWriter = (call: SubgraphCaller) => {
  const write = async (about: About): Promise<Written | null> => {
    if ('accountId' in about) {
      const { kind, ...variables } = about
      const { mailing } = await call<{ mailing: (Holder & { to: string }) | null }>('users', {
        query: accountDocument,
        variables,
      })
      return mailing && { to: mailing.to, letter: accountLetter(kind, mailing) }
    }
    const { kind, ...variables } = about
    const { orderMailing } = await call<{ orderMailing: (OrderMailing & { to: string }) | null }>('orders', {
      query: orderDocument,
      variables,
    })
    return orderMailing && { to: orderMailing.to, letter: orderLetter(kind, orderMailing) }
  }

  return async ({ _id: id, at, about }: Pick<MailRow, '_id' | 'at' | 'about'>): Promise<Mail | null> => {
    const written = await write(about)
    if (!written) return null
    const { to, letter } = written
    const { subject, name: toName } = letter
    return { id, to, toName, subject, text: toText(letter), html: toHtml(letter), at: new Date(at) }
  }
}

export type Writer = ReturnType<typeof makeWriter>
