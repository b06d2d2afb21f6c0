import { ShopError } from '#kernel/errors.ts'
import { money, multiply, sum, zero } from '#kernel/money.ts'
import type { PricingClient, ProductsClient } from './clients.ts'
import type { VariantState } from './domain/problems.ts'

const away = (who: string): ShopError => new ShopError('UNAVAILABLE', `The ${who} service does not answer; try again.`)

/**
 * Siblings in memory: a catalogue with stock and one list of prices by currency, without tax, delivery 5 units flat. Both can be
 * switched off, and count their calls.
 */
export const makeMemorySiblings = () => {
  const catalogue = new Map<string, VariantState>()
  const prices = new Map<string, number>()
  const calls = { products: 0, pricing: 0 }
  const isAway = { products: false, pricing: false }

  const products: ProductsClient = {
    variants: async (ids) => {
      calls.products += 1
      if (isAway.products) throw away('products')
      return new Map(ids.flatMap((id) => [...catalogue].filter(([known]) => known === id)))
    },
  }

  const pricing: PricingClient = {
    price: async ({ lines, currency, shippingAddress }) => {
      calls.pricing += 1
      if (isAway.pricing) throw away('pricing')
      const unitPrices = lines.map(({ variantId }) => {
        const minor = prices.get(`${variantId} ${currency}`)
        return minor === undefined ? null : money(minor, currency)
      })
      const priced = unitPrices.flatMap((price, i) => (price ? [multiply(price, lines[i]?.quantity ?? 0)] : []))
      if (priced.length < lines.length) return { unitPrices, totals: null, refusal: 'A line has no price.' }
      const subtotal = sum(priced, currency)
      const shipping = money(shippingAddress ? 500 : 0, currency)
      const rows = priced.map((amount) => ({ kind: 'LINE', label: 'line', amount }))
      const none = zero(currency)
      const total = sum([subtotal, shipping], currency)
      const totals = { subtotal, discount: none, shipping, tax: none, taxIncluded: true, total, rows }
      return { unitPrices, totals, refusal: null }
    },
  }

  return {
    products,
    pricing,
    calls,
    isAway,
    /** Puts a variant on sale; `minor` is its price in `currency`, null: none. */
    sell: (id: string, left: number, minor: number | null, currency = 'EUR'): void => {
      catalogue.set(id, { isSold: true, left, maxPerOrder: null })
      if (minor !== null) prices.set(`${id} ${currency}`, minor)
    },
    /** Most units of it in one order. */
    limit: (id: string, maxPerOrder: number): void => {
      catalogue.set(id, { isSold: true, left: 999, maxPerOrder })
    },
    unpublish: (id: string): void => {
      catalogue.set(id, { isSold: false, left: 0, maxPerOrder: null })
    },
  }
}
