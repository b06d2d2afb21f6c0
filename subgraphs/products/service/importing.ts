import { isShopError, refuseIfAny, ShopError } from '#kernel/errors.ts'
import type { Ids } from '#kernel/id.ts'
import type { Clock } from '#kernel/time.ts'
import {
  applyContent,
  checkContent,
  createProduct,
  type Product,
  type ProductContent,
  publish,
} from '../domain/product.ts'
import type { CategoryModel } from '../model/categories.ts'
import type { ProductModel } from '../model/products.ts'
import type { StockModel } from '../model/stock.ts'
import { stockOfNew, takenBy } from './selling.ts'

export interface ImportProduct extends ProductContent {
  readonly handle: string
  readonly published: boolean
}

export interface ImportedProduct {
  readonly handle: string
  readonly outcome: 'CREATED' | 'UPDATED' | 'UNCHANGED' | 'REFUSED'
  readonly message: string | null
  readonly variants: { id: string; sku: string }[]
}

export interface ImportingDeps {
  readonly products: ProductModel
  readonly categories: CategoryModel
  readonly stock: StockModel
  readonly clock: Clock
  readonly ids: Ids
}

const maxBatch = 100

/** An import matches products by handle and variants by SKU: the same content changes nothing. A refused product is refused whole. */
export const makeImporting = ({ products, categories, stock, clock, ids }: ImportingDeps) => {
  const making = () => ({ now: clock.now(), newVariantId: () => ids.next('var') })

  const write = async (
    sellerId: string,
    before: Product | null,
    item: ImportProduct,
  ): Promise<{ product: Product; changed: boolean }> => {
    const { handle, published, ...rest } = item
    const content = { ...rest, slug: handle }
    refuseIfAny(checkContent(content))
    if (before && before.sellerId !== sellerId)
      throw new ShopError('SLUG_TAKEN', `Another seller has a product with the handle "${handle}".`)
    const applied = before
      ? applyContent(before, content, making())
      : createProduct({ id: ids.next('prod'), sellerId, status: 'DRAFT' }, content, making())
    const after = published ? publish(applied, clock.now()) : applied
    if (after === before) return { product: after, changed: false }
    await Promise.all([
      categories.add(after.categories),
      stock.create(sellerId, stockOfNew(before, after, item.variants ?? [])),
    ])
    const events =
      after.status === before?.status
        ? []
        : [{ type: 'ProductPublished', payload: { productId: after._id, sellerId } }].slice(published ? 0 : 1)
    const saved = before
      ? await products.store.update(before._id, (now) => ({ state: { ...after, v: now.v }, events }))
      : await products.store.insert(after, events)
    return { product: saved, changed: true }
  }

  const importOne = async (sellerId: string, before: Product | null, item: ImportProduct): Promise<ImportedProduct> => {
    try {
      const { product, changed } = await write(sellerId, before, item)
      const outcome = changed ? (before ? 'UPDATED' : 'CREATED') : 'UNCHANGED'
      return {
        handle: item.handle,
        outcome,
        message: null,
        variants: product.variants.map(({ id, sku }) => ({ id, sku })),
      }
    } catch (error) {
      const refused = takenBy(error)
      if (!isShopError(refused)) throw error
      const message = refused.problems
        .map((problem) => `${problem.field?.slice(1).join('.') ?? ''} ${problem.message}`.trim())
        .join(' ')
      return { handle: item.handle, outcome: 'REFUSED', message, variants: [] }
    }
  }

  return {
    importProducts: async (sellerId: string, items: readonly ImportProduct[]): Promise<ImportedProduct[]> => {
      if (items.length > maxBatch)
        throw new ShopError('LIMIT_EXCEEDED', `At most ${maxBatch} products at once.`, ['input', 'products'])
      const handles = items.map(({ handle }) => handle)
      const existing = new Map((await products.bySlugs(handles, 'all')).map((product) => [product.slug, product]))
      return Promise.all(items.map((item) => importOne(sellerId, existing.get(item.handle) ?? null, item)))
    },
  }
}
