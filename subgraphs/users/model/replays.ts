import type { Model } from 'mongoose'
import type { Database } from '#platform/mongo.ts'
import { type Aggregate, aggregateSchema, makeStore, type NewEvent, type StoreDeps } from '#platform/store.ts'

/** An administrator asked for given-up facts to be tried again. */
export interface Replay extends Aggregate {
  readonly queue: string
  /** Null: all of the queue. */
  readonly eventId: string | null
  /** Removed by the database then: the audit log has the act. */
  readonly expireAt: Date
}

const schema = () => {
  const replays = aggregateSchema({ queue: String, eventId: String, expireAt: Date })
  replays.index({ expireAt: 1 }, { expireAfterSeconds: 0 })
  return replays
}

/** Wishes to replay, from which the fact and its act in the audit log go out. */
export const makeReplayModel = (database: Database, deps: StoreDeps) => {
  const model = database.model<Replay>('Replay', schema(), 'replays') as unknown as Model<Replay>
  const store = makeStore(model, 'replay', deps)
  return {
    model,
    outbox: store.outbox,
    insert: (replay: Replay, events: readonly NewEvent[]): Promise<Replay> => store.insert(replay, events),
  }
}

export type ReplayModel = ReturnType<typeof makeReplayModel>
