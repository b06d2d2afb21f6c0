import { defineSubgraph } from '#platform/subgraph.ts'
import { makeJobs } from './jobs.ts'
import { makeLoaders } from './loaders.ts'
import { makeCategoryModel } from './model/categories.ts'
import { makeProductModel } from './model/products.ts'
import { makeStockModel } from './model/stock.ts'
import { makeResolvers } from './resolvers.ts'
import { makeBrowsing } from './service/browsing.ts'
import { makeImporting } from './service/importing.ts'
import { makeRecording } from './service/recording.ts'
import { makeSelling } from './service/selling.ts'
import { makeStockService } from './service/stock.ts'
import { makeWatching } from './service/watching.ts'

/** The catalogue and its stock. */
export const products = defineSubgraph({
  name: 'products',
  folder: import.meta.dirname,
  build: ({ database, clock, ids, bus, log, config }) => {
    const model = makeProductModel(database, { clock, ids, bus })
    const categories = makeCategoryModel(database)
    const stockModel = makeStockModel(database, { clock, ids, bus })
    const deps = { products: model, categories, stock: stockModel, clock, ids }
    const stock = makeStockService(deps)
    const watching = makeWatching({ stock: stockModel, products: model, bus, clock, log, pollMs: config.feedPollMs })
    return {
      resolvers: makeResolvers({
        browsing: makeBrowsing(deps),
        selling: makeSelling(deps),
        importing: makeImporting(deps),
        stock,
        watching,
        clock,
      }),
      loaders: (viewer) => makeLoaders(model, stockModel, viewer),
      models: [model.model, categories.model, stockModel.model],
      outboxes: [model.store.outbox, stockModel.outbox, stockModel.availability],
      jobs: makeJobs(stock),
      records: makeRecording(stockModel),
    }
  },
})
