import type { SubgraphCaller } from '#platform/caller.ts'
import { beginSeed, keystoneSlug, seed } from './seed.ts'
import { sellers } from './sellers.ts'

/** Who can sign in to a seeded shop. */
export const demoAccounts = sellers.map(({ shopName, email, password }) => ({
  role: `Seller ${shopName}`,
  email,
  password,
}))

interface CatalogueAnswer {
  readonly products: { readonly nodes: readonly unknown[] }
  readonly keystone: { readonly status: 'DRAFT' | 'PUBLISHED' } | null
}

const question = /* GraphQL */ `
  query IsThereACatalogue($slug: String!) {
    products(first: 1) { nodes { id } }
    keystone: product(slug: $slug) { status }
  }
`

/**
 * Fills a shop that has no product yet, and goes on where a start died that had begun to; another one is left alone.
 * @param call with the service identity `seed`
 * @returns whether it was filled now
 */
export const seedIfEmpty = async (call: SubgraphCaller): Promise<boolean> => {
  const { products, keystone } = await call<CatalogueAnswer>('products', {
    query: question,
    variables: { slug: keystoneSlug },
  })
  const isOver = keystone ? keystone.status === 'PUBLISHED' : products.nodes.length > 0
  if (isOver) return false
  await beginSeed(call)
  await seed(call)
  return true
}
