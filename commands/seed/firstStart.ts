import type { SubgraphCaller } from '#platform/caller.ts'
import { seed } from './seed.ts'
import { sellers } from './sellers.ts'

/** Who can sign in to a seeded shop. */
export const demoAccounts = sellers.map(({ shopName, email, password }) => ({
  role: `Seller ${shopName}`,
  email,
  password,
}))

interface CatalogueAnswer {
  readonly products: { readonly nodes: readonly unknown[] }
}

/**
 * Fills a shop that has no product yet; one that has is left alone.
 * @param call with the service identity `seed`
 * @returns whether it was filled now
 */
export const seedIfEmpty = async (call: SubgraphCaller): Promise<boolean> => {
  const { products } = await call<CatalogueAnswer>('products', { query: '{ products(first: 1) { nodes { id } } }' })
  if (products.nodes.length > 0) return false
  await seed(call)
  return true
}
