import type { Clock } from '#kernel/time.ts'
import type { SubgraphEndpoint } from './call.ts'
import type { Endpoints } from './caller.ts'
import type { Config, SubgraphName } from './config.ts'
import { remoteEndpoint } from './endpoint.ts'
import type { Log } from './log.ts'
import { protectEndpoint } from './protectedEndpoint.ts'
import { spreadOver } from './replicas.ts'

export interface EndpointsDeps {
  readonly config: Pick<Config, 'units' | 'subgraphUrls'>
  /** The subgraphs of this process, as they come up. */
  readonly running: ReadonlyMap<SubgraphName, SubgraphEndpoint>
  readonly clock: Clock
  readonly log: Log
}

/** Subgraphs of this process are called directly, the others over the network; both with the same signed calls. */
export const makeEndpoints = ({ config, running, clock, log }: EndpointsDeps) => {
  const remote = new Map<SubgraphName, SubgraphEndpoint>()
  const endpointOf: Endpoints = (name) => {
    const local = config.units.includes(name) ? running.get(name) : undefined
    if (local) return local
    const known = remote.get(name)
    if (known) return known
    const urls = config.subgraphUrls[name]
    const isOneOfMany = urls.length > 1
    const replicas = urls.map((url) => protectEndpoint(remoteEndpoint(url), { name, clock, log, isOneOfMany }))
    const endpoint = spreadOver(replicas, clock)
    remote.set(name, endpoint)
    return endpoint
  }
  return {
    name: 'endpoints',
    of: endpointOf,
    stop: async (): Promise<void> => {
      await Promise.all([...remote.values()].map((endpoint) => endpoint.stop()))
    },
  }
}
