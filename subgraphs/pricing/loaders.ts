import DataLoader from 'dataloader'
import type { PriceDocument } from './model/prices.ts'
import type { ShownPrices } from './model/shown.ts'

export interface Loaders {
  /** All prices of a variant; null when it has none. Any number of variants and currencies in a request: one operation. */
  readonly prices: DataLoader<string, PriceDocument | null>
}

export const makeLoaders = (shown: ShownPrices) => (): Loaders => ({
  prices: new DataLoader(async (variantIds: readonly string[]) => {
    const found = await shown.byIds(variantIds)
    return variantIds.map((id) => found.get(id)?.value ?? null)
  }),
})
