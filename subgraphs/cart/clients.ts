import { isShopError } from '#kernel/errors.ts'
import { fromWire, type Money, type WireMoney } from '#kernel/money.ts'
import { type Millis, seconds } from '#kernel/time.ts'
import type { SubgraphCaller } from '#platform/caller.ts'
import type { Cart } from './domain/cart.ts'
import type { VariantState } from './domain/problems.ts'

/** What the cart asks the catalogue. */
export interface ProductsClient {
  /**
   * What is known of the variants that exist, by id.
   * @throws ShopError UNAVAILABLE when products does not answer within `timeoutMs` (absent: the usual patience)
   */
  variants(variantIds: readonly string[], timeoutMs?: Millis): Promise<ReadonlyMap<string, VariantState>>
}

export interface TotalRow {
  readonly kind: string
  readonly label: string
  readonly amount: Money
}

/** What a cart costs; the amounts add up as in pricing's `Quote`. */
export interface CartTotals {
  readonly subtotal: Money
  readonly discount: Money
  readonly shipping: Money
  readonly tax: Money
  readonly taxIncluded: boolean
  readonly total: Money
  readonly rows: readonly TotalRow[]
}

/** Pricing's answer for a cart. */
export interface CartPricing {
  /** In the order of the cart's lines; null where there is no price in the currency. */
  readonly unitPrices: readonly (Money | null)[]
  readonly totals: CartTotals | null
  /** Why there are no totals. */
  readonly refusal: string | null
}

/** What the cart asks pricing. */
export interface PricingClient {
  /** Prices a cart with at least one line. @throws ShopError UNAVAILABLE when pricing does not answer */
  price(cart: Pick<Cart, 'lines' | 'currency' | 'shippingAddress' | 'shippingMethodId'>): Promise<CartPricing>
}

/** Longest time an `addCartLine` waits for the catalogue before it takes the line unchecked. */
export const checkTimeout: Millis = seconds(1)

const variantsQuery = /* GraphQL */ `
  query VariantsOfCart($ids: [ID!]!) {
    variants(ids: $ids) {
      id
      isSold
      maxPerOrder
      availability {
        left
      }
    }
  }
`

interface VariantsAnswer {
  readonly variants: readonly ({
    readonly id: string
    readonly isSold: boolean
    readonly maxPerOrder: number | null
    readonly availability: { readonly left: number }
  } | null)[]
}

const stateOf = ({
  isSold,
  maxPerOrder,
  availability,
}: NonNullable<VariantsAnswer['variants'][number]>): VariantState => ({
  isSold,
  maxPerOrder,
  left: availability.left,
})

export const makeProductsClient = (call: SubgraphCaller, patience: Millis): ProductsClient => ({
  variants: async (ids, timeoutMs = patience) => {
    const { variants } = await call<VariantsAnswer>('products', { query: variantsQuery, variables: { ids }, timeoutMs })
    return new Map(variants.flatMap((each) => (each ? [[each.id, stateOf(each)] as const] : [])))
  },
})

const money = '{ amount currencyCode }'

const quoteQuery = /* GraphQL */ `
  query PriceCart($input: QuoteInput!) {
    tryQuote(input: $input) {
      unitPrices ${money}
      userErrors { message }
      quote {
        taxIncluded
        subtotal ${money} discount ${money} shipping ${money} tax ${money} total ${money}
        rows { kind label amount ${money} }
      }
    }
  }
`

interface QuoteAnswer {
  readonly tryQuote: {
    readonly unitPrices: readonly (WireMoney | null)[]
    readonly userErrors: readonly { readonly message: string }[]
    readonly quote:
      | ({
          readonly [part in 'subtotal' | 'discount' | 'shipping' | 'tax' | 'total']: WireMoney
        } & {
          readonly taxIncluded: boolean
          readonly rows: readonly { readonly kind: string; readonly label: string; readonly amount: WireMoney }[]
        })
      | null
  }
}

const toTotals = (quote: NonNullable<QuoteAnswer['tryQuote']['quote']>): CartTotals => ({
  subtotal: fromWire(quote.subtotal),
  discount: fromWire(quote.discount),
  shipping: fromWire(quote.shipping),
  tax: fromWire(quote.tax),
  taxIncluded: quote.taxIncluded,
  total: fromWire(quote.total),
  rows: quote.rows.map(({ kind, label, amount }) => ({ kind, label, amount: fromWire(amount) })),
})

export const makePricingClient = (call: SubgraphCaller, patience: Millis): PricingClient => ({
  price: async ({ lines, currency, shippingAddress, shippingMethodId }) => {
    const input = {
      lines: lines.map(({ variantId, quantity }) => ({ variantId, quantity })),
      destination: shippingAddress,
      shippingMethodId,
      currency,
    }
    const { tryQuote } = await call<QuoteAnswer>('pricing', {
      query: quoteQuery,
      variables: { input },
      timeoutMs: patience,
    })
    return {
      unitPrices: tryQuote.unitPrices.map((price) => price && fromWire(price)),
      totals: tryQuote.quote && toTotals(tryQuote.quote),
      refusal: tryQuote.userErrors[0]?.message ?? null,
    }
  },
})

/** The answer of a sibling, or null when it is away: the cart then says so instead of failing. */
export const unlessAway = async <T>(answer: Promise<T>): Promise<T | null> => {
  try {
    return await answer
  } catch (error) {
    if (isShopError(error) && error.code === 'UNAVAILABLE') return null
    throw error
  }
}
