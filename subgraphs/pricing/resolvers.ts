import { type Money, money, toDecimal } from '#kernel/money.ts'
import type { Clock, Millis } from '#kernel/time.ts'
import { requireRole, type Viewer } from '#platform/auth.ts'
import { type Complete, mutation } from '#platform/resolvers.ts'
import { type CurrencyPrice, lowestIn30Days } from './domain/prices.ts'
import type { Context, ProductVariant } from './parents.ts'
import type { MutationSetPricesArgs, Resolvers, ResolversParentTypes } from './schema.generated.ts'
import type { Pricing } from './service.ts'

const sellerOrService = (viewer: Viewer): Viewer =>
  viewer.kind === 'service' ? viewer : requireRole(viewer, 'SELLER', 'ADMIN')

const showPrice = (price: CurrencyPrice, currency: string, now: Millis) => {
  const show = (minor: number): Money => money(minor, currency)
  return {
    amount: show(price.minor),
    compareAt: price.compareAt === null ? null : show(price.compareAt),
    tiers: price.tiers.map((tier) => ({ minQuantity: tier.minQuantity, amount: show(tier.minor) })),
    lowestIn30Days: show(lowestIn30Days(price, now)),
  }
}

export const makeResolvers = (
  pricing: Pricing,
  { clock, currency: shopCurrency }: { readonly clock: Clock; readonly currency: string },
): Complete<Resolvers, ResolversParentTypes> => {
  const priceOf = async ({ id }: ProductVariant, args: { currency?: string | null }, { loaders }: Context) => {
    const currency = args.currency ?? shopCurrency
    const price = (await loaders.prices.load(id))?.byCurrency[currency]
    return price ? showPrice(price, currency, clock.now()) : null
  }

  return {
    Query: {
      quote: (_, { input }, { viewer }) => pricing.quote(input, viewer),
      tryQuote: (_, { input, acknowledgedTotal }, { viewer }) => pricing.tryQuote(input, viewer, acknowledgedTotal),
      shippingMethods: (_, { destination }) => pricing.shippingMethods(destination),
    },
    Mutation: {
      setPrices: mutation(
        sellerOrService,
        { variants: [] as ProductVariant[], changed: 0 },
        async ({ input }: MutationSetPricesArgs, _viewer, context: Context) => {
          const { variantIds, changed } = await pricing.setPrices(context, input.prices)
          context.loaders.prices.clearAll()
          return { variants: variantIds.map((id) => ({ id })), changed }
        },
      ),
    },
    ProductVariant: { price: priceOf },
    Money: { amount: toDecimal, currencyCode: ({ currency }) => currency },
  }
}
