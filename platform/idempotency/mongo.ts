import { type Model, Schema } from 'mongoose'
import { hours } from '#kernel/time.ts'
import type { Database } from '../mongo.ts'
import { insertOnce } from '../store.ts'
import type { IdempotencyRecord, IdempotencyStore } from './idempotency.ts'

/** Parameters table: idempotency, 72 h. */
const keptFor = hours(72) / 1_000

const schema = () => {
  const keys = new Schema(
    {
      _id: String,
      fingerprint: String,
      attempt: Number,
      leaseUntil: Number,
      answer: Schema.Types.Mixed,
      createdAt: Date,
    },
    { versionKey: false, strict: 'throw', strictQuery: 'throw', id: false },
  )
  keys.index({ createdAt: 1 }, { expireAfterSeconds: keptFor })
  return keys
}

/** Keys in a collection of their own, `idempotency_keys`, forgotten by a TTL index. `model` belongs among the subgraph's models. */
export const makeIdempotencyModel = (database: Database) => {
  const model = database.model<IdempotencyRecord>(
    'IdempotencyKey',
    schema(),
    'idempotency_keys',
  ) as unknown as Model<IdempotencyRecord>
  const store: IdempotencyStore = {
    get: (id) => model.findById(id).lean<IdempotencyRecord>().exec(),
    insert: (record) => insertOnce(() => model.collection.insertOne(record as never)),
    take: async ({ _id, attempt }, leaseUntil) => {
      const guard = { _id, attempt, answer: null }
      const { matchedCount } = await model.updateOne(guard, { $set: { attempt: attempt + 1, leaseUntil } })
      return matchedCount === 1
    },
    finish: async (id, attempt, answer) => {
      await model.updateOne({ _id: id, attempt }, { $set: { answer, leaseUntil: null } })
    },
    forget: async (id, attempt) => {
      await model.deleteOne({ _id: id, attempt, answer: null })
    },
  }
  return { model, store }
}
