import type { Clock } from '#kernel/time.ts'
import type { Bus } from '#platform/bus/bus.ts'
import type { Cache } from '#platform/cache/cache.ts'
import { makeCopies } from '#platform/cache/copies.ts'
import { endWhenChanged } from '#platform/cache/invalidation.ts'
import type { PriceDocument, PriceModel } from './prices.ts'

export interface ShownPricesDeps {
  readonly prices: Pick<PriceModel, 'byIds' | 'outbox'>
  readonly bus: Bus
  readonly cache: Cache
  readonly clock: Clock
}

/**
 * Prices as they are shown to those who browse, all currencies of a variant together: copies that are a second old at most, or as old as
 * they are, and noted, while the database is away. Quotes, and with them carts and orders, read the model.
 */
export const makeShownPrices = ({ prices, bus, ...deps }: ShownPricesDeps) => {
  const copies = makeCopies<PriceDocument>({ ...deps, name: 'prices' })
  endWhenChanged({ bus, topic: 'prices changed', outbox: prices.outbox, copies: [copies] })
  return { byIds: (variantIds: readonly string[]) => copies.read(variantIds, prices.byIds) }
}

export type ShownPrices = ReturnType<typeof makeShownPrices>
