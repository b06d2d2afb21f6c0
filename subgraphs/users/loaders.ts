import DataLoader from 'dataloader'
import type { Sellers } from './model/sellers.ts'
import type { Seller } from './parents.ts'

const maxBatchSize = 1_000

/** Batched reads of one operation: however many sellers a page shows, the database is asked once. */
export const makeLoaders = (sellers: Sellers) => ({
  /** The seller with this account id, also one who no longer sells: products still name it; null when it never did. */
  seller: new DataLoader<string, Seller | null>(
    async (ids) => {
      const found = await sellers.byIds(ids)
      return ids.map((id) => found.get(id)?.value ?? null)
    },
    { maxBatchSize },
  ),
})

export type Loaders = ReturnType<typeof makeLoaders>
