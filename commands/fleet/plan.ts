import { type SubgraphName, subgraphNames, type UnitName, urlVariable } from '#platform/config.ts'

/** How many of what a fleet has. */
export interface FleetShape {
  readonly gateways: number
  /** Processes of each subgraph. */
  readonly each: number
  readonly workers: number
  /** All six subgraphs share each of `each` processes: less memory, and six processes fewer to start. */
  readonly together: boolean
}

/** One process of the fleet: what it runs, where it answers probes, and what its environment has besides that of all. */
export interface Member {
  readonly name: string
  readonly units: readonly UnitName[]
  readonly probeUrl: string
  readonly env: Readonly<Record<string, string>>
}

const at = (port: number): string => `http://127.0.0.1:${port}`

/** Ports that a fleet of this shape needs. */
export const portsOf = ({ gateways, each, workers }: FleetShape): number =>
  gateways + each * subgraphNames.length + workers

/**
 * Every process of a fleet, in the order in which they depend on each other, and the environment that all of them share: where each
 * subgraph has its replicas. A process is told its own port by getting its own address alone.
 * @param ports as many as `portsOf` says
 */
export const planFleet = (shape: FleetShape, ports: readonly number[]) => {
  const left = [...ports]
  const next = (): number => left.shift() ?? 0
  const replicas = Array.from({ length: shape.each }, () => subgraphNames.map((name) => ({ name, port: next() })))
  const urlsOf = (name: SubgraphName): string =>
    replicas
      .flat()
      .filter((replica) => replica.name === name)
      .map(({ port }) => `${at(port)}/graphql`)
      .join(',')
  const own = (served: readonly { readonly name: SubgraphName; readonly port: number }[]): Member['env'] =>
    Object.fromEntries(served.map(({ name, port }) => [urlVariable(name), `${at(port)}/graphql`]))

  const subgraphs = replicas.flatMap((served, index): Member[] => {
    const groups = shape.together ? [served] : served.map((one) => [one])
    return groups.map((group) => ({
      name: `${shape.together ? 'subgraphs' : group[0]?.name}-${index + 1}`,
      units: group.map(({ name }) => name),
      probeUrl: at(group[0]?.port ?? 0),
      env: own(group),
    }))
  })
  const workers = Array.from({ length: shape.workers }, (_, index): Member => {
    const port = next()
    return {
      name: `workers-${index + 1}`,
      units: ['workers'],
      probeUrl: at(port),
      env: { WORKERS_PORT: String(port) },
    }
  })
  const gateways = Array.from({ length: shape.gateways }, (_, index): Member => {
    const port = next()
    return { name: `gateway-${index + 1}`, units: ['gateway'], probeUrl: at(port), env: { PORT: String(port) } }
  })
  return {
    subgraphs,
    workers,
    gateways,
    env: Object.fromEntries(subgraphNames.map((name) => [urlVariable(name), urlsOf(name)])),
  }
}
