import { ShopError } from '#kernel/errors.ts'
import { parseId } from '#kernel/id.ts'
import type { Clock, Millis } from '#kernel/time.ts'
import type { Viewer } from '#platform/auth.ts'
import type { Bus } from '#platform/bus/bus.ts'
import { type Listen, listenTo, makeFeed } from '#platform/feed.ts'
import type { Log } from '#platform/log.ts'
import { makeSharedPoll } from '#platform/sharedPoll.ts'
import { type Stock, unitsLeft } from '../domain/stock.ts'
import { type ProductModel, visibilityFor } from '../model/products.ts'
import { type StockModel, stockTopic } from '../model/stock.ts'

export interface WatchingDeps {
  readonly stock: StockModel
  readonly products: ProductModel
  readonly bus: Bus
  readonly clock: Clock
  readonly log: Log
  readonly pollMs: number
}

/** The availability of a variant has changed; read anew when it is told. */
export interface StockChange {
  readonly seq: number
  readonly variantId: string
}

const maxVariants = 50

/** A sale changes the stock of a variant hundreds of times a second; nobody reads faster than this. */
const rest: Millis = 100

/** Live views of stock. */
export const makeWatching = ({ stock, products, bus, clock, log, pollMs }: WatchingDeps) => {
  const poll = makeSharedPoll({ everyMs: pollMs, read: stock.versionsOf, log })

  const shownOf = async (variantIds: readonly string[], viewer: Viewer): Promise<ReadonlySet<string>> => {
    const found = variantIds.length > 0 ? await products.byVariantIds(variantIds, visibilityFor(viewer)) : []
    return new Set(found.flatMap(({ variants }) => variants.map(({ id }) => id)))
  }

  return {
    /**
     * First the present state of each variant, then each change of its availability. Several changes in quick succession come as
     * one: the latest state. What changes behind the availability (a hold that becomes a sale) is not told, and a variant that
     * the viewer may not see is as silent as one that does not exist.
     * @throws ShopError BAD_USER_INPUT (variantIds)
     */
    stockChanged: (variantIds: readonly string[], viewer: Viewer) => {
      if (variantIds.length === 0 || variantIds.length > maxVariants) {
        throw new ShopError('BAD_USER_INPUT', `Watch 1 to ${maxVariants} variants.`, ['variantIds'])
      }
      const ids = [...new Set(variantIds.map((id) => parseId('var', id, ['variantIds'])))]
      const read = new Map<string, number>()
      const told = new Map<string, number>()

      const isNews = (row: Stock): boolean => told.get(row._id) !== unitsLeft(row, clock.now())

      const changes = async (): Promise<StockChange[]> => {
        const rows = await stock.byIds(ids)
        for (const row of rows) read.set(row._id, row.v)
        const news = rows.filter(isNews)
        const shown = await shownOf(
          news.map(({ _id }) => _id),
          viewer,
        )
        const visible = news.filter(({ _id }) => shown.has(_id))
        for (const row of visible) told.set(row._id, unitsLeft(row, clock.now()))
        return visible.map((row) => ({ seq: row.v, variantId: row._id }))
      }

      /** The numbers of several variants are none of the feed: what counts is whether this one was read already. */
      const listen: Listen = (hear) => {
        const leaves = ids.map((id) =>
          listenTo(bus, stockTopic(id), { poll, id })((seq) => {
            if (seq === undefined || seq !== (read.get(id) ?? 0)) hear()
          }),
        )
        return () => {
          for (const leave of leaves) leave()
        }
      }
      return makeFeed({ listen, after: null, read: changes, restMs: rest, log })
    },
  }
}
