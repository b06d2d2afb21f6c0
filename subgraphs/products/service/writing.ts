import { ShopError } from '#kernel/errors.ts'
import { duplicateKeyFields } from '#platform/mongo.ts'
import { mainLocation } from '../domain/location.ts'
import type { Product, ProductContent, VariantInput } from '../domain/product.ts'
import type { CategoryModel } from '../model/categories.ts'
import type { ProductModel } from '../model/products.ts'
import type { FirstStock, StockModel } from '../model/stock/stock.ts'
import { refuseForeignParts } from './bundling.ts'
import type { Locations } from './locations.ts'

const slugTaken = () => new ShopError('SLUG_TAKEN', 'Another product has this slug.', ['input', 'slug'])
const skuTaken = () => new ShopError('SKU_TAKEN', 'Another product has one of these SKUs.', ['input', 'variants'])

/** Turns the verdict of a unique index into the refusal it means; other errors pass. */
export const takenBy = (error: unknown): unknown => {
  const fields = duplicateKeyFields(error)
  if (fields.includes('slug')) return slugTaken()
  return fields.includes('variants.sku') ? skuTaken() : error
}

/** The same beforehand: what is refused leaves neither stock nor a category behind. Between rivals at one moment the indexes decide. */
const refuseTaken = async (products: Pick<ProductModel, 'takenFrom'>, product: Product): Promise<void> => {
  const taken = await products.takenFrom(product)
  if (taken.slug) throw slugTaken()
  if (taken.sku) throw skuTaken()
}

/** What the variants of a product that were not there before have on hand. */
const unitsOfNew = (before: Product | null, after: Product, inputs: readonly VariantInput[]) =>
  after.variants
    .filter((variant) => !before?.variants.some(({ id }) => id === variant.id))
    .map((variant) => {
      const index = inputs.findIndex(({ sku }) => sku === variant.sku)
      const { initialStock = 0, location } = inputs[index] ?? {}
      const field = ['input', 'variants', String(index), 'location']
      return { variantId: variant.id, quantity: initialStock, code: location ?? mainLocation._id, field }
    })

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
  readonly products: Pick<ProductModel, 'byVariantIds' | 'takenFrom'>
  readonly categories: CategoryModel
  readonly stock: StockModel
  readonly locations: Pick<Locations, 'named'>
}

type Units = ReturnType<typeof unitsOfNew>

/** The units with their locations; every variant has a place at the main one, which is where forgotten claims go back to. */
const placed = async ({ named }: Pick<Locations, 'named'>, units: Units): Promise<FirstStock[]> => {
  const wanted = new Map([
    [mainLocation._id, [] as string[]],
    ...units.map(({ code, field }) => [code, field] as const),
  ])
  const known = new Map(
    await Promise.all([...wanted].map(async ([code, field]) => [code, await named(code, field)] as const)),
  )
  const at = (variantId: string, code: string, quantity: number): FirstStock[] => {
    const location = known.get(code)
    return location ? [{ variantId, location, quantity }] : []
  }
  return units.flatMap(({ variantId, code, quantity }) => [
    ...at(variantId, code, quantity),
    ...(code === mainLocation._id ? [] : at(variantId, mainLocation._id, 0)),
  ])
}

/**
 * Makes what a product needs before it is written: stock of its new variants and its categories. In this order, because without
 * their product they are harmless; the other way round something would be missing.
 */
export const makePrepare =
  ({ products, categories, stock, locations }: WritingDeps) =>
  async (before: Product | null, after: Product, { variants }: ProductContent): Promise<void> => {
    await refuseForeignParts(products, after.sellerId, variants ?? [])
    const units = unitsOfNew(before, after, variants ?? [])
    const places = units.length > 0 ? await placed(locations, units) : []
    await refuseTaken(products, after)
    await Promise.all([categories.add(after.categories), stock.open(after.sellerId, places)])
  }
