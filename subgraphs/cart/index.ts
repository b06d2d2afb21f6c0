import { defineSubgraph, type SubgraphDeps } from '#platform/subgraph.ts'
import { makePricingClient, makeProductsClient, type PricingClient, type ProductsClient } from './clients.ts'
import { makeConsumers } from './consumers.ts'
import { makeLoaders } from './loaders.ts'
import { makeCartModel } from './model/carts.ts'
import { makeNewsModel } from './model/news.ts'
import { makeResolvers } from './resolvers.ts'
import { makeCheckout } from './service/checkout.ts'
import { makeCurrent } from './service/current.ts'
import { makeNews } from './service/news.ts'
import { makeShopping } from './service/shopping.ts'
import { makeWatching } from './service/watching.ts'

export interface Siblings {
  readonly products: ProductsClient
  readonly pricing: PricingClient
}

/** The parts of the subgraph over its siblings; tests pass siblings of their own. */
export const buildCart = (deps: SubgraphDeps, { products, pricing }: Siblings) => {
  const { bus, cache, clock, config, database, ids, log } = deps
  const carts = makeCartModel(database, { bus, clock, ids })
  const current = makeCurrent({ carts, clock })
  const shopping = makeShopping({ carts, current, products, cache, clock, ids, currency: config.currency })
  const checkout = makeCheckout({ carts, current, clock })
  const newsModel = makeNewsModel(database, bus)
  const news = makeNews({ carts, news: newsModel, bus, clock, log, pollMs: config.feedPollMs })
  const watching = makeWatching({ carts, current, news, bus, log, pollMs: config.feedPollMs })
  return {
    resolvers: makeResolvers({ shopping, checkout, watching }),
    loaders: () => makeLoaders({ carts, products, pricing }),
    models: [carts.model, newsModel.model],
    outboxes: [carts.outbox],
    consumers: makeConsumers(checkout, news),
  }
}

/** What a shopper is about to order. */
export const cart = defineSubgraph({
  name: 'cart',
  folder: import.meta.dirname,
  build: (deps) => {
    // Less than the gateway waits for this subgraph, so that a silent sibling costs the totals, not the whole cart.
    const patience = Math.floor(deps.config.subgraphTimeoutMs * 0.8)
    const products = makeProductsClient(deps.call, patience)
    return buildCart(deps, { products, pricing: makePricingClient(deps.call, patience) })
  },
})
