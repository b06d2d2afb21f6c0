import type { SubgraphCaller } from '#platform/caller.ts'

/** What pricing asks the catalogue. */
export interface ProductsClient {
  /**
   * The seller of each variant that exists, by variant id.
   * @throws ShopError UNAVAILABLE when products does not answer
   */
  sellersOf(variantIds: readonly string[]): Promise<ReadonlyMap<string, string>>
}

const sellersQuery = /* GraphQL */ `
  query SellersOfVariants($ids: [ID!]!) {
    variants(ids: $ids) {
      id
      sellerId
    }
  }
`

interface SellersAnswer {
  readonly variants: readonly ({ readonly id: string; readonly sellerId: string } | null)[]
}

export const makeProductsClient = (call: SubgraphCaller): ProductsClient => ({
  sellersOf: async (variantIds) => {
    const { variants } = await call<SellersAnswer>('products', { query: sellersQuery, variables: { ids: variantIds } })
    return new Map(variants.flatMap((variant) => (variant ? [[variant.id, variant.sellerId] as const] : [])))
  },
})
