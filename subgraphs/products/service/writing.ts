import { ShopError } from '#kernel/errors.ts'
import { duplicateKeyFields } from '#platform/mongo.ts'
import type { Product, ProductContent, VariantInput } from '../domain/product.ts'
import type { CategoryModel } from '../model/categories.ts'
import type { ProductModel } from '../model/products.ts'
import type { StockModel } from '../model/stock.ts'
import { refuseForeignParts } from './bundling.ts'

/** Turns the verdict of a unique index into the refusal it means; other errors pass. */
export const takenBy = (error: unknown): unknown => {
  const fields = duplicateKeyFields(error)
  if (fields.includes('slug')) return new ShopError('SLUG_TAKEN', 'Another product has this slug.', ['input', 'slug'])
  if (fields.includes('variants.sku'))
    return new ShopError('SKU_TAKEN', 'Another product has one of these SKUs.', ['input', 'variants'])
  return error
}

/** Stock lines for the variants of a product that were not there before. */
const stockOfNew = (before: Product | null, after: Product, inputs: readonly VariantInput[]) =>
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

export interface WritingDeps {
  readonly products: Pick<ProductModel, 'byVariantIds'>
  readonly categories: CategoryModel
  readonly stock: StockModel
}

/**
 * Makes what a product needs before it is written: stock of its new variants and its categories. In this order, because without
 * their product they are harmless; the other way round something would be missing.
 */
export const makePrepare =
  ({ products, categories, stock }: WritingDeps) =>
  async (before: Product | null, after: Product, { variants }: ProductContent): Promise<void> => {
    await refuseForeignParts(products, after.sellerId, variants ?? [])
    await Promise.all([
      categories.add(after.categories),
      stock.create(after.sellerId, stockOfNew(before, after, variants ?? [])),
    ])
  }
