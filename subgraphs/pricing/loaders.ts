import DataLoader from 'dataloader'
import type { PriceDocument, PriceModel } from './model.ts'

export interface Loaders {
  /** All prices of a variant; null when it has none. Any number of variants and currencies in a request: one operation. */
  readonly prices: DataLoader<string, PriceDocument | null>
}

export const makeLoaders = (prices: PriceModel) => (): Loaders => ({
  prices: new DataLoader(async (variantIds: readonly string[]) => {
    const found = await prices.byIds(variantIds)
    return variantIds.map((id) => found.get(id) ?? null)
  }),
})
