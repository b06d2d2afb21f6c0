import DataLoader from 'dataloader'
import { zero } from '#kernel/money.ts'
import { type CartPricing, type CartTotals, type PricingClient, type ProductsClient, unlessAway } from './clients.ts'
import type { Cart } from './domain/cart.ts'
import { type CartFindings, findingsOf, type PricingState, type VariantState } from './domain/problems.ts'
import type { CartModel } from './model/carts.ts'

/** What an empty cart costs: known without asking. */
const nothing = (currency: string): CartTotals => {
  const none = zero(currency)
  return { subtotal: none, discount: none, shipping: none, tax: none, taxIncluded: true, total: none, rows: [] }
}

const pricingState = ({ lines }: Cart, pricing: CartPricing): PricingState => {
  const unpriced = new Set(lines.flatMap(({ variantId }, i) => (pricing.unitPrices[i] ? [] : [variantId])))
  return { unpriced, refusal: unpriced.size > 0 ? null : pricing.refusal }
}

/** A cart changes within a request (mutation, then answer), so what is remembered belongs to a version of it. */
const versionKey = (cart: Cart): string => `${cart.id} ${cart.version}`

export interface LoaderDeps {
  readonly carts: CartModel
  readonly products: ProductsClient
  readonly pricing: PricingClient
}

/** One call to each sibling for a cart, whatever is selected of it, and none when nothing is selected that needs one. */
export const makeLoaders = ({ carts, products, pricing }: LoaderDeps) => {
  const priced = new DataLoader<Cart, CartPricing | null, string>(
    (all) =>
      Promise.all(
        all.map(async (cart) =>
          cart.lines.length === 0
            ? { unitPrices: [], totals: nothing(cart.currency), refusal: null }
            : unlessAway(pricing.price(cart)),
        ),
      ),
    { cacheKeyFn: versionKey },
  )

  const variantsOf = async (all: readonly Cart[]): Promise<ReadonlyMap<string, VariantState> | null> => {
    const ids = [...new Set(all.flatMap(({ lines }) => lines.map(({ variantId }) => variantId)))]
    return ids.length === 0 ? new Map() : unlessAway(products.variants(ids))
  }

  return {
    cart: new DataLoader<string, Cart | null>(async (ids) => {
      const found = new Map((await carts.byIds(ids)).map((cart) => [cart.id, cart]))
      return ids.map((id) => found.get(id) ?? null)
    }),
    /** Prices of a cart; null when pricing is away. */
    priced,
    /** What stands against ordering a cart. */
    findings: new DataLoader<Cart, CartFindings, string>(
      async (all) => {
        const [variants, prices] = await Promise.all([variantsOf(all), priced.loadMany(all)])
        return all.map((cart, i) => {
          const answer = prices[i] ?? null
          if (answer instanceof Error) return answer
          return findingsOf({ lines: cart.lines, variants, pricing: answer && pricingState(cart, answer) })
        })
      },
      { cacheKeyFn: versionKey },
    ),
  }
}

export type Loaders = ReturnType<typeof makeLoaders>
