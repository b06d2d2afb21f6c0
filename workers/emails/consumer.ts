import type { Consumer } from '#platform/outbox/relay.ts'
import type { PendingEvent } from '#platform/store.ts'
import type { OrderEventPayload } from '../../subgraphs/orders/events.ts'
import type { MailRequested } from '../../subgraphs/users/events.ts'
import { type OrderMailKind, orderMailKinds } from './letters/orders.ts'
import type { About, MailModel } from './model.ts'

const mailRequested: MailRequested['type'] = 'MailRequested'

/**
 * Writes down which mails facts ask for, each once however often its fact comes. Sending is another matter (`sender.ts`): a mail server
 * that is away must not hold up what else follows from a fact (F10).
 */
export const makeMailConsumer = (mails: Pick<MailModel, 'request'>): Consumer => {
  const request = async ({ id, at }: PendingEvent, about: About): Promise<void> => {
    await mails.request({ id, at: at.getTime(), about })
  }
  const aboutOrder = (kind: OrderMailKind) => (event: PendingEvent) => {
    const { orderId, seq } = event.payload as OrderEventPayload
    return request(event, { kind, orderId, seq })
  }
  return {
    name: 'mails.request',
    on: {
      [mailRequested]: (event) => {
        const { accountId, kind, tokenId } = event.payload as MailRequested['payload']
        return request(event, { kind, accountId, tokenId })
      },
      ...Object.fromEntries(orderMailKinds.map((kind) => [kind, aboutOrder(kind)])),
    },
  }
}
