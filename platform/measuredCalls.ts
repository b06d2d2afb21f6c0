import type { SubgraphEndpoint } from './call.ts'
import type { Endpoints } from './caller.ts'
import { metrics } from './metrics/table.ts'

/** The same endpoints, with each call to one counted and timed. */
export const measuredCalls = (endpoints: Endpoints): Endpoints => {
  const known = new Map<string, SubgraphEndpoint>()
  const make: Endpoints = (subgraph) => ({
    execute: async (call) => {
      const ended = metrics.subgraphCallDuration.startTimer({ subgraph })
      let outcome = 'failed'
      try {
        const response = await endpoints(subgraph).execute(call)
        outcome = response.result.errors ? 'errors' : 'answered'
        return response
      } finally {
        ended()
        metrics.subgraphCalls.inc({ subgraph, outcome })
      }
    },
    subscribe: (call) => endpoints(subgraph).subscribe(call),
    stop: () => endpoints(subgraph).stop(),
  })
  return (subgraph) => {
    const endpoint = known.get(subgraph) ?? make(subgraph)
    known.set(subgraph, endpoint)
    return endpoint
  }
}
