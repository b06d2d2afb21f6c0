import { randomUUID } from 'node:crypto'
import { sellers } from '../../commands/seed/sellers.ts'
import type { Ask } from '../client.ts'
import * as documents from './documents.ts'
import type { Stocked } from './scenario.ts'

/** More than any run sells, a tenth of what one adjustment may add. */
const delivery = 100_000

interface CatalogueAnswer {
  readonly products: {
    readonly nodes: readonly {
      readonly slug: string
      readonly seller: { readonly id: string }
      readonly variants: readonly { readonly id: string }[]
    }[]
  }
}

interface SignInAnswer {
  readonly signIn: { readonly session: { readonly accessToken: string } }
}

/** The access tokens of the demo sellers by account; one that this shop does not know is left out. */
const signInSellers = async (ask: Ask): Promise<ReadonlyMap<string, string>> => {
  const signedIn = sellers.map(async ({ id, email, password }) => {
    const answer = await ask<SignInAnswer>(documents.signIn, { input: { email, password } })
    return [id, answer.signIn.session.accessToken] as const
  })
  const settled = await Promise.allSettled(signedIn)
  return new Map(settled.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : [])))
}

/**
 * The first page of products that belong to demo sellers, with more stock than a run can sell.
 * @throws Error when there is none: the shop has another catalogue.
 */
export const stockUp = async (ask: Ask): Promise<Stocked[]> => {
  const tokens = await signInSellers(ask)
  const { products } = await ask<CatalogueAnswer>(documents.catalogue)
  const own = products.nodes.flatMap(({ seller, ...product }) => {
    const token = tokens.get(seller.id)
    return token ? [{ ...product, token }] : []
  })
  if (own.length === 0)
    throw new Error('The shop has no product of a demo seller: the benchmark needs the demo catalogue.')
  for (const { id, token } of own.flatMap(({ variants, token }) => variants.map(({ id }) => ({ id, token })))) {
    const input = { variantId: id, delta: delivery, reason: 'Stock for a benchmark', idempotencyKey: randomUUID() }
    await ask(documents.adjustStock, { input }, token)
  }
  return own.map(({ slug, variants }) => ({ slug, variantIds: variants.map(({ id }) => id) }))
}
