import { type Millis, seconds } from '#kernel/time.ts'
import { type Addresses, isName } from './addresses.ts'
import type { SubgraphEndpoint } from './call.ts'
import type { Replicas } from './replicas.ts'

/** Who is gone from the name is given no more calls; what is under way there may end, which takes as long as a process may take to stop. */
const usualGrace: Millis = seconds(30)

export interface MembersDeps {
  readonly urls: readonly string[]
  /** Opens the process of a URL at one address; null: at the one that the system finds. */
  readonly open: (url: string, address: string | null) => SubgraphEndpoint
  readonly addresses: Pick<Addresses, 'watch'>
  readonly graceMs?: Millis
}

/**
 * The processes behind the URLs of a subgraph: one for each URL, or, where its host is a name, one for each address that the name has at the
 * moment. A pod that an autoscaler adds joins with the next look, one that is gone leaves.
 */
export const keepMembers = ({ urls, open, addresses, graceMs = usualGrace }: MembersDeps): Replicas => {
  const known = new Map<string, ReadonlyMap<string | null, SubgraphEndpoint>>()
  const leaving = new Map<SubgraphEndpoint, NodeJS.Timeout>()
  let all: readonly SubgraphEndpoint[] = []

  const dismiss = (endpoint: SubgraphEndpoint): void => {
    const end = (): void => {
      leaving.delete(endpoint)
      void endpoint.stop()
    }
    leaving.set(endpoint, setTimeout(end, graceMs).unref())
  }

  const become = (url: string, found: readonly (string | null)[]): void => {
    const before = known.get(url) ?? new Map<string | null, SubgraphEndpoint>()
    known.set(url, new Map(found.map((address) => [address, before.get(address) ?? open(url, address)])))
    for (const [address, endpoint] of before) if (!found.includes(address)) dismiss(endpoint)
    all = [...known.values()].flatMap((members) => [...members.values()])
  }

  for (const url of urls) {
    const { hostname } = new URL(url)
    // Nobody waits for the first look: until then the system finds one of them.
    become(url, [null])
    if (isName(hostname)) addresses.watch(hostname, (found) => become(url, found))
  }
  return {
    all: () => all,
    stop: async () => {
      for (const timer of leaving.values()) clearTimeout(timer)
      await Promise.all([...all, ...leaving.keys()].map((endpoint) => endpoint.stop()))
    },
  }
}
