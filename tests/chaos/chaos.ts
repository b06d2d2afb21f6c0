import { setTimeout } from 'node:timers/promises'
import { lanternHouse } from '../../commands/seed/sellers.ts'
import { report, verify } from '../../commands/verify/verify.ts'
import { offer, signIn } from '../people.ts'
import { settled } from '../verified.ts'
import { buy } from './buyers.ts'
import { makeTrouble, type Troubles } from './faults.ts'
import { contradictions, type Operation } from './history.ts'
import { makeRandom } from './random.ts'
import { type MortalShop, startMortalShop } from './shop.ts'

export interface ChaosOptions {
  readonly seed: number
  readonly ms: number
  /** Checkouts that begin in a second. */
  readonly rate: number
  readonly longestFreezeMs: number
  /** Between two faults. */
  readonly pauseMs: number
  readonly tell: (line: string) => unknown
}

/** Checkouts that are open at once; more than that are not begun, and counted. */
const mostOpen = 200

/** How long a shop may take to come to rest after the last fault. */
const restMs = 120_000

export interface Outcome extends Troubles {
  readonly seed: number
  readonly begun: number
  /** Not begun because too many were open. */
  readonly skipped: number
  readonly withoutOrder: number
  readonly history: readonly Operation[]
  readonly recoveriesMs: readonly number[]
  readonly settledMs: number
  /** Everything that is wrong; empty when all promises hold. */
  readonly violations: readonly string[]
  readonly orders: Readonly<Record<string, number>>
}

export const counted = (names: readonly string[]): Record<string, number> =>
  Object.fromEntries([...Map.groupBy(names, (name) => name)].map(([name, same]) => [name, same.length]))

/** Some things that are plenty, and one that is rare. */
const stockUp = async (shop: MortalShop): Promise<string[]> => {
  const place = { url: shop.url, stop: async () => undefined }
  const seller = await signIn(place, lanternHouse)
  const plenty = await offer(place, seller, { stock: 1_000_000, variants: 8 })
  const rare = await offer(place, seller, { stock: 40 })
  return [...plenty.variantIds, ...rare.variantIds]
}

const violationsOf = async (shop: MortalShop, history: readonly Operation[]) => {
  const began = performance.now()
  const snapshot = await settled(shop.snapshot, restMs).catch(async (error: unknown) => ({
    error,
    last: await shop.snapshot(),
  }))
  const settledMs = performance.now() - began
  const rested = 'error' in snapshot ? snapshot.last : snapshot
  const failed = verify(rested).filter(({ offences }) => offences.length > 0)
  return {
    settledMs,
    orders: counted(rested.orders.map(({ state }) => state)),
    violations: [
      ...('error' in snapshot ? [String(snapshot.error)] : []),
      ...(failed.length > 0 ? [report(failed)] : []),
      ...contradictions(history, rested),
    ],
  }
}

/** Buyers buy while processes die, freeze, and the provider has bad days; then quiet, and everything is checked (F2, F3, F4, F6). */
export const runChaos = async ({ seed, ms, rate, longestFreezeMs, pauseMs, tell }: ChaosOptions): Promise<Outcome> => {
  const shop = await startMortalShop()
  try {
    const history: Operation[] = []
    const began = performance.now()
    const buying = { url: shop.url, random: makeRandom(seed), variantIds: await stockUp(shop), history, began }
    const trouble = makeTrouble(shop, { random: makeRandom(seed + 1), longestFreezeMs, pauseMs, tell })
    const open = new Set<Promise<void>>()
    const count = { begun: 0, skipped: 0, withoutOrder: 0 }
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
    const until = performance.now() + ms
    let toldAt = performance.now()
    while (performance.now() < until) {
      begin()
      await setTimeout(1_000 / rate)
      if (performance.now() - toldAt > 10_000) {
        toldAt = performance.now()
        tell(`${count.begun} checkouts begun, ${open.size} open, ${trouble.done.kills} kills`)
      }
    }
    await trouble.end()
    await Promise.all(open)
    tell('quiet; waiting for the shop to come to rest')
    const found = await violationsOf(shop, history)
    const recoveriesMs = shop.processes.flatMap((one) => one.recoveriesMs)
    return { seed, ...count, ...trouble.done, history, recoveriesMs, ...found }
  } finally {
    await shop.stop()
  }
}
