import { ShopError } from '#kernel/errors.ts'
import { actDone } from '#platform/audit.ts'
import type { Asker } from '#platform/context.ts'
import { crashPoint } from '#platform/crashPoint.ts'
import { isDuplicateKey } from '#platform/mongo.ts'
import {
  changeLocation,
  createLocation,
  type Location,
  type LocationContent,
  maxLocations,
} from '../domain/location.ts'
import type { LocationModel } from '../model/locations.ts'
import type { StockModel } from '../model/stock/stock.ts'

export interface LocationsDeps {
  readonly locations: LocationModel
  readonly stock: Pick<StockModel, 'follow' | 'upgrade'>
}

const unknown = (field: readonly string[]): ShopError => new ShopError('NOT_FOUND', 'There is no such location.', field)

/** The places that stock is kept at; for admins, who say which there are. */
export const makeLocations = ({ locations, stock }: LocationsDeps) => ({
  all: (): Promise<Location[]> => locations.all(),

  /** @throws ShopError NOT_FOUND */
  named: async (code: string, field: readonly string[]): Promise<Location> => {
    const found = await locations.store.get(code)
    if (!found) throw unknown(field)
    return found
  },

  /** @throws ShopError BAD_USER_INPUT (also for a code that is taken), LIMIT_EXCEEDED */
  create: async (
    asker: Asker,
    { code, ...content }: LocationContent & { readonly code: string; readonly name: string },
  ): Promise<Location> => {
    const location = createLocation(code, content)
    if ((await locations.all()).length >= maxLocations)
      throw new ShopError('LIMIT_EXCEEDED', `A shop has at most ${maxLocations} locations.`, ['input', 'code'])
    try {
      return await locations.store.insert(location, [actDone(asker, 'STOCK_LOCATION_CREATED', code)])
    } catch (error) {
      if (!isDuplicateKey(error)) throw error
      throw new ShopError('BAD_USER_INPUT', 'Another location has this code.', ['input', 'code'])
    }
  },

  /**
   * When it answers, all stock of the location has followed; where it breaks off, `keepUp` or its repetition goes on.
   * @throws ShopError BAD_USER_INPUT, NOT_FOUND
   */
  update: async (
    asker: Asker,
    { code, ...content }: LocationContent & { readonly code: string },
  ): Promise<Location> => {
    const current = await locations.store.get(code)
    if (!current) throw unknown(['input', 'code'])
    const decide = (location: Location) => {
      const state = changeLocation(location, content)
      return state === location ? null : { state, events: [actDone(asker, 'STOCK_LOCATION_UPDATED', code)] }
    }
    const location = await locations.store.update(code, decide, current)
    await crashPoint('products.locationWritten')
    await stock.follow(location)
    return location
  },

  /** What a start and a broken change of a location have left to do; safe anywhere, any number of times. */
  keepUp: async (): Promise<void> => {
    for (const location of await locations.all()) await stock.follow(location)
  },

  /** The main location is there, and so is the stock of a shop that knew of no locations. */
  prepare: async (): Promise<void> => {
    await locations.ensureMain()
    await stock.upgrade()
  },
})

export type Locations = ReturnType<typeof makeLocations>
