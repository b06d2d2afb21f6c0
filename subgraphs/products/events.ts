/** A product became visible to buyers. */
export interface ProductPublished {
  readonly type: 'ProductPublished'
  readonly payload: { readonly productId: string; readonly sellerId: string }
}

/** The units on hand of a variant were changed by hand. */
export interface StockAdjusted {
  readonly type: 'StockAdjusted'
  readonly payload: { readonly variantId: string; readonly delta: number; readonly reason: string }
}

export type ProductsEvent = ProductPublished | StockAdjusted
