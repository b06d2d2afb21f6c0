import DataLoader from 'dataloader'
import type { Viewer } from '#platform/auth.ts'
import type { Copy } from '#platform/cache/copies.ts'
import type { Location } from './domain/location.ts'
import type { Product } from './domain/product.ts'
import type { VariantStock } from './domain/stock.ts'
import type { Catalogue } from './model/catalogue.ts'
import type { LocationModel } from './model/locations.ts'
import { visibilityFor } from './model/products.ts'
import type { ProductVariant } from './parents.ts'

const maxBatchSize = 1_000

export interface LoaderModels {
  readonly catalogue: Catalogue
  readonly locations: LocationModel
}

/** Batched reads of one operation: however many products a page holds, each loader asks the database once. */
export const makeLoaders = ({ catalogue, locations }: LoaderModels, viewer: Viewer) => {
  const visibility = visibilityFor(viewer)
  return {
    product: new DataLoader<string, Product | null>(
      async (ids) => {
        const byId = new Map((await catalogue.byIds(ids, visibility)).map((product) => [product._id, product]))
        return ids.map((id) => byId.get(id) ?? null)
      },
      { maxBatchSize },
    ),
    variant: new DataLoader<string, ProductVariant | null>(
      async (ids) => {
        const found = await catalogue.byVariantIds(ids, visibility)
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
    stock: new DataLoader<string, Copy<VariantStock> | null>(
      async (ids) => {
        const found = await catalogue.stockOf(ids)
        return ids.map((id) => found.get(id) ?? null)
      },
      { maxBatchSize },
    ),
  }
}

export type Loaders = ReturnType<typeof makeLoaders>
