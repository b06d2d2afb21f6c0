import type { Clock, Millis } from '#kernel/time.ts'
import { type Lookup, lookupBySystem, watchAddresses } from './addresses.ts'
import type { SubgraphEndpoint } from './call.ts'
import type { Endpoints } from './caller.ts'
import type { Config, SubgraphName } from './config.ts'
import { remoteEndpoint } from './endpoint.ts'
import type { Log } from './log.ts'
import { keepMembers } from './members.ts'
import { protectEndpoint } from './protectedEndpoint.ts'
import { type Replicas, spreadOver } from './replicas.ts'

export interface EndpointsDeps {
  readonly config: Pick<Config, 'units' | 'subgraphUrls'>
  /** The subgraphs of this process, as they come up. */
  readonly running: ReadonlyMap<SubgraphName, SubgraphEndpoint>
  readonly clock: Clock
  readonly log: Log
  /** Finds the addresses of names, and how often; for tests that have names of their own. */
  readonly lookup?: Lookup
  readonly lookEveryMs?: Millis
}

/** Subgraphs of this process are called directly, the others over the network; both with the same signed calls. */
export const makeEndpoints = (deps: EndpointsDeps) => {
  const { config, running, clock, log, lookup = lookupBySystem, lookEveryMs: everyMs } = deps
  const addresses = watchAddresses({ lookup, log, ...(everyMs && { everyMs }) })
  const remote = new Map<SubgraphName, SubgraphEndpoint>()
  const endpointOf: Endpoints = (name) => {
    const local = config.units.includes(name) ? running.get(name) : undefined
    if (local) return local
    const known = remote.get(name)
    if (known) return known
    const members: Replicas = keepMembers({
      urls: config.subgraphUrls[name],
      addresses,
      open: (url, address) => {
        const isOneOfMany = (): boolean => members.all().length > 1
        const at = address ?? new URL(url).host
        return protectEndpoint(remoteEndpoint(url, address), { name, at, clock, log, isOneOfMany })
      },
    })
    const endpoint = spreadOver(members, clock)
    remote.set(name, endpoint)
    return endpoint
  }
  return {
    name: 'endpoints',
    of: endpointOf,
    stop: async (): Promise<void> => {
      addresses.stop()
      await Promise.all([...remote.values()].map((endpoint) => endpoint.stop()))
    },
  }
}
