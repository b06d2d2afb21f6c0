/** A product became visible to buyers. */
export interface ProductPublished {
  readonly type: 'ProductPublished'
  readonly payload: { readonly productId: string; readonly sellerId: string }
}

export type ProductsEvent = ProductPublished
