import { setTimeout } from 'node:timers/promises'
import type { Snapshot } from '../../../commands/dumpState/snapshot.ts'
import { lanternHouse } from '../../../commands/seed/sellers.ts'
import { report, verify } from '../../../commands/verify/verify.ts'
import { offer, signIn } from '../../people.ts'
import { settled } from '../../verified.ts'
import { contradictions, type Operation } from '../history.ts'
import { makeRandom } from '../random.ts'
import { makeCrowd } from './crowd.ts'
import { type SharingFleet, startSharingFleet } from './fleet.ts'
import { type Noticed, noticed, type Stretch } from './law.ts'
import { type Phase, play } from './phases.ts'
import type { RedisKind } from './servers.ts'
import { watchSessions } from './sessions.ts'
import { watchViews } from './views.ts'

export interface RedisChaosOptions {
  readonly redis: RedisKind
  readonly seed: number
  readonly phases: readonly Phase[]
  /** Checkouts in a second. */
  readonly rate: number
  /** How long the longest phase lasts. */
  readonly seconds: number
  /** A folder for what the processes print. */
  readonly logs: string | null
  readonly tell: (line: string) => unknown
}

/** What came of one phase, beside the healthy time before it. */
export interface PhaseOutcome {
  readonly before: Noticed
  readonly during: Noticed
  /** After its end, until every order from before that had its mail and its entry in the audit log; milliseconds. */
  readonly resumedMs: number
}

export interface RedisOutcome {
  readonly phases: readonly PhaseOutcome[]
  readonly orders: number
  readonly triesOfEnded: number
  /** What went wrong with those who watched. */
  readonly blind: readonly string[]
  readonly violations: readonly string[]
}

const warmUpMs = 6_000
/** All is well for so long before each phase, after some time to forget the one before. */
const healthyMs = 12_000
const forgettingMs = 2_000
const resumeMs = 60_000
const restMs = 60_000

/** Confirmed orders of which no mail went out, or the audit log knows nothing. */
const unheard = (orders: readonly string[], { effects, audit }: Snapshot): string[] => {
  const mailed = new Set(effects.map(({ order }) => order))
  const placed = new Set(audit.map(({ target }) => target))
  return orders.filter((order) => !mailed.has(order) || !placed.has(order))
}

const confirmedIn = (history: readonly Operation[]): string[] =>
  history.flatMap(({ told, order }) => (told === 'CONFIRMED' && order ? [order] : []))

/** Milliseconds until the queues have made good for what waited when this was asked; infinite when they do not in a minute. */
const resumedAfter = async ({ snapshot }: SharingFleet, history: readonly Operation[]): Promise<number> => {
  const began = performance.now()
  const waiting = confirmedIn(history)
  while (performance.now() - began < resumeMs) {
    if (unheard(waiting, await snapshot()).length === 0) return performance.now() - began
    await setTimeout(500)
  }
  return Number.POSITIVE_INFINITY
}

const violationsOf = async (fleet: SharingFleet, history: readonly Operation[]): Promise<string[]> => {
  const rested = await settled(fleet.snapshot, restMs).catch((error: unknown) => String(error))
  const last = await fleet.snapshot()
  const failed = verify(last).filter(({ offences }) => offences.length > 0)
  return [
    ...(typeof rested === 'string' ? [rested] : []),
    ...(failed.length > 0 ? [report(failed)] : []),
    ...contradictions(history, last),
    ...unheard(confirmedIn(history), last).map((order) => `${order}: confirmed, and its consumers were not told`),
  ]
}

/** People shop at a fleet while its Redis is missing in one way after the other; then quiet, and everything is checked (F7). */
export const runRedisChaos = async (options: RedisChaosOptions): Promise<RedisOutcome> => {
  const { redis, seed, phases, rate, seconds, logs, tell } = options
  const fleet = await startSharingFleet(redis, logs)
  tell('the fleet is open')
  try {
    const { gateways } = fleet
    const place = { url: gateways[0] ?? '', stop: async () => undefined }
    const { variantIds } = await offer(place, await signIn(place, lanternHouse), { stock: 1_000_000, variants: 8 })
    const began = performance.now()
    const now = (): number => performance.now() - began
    const crowd = makeCrowd({ gateways, random: makeRandom(seed), variantIds, began, rate })
    crowd.begin()
    const views = await watchViews(gateways, crowd, began)
    const sessions = watchSessions(gateways, began)
    await setTimeout(warmUpMs)
    const spans: { readonly before: Stretch; readonly during: Stretch; readonly resumedMs: number }[] = []
    for (const phase of phases) {
      await setTimeout(forgettingMs)
      const healthyFrom = now()
      await setTimeout(healthyMs)
      const from = now()
      tell(`Redis is ${phase.name}`)
      const name = await play(phase, fleet, phase.share * seconds * 1_000)
      const to = now()
      tell('Redis is well')
      const resumedMs = await resumedAfter(fleet, crowd.history)
      tell(`the queues had caught up after ${Math.round(resumedMs)} ms`)
      const before = { name: 'before', from: healthyFrom, to: from }
      spans.push({ before, during: { name, from, to }, resumedMs })
    }
    await Promise.all([sessions.stop(), views.stop(), crowd.close()])
    tell('quiet; waiting for the shop to come to rest')
    const kept = { asked: crowd.asked, ended: sessions.ended, risen: sessions.risen, heard: views.heard }
    return {
      phases: spans.map(({ before, during, resumedMs }) => ({
        before: noticed(before, kept),
        during: noticed(during, kept),
        resumedMs,
      })),
      orders: confirmedIn(crowd.history).length,
      triesOfEnded: sessions.tries(),
      blind: sessions.failures,
      violations: await violationsOf(fleet, crowd.history),
    }
  } finally {
    await fleet.stop()
  }
}
