import { expect, test } from 'vitest'
import { runChaos } from '../chaos/chaos.ts'
import { summary } from '../chaos/summary.ts'

// The long run is `npm run test:chaos`, see docs/proof.md; this one shows that the machine runs, and what it finds at once.
test('given buyers while processes are killed and frozen and the provider has bad days, then every promise holds at rest (F2, F3, F4, F6, F13, I13)', async () => {
  const seed = 20_261_122
  const told: string[] = []
  const tell = (line: string) => told.push(line)
  const outcome = await runChaos({ seed, ms: 9_000, rate: 4, longestFreezeMs: 1_500, pauseMs: 2_000, tell })
  expect(outcome.violations, [...told, summary(outcome)].join('\n')).toEqual([])
  expect(outcome.kills + outcome.freezes).toBeGreaterThan(0)
  expect(outcome.orders.paid).toBeGreaterThan(0)
}, 200_000)
