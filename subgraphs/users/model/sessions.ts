import type { Model } from 'mongoose'
import type { Database } from '#platform/mongo.ts'
import { aggregateSchema, makeStore, type NewEvent, type StoreDeps } from '#platform/store.ts'
import type { Session } from '../domain/session.ts'

/** As stored: TTL indexes want a date. */
interface SessionRow extends Session {
  readonly expireAt: Date
}

const schema = () => {
  const sessions = aggregateSchema({
    subject: { kind: String, guestId: String, accountId: String, absorbedGuestId: String },
    familyHash: String,
    tokenHash: String,
    parent: { hash: String, rotatedAt: Number },
    createdAt: Number,
    idleExpiresAt: Number,
    absoluteExpiresAt: Number,
    revokedAt: Number,
    expireAt: Date,
  })
  sessions.index({ familyHash: 1 }, { unique: true })
  sessions.index({ 'subject.accountId': 1, createdAt: -1 }, { partialFilterExpression: { 'subject.kind': 'user' } })
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
    update: (id: string, decide: (session: Session) => Session): Promise<Session> =>
      store.update(id, (row) => {
        const next = decide(row)
        return next === row ? null : { state: { ...next, expireAt: row.expireAt } }
      }),
    idOfFamily: async (familyHash: string): Promise<string | null> => (await model.exists({ familyHash }))?._id ?? null,
    /** Sessions that were not ended; some may have expired. */
    openOf: async (accountId: string): Promise<Session[]> =>
      model
        .find({ 'subject.kind': 'user', 'subject.accountId': accountId, revokedAt: null }, { outbox: 0 })
        .lean<Session[]>(),
  }
}

export type SessionModel = ReturnType<typeof makeSessionModel>
