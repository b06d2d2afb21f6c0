import { type Model, Schema } from 'mongoose'
import type { Database } from '#platform/mongo.ts'
import { aggregateSchema, makeStore, type NewEvent, type StoreDeps } from '#platform/store.ts'
import type { SignUp } from '../domain/signUp.ts'

/** As stored: TTL indexes want a date. */
interface SignUpRow extends SignUp {
  readonly expireAt: Date
}

const schema = () => {
  const signUps = aggregateSchema({
    email: String,
    name: String,
    passwordHash: String,
    guest: Schema.Types.Mixed,
    isAnswered: Boolean,
    token: Schema.Types.Mixed,
    expireAt: Date,
  })
  signUps.index({ 'token.id': 1 }, { partialFilterExpression: { 'token.id': { $gt: '' } } })
  signUps.index({ expireAt: 1 }, { expireAfterSeconds: 0 })
  return signUps
}

/** Sign-ups that wait for the mail to be answered, and the only queries of this collection. */
export const makeSignUpModel = (database: Database, deps: StoreDeps) => {
  const model = database.model<SignUpRow>('SignUp', schema(), 'signUps') as unknown as Model<SignUpRow>
  const store = makeStore(model, 'sign-up', deps)

  return {
    model,
    outbox: store.outbox,
    get: (id: string): Promise<SignUp | null> => store.get(id),
    byTokenId: async (id: string): Promise<SignUp | null> =>
      model.findOne({ 'token.id': { $eq: id, $gt: '' } }, { outbox: 0 }).lean<SignUp>(),
    insert: (signUp: SignUp, expireAt: Date, events: readonly NewEvent[]): Promise<SignUp> =>
      store.insert({ ...signUp, expireAt }, events),
    /** One guarded change with its facts; the same sign-up is not written. */
    update: (id: string, decide: (signUp: SignUp) => SignUp, events: readonly NewEvent[]): Promise<SignUp> =>
      store.update(id, (row) => {
        const signUp = decide(row)
        return signUp === row ? null : { state: { ...signUp, expireAt: row.expireAt }, events }
      }),
    remove: async (id: string): Promise<void> => {
      await model.deleteOne({ _id: id })
    },
  }
}

export type SignUpModel = ReturnType<typeof makeSignUpModel>
