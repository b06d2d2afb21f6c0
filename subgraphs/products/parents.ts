import type { Connection } from '#kernel/page.ts'
import type { RequestContext } from '#platform/context.ts'
import type { Part } from './domain/bundle.ts'
import type { Location } from './domain/location.ts'
import type { Product as ProductDocument, Variant } from './domain/product.ts'
import type { Stock } from './domain/stock.ts'
import type { Loaders } from './loaders.ts'
import type * as watching from './service/watching.ts'

export type Product = ProductDocument

export interface ProductVariant extends Variant {
  readonly product: ProductDocument
}

export type BundlePart = Part

export type StockLocation = Location

export type LocationStock = Stock

export interface Seller {
  readonly id: string
}

export interface ProductConnection extends Connection<ProductDocument> {
  /** Counted only when asked for. */
  readonly count: () => Promise<number>
}

export type ProductSearchConnection = ProductConnection

export type StockChange = watching.StockChange

export type Context = RequestContext<Loaders>
