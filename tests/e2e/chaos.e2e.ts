import { expect, test } from 'vitest'
import { runChaos } from '../chaos/chaos.ts'
import { scenarios } from '../chaos/scenarios.ts'
import { summary } from '../chaos/summary.ts'

// The long runs are `npm run test:chaos`, see docs/proof.md; this one shows that the machine runs, and what it finds at once.
test('given buyers while a process is killed, one is frozen, and the provider is away and has bad days, then every promise holds at rest (F2, F3, F4, F5, F6, F13, I13)', async () => {
  const told: string[] = []
  const tell = (line: string) => told.push(line)
  const outcome = await runChaos({ seed: 20_261_122, scenario: scenarios.short, tell })
  expect(outcome.violations, [...told, summary(outcome, [])].join('\n')).toEqual([])
  expect(outcome).toMatchObject({ kills: 1, freezes: 1, storms: 2, down: expect.anything() })
  // On a busy machine some get no answer in time; none is accepted.
  expect(outcome.forged[400]).toBeGreaterThan(0)
  expect(Object.keys(outcome.forged).filter((status) => !/^(0|400|5..)$/.test(status))).toEqual([])
  expect(outcome.orders.paid).toBeGreaterThan(0)
}, 200_000)
