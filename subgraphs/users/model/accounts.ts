import { type Model, Schema } from 'mongoose'
import type { Database } from '#platform/mongo.ts'
import { aggregateSchema, makeStore, type Store, type StoreDeps } from '#platform/store.ts'
import type { Account } from '../domain/account.ts'

const schema = () => {
  const accounts = aggregateSchema({
    email: String,
    passwordHash: String,
    name: String,
    roles: [String],
    shopName: String,
    createdAt: Number,
    emailVerifiedAt: Number,
    addresses: [Schema.Types.Mixed],
    preferences: Schema.Types.Mixed,
    tokens: [new Schema({ id: String, purpose: String, hash: String, expiresAt: Number }, { _id: false })],
    tokenVersion: Number,
    keptSession: String,
    bannedAt: Number,
    closedAt: Number,
  })
  // Addresses are stored normalised, so this index alone decides who has one.
  accounts.index({ email: 1 }, { unique: true })
  accounts.index({ 'tokens.id': 1 }, { partialFilterExpression: { 'tokens.id': { $gt: '' } } })
  return accounts
}

/** What others than the sign-in may read: never the password hash, nor what is kept of tokens. */
export type PublicAccount = Omit<Account, 'passwordHash' | 'tokens'>

const harmless = { outbox: 0, passwordHash: 0, tokens: 0 } as const

/** The accounts of the shop: the store for changes, and the only queries of this collection. */
export const makeAccountModel = (database: Database, deps: StoreDeps) => {
  const model = database.model<Account>('Account', schema(), 'accounts') as unknown as Model<Account>
  const store: Store<Account> = makeStore(model, 'account', deps)

  return {
    model,
    store,
    byEmail: async (email: string): Promise<Account | null> => model.findOne({ email }, { outbox: 0 }).lean<Account>(),
    byTokenId: async (id: string): Promise<Account | null> =>
      model.findOne({ 'tokens.id': { $eq: id, $gt: '' } }, { outbox: 0 }).lean<Account>(),
    byIds: async (ids: readonly string[]): Promise<PublicAccount[]> =>
      model.find({ _id: { $in: ids } }, harmless).lean<PublicAccount[]>(),
  }
}

export type AccountModel = ReturnType<typeof makeAccountModel>
