import type { Model, QueryFilter } from 'mongoose'
import type { Page } from '#kernel/page.ts'
import { hasRole, type Viewer } from '#platform/auth.ts'
import { type Database, readAll } from '#platform/mongo.ts'
import { shareReads } from '#platform/sharedReads.ts'
import { aggregateSchema, makeStore, type Store, type StoreDeps } from '#platform/store.ts'
import type { Product, ProductStatus } from '../domain/product.ts'
import type { SearchQuery } from '../domain/search.ts'

/** Conditions of a list, all of them; `visibleTo` narrows to published products and those of one seller. */
export interface ProductConditions {
  readonly status?: ProductStatus
  readonly sellerId?: string
  readonly category?: string
  readonly tag?: string
  readonly vendor?: string
}

/** Who asks: everybody sees published products, a seller also the own ones, an admin and services all. */
export type Visibility = 'published' | 'all' | { readonly sellerId: string }

/** What of the catalogue a viewer may see. */
export const visibilityFor = (viewer: Viewer): Visibility => {
  if (viewer.kind === 'service' || hasRole(viewer, 'ADMIN')) return 'all'
  return viewer.kind === 'user' && hasRole(viewer, 'SELLER') ? { sellerId: viewer.id } : 'published'
}

export interface ProductOrder {
  readonly field: 'createdAt' | 'titleKey'
  readonly direction: 1 | -1
}

/** Most matches of a search that are read and ranked. */
export const maxMatches = 1_000

const schema = () => {
  const products = aggregateSchema({
    slug: String,
    title: String,
    titleKey: String,
    descriptionHtml: String,
    vendor: String,
    productType: String,
    categories: [{ _id: false, slug: String, name: String }],
    tags: [String],
    media: [{ _id: false, url: String, alt: String }],
    variants: [
      {
        _id: false,
        id: String,
        sku: String,
        barcode: String,
        title: String,
        weightGrams: Number,
        selectedOptions: [{ _id: false, name: String, value: String }],
        maxPerOrder: Number,
        parts: { type: [{ _id: false, variantId: String, quantity: Number }], default: undefined },
      },
    ],
    sellerId: String,
    status: String,
    words: [String],
    createdAt: Number,
    updatedAt: Number,
    publishedAt: Number,
  })
  products.index({ slug: 1 }, { unique: true })
  products.index({ 'variants.sku': 1 }, { unique: true })
  products.index({ 'variants.id': 1 })
  products.index({ status: 1, createdAt: -1, _id: -1 })
  products.index({ status: 1, titleKey: 1, _id: 1 })
  products.index({ status: 1, 'categories.slug': 1, createdAt: -1, _id: -1 })
  products.index({ sellerId: 1, createdAt: -1, _id: -1 })
  products.index({ words: 1 })
  return products
}

const visible = (visibility: Visibility): QueryFilter<Product> => {
  if (visibility === 'all') return {}
  if (visibility === 'published') return { status: 'PUBLISHED' }
  return { $or: [{ status: 'PUBLISHED' }, { sellerId: visibility.sellerId }] }
}

const conditions = ({ status, sellerId, category, tag, vendor }: ProductConditions): QueryFilter<Product> => ({
  ...(status && { status }),
  ...(sellerId && { sellerId }),
  ...(category && { 'categories.slug': category }),
  ...(tag && { tags: tag }),
  ...(vendor && { vendor }),
})

const beyond = ({ after }: Page, { field, direction }: ProductOrder): QueryFilter<Product> => {
  if (!after) return {}
  const operator = direction === 1 ? '$gt' : '$lt'
  return { $or: [{ [field]: { [operator]: after.value } }, { [field]: after.value, _id: { [operator]: after.id } }] }
}

/** Only letters and digits are in words, so nothing needs escaping. */
const matches = ({ whole, prefix }: SearchQuery): QueryFilter<Product> => ({
  $and: [...whole.map((word) => ({ words: word })), { words: new RegExp(`^${prefix}`) }],
})

const hidden = { outbox: 0, words: 0 } as const

/** The products of the shop: the store for changes, and the only queries of this collection. */
export const makeProductModel = (database: Database, deps: StoreDeps) => {
  const model = database.model<Product>('Product', schema(), 'products') as unknown as Model<Product>
  const store: Store<Product> = makeStore(model, 'product', deps)
  const read = (filter: QueryFilter<Product>, options: Parameters<typeof readAll>[2] = {}): Promise<Product[]> =>
    readAll<Product>(model, filter, { projection: hidden, ...options })
  /** Everybody who watches a variant asks for its product when it changes. */
  const readTogether = shareReads<Product, Visibility>({
    read: (ids, visibility) => read({ 'variants.id': { $in: ids }, ...visible(visibility) }),
    keysOf: ({ variants }) => variants.map(({ id }) => id),
  })

  return {
    model,
    store,
    byIds: (ids: readonly string[], visibility: Visibility): Promise<Product[]> =>
      read({ _id: { $in: ids }, ...visible(visibility) }),
    byVariantIds: (ids: readonly string[], visibility: Visibility): Promise<Product[]> => readTogether(ids, visibility),
    bySlugs: (slugs: readonly string[], visibility: Visibility): Promise<Product[]> =>
      read({ slug: { $in: slugs }, ...visible(visibility) }),
    /** Whether other products have the slug, or one of the SKUs. */
    takenFrom: async ({ _id, slug, variants }: Product): Promise<{ slug: boolean; sku: boolean }> => {
      const skus = variants.map(({ sku }) => sku)
      const either = [{ slug }, { 'variants.sku': { $in: skus } }]
      const others = await read({ _id: { $ne: _id }, $or: either }, { projection: { slug: 1 } })
      return { slug: others.some((other) => other.slug === slug), sku: others.some((other) => other.slug !== slug) }
    },
    /** One item more than the page holds tells that there is a next one. */
    page: (filter: ProductConditions, order: ProductOrder, page: Page): Promise<Product[]> =>
      read(
        { $and: [conditions(filter), beyond(page, order)] },
        { sort: { [order.field]: order.direction, _id: order.direction }, limit: page.first + 1 },
      ),
    count: async (filter: ProductConditions): Promise<number> => model.countDocuments(conditions(filter)),
    matching: (query: SearchQuery, filter: ProductConditions): Promise<Product[]> =>
      read(
        { $and: [conditions(filter), matches(query)] },
        { projection: { ...hidden, descriptionHtml: 0 }, limit: maxMatches },
      ),
  }
}

export type ProductModel = ReturnType<typeof makeProductModel>
