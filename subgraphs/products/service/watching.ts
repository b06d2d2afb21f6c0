import { ShopError } from '#kernel/errors.ts'
import { parseId } from '#kernel/id.ts'
import type { Clock, Millis } from '#kernel/time.ts'
import type { Viewer } from '#platform/auth.ts'
import type { Bus } from '#platform/bus/bus.ts'
import { type Listen, listenTo, makeFeed } from '#platform/feed.ts'
import type { Log } from '#platform/log.ts'
import { makeSharedPoll } from '#platform/sharedPoll.ts'
import { type Part, sellable } from '../domain/bundle.ts'
import { unitsLeft } from '../domain/stock.ts'
import { type ProductModel, visibilityFor } from '../model/products.ts'
import { stockTopic } from '../model/stock/changes.ts'
import type { StockModel } from '../model/stock/stock.ts'

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

  /** What a variant is sold from: its own stock, or that of its parts. */
  const watchedOf = async (ids: readonly string[]): Promise<{ id: string; parts: readonly Part[] }[]> => {
    const found = await products.byVariantIds(ids, 'all')
    const bundles = new Map(found.flatMap(({ variants }) => variants.map(({ id, parts = [] }) => [id, parts] as const)))
    return ids.map((id) => ({ id, parts: bundles.get(id) ?? [] }))
  }

  return {
    /**
     * First the present state of each variant, then each change of its availability. Several changes in quick succession come as
     * one: the latest state. What changes behind the availability (a hold that becomes a sale) is not told, and a variant that
     * the viewer may not see is as silent as one that does not exist.
     * @throws ShopError BAD_USER_INPUT (variantIds)
     */
    stockChanged: async (variantIds: readonly string[], viewer: Viewer) => {
      if (variantIds.length === 0 || variantIds.length > maxVariants) {
        throw new ShopError('BAD_USER_INPUT', `Watch 1 to ${maxVariants} variants.`, ['variantIds'])
      }
      const ids = [...new Set(variantIds.map((id) => parseId('var', id, ['variantIds'])))]
      const watched = await watchedOf(ids)
      const stocked = [...new Set(watched.flatMap(({ id, parts }) => [id, ...parts.map(({ variantId }) => variantId)]))]
      const read = new Map<string, number>()
      const told = new Map<string, number>()

      const changes = async (): Promise<StockChange[]> => {
        const rows = new Map((await stock.byIds(stocked)).map((row) => [row.variantId, row]))
        for (const { variantId, v } of rows.values()) read.set(variantId, v)
        const leftOf = (id: string): number => unitsLeft(rows.get(id) ?? null, clock.now())
        const news = watched
          .filter(({ id }) => rows.has(id))
          .map((variant) => ({ ...variant, left: sellable(variant, leftOf) }))
          .filter(({ id, left }) => told.get(id) !== left)
        const shown = await shownOf(
          news.map(({ id }) => id),
          viewer,
        )
        const visible = news.filter(({ id }) => shown.has(id))
        for (const { id, left } of visible) told.set(id, left)
        // Of a bundle every change of a part counts, so their numbers are summed: it rises with each of them.
        const versionOf = (id: string): number => rows.get(id)?.v ?? 0
        return visible.map(({ id, parts }) => ({
          seq: parts.reduce((sum, { variantId }) => sum + versionOf(variantId), versionOf(id)),
          variantId: id,
        }))
      }

      /** The numbers of several variants are none of the feed: what counts is whether this one was read already. */
      const listen: Listen = (hear) => {
        const leaves = stocked.map((id) =>
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
