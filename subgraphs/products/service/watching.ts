import { ShopError } from '#kernel/errors.ts'
import { parseId } from '#kernel/id.ts'
import type { Viewer } from '#platform/auth.ts'
import type { Bus } from '#platform/bus/bus.ts'
import { makeFeed } from '#platform/feed.ts'
import type { Log } from '#platform/log.ts'
import { type ProductModel, visibilityFor } from '../model/products.ts'
import { type StockModel, stockTopic } from '../model/stock.ts'

export interface WatchingDeps {
  readonly stock: StockModel
  readonly products: ProductModel
  readonly bus: Bus
  readonly log: Log
  readonly pollMs: number
}

const maxVariants = 50

/** Live views of stock. */
export const makeWatching = ({ stock, products, bus, log, pollMs }: WatchingDeps) => {
  const shownOf = async (variantIds: readonly string[], viewer: Viewer): Promise<ReadonlySet<string>> => {
    const found = variantIds.length > 0 ? await products.byVariantIds(variantIds, visibilityFor(viewer)) : []
    return new Set(found.flatMap(({ variants }) => variants.map(({ id }) => id)))
  }

  return {
    /**
     * First the present state of each variant, then each change. Several changes in quick succession may come as one: the latest state.
     * A variant that the viewer may not see is as silent as one that does not exist.
     */
    stockChanged: (variantIds: readonly string[], viewer: Viewer) => {
      if (variantIds.length === 0 || variantIds.length > maxVariants) {
        throw new ShopError('BAD_USER_INPUT', `Watch 1 to ${maxVariants} variants.`, ['variantIds'])
      }
      const ids = [...new Set(variantIds.map((id) => parseId('var', id, ['variantIds'])))]
      const seen = new Map<string, number>()
      const read = async () => {
        const changed = (await stock.byIds(ids)).filter((row) => row.v > (seen.get(row._id) ?? 0))
        const shown = await shownOf(
          changed.map(({ _id }) => _id),
          viewer,
        )
        const rows = changed.filter(({ _id }) => shown.has(_id))
        for (const row of rows) seen.set(row._id, row.v)
        return rows.map((row) => ({ seq: row.v, variantId: row._id }))
      }
      return makeFeed({ bus, topics: ids.map(stockTopic), pollMs, after: null, read, log })
    },
  }
}
