import DataLoader from 'dataloader'
import type { Viewer } from '#platform/auth.ts'
import type { Location } from './domain/location.ts'
import type { Product } from './domain/product.ts'
import type { VariantStock } from './domain/stock.ts'
import type { LocationModel } from './model/locations.ts'
import { type ProductModel, visibilityFor } from './model/products.ts'
import type { StockModel } from './model/stock/stock.ts'
import type { ProductVariant } from './parents.ts'

const maxBatchSize = 1_000

export interface LoaderModels {
  readonly products: ProductModel
  readonly stock: StockModel
  readonly locations: LocationModel
}

/** Batched reads of one operation: however many products a page holds, each loader asks the database once. */
export const makeLoaders = ({ products, stock, locations }: LoaderModels, viewer: Viewer) => {
  const visibility = visibilityFor(viewer)
  return {
    product: new DataLoader<string, Product | null>(
      async (ids) => {
        const byId = new Map((await products.byIds(ids, visibility)).map((product) => [product._id, product]))
        return ids.map((id) => byId.get(id) ?? null)
      },
      { maxBatchSize },
    ),
    variant: new DataLoader<string, ProductVariant | null>(
      async (ids) => {
        const found = await products.byVariantIds(ids, visibility)
        const byVariant = new Map(
          found.flatMap((product) => product.variants.map((variant) => [variant.id, { ...variant, product }])),
        )
        return ids.map((id) => byVariant.get(id) ?? null)
      },
      { maxBatchSize },
    ),
    location: new DataLoader<string, Location | null>(async (codes) => {
      const byCode = new Map((await locations.all()).map((location) => [location._id, location]))
      return codes.map((code) => byCode.get(code) ?? null)
    }),
    stock: new DataLoader<string, VariantStock | null>(
      async (ids) => {
        const byId = new Map((await stock.byIds(ids)).map((found) => [found.variantId, found]))
        return ids.map((id) => byId.get(id) ?? null)
      },
      { maxBatchSize },
    ),
  }
}

export type Loaders = ReturnType<typeof makeLoaders>
