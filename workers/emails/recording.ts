import type { Clock } from '#kernel/time.ts'
import type { WorkQueue } from '#platform/board.ts'
import type { Database } from '#platform/mongo.ts'
import type { EffectRecord, RecordKeeper } from '#platform/snapshot.ts'
import { type MailRow, makeMailModel } from './model.ts'

/** The type is the rest of the key: a second refund is another mail. */
const effectOf = ({ key, about, state }: MailRow): EffectRecord[] =>
  'orderId' in about && state === 'SENT'
    ? [{ kind: 'mail', key, order: about.orderId, type: key.slice(about.orderId.length + 1) }]
    : []

/** Mails about orders as effects, and what waits to be sent, for `npm run dump-state`. */
export const makeMailKeeper = (database: Database, clock: Clock): RecordKeeper & { readonly queue: WorkQueue } => {
  const mails = makeMailModel(database, clock)
  return {
    queue: mails,
    outboxes: [mails],
    records: async () => ({ effects: (await mails.aboutOrders()).flatMap(effectOf) }),
  }
}
