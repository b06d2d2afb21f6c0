import type { SubgraphCaller } from '#platform/caller.ts'

/** What the catalogue says of a variant. */
export interface Offer {
  readonly sellerId: string
  /** Published: anybody may know what it costs. */
  readonly isSold: boolean
}

/** What pricing asks the catalogue. */
export interface ProductsClient {
  /**
   * The variants that exist, by id; at most 250.
   * @throws ShopError UNAVAILABLE when products does not answer
   */
  offers(variantIds: readonly string[]): Promise<ReadonlyMap<string, Offer>>
}

const offersQuery = /* GraphQL */ `
  query OffersOfVariants($ids: [ID!]!) {
    variants(ids: $ids) {
      id
      sellerId
      isSold
    }
  }
`

interface OffersAnswer {
  readonly variants: readonly (({ readonly id: string } & Offer) | null)[]
}

export const makeProductsClient = (call: SubgraphCaller): ProductsClient => ({
  offers: async (variantIds) => {
    const { variants } = await call<OffersAnswer>('products', { query: offersQuery, variables: { ids: variantIds } })
    return new Map(variants.flatMap((variant) => (variant ? [[variant.id, variant] as const] : [])))
  },
})
