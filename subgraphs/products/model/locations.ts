import type { Model } from 'mongoose'
import { type Database, readAll } from '#platform/mongo.ts'
import { aggregateSchema, insertOnce, makeStore, type Store, type StoreDeps } from '#platform/store.ts'
import { type Location, mainLocation, maxLocations } from '../domain/location.ts'

const schema = () => aggregateSchema({ name: String, priority: Number, isActive: Boolean })

/** The places that stock is kept at; a few documents. */
export const makeLocationModel = (database: Database, deps: StoreDeps) => {
  const model = database.model<Location>('Location', schema() as never, 'locations') as unknown as Model<Location>
  const store: Store<Location> = makeStore(model, 'location', deps)
  return {
    model,
    store,
    /** Those that are taken from first in front. */
    all: async (): Promise<Location[]> => {
      const found = await readAll<Location>(model, {}, { projection: { outbox: 0 }, limit: maxLocations })
      return found.toSorted((a, b) => a.priority - b.priority || (a._id < b._id ? -1 : 1))
    },
    /** The place that every shop has. */
    ensureMain: () => insertOnce(() => store.insert(mainLocation)),
  }
}

export type LocationModel = ReturnType<typeof makeLocationModel>
