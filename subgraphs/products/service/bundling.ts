import { type Problem, refuseIfAny } from '#kernel/errors.ts'
import type { Product, VariantInput } from '../domain/product.ts'
import type { ProductModel } from '../model/products.ts'

const problem = (path: readonly (string | number)[], message: string): Problem => ({
  code: 'NOT_FOUND',
  message,
  field: ['input', 'variants', ...path.map(String), 'variantId'],
})

/**
 * Refuses bundles of what is not there to be bundled: parts are variants of the same seller, and no bundles themselves, so that what
 * an order takes is known without looking twice.
 * @throws ShopError NOT_FOUND naming each part
 */
export const refuseForeignParts = async (
  products: Pick<ProductModel, 'byVariantIds'>,
  sellerId: string,
  variants: readonly VariantInput[],
): Promise<void> => {
  const stated = variants.flatMap(({ parts }, index) =>
    (parts ?? []).map(({ variantId }, part) => ({ variantId, path: [index, 'parts', part] })),
  )
  if (stated.length === 0) return
  const found = await products.byVariantIds([...new Set(stated.map(({ variantId }) => variantId))], 'all')
  const mayBe = (product: Product): string[] =>
    product.sellerId === sellerId ? product.variants.filter(({ parts }) => !parts).map(({ id }) => id) : []
  const known = new Set(found.flatMap(mayBe))
  refuseIfAny(
    stated
      .filter(({ variantId }) => !known.has(variantId))
      .map(({ path }) => problem(path, 'There is no such variant to make a bundle of.')),
  )
}
