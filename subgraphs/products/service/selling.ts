import { refuseIfAny, ShopError } from '#kernel/errors.ts'
import { type Ids, parseId } from '#kernel/id.ts'
import type { Clock } from '#kernel/time.ts'
import { hasRole, type User } from '#platform/auth.ts'
import { duplicateKeyFields } from '#platform/mongo.ts'
import {
  applyContent,
  checkContent,
  createProduct,
  type Product,
  type ProductContent,
  publish,
  type VariantInput,
} from '../domain/product.ts'
import type { CategoryModel } from '../model/categories.ts'
import type { ProductModel } from '../model/products.ts'
import type { StockModel } from '../model/stock.ts'

export interface SellingDeps {
  readonly products: ProductModel
  readonly categories: CategoryModel
  readonly stock: StockModel
  readonly clock: Clock
  readonly ids: Ids
}

/** Turns the verdict of a unique index into the refusal it means; other errors pass. */
export const takenBy = (error: unknown): unknown => {
  const fields = duplicateKeyFields(error)
  if (fields.includes('slug')) return new ShopError('SLUG_TAKEN', 'Another product has this slug.', ['input', 'slug'])
  if (fields.includes('variants.sku'))
    return new ShopError('SKU_TAKEN', 'Another product has one of these SKUs.', ['input', 'variants'])
  return error
}

/** Stock lines for the variants of a product that were not there before. */
export const stockOfNew = (before: Product | null, after: Product, inputs: readonly VariantInput[]) =>
  after.variants
    .filter((variant) => !before?.variants.some(({ id }) => id === variant.id))
    .map((variant) => ({
      variantId: variant.id,
      quantity: inputs.find(({ sku }) => sku === variant.sku)?.initialStock ?? 0,
    }))

/**
 * Gives new variants the same ids in every round of an update: when a conflict makes it decide again, stock for them exists already.
 * Call the result once per round; what it returns is called once per new variant.
 */
export const rememberIds = (next: () => string) => {
  const known: string[] = []
  return () => {
    let used = 0
    return () => {
      known[used] ??= next()
      used += 1
      return known[used - 1] ?? ''
    }
  }
}

const foreign = (): ShopError => new ShopError('NOT_FOUND', 'There is no such product.', ['input', 'id'])

/** What sellers do with their products; an admin may do it with any. */
export const makeSelling = ({ products, categories, stock, clock, ids }: SellingDeps) => {
  const making = () => ({ now: clock.now(), newVariantId: () => ids.next('var') })

  /** Default deny: somebody else's product looks like none. */
  const own = (seller: User, product: Product): Product => {
    if (product.sellerId !== seller.id && !hasRole(seller, 'ADMIN')) throw foreign()
    return product
  }

  /** Stock and categories first: without their product they are harmless, the other way round something would be missing. */
  const prepare = async (before: Product | null, after: Product, content: ProductContent): Promise<void> => {
    await Promise.all([
      categories.add(after.categories),
      stock.create(after.sellerId, stockOfNew(before, after, content.variants ?? [])),
    ])
  }

  return {
    createProduct: async (seller: User, content: ProductContent): Promise<Product> => {
      refuseIfAny(checkContent(content))
      const product = createProduct({ id: ids.next('prod'), sellerId: seller.id, status: 'DRAFT' }, content, making())
      await prepare(null, product, content)
      return products.store.insert(product).catch((error) => {
        throw takenBy(error)
      })
    },

    updateProduct: async (seller: User, id: string, content: ProductContent): Promise<Product> => {
      refuseIfAny(checkContent(content))
      const current = await products.store.get(parseId('prod', id, ['input', 'id']))
      if (!current) throw foreign()
      const newVariantId = rememberIds(() => ids.next('var'))
      const decide = (product: Product): Product =>
        applyContent(own(seller, product), content, { now: clock.now(), newVariantId: newVariantId() })
      await prepare(current, decide(current), content)
      return products.store
        .update(id, (product) => {
          const state = decide(product)
          return state === product ? null : { state }
        })
        .catch((error) => {
          throw takenBy(error)
        })
    },

    /** Publishing what is published changes nothing. */
    publishProduct: (seller: User, id: string): Promise<Product> =>
      products.store.update(parseId('prod', id, ['input', 'id']), (product) => {
        const state = publish(own(seller, product), clock.now())
        const event = { type: 'ProductPublished', payload: { productId: id, sellerId: product.sellerId } }
        return state === product ? null : { state, events: [event] }
      }),
  }
}
