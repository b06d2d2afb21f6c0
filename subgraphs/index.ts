import type { SubgraphName } from '#platform/config.ts'
import type { SubgraphDefinition } from '#platform/subgraph.ts'

/** All subgraphs, each loaded only where it runs. */
export const subgraphs: Readonly<Record<SubgraphName, () => Promise<SubgraphDefinition>>> = {
  users: async () => (await import('./users/index.ts')).users,
  products: async () => (await import('./products/index.ts')).products,
  pricing: async () => (await import('./pricing/index.ts')).pricing,
  cart: async () => (await import('./cart/index.ts')).cart,
  orders: async () => (await import('./orders/index.ts')).orders,
  payments: async () => (await import('./payments/index.ts')).payments,
}
