import { type Model, Schema } from 'mongoose'
import { days, type Millis } from '#kernel/time.ts'
import type { Database } from '#platform/mongo.ts'
import { insertOnce } from '#platform/store.ts'

/** What became of a webhook. `received` and `parked` are looked at again at `dueAt`. */
export type Verdict = 'received' | 'parked' | 'applied' | 'nothing' | 'refused'

/** A webhook that was heard, once. */
export interface InboxEntry {
  /** Provider and event. */
  readonly _id: string
  readonly provider: string
  readonly paymentId: string
  readonly key: string | null
  readonly amount: { readonly minor: number; readonly currency: string } | null
  readonly type: string
  readonly verdict: Verdict
  readonly attempts: number
  /** Null: done. */
  readonly dueAt: Millis | null
  readonly receivedAt: Date
}

/** Parameters table: inbox, kept 7 d. A provider that repeats an event later than that finds it settled in the ledger. */
const keptFor = days(7) / 1_000

const schema = () => {
  const inbox = new Schema(
    {
      _id: String,
      provider: String,
      paymentId: String,
      key: String,
      amount: Schema.Types.Mixed,
      type: String,
      verdict: String,
      attempts: Number,
      dueAt: Number,
      receivedAt: Date,
    },
    { versionKey: false, strict: 'throw', strictQuery: 'throw', id: false },
  )
  inbox.index({ dueAt: 1 }, { partialFilterExpression: { dueAt: { $gt: 0 } } })
  inbox.index({ receivedAt: 1 }, { expireAfterSeconds: keptFor })
  return inbox
}

/** The webhooks that were heard: each event id once, whatever is delivered (C9). */
export const makeInboxModel = (database: Database) => {
  const model = database.model<InboxEntry>('PaymentInbox', schema(), 'payment_inbox') as unknown as Model<InboxEntry>
  return {
    model,
    /** False when this event was heard before. */
    insert: (entry: InboxEntry): Promise<boolean> => insertOnce(() => model.collection.insertOne(entry as never)),
    settle: async (id: string, change: Pick<InboxEntry, 'verdict' | 'attempts' | 'dueAt'>): Promise<void> => {
      await model.updateOne({ _id: id }, { $set: change })
    },
    due: (now: Millis, limit: number): Promise<InboxEntry[]> =>
      model
        .find({ dueAt: { $gt: 0, $lte: now } })
        .sort({ dueAt: 1 })
        .limit(limit)
        .lean<InboxEntry[]>()
        .exec(),
  }
}

export type InboxModel = ReturnType<typeof makeInboxModel>
