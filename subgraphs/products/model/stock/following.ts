import type { Model } from 'mongoose'
import { readAll } from '#platform/mongo.ts'
import { type Location, mainLocation } from '../../domain/location.ts'
import type { StockRow } from './rows.ts'

/** Documents changed at once: an operation that is done in a fraction of its 2 s. */
const batch = 500

/**
 * Rows carry what their location says, so that reading and selling ask one document and not two. A change of a location is written
 * there first; then its rows follow, which may be cut off anywhere and goes on from there. A newer state is never overwritten by an older.
 */
export const makeFollowing = (model: Model<StockRow>) => ({
  /** All rows of a location say what it says. */
  follow: async ({ _id: location, v: locationV, priority, isActive }: Location): Promise<void> => {
    const behind = { location, locationV: { $lt: locationV } }
    for (;;) {
      const rows = await readAll<StockRow>(model, behind, { projection: { _id: 1 }, limit: batch })
      if (rows.length === 0) return
      const ids = rows.map(({ _id }) => _id)
      await model.updateMany(
        { _id: { $in: ids }, locationV: { $lt: locationV } } as never,
        { $set: { priority, isActive, locationV }, $inc: { v: 1 } } as never,
      )
    }
  },

  /** Rows of a time when a variant had one place become those of the main location; claims were the ids of their orders alone. */
  upgrade: async (): Promise<void> => {
    const { _id: location, v: locationV, priority, isActive } = mainLocation
    const place = { location, locationV, priority, isActive }
    for (;;) {
      const old = await readAll<StockRow>(model, { variantId: null } as never, {
        projection: { v: 1, claims: 1 },
        limit: batch,
      })
      if (old.length === 0) return
      const operations = old.map(({ _id, v, claims }) => ({
        updateOne: {
          filter: { _id, v },
          update: {
            $set: {
              ...place,
              variantId: _id,
              claims: (claims as unknown as readonly string[]).map((orderId) => ({ orderId })),
            },
            $inc: { v: 1 },
          },
        },
      }))
      await model.bulkWrite(operations as never, { ordered: false })
    }
  },
})
