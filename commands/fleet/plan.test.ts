import { expect, test } from 'vitest'
import { readConfig, subgraphNames } from '../../platform/config.ts'
import { planFleet, portsOf } from './plan.ts'

const ports = Array.from({ length: 40 }, (_, index) => 5_000 + index)
const database = { MONGODB_URL: 'mongodb://127.0.0.1:1/' }

test('given two of each, then every unit runs twice, each process at a port of its own', () => {
  const shape = { gateways: 2, each: 2, workers: 2, together: false }
  const { subgraphs, workers, gateways } = planFleet(shape, ports)
  const all = [...subgraphs, ...workers, ...gateways]
  expect(all.map(({ name }) => name).toSorted()).toEqual(
    [...subgraphNames, 'workers', 'gateway'].flatMap((name) => [`${name}-1`, `${name}-2`]).toSorted(),
  )
  expect(new Set(all.map(({ probeUrl }) => probeUrl)).size).toBe(all.length)
  expect(portsOf(shape)).toBe(all.length)
})

test.each([false, true])(
  'given subgraphs together: %s, when each process reads its configuration, then it listens where it is probed and where the others look',
  (together) => {
    const { subgraphs, gateways, env } = planFleet({ gateways: 1, each: 2, workers: 1, together }, ports)
    const gateway = readConfig({ ...database, ...env, ...gateways[0]!.env }, ['gateway'])
    expect(subgraphs).toHaveLength(together ? 2 : 12)
    for (const member of subgraphs) {
      const config = readConfig({ ...database, ...env, ...member.env }, member.units)
      for (const name of subgraphNames.filter((unit) => member.units.includes(unit))) {
        expect(config.subgraphUrls[name]).toHaveLength(1)
        expect(gateway.subgraphUrls[name]).toContain(config.subgraphUrls[name][0])
      }
      expect(config.subgraphUrls[subgraphNames.find((unit) => member.units.includes(unit))!][0]).toBe(
        `${member.probeUrl}/graphql`,
      )
    }
    for (const name of subgraphNames) expect(gateway.subgraphUrls[name]).toHaveLength(2)
  },
)
