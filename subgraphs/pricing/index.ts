import { createHash } from 'node:crypto'
import { defineSubgraph, type SubgraphDeps } from '#platform/subgraph.ts'
import { makeProductsClient, type ProductsClient } from './clients.ts'
import { shopRules } from './domain/rules.ts'
import { makeLoaders } from './loaders.ts'
import { makePriceModel } from './model/prices.ts'
import { makeShownPrices } from './model/shown.ts'
import { makeResolvers } from './resolvers.ts'
import { makePricing } from './service.ts'

const contentHash = (text: string): string => createHash('sha256').update(text).digest('base64url')

/** The parts of the subgraph over its siblings; tests pass siblings of their own. */
export const buildPricing = (deps: SubgraphDeps, products: ProductsClient) => {
  const { bus, cache, clock, config, database, ids } = deps
  const prices = makePriceModel(database, deps)
  const rules = { ...shopRules, currency: config.currency }
  const service = makePricing({ prices, products, rules, clock, ids, hash: contentHash })
  return {
    resolvers: makeResolvers(service, { clock, currency: config.currency }),
    loaders: makeLoaders(makeShownPrices({ prices, bus, cache, clock })),
    models: [prices.model],
    outboxes: [prices.outbox],
  }
}

export const pricing = defineSubgraph({
  name: 'pricing',
  folder: import.meta.dirname,
  build: (deps) => buildPricing(deps, makeProductsClient(deps.call)),
})
