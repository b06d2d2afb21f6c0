import { type Model, Schema } from 'mongoose'
import { type Clock, days, type Millis } from '#kernel/time.ts'
import { type Cause, presentCause } from '#platform/cause.ts'
import { type Database, operationTimeout } from '#platform/mongo.ts'
import type { DeadLetter, OutboxDepth } from '#platform/outbox/source.ts'
import { insertOnce } from '#platform/store.ts'
import type { MailKind } from '../../subgraphs/users/events.ts'
import type { OrderMailKind } from './letters/orders.ts'

/** Whom to ask what the mail says: addresses, names and tokens are not kept here. */
export type About =
  | { readonly kind: MailKind; readonly accountId: string; readonly tokenId: string | null }
  | { readonly kind: OrderMailKind; readonly orderId: string; readonly seq: number }

/** A mail that was asked for. `_id` is the id of the fact; `key` is what must not be told twice: order and type (I18, R7). */
export interface MailRow {
  readonly _id: string
  readonly key: string
  readonly about: About
  readonly at: Millis
  /** DROPPED: it was no longer wanted. DEAD: it was refused, or tried in vain, for the `reason`. */
  readonly state: 'WAITING' | 'SENT' | 'DROPPED' | 'DEAD'
  readonly attempts: number
  /** When it is to be tried; null when it is settled. */
  readonly dueAt: Millis | null
  /** The lease under which it was last written. */
  readonly fence: number
  readonly reason: string | null
  /** The request that it goes back to. */
  readonly cause?: Cause
  /** When it may be forgotten; null while somebody may ask for it. */
  readonly forgetAt: Date | null
}

/** Long after its fact can come again. */
const keptFor = days(90)

const schema = () => {
  const mails = new Schema(
    {
      _id: String,
      key: String,
      about: Schema.Types.Mixed,
      at: Number,
      state: String,
      attempts: Number,
      dueAt: Number,
      fence: Number,
      reason: String,
      cause: Schema.Types.Mixed,
      forgetAt: Date,
    },
    { versionKey: false, minimize: false, strict: 'throw', strictQuery: 'throw', id: false },
  )
  // One mail for one order and type, whatever asks for it (I18).
  mails.index({ key: 1 }, { unique: true })
  mails.index({ dueAt: 1 }, { partialFilterExpression: { dueAt: { $gt: 0 } } })
  mails.index({ state: 1 }, { name: 'dead', partialFilterExpression: { state: 'DEAD' } })
  mails.index({ forgetAt: 1 }, { expireAfterSeconds: 0 })
  return mails
}

const keyOf = (id: string, about: About): string => {
  if ('accountId' in about) return `${about.accountId}:${about.kind}:${about.tokenId ?? id}`
  // An order is confirmed and canceled once; money goes back as often as there are refunds.
  const times = about.kind === 'OrderRefunded' ? `:${about.seq}` : ''
  return `${about.orderId}:${about.kind}${times}`
}

/** The mails that were asked for, and what became of them. */
export const makeMailModel = (database: Database, clock: Clock) => {
  // The workers have it, and whoever reads the records beside them.
  const known = database.models.Mail ?? database.model<MailRow>('Mail', schema(), 'mails')
  const model = known as unknown as Model<MailRow>
  const options = { maxTimeMS: operationTimeout }
  const dead = { state: 'DEAD' as const }

  /** Changes a mail that waits, unless a later holder of the lease has written it since (R8). */
  const change = async (id: string, fence: number, set: Partial<MailRow>): Promise<boolean> => {
    const guard = { _id: id, state: 'WAITING' as const, fence: { $lte: fence } }
    return (await model.updateOne(guard, { $set: { ...set, fence } }, options)).matchedCount === 1
  }

  return {
    model,
    name: 'mails',
    /** False when it was asked for before. */
    request: ({ id, at, about }: { readonly id: string; readonly at: Millis; readonly about: About }) => {
      const cause = presentCause()
      const row: MailRow = {
        _id: id,
        key: keyOf(id, about),
        about,
        at,
        state: 'WAITING',
        attempts: 0,
        dueAt: at,
        fence: 0,
        reason: null,
        ...(cause && { cause }),
        forgetAt: null,
      }
      return insertOnce(() => model.collection.insertOne(row as never))
    },
    due: (now: Millis, limit: number): Promise<MailRow[]> =>
      model
        .find({ dueAt: { $gt: 0, $lte: now } }, null, options)
        .sort({ dueAt: 1 })
        .limit(limit)
        .lean<MailRow[]>()
        .exec(),
    settle: (id: string, fence: number, state: 'SENT' | 'DROPPED', now: Millis): Promise<boolean> =>
      change(id, fence, { state, dueAt: null, reason: null, forgetAt: new Date(now + keptFor) }),
    delay: (id: string, fence: number, again: Pick<MailRow, 'attempts' | 'dueAt' | 'reason'>): Promise<boolean> =>
      change(id, fence, again),
    bury: (id: string, fence: number, reason: string): Promise<boolean> =>
      change(id, fence, { state: 'DEAD', dueAt: null, reason }),
    depth: async (): Promise<OutboxDepth> => {
      const oldest = await model
        .findOne({ dueAt: { $gt: 0 } }, { at: 1 }, options)
        .sort({ dueAt: 1 })
        .lean<MailRow>()
      const pending = await model.countDocuments({ dueAt: { $gt: 0 } }, options)
      return { pending, dead: await model.countDocuments(dead, options), oldestAt: oldest?.at ?? null }
    },
    dead: async (limit: number): Promise<DeadLetter[]> => {
      const rows = await model.find(dead, null, options).limit(limit).lean<MailRow[]>()
      return rows.map(({ _id: id, key, about, reason }) => ({
        id,
        type: about.kind,
        aggregateId: key.split(':')[0] ?? '',
        reason: reason ?? '',
      }))
    },
    /** Sends buried mails on their way again: one, or at most `limit` of all. @returns how many */
    replay: async (id: string | null, limit: number): Promise<number> => {
      const rows = await model
        .find(id === null ? dead : { ...dead, _id: id }, { _id: 1 }, options)
        .limit(limit)
        .lean()
      const which = { ...dead, _id: { $in: rows.map((row) => row._id) } }
      const set = { state: 'WAITING' as const, attempts: 0, dueAt: clock.now(), reason: null }
      return (await model.updateMany(which, { $set: set }, options)).modifiedCount
    },
    /** Every mail about an order, for the record. */
    aboutOrders: (): Promise<MailRow[]> =>
      model
        .find({ 'about.orderId': { $gt: '' } })
        .sort({ _id: 1 })
        .lean<MailRow[]>()
        .exec(),
  }
}

export type MailModel = ReturnType<typeof makeMailModel>
