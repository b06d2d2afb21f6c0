import type { Clock } from '#kernel/time.ts'
import { actsFor, requireService } from '#platform/auth.ts'
import { type Complete, mutation, only, user } from '#platform/resolvers.ts'
import { sellable } from './domain/bundle.ts'
import { optionsOf } from './domain/product.ts'
import { unitsLeft } from './domain/stock.ts'
import type { Context } from './parents.ts'
import type { Resolvers, ResolversParentTypes } from './schema.generated.ts'
import type { makeAdjusting } from './service/adjusting.ts'
import type { makeBrowsing } from './service/browsing.ts'
import type { makeImporting } from './service/importing.ts'
import type { Locations } from './service/locations.ts'
import type { makeSelling } from './service/selling.ts'
import type { makeStockService } from './service/stock.ts'
import type { makeWatching } from './service/watching.ts'

export interface Services {
  readonly browsing: ReturnType<typeof makeBrowsing>
  readonly selling: ReturnType<typeof makeSelling>
  readonly importing: ReturnType<typeof makeImporting>
  readonly stock: ReturnType<typeof makeStockService>
  readonly adjusting: ReturnType<typeof makeAdjusting>
  readonly locations: Locations
  readonly watching: ReturnType<typeof makeWatching>
  readonly clock: Clock
}

const seller = user('SELLER', 'ADMIN')
const admin = user('ADMIN')
const orders = only('orders')
const importer = only('import', 'seed')
const noProduct = { product: null }
const noLocation = { location: null }
const notDone = { done: false }

const variantNow = async (context: Context, id: string) => ({ variant: await context.loaders.variant.load(id) })

export const makeResolvers = ({
  browsing,
  selling,
  importing,
  stock,
  adjusting,
  locations,
  watching,
  clock,
}: Services): Complete<Resolvers, ResolversParentTypes> => ({
  Query: {
    product: (_, args, { viewer }) => browsing.product(viewer, args),
    products: (_, args, { viewer }) => browsing.products(viewer, args),
    search: (_, args, { viewer }) => browsing.search(viewer, args),
    stockLocations: (_, __, { viewer }) => {
      seller(viewer)
      return locations.all()
    },
    categories: () => browsing.categories(),
    variants: (_, { ids }, { viewer, loaders }) => {
      requireService(viewer, 'cart', 'orders', 'pricing')
      return Promise.all(ids.map((id) => loaders.variant.load(id)))
    },
  },
  Mutation: {
    createProduct: mutation(seller, noProduct, async ({ input }, viewer, context) => ({
      product: await selling.createProduct(context, viewer, input),
    })),
    updateProduct: mutation(seller, noProduct, async ({ input }, viewer, context) => ({
      product: await selling.updateProduct(context, viewer, input),
    })),
    publishProduct: mutation(seller, noProduct, async ({ input }, viewer, context) => ({
      product: await selling.publishProduct(context, viewer, input.id),
    })),
    adjustStock: mutation(seller, { variant: null }, async ({ input }, viewer, context: Context) => {
      await adjusting.adjustStock(context, viewer, input)
      return variantNow(context, input.variantId)
    }),
    createStockLocation: mutation(admin, noLocation, async ({ input }, _viewer, context) => ({
      location: await locations.create(context, input),
    })),
    updateStockLocation: mutation(admin, noLocation, async ({ input }, _viewer, context) => ({
      location: await locations.update(context, input),
    })),
    importProducts: mutation(importer, { products: [] }, async ({ input }, _viewer, context) => ({
      products: await importing.importProducts(context, input.sellerId, input.products),
    })),
    holdStock: mutation(orders, notDone, async ({ input }) => {
      await stock.holdStock(input.orderId, input.lines, input.expiresAt)
      return { done: true }
    }),
    claimStock: mutation(orders, notDone, async ({ input }) => {
      await stock.claimStock(input.orderId, input.lines)
      return { done: true }
    }),
    releaseStock: mutation(orders, notDone, async ({ input }) => {
      await stock.releaseStock(input.orderId, input.lines)
      return { done: true }
    }),
    restockStock: mutation(orders, notDone, async ({ input }) => {
      await stock.restockStock(input.orderId, input.lines, input.claimed)
      return { done: true }
    }),
  },
  Subscription: {
    stockChanged: {
      subscribe: (_, { variantIds }, { viewer }) => watching.stockChanged(variantIds, viewer),
      resolve: (change: { seq: number; variantId: string }) => change,
    },
  },
  StockChange: {
    variant: async ({ variantId }, _, { loaders }) => {
      const variant = await loaders.variant.load(variantId)
      if (!variant) throw new Error(`variant ${variantId} is gone`)
      return variant
    },
  },
  Product: {
    __resolveReference: ({ id }, { loaders }) => loaders.product.load(id),
    id: ({ _id }) => _id,
    options: optionsOf,
    variants: (product) => product.variants.map((variant) => ({ ...variant, product })),
    seller: ({ sellerId }) => ({ id: sellerId }),
  },
  ProductVariant: {
    __resolveReference: ({ id }, { loaders }) => loaders.variant.load(id),
    availability: async (variant, _, { loaders }) => {
      const ids = variant.parts?.map(({ variantId }) => variantId) ?? [variant.id]
      const read = new Map(await Promise.all(ids.map(async (id) => [id, await loaders.stock.load(id)] as const)))
      const left = sellable(variant, (id) => unitsLeft(read.get(id)?.value ?? null, clock.now()))
      const asOf = Math.min(clock.now(), ...[...read.values()].flatMap((copy) => copy?.asOf ?? []))
      return { inStock: left > 0, left, asOf }
    },
    // What is where is the business of who sells it.
    stock: async ({ id, product }, _, { viewer, loaders }) =>
      actsFor(viewer, product.sellerId) ? [...((await loaders.stock.load(id))?.value?.places ?? [])] : [],
    maxPerOrder: ({ maxPerOrder }) => maxPerOrder ?? null,
    parts: ({ parts }) => [...(parts ?? [])],
    isSold: ({ product }) => product.status === 'PUBLISHED',
    sellerId: ({ product }) => product.sellerId,
  },
  StockLocation: { code: ({ _id }) => _id },
  LocationStock: {
    location: async ({ location }, _, { loaders }) => {
      const found = await loaders.location.load(location)
      if (!found) throw new Error(`location ${location} is gone`)
      return found
    },
    onHand: ({ available, reserved }) => available + reserved,
  },
  BundlePart: { variant: ({ variantId }, _, { loaders }) => loaders.variant.load(variantId) },
  ProductConnection: { totalCount: ({ count }) => count() },
  ProductSearchConnection: { totalCount: ({ count }) => count() },
})
