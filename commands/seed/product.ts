/** Amounts in minor units of the three currencies of the demo shop. */
export interface SeedPrices {
  readonly EUR: number
  readonly USD: number
  readonly GBP: number
}

export interface SeedVariant {
  readonly sku: string
  readonly choices: Readonly<Record<string, string>>
  readonly stock: number
  readonly weightGrams: number
  readonly prices: SeedPrices
  /** A higher price to compare with. */
  readonly compareAt?: SeedPrices
  /** Lower unit prices from a quantity on. */
  readonly tiers?: readonly { readonly minQuantity: number; readonly prices: SeedPrices }[]
}

export interface SeedProduct {
  /** Unique; becomes the slug. */
  readonly handle: string
  readonly title: string
  readonly descriptionHtml: string
  readonly vendor: string
  readonly productType: string
  readonly tags: readonly string[]
  /** What the picture shows. */
  readonly alt: string
  readonly variants: readonly SeedVariant[]
}

export const prices = (EUR: number, USD: number, GBP: number): SeedPrices => ({ EUR, USD, GBP })
