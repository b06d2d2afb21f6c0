/** Prices of a variant were set; consumers read the new ones from `ProductVariant.price`. Version 1. */
export interface PricesChanged {
  readonly type: 'PricesChanged'
  readonly payload: {
    readonly variantId: string
    /** ISO 4217 codes of the prices that differ from before. */
    readonly currencies: readonly string[]
  }
}

export type PricingEvent = PricesChanged
