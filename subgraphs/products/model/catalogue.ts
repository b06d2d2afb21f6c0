import { createHash } from 'node:crypto'
import type { Page } from '#kernel/page.ts'
import type { Clock } from '#kernel/time.ts'
import type { Bus } from '#platform/bus/bus.ts'
import type { Cache } from '#platform/cache/cache.ts'
import { type Copies, makeCopies } from '#platform/cache/copies.ts'
import { endWhenChanged } from '#platform/cache/invalidation.ts'
import type { Product } from '../domain/product.ts'
import type { VariantStock } from '../domain/stock.ts'
import type { ProductConditions, ProductModel, ProductOrder, Visibility } from './products.ts'
import type { StockModel } from './stock/stock.ts'

export interface CatalogueDeps {
  readonly products: ProductModel
  readonly stock: Pick<StockModel, 'byIds'>
  readonly bus: Bus
  readonly cache: Cache
  readonly clock: Clock
}

/** A key of its own for each list, of bounded length. */
const keyOf = (...parts: readonly unknown[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('base64url')

const only = async <T>(copies: Copies<T>, key: string, load: () => Promise<T | null>): Promise<T | null> => {
  const found = await copies.read([key], async () => {
    const value = await load()
    return new Map(value === null ? [] : [[key, value]])
  })
  return found.get(key)?.value ?? null
}

/** Only what everybody may see is copied; who sees more reads the store. */
const isForAll = (visibility: Visibility): boolean => visibility === 'published'

/**
 * The catalogue as it is read by those who browse: published products from copies that are a second old at most, or as old as they are,
 * and noted, while the database is away. Availability is read anew each time; a copy of it stands in with its own time. What sells or
 * changes products reads the models.
 */
export const makeCatalogue = ({ products, stock, bus, ...deps }: CatalogueDeps) => {
  const rows = makeCopies<Product>({ ...deps, name: 'products' })
  const variants = makeCopies<Product>({ ...deps, name: 'variants' })
  const lists = makeCopies<readonly Product[]>({ ...deps, name: 'lists' })
  const counts = makeCopies<number>({ ...deps, name: 'counts' })
  const units = makeCopies<VariantStock>({ ...deps, name: 'units', freshFor: 0 })
  const copies = [rows, variants, lists, counts]
  endWhenChanged({ bus, topic: 'catalogue changed', outbox: products.store.outbox, copies })

  return {
    byIds: async (ids: readonly string[], visibility: Visibility): Promise<Product[]> => {
      if (!isForAll(visibility)) return products.byIds(ids, visibility)
      const load = async (keys: readonly string[]) =>
        new Map((await products.byIds(keys, visibility)).map((product) => [product._id, product]))
      return [...(await rows.read(ids, load)).values()].flatMap(({ value }) => value ?? [])
    },

    byVariantIds: async (ids: readonly string[], visibility: Visibility): Promise<Product[]> => {
      if (!isForAll(visibility)) return products.byVariantIds(ids, visibility)
      const load = async (keys: readonly string[]) => {
        const found = await products.byVariantIds(keys, visibility)
        return new Map(found.flatMap((product) => product.variants.map(({ id }) => [id, product] as const)))
      }
      return [...(await variants.read(ids, load)).values()].flatMap(({ value }) => value ?? [])
    },

    bySlug: async (slug: string, visibility: Visibility): Promise<Product | null> => {
      const load = async () => (await products.bySlugs([slug], visibility))[0] ?? null
      return isForAll(visibility) ? only(rows, `slug:${slug}`, load) : load()
    },

    page: async (filter: ProductConditions, order: ProductOrder, page: Page): Promise<readonly Product[]> => {
      const load = () => products.page(filter, order, page)
      return filter.status === 'PUBLISHED' ? ((await only(lists, keyOf(filter, order, page), load)) ?? []) : load()
    },

    count: async (filter: ProductConditions): Promise<number> => {
      const load = () => products.count(filter)
      return filter.status === 'PUBLISHED' ? ((await only(counts, keyOf(filter), load)) ?? 0) : load()
    },

    /** The stock of each variant that has some, with the time at which it was read. */
    stockOf: async (ids: readonly string[]) =>
      units.read(ids, async (keys) => new Map((await stock.byIds(keys)).map((found) => [found.variantId, found]))),
  }
}

export type Catalogue = ReturnType<typeof makeCatalogue>
