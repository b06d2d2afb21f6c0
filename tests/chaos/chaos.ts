import { setTimeout } from 'node:timers/promises'
import type { Bar } from '../../bench/bars.ts'
import { lanternHouse } from '../../commands/seed/sellers.ts'
import { report, verify } from '../../commands/verify/verify.ts'
import { offer, signIn } from '../people.ts'
import { settled } from '../verified.ts'
import { barOf } from './bars.ts'
import { type Buying, buy } from './buyers.ts'
import type { Troubles } from './faults.ts'
import { contradictions, type Operation } from './history.ts'
import { makeRandom } from './random.ts'
import type { Scenario } from './scenarios.ts'
import { type MortalShop, startMortalShop } from './shop.ts'

export interface ChaosOptions {
  readonly seed: number
  readonly scenario: Scenario
  /** A folder for what the processes print, from warnings on. */
  readonly logs?: string
  /** Two of each unit, and a real Redis. */
  readonly isFleet?: boolean
  readonly tell: (line: string) => unknown
}

/** Checkouts that are open at once; more than that are not begun, and counted. */
const mostOpen = 200

/** How long a shop may take to come to rest after the last fault. */
const restMs = 120_000
const shortRestMs = 5_000

export interface Outcome extends Troubles {
  readonly seed: number
  readonly begun: number
  /** Not begun because too many were open. */
  readonly skipped: number
  readonly withoutOrder: number
  readonly history: readonly Operation[]
  /** What was answered before an order could be placed, by step and code. */
  readonly stumbles: readonly string[]
  readonly recoveriesMs: readonly number[]
  /** The process that took longest to be ready again. */
  readonly slowestToRecover: string
  /** From the last fault until every promise held and no order was open. */
  readonly settledMs: number
  /** Everything that is wrong; empty when all promises hold. */
  readonly violations: readonly string[]
  readonly orders: Readonly<Record<string, number>>
}

export const counted = (names: readonly string[]): Record<string, number> =>
  Object.fromEntries([...Map.groupBy(names, (name) => name)].map(([name, same]) => [name, same.length]))

/** What is promised, with what was measured: first of all that nothing is violated. */
export const barsOf = ({ bars }: Scenario, outcome: Outcome): Bar[] => [
  barOf('violations', outcome.violations.length, { limit: 0, show: String }),
  ...bars(outcome),
]

/** A dozen processes that have just started are slow at first. */
const patiently = async <Done>(work: () => Promise<Done>): Promise<Done> => {
  for (let tries = 10; ; tries--) {
    try {
      return await work()
    } catch (error) {
      if (tries === 0) throw error
      await setTimeout(1_000)
    }
  }
}

/** Some things that are plenty, and one that is rare. */
const stockUp = async (shop: MortalShop): Promise<string[]> => {
  const place = { url: shop.url, stop: async () => undefined }
  const seller = await patiently(() => signIn(place, lanternHouse))
  const plenty = await patiently(() => offer(place, seller, { stock: 1_000_000, variants: 8 }))
  const rare = await patiently(() => offer(place, seller, { stock: 40 }))
  return [...plenty.variantIds, ...rare.variantIds]
}

const violationsOf = async (shop: MortalShop, history: readonly Operation[], withinMs: number) => {
  const snapshot = await settled(shop.snapshot, withinMs).catch(async (error: unknown) => ({
    error,
    last: await shop.snapshot(),
  }))
  const rested = 'error' in snapshot ? snapshot.last : snapshot
  const failed = verify(rested).filter(({ offences }) => offences.length > 0)
  return {
    orders: counted(rested.orders.map(({ state }) => state)),
    violations: [
      ...('error' in snapshot ? [String(snapshot.error)] : []),
      ...(failed.length > 0 ? [report(failed)] : []),
      ...contradictions(history, rested),
    ],
  }
}

/** Buyers who begin at a rate, until told that it is enough. */
const openTheDoors = (buying: Buying, rate: number) => {
  const open = new Set<Promise<void>>()
  const count = { begun: 0, skipped: 0, withoutOrder: 0 }
  const closing = new AbortController()
  const begin = (): void => {
    if (open.size >= mostOpen) {
      count.skipped += 1
      return
    }
    count.begun += 1
    const one = buy(buying)
      .then((ordered) => {
        if (!ordered) count.withoutOrder += 1
      })
      .finally(() => open.delete(one))
    open.add(one)
  }
  const run = async (): Promise<void> => {
    const began = performance.now()
    for (let turn = 0; !closing.signal.aborted; turn++) {
      begin()
      // By the clock and not by pauses: a busy machine must not have fewer buyers.
      await setTimeout(Math.max(0, began + ((turn + 1) * 1_000) / rate - performance.now()))
    }
  }
  const running = run()
  return {
    count,
    open: () => open.size,
    close: async (): Promise<void> => {
      closing.abort()
      await running
    },
    whenEmpty: async (): Promise<void> => void (await Promise.all(open)),
  }
}

const tellEveryMs = 10_000

/** Buyers buy while there is trouble; then quiet, and everything is checked (F2, F3, F4, F5, F6). */
export const runChaos = async ({ seed, scenario, tell, ...where }: ChaosOptions): Promise<Outcome> => {
  const shop = await startMortalShop(where)
  let telling: NodeJS.Timeout | undefined
  try {
    const history: Operation[] = []
    const stumbles: string[] = []
    const variantIds = await stockUp(shop)
    const began = performance.now()
    const { means, rate, times, pause, freeze } = scenario
    const { act } = shop
    const doors = openTheDoors(
      { url: shop.url, random: makeRandom(seed), variantIds, history, stumbles, began, means, act },
      rate,
    )
    const done: Troubles = { kills: 0, freezes: 0, storms: 0, down: null, forged: {} }
    telling = setInterval(
      () => tell(`${doors.count.begun} checkouts begun, ${doors.open()} open, ${done.kills} kills`),
      tellEveryMs,
    )
    await scenario.play({
      shop,
      random: makeRandom(seed + 1),
      done,
      now: () => performance.now() - began,
      times,
      ms: scenario.seconds * 1_000,
      pauseMs: pause * 1_000,
      longestFreezeMs: freeze * 1_000,
      tell,
    })
    await doors.close()
    const quietAt = performance.now()
    tell('quiet; waiting for the shop to come to rest')
    const settledMs = settled(shop.snapshot, restMs).then(
      () => performance.now() - quietAt,
      () => Number.POSITIVE_INFINITY,
    )
    await doors.whenEmpty()
    const restedMs = await settledMs
    // Once more: those who were still buying have come to an end. What has not come to rest by now does not in a second wait.
    const found = await violationsOf(shop, history, Number.isFinite(restedMs) ? restMs : shortRestMs)
    const recoveries = shop.processes.flatMap((one) => one.recoveriesMs.map((ms) => [ms, one.name] as const))
    const recoveriesMs = recoveries.map(([ms]) => ms)
    const [, slowestToRecover = ''] = recoveries.find(([ms]) => ms === Math.max(...recoveriesMs)) ?? []
    const ended = { recoveriesMs, slowestToRecover, settledMs: restedMs, ...found }
    return { seed, ...doors.count, ...done, history, stumbles, ...ended }
  } finally {
    clearInterval(telling)
    await shop.stop()
  }
}
