import { type Member, planFleet, portsOf } from '../../commands/fleet/plan.ts'
import type { SubgraphName } from '../../platform/config.ts'

/** Subgraphs that share a process: a machine of two cores has enough of them. */
const together: readonly (readonly SubgraphName[])[] = [
  ['users', 'pricing', 'cart'],
  ['products'],
  ['orders'],
  ['payments'],
]

const shapeOf = (copies: number) => ({ gateways: copies, each: copies, workers: copies, together: false })

export const portsFor = (copies: number): number => portsOf(shapeOf(copies))

/** Several members of a fleet as one process. */
const joined = (members: readonly Member[], name: string): Member => ({
  name,
  units: members.flatMap(({ units }) => units),
  probeUrl: members[0]?.probeUrl ?? '',
  env: Object.assign({}, ...members.map(({ env }) => env)),
})

/** The processes of a shop with so many of each, `orders` or `orders-1`, `orders-2`; and the environment that all of them share. */
export const planMembers = (copies: number, ports: readonly number[]) => {
  const plan = planFleet(shapeOf(copies), ports)
  const nameOf = (name: string, index: number): string => (copies === 1 ? name : `${name}-${index + 1}`)
  const subgraphs = together.flatMap((names) =>
    Array.from({ length: copies }, (_, index) => {
      const members = plan.subgraphs.filter(({ name }) => names.some((one) => name === `${one}-${index + 1}`))
      return joined(members, nameOf(names.join('+'), index))
    }),
  )
  return {
    members: [
      ...plan.gateways.map((member, index) => ({ ...member, name: nameOf('gateway', index) })),
      ...subgraphs,
      ...plan.workers.map((member, index) => ({ ...member, name: nameOf('workers', index) })),
    ],
    gateways: plan.gateways.map(({ probeUrl }) => probeUrl),
    env: plan.env,
  }
}
