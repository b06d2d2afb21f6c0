import { isShopError, refuseIfAny, ShopError } from '#kernel/errors.ts'
import type { Ids } from '#kernel/id.ts'
import type { Clock } from '#kernel/time.ts'
import { actDone } from '#platform/audit.ts'
import type { Asker } from '#platform/context.ts'
import type { NewEvent } from '#platform/store.ts'
import {
  applyContent,
  checkContent,
  createProduct,
  type Product,
  type ProductContent,
  publish,
  unpublish,
} from '../domain/product.ts'
import type { CategoryModel } from '../model/categories.ts'
import type { ProductModel } from '../model/products.ts'
import type { StockModel } from '../model/stock/stock.ts'
import type { Locations } from './locations.ts'
import { makePrepare, rememberIds, takenBy } from './writing.ts'

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
  readonly locations: Pick<Locations, 'named'>
  readonly clock: Clock
  readonly ids: Ids
}

const maxBatch = 100

/** Whose products they are, and the act for the audit log, which goes with each product that changes. */
interface Import {
  readonly sellerId: string
  readonly act: NewEvent
}

/** An import matches products by handle and variants by SKU: the same content changes nothing. A refused product is refused whole. */
export const makeImporting = ({ products, categories, stock, locations, clock, ids }: ImportingDeps) => {
  const contentOf = ({ handle, published: _, ...content }: ImportProduct): ProductContent => ({
    ...content,
    slug: handle,
  })

  const published = (product: Product, wanted: boolean): Product =>
    wanted ? publish(product, clock.now()) : unpublish(product, clock.now())

  const eventsOf = (before: Product | null, after: Product, act: NewEvent): NewEvent[] =>
    after.status === 'PUBLISHED' && before?.status !== 'PUBLISHED'
      ? [{ type: 'ProductPublished', payload: { productId: after._id, sellerId: after.sellerId } }, act]
      : [act]

  const prepare = makePrepare({ products, categories, stock, locations })

  const create = async ({ sellerId, act }: Import, item: ImportProduct): Promise<Product> => {
    const making = { now: clock.now(), newVariantId: () => ids.next('var') }
    const draft = createProduct({ id: ids.next('prod'), sellerId, status: 'DRAFT' }, contentOf(item), making)
    const product = published(draft, item.published)
    await prepare(null, product, item)
    return products.store.insert(product, eventsOf(null, product, act))
  }

  /** The very same product when nothing differs. */
  const change = async ({ act }: Import, before: Product, item: ImportProduct): Promise<Product> => {
    const newVariantId = rememberIds(() => ids.next('var'))
    const decide = (product: Product): Product =>
      published(
        applyContent(product, contentOf(item), { now: clock.now(), newVariantId: newVariantId() }),
        item.published,
      )
    const after = decide(before)
    if (after === before) return before
    await prepare(before, after, item)
    return products.store.update(
      before._id,
      (product) => {
        const state = decide(product)
        return state === product ? null : { state, events: eventsOf(product, state, act) }
      },
      before,
    )
  }

  const write = async (
    given: Import,
    before: Product | null,
    item: ImportProduct,
  ): Promise<{ product: Product; changed: boolean }> => {
    refuseIfAny(checkContent(contentOf(item)))
    if (before && before.sellerId !== given.sellerId)
      throw new ShopError('SLUG_TAKEN', `Another seller has a product with the handle "${item.handle}".`)
    const product = before ? await change(given, before, item) : await create(given, item)
    return { product, changed: product !== before }
  }

  const importOne = async (given: Import, before: Product | null, item: ImportProduct): Promise<ImportedProduct> => {
    try {
      const { product, changed } = await write(given, before, item)
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
    importProducts: async (
      asker: Asker,
      sellerId: string,
      items: readonly ImportProduct[],
    ): Promise<ImportedProduct[]> => {
      if (items.length > maxBatch)
        throw new ShopError('LIMIT_EXCEEDED', `At most ${maxBatch} products at once.`, ['input', 'products'])
      const handles = items.map(({ handle }) => handle)
      const existing = new Map((await products.bySlugs(handles, 'all')).map((product) => [product.slug, product]))
      const given = { sellerId, act: actDone(asker, 'PRODUCTS_IMPORTED', sellerId, ids.next('evt')) }
      return Promise.all(items.map((item) => importOne(given, existing.get(item.handle) ?? null, item)))
    },
  }
}
