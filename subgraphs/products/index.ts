import { createHash } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import type { Millis } from '#kernel/time.ts'
import { makeIdempotency } from '#platform/idempotency/idempotency.ts'
import { makeIdempotencyModel } from '#platform/idempotency/mongo.ts'
import { defineSubgraph } from '#platform/subgraph.ts'
import { makeJobs } from './jobs.ts'
import { makeLoaders } from './loaders.ts'
import { makeCatalogue } from './model/catalogue.ts'
import { makeCategoryModel } from './model/categories.ts'
import { makeLocationModel } from './model/locations.ts'
import { makeProductModel } from './model/products.ts'
import { makeStockModel } from './model/stock/stock.ts'
import { makeResolvers } from './resolvers.ts'
import { makeAdjusting } from './service/adjusting.ts'
import { makeBrowsing } from './service/browsing.ts'
import { makeImporting } from './service/importing.ts'
import { makeLocations } from './service/locations.ts'
import { makeRecording } from './service/recording.ts'
import { makeSelling } from './service/selling.ts'
import { makeStockService } from './service/stock.ts'
import { makeWatching } from './service/watching.ts'

const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64url')

/** The catalogue and its stock. */
export const products = defineSubgraph({
  name: 'products',
  folder: import.meta.dirname,
  build: ({ database, clock, ids, bus, cache, log, config }) => {
    const model = makeProductModel(database, { clock, ids, bus })
    const categories = makeCategoryModel(database)
    const stockModel = makeStockModel(database, { clock, ids, bus })
    const locationModel = makeLocationModel(database, { clock, ids, bus })
    const locations = makeLocations({ locations: locationModel, stock: stockModel })
    const catalogue = makeCatalogue({ products: model, stock: stockModel, bus, cache, clock })
    const deps = { products: model, categories, stock: stockModel, locations, clock, ids }
    const keys = makeIdempotencyModel(database)
    const pause = (ms: Millis) => setTimeout(ms)
    const idempotency = makeIdempotency({ store: keys.store, clock, hash: sha256, pause })
    const stock = makeStockService({ stock: stockModel, clock, pause })
    const watching = makeWatching({ stock: stockModel, products: model, bus, clock, log, pollMs: config.feedPollMs })
    return {
      resolvers: makeResolvers({
        browsing: makeBrowsing({ ...deps, catalogue }),
        selling: makeSelling(deps),
        importing: makeImporting(deps),
        stock,
        adjusting: makeAdjusting({ stock: stockModel, locations, idempotency, clock }),
        locations,
        watching,
        clock,
      }),
      loaders: (viewer) => makeLoaders({ catalogue, locations: locationModel }, viewer),
      models: [model.model, categories.model, locationModel.model, stockModel.model, keys.model],
      outboxes: [model.store.outbox, locationModel.store.outbox, stockModel.outbox, stockModel.availability],
      jobs: makeJobs(stock, locations),
      prepare: locations.prepare,
      records: makeRecording(stockModel),
    }
  },
})
