import type { Model } from 'mongoose'
import type { Millis } from '#kernel/time.ts'
import type { Database } from '#platform/mongo.ts'
import { aggregateSchema, makeStore, type NewEvent, type StoreDeps } from '#platform/store.ts'
import type { Session } from '../domain/session.ts'

/** As stored: TTL indexes want a date. */
interface SessionRow extends Session {
  readonly expireAt: Date
}

/** What a use case decided; with the same session nothing is written. */
export interface Decided {
  readonly session: Session
  readonly events?: readonly NewEvent[]
}

const schema = () => {
  const sessions = aggregateSchema({
    subject: { kind: String, guestId: String, accountId: String, absorbedGuestId: String },
    familyHash: String,
    tokenHash: String,
    parent: { hash: String, rotatedAt: Number },
    userAgent: String,
    tokenVersion: Number,
    createdAt: Number,
    lastUsedAt: Number,
    idleExpiresAt: Number,
    absoluteExpiresAt: Number,
    revokedAt: Number,
    expireAt: Date,
  })
  sessions.index({ familyHash: 1 }, { unique: true })
  sessions.index({ 'subject.accountId': 1, createdAt: -1 }, { partialFilterExpression: { 'subject.kind': 'user' } })
  sessions.index({ revokedAt: 1 }, { partialFilterExpression: { revokedAt: { $gt: 0 } } })
  sessions.index({ expireAt: 1 }, { expireAfterSeconds: 0 })
  return sessions
}

/** The sessions of the shop, one document per family of refresh tokens, and the only queries of this collection. */
export const makeSessionModel = (database: Database, deps: StoreDeps) => {
  const model = database.model<SessionRow>('Session', schema(), 'sessions') as unknown as Model<SessionRow>
  const store = makeStore(model, 'session', deps)

  return {
    model,
    outbox: store.outbox,
    get: (id: string): Promise<Session | null> => store.get(id),
    insert: (session: Session, events: readonly NewEvent[]): Promise<Session> =>
      store.insert({ ...session, expireAt: new Date(session.absoluteExpiresAt) }, events),
    /** One guarded change; returns the session as it is afterwards. */
    update: (id: string, decide: (session: Session) => Decided): Promise<Session> =>
      store.update(id, (row) => {
        const { session, events } = decide(row)
        return session === row ? null : { state: { ...session, expireAt: row.expireAt }, events }
      }),
    byIds: async (ids: readonly string[]): Promise<Session[]> =>
      model.find({ _id: { $in: ids } }, { outbox: 0 }).lean<Session[]>(),
    /** Ids of sessions that were ended at or after a moment, the youngest end first. */
    endedSince: async (since: Millis, most: number): Promise<string[]> => {
      const rows = model.find({ revokedAt: { $gte: since } }, { _id: 1 }).sort({ revokedAt: -1 })
      return (await rows.limit(most).lean<Pick<Session, '_id'>[]>()).map(({ _id }) => _id)
    },
    idOfFamily: async (familyHash: string): Promise<string | null> => (await model.exists({ familyHash }))?._id ?? null,
    /** The guests whose sessions the account's sign-ins of the last 30 days have absorbed. */
    guestsAbsorbedBy: async (accountId: string): Promise<string[]> => {
      const rows = await model
        .find({ 'subject.kind': 'user', 'subject.accountId': accountId }, { subject: 1 })
        .lean<Pick<Session, 'subject'>[]>()
      const ids = rows.map(({ subject }) => (subject.kind === 'user' ? subject.absorbedGuestId : null))
      return [...new Set(ids.filter((id) => id !== null))]
    },
    /** Sessions that were not ended; some may have expired. */
    openOf: async (accountId: string): Promise<Session[]> =>
      model
        .find({ 'subject.kind': 'user', 'subject.accountId': accountId, revokedAt: null }, { outbox: 0 })
        .lean<Session[]>(),
  }
}

export type SessionModel = ReturnType<typeof makeSessionModel>
