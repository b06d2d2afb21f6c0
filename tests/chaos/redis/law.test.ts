import { expect, test } from 'vitest'
import type { Asked } from './crowd.ts'
import { noticed } from './law.ts'
import type { PhaseOutcome } from './measure.ts'
import { redisBars } from './summary.ts'

const asked = (at: number, ms: number, told = 'ok'): Asked => ({ kind: 'browse', at, ms, told })
const nothing = { asked: [], ended: [], risen: [], heard: [] }
const stretch = { name: 'killed', from: 1_000, to: 61_000 }

test('given requests, sessions and views, then what began in the stretch counts, and times from two seconds after its begin', () => {
  const kept = {
    asked: [asked(999, 9_000), asked(1_000, 500), asked(3_000, 20), asked(4_000, 30, 'UNAVAILABLE'), asked(61_000, 1)],
    ended: [
      { at: 2_000, httpMs: 300, socketMs: 1_500 },
      { at: 70_000, httpMs: 9_000, socketMs: 9_000 },
    ],
    risen: [2_000, 90_000],
    heard: [
      { what: 'cart', at: 2_000, ms: 40 },
      { what: 'order', at: 2_000, ms: null },
    ] as const,
  }
  expect(noticed(stretch, kept)).toMatchObject({
    requests: 3,
    failures: { 'browse UNAVAILABLE': 1 },
    success: 100 - 100 / 3,
    p99: 30,
    sessionsEnded: 1,
    slowestHttp: 300,
    slowestSocket: 1_500,
    risen: 1,
    views: 2,
    missed: 1,
    p99View: 40,
  })
})

/** One phase in which everything is just good enough, but for what is given. */
const barsMissed = (during: object, more: Partial<PhaseOutcome> = {}): string[] => {
  const before = { ...noticed(stretch, nothing), p99: 100 }
  const good = { ...before, success: 99.9, p99: 400, slowestHttp: 1_000, slowestSocket: 2_000 }
  const phases = [{ before, during: { ...good, ...during }, resumedMs: 30_000, ...more }]
  return redisBars({ phases, orders: 1, triesOfEnded: 1, blind: [], violations: [] }).flatMap(({ what, holds }) =>
    holds ? [] : [what],
  )
}

test('given one thing that is not as promised, then that bar is missed and no other (F7)', () => {
  expect(barsMissed({})).toEqual([])
  expect(barsMissed({ success: 99.89 })).toEqual(['requests answered well'])
  expect(barsMissed({ p99: 401 })).toEqual(['p99 more than before, from 2 s on'])
  expect(barsMissed({ risen: 1 })).toEqual(['ended sessions let in again'])
  expect(barsMissed({ slowestHttp: 1_001 })).toEqual(['a session that ends: HTTP, slowest'])
  expect(barsMissed({ slowestSocket: 2_001 })).toEqual(['a session that ends: socket, slowest'])
  expect(barsMissed({ missed: 1 })).toEqual(['changes of carts and orders not heard'])
  expect(barsMissed({}, { resumedMs: 30_001 })).toEqual(['queues caught up'])
})
