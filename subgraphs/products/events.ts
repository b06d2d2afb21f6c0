/** A product became visible to buyers. */
export interface ProductPublished {
  readonly type: 'ProductPublished'
  readonly payload: { readonly productId: string; readonly sellerId: string }
}

/** A variant was sold out, or is there again. Tells the state and not each change: several in quick succession may be one. */
export interface AvailabilityChanged {
  readonly type: 'AvailabilityChanged'
  readonly payload: { readonly variantId: string; readonly inStock: boolean }
}

export type ProductsEvent = ProductPublished | AvailabilityChanged
