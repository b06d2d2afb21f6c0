import type { Model } from 'mongoose'
import { type Database, readAll } from '#platform/mongo.ts'
import { shareReads } from '#platform/sharedReads.ts'
import { makeStore, type StoreDeps } from '#platform/store.ts'
import type { Location } from '../../domain/location.ts'
import { byVariant, type Stock, type StockLine, type VariantStock } from '../../domain/stock.ts'
import type { OwnStock } from '../../domain/taking.ts'
import { makeAvailabilitySource } from '../availability.ts'
import { makeStockChanges } from './changes.ts'
import { makeFollowing } from './following.ts'
import { rowId, type StockRow, stockSchema } from './rows.ts'

const unseen = { restocks: 0, ended: 0, adjustments: 0, outbox: 0 } as const

/** What a place begins with. */
const empty = { v: 1, reserved: 0, adjusted: 0, sold: 0, holds: [], claims: [], restocks: [], adjustments: [] }

/** Units of a new variant, and where they are. */
export interface FirstStock extends StockLine {
  readonly location: Location
}

/** The stock of the shop, one document for each variant and location, and the only queries of this collection. */
export const makeStockModel = (database: Database, deps: StoreDeps) => {
  const model = database.model('Stock', stockSchema(), 'stock') as unknown as Model<StockRow>

  const read = async (variantIds: readonly string[], projection: object): Promise<StockRow[]> =>
    readAll<StockRow>(model, { variantId: { $in: variantIds } }, { projection })

  /** Everybody who watches a variant asks for it when it changes. */
  const readTogether = shareReads<VariantStock>({
    read: async (ids) => byVariant<Stock>(await read(ids, { ...unseen, claims: 0 })),
    keysOf: ({ variantId }) => [variantId],
  })

  const { outbox } = makeStore(model, 'stock', deps)

  const opening = (sellerId: string, { variantId, location, quantity }: FirstStock) => ({
    updateOne: {
      filter: { _id: rowId(variantId, location._id) },
      update: {
        $setOnInsert: {
          ...empty,
          variantId,
          location: location._id,
          priority: location.priority,
          isActive: location.isActive,
          locationV: location.v,
          sellerId,
          initial: quantity,
          available: quantity,
          soldOut: quantity === 0 || !location.isActive,
        },
      },
      upsert: true,
    },
  })

  return {
    model,
    ...makeStockChanges(model, { ...deps, outbox }),
    ...makeFollowing(model),
    outbox,
    availability: makeAvailabilitySource(model, deps.clock),

    byIds: (variantIds: readonly string[]): Promise<VariantStock[]> => readTogether(variantIds, undefined),

    /** The same with what one order has of them, by variant; a variant without stock has no entry. */
    ofOrder: async (orderId: string, variantIds: readonly string[]): Promise<ReadonlyMap<string, OwnStock>> => {
      const rows = await read(variantIds, {
        ...{ v: 1, variantId: 1, location: 1, priority: 1, isActive: 1, sellerId: 1 },
        ...{ available: 1, reserved: 1, holds: 1 },
        claims: { $elemMatch: { orderId } },
        restocks: { $elemMatch: { $eq: orderId } },
        ended: { $elemMatch: { $eq: orderId } },
      })
      return new Map(byVariant(rows).map((stock) => [stock.variantId, stock]))
    },

    /** The number of each one's last change. */
    versionsOf: async (variantIds: readonly string[]): Promise<ReadonlyMap<string, number>> => {
      const rows = await read(variantIds, { v: 1, variantId: 1 })
      const versions = new Map<string, number>()
      for (const { variantId, v } of rows) versions.set(variantId, (versions.get(variantId) ?? 0) + v)
      return versions
    },

    /** Opens places of variants; those that are there stay as they are. */
    open: async (sellerId: string, stocks: readonly FirstStock[]): Promise<void> => {
      if (stocks.length === 0) return
      await model.bulkWrite(stocks.map((stock) => opening(sellerId, stock)) as never, { ordered: false })
    },

    adjustmentOf: async (place: string, key: string): Promise<number | null> => {
      const row = await model.findOne({ _id: place, 'adjustments.key': key }, { adjustments: 1 }).lean<StockRow>()
      return row?.adjustments.find((adjustment) => adjustment.key === key)?.delta ?? null
    },

    /** Every row, for the record. */
    all: (): Promise<StockRow[]> => readAll<StockRow>(model, {}, { projection: { adjustments: 0, outbox: 0 } }),

    withExpiredHolds: async (now: number, limit: number): Promise<Stock[]> =>
      model
        .find({ 'holds.expiresAt': { $lte: now } }, { variantId: 1, holds: 1 })
        .limit(limit)
        .lean<Stock[]>(),
  }
}

export type StockModel = ReturnType<typeof makeStockModel>
