import type { Model } from 'mongoose'
import type { Database } from '#platform/mongo.ts'
import { type Aggregate, aggregateSchema, makeStore, type NewEvent, type StoreDeps } from '#platform/store.ts'

/** Somebody asked for a new password for an address, which may or may not have an account. */
export interface ResetRequest extends Aggregate {
  readonly email: string
  /** Removed by the database at the latest then. */
  readonly expireAt: Date
}

const schema = () => {
  const requests = aggregateSchema({ email: String, expireAt: Date })
  requests.index({ expireAt: 1 }, { expireAfterSeconds: 0 })
  return requests
}

/** Requests to reset a password until somebody has looked whether there is an account. */
export const makeResetRequestModel = (database: Database, deps: StoreDeps) => {
  const model = database.model<ResetRequest>(
    'ResetRequest',
    schema(),
    'resetRequests',
  ) as unknown as Model<ResetRequest>
  const store = makeStore(model, 'request', deps)

  return {
    model,
    outbox: store.outbox,
    get: (id: string): Promise<ResetRequest | null> => store.get(id),
    insert: (request: ResetRequest, events: readonly NewEvent[]): Promise<ResetRequest> =>
      store.insert(request, events),
    remove: async (id: string): Promise<void> => {
      await model.deleteOne({ _id: id })
    },
  }
}

export type ResetRequestModel = ReturnType<typeof makeResetRequestModel>
