import DataLoader from 'dataloader'
import type { AccountModel } from './model/accounts.ts'
import type { Seller } from './parents.ts'

const maxBatchSize = 1_000

/** Batched reads of one operation: however many sellers a page shows, the database is asked once. */
export const makeLoaders = (accounts: AccountModel) => ({
  /** The seller with this account id, also one who no longer sells: products still name it; null when it never did. */
  seller: new DataLoader<string, Seller | null>(
    async (ids) => {
      const selling = (await accounts.byIds(ids)).filter(({ shopName }) => shopName !== null)
      const byId = new Map(selling.map(({ _id, shopName }) => [_id, { id: _id, shopName: shopName ?? '' }]))
      return ids.map((id) => byId.get(id) ?? null)
    },
    { maxBatchSize },
  ),
})

export type Loaders = ReturnType<typeof makeLoaders>
