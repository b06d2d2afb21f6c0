import { setTimeout as pause } from 'node:timers/promises'
import type { Ask } from '../client.ts'
import { changeCart } from './changes.ts'
import type { Crowd } from './crowd.ts'
import { type Spread, spreadOf, until } from './measures.ts'
import type { Watcher } from './watcher.ts'

/** How often a light query is asked meanwhile. */
const askEveryMs = 100

export interface Storm {
  /** From the cut until they were served again. */
  readonly back: Spread
  /** Of a light query over HTTP meanwhile. */
  readonly http: Spread
  /** Tries that were refused or broken off, and made again. */
  readonly retries: number
  /** What the first subscription that the gateway ended was told; null when there was none. */
  readonly ended: string | null
  /** Watchers that do not know the newest state at the end. */
  readonly missed: number
}

export interface StormOptions {
  readonly ask: Ask
  readonly variantId: string
  readonly changeStock: () => Promise<void>
  readonly random: () => number
  /** Full jitter: everybody waits for a random part of this, as clients should. */
  readonly jitterMs: number
}

const comeBack = async (watcher: Watcher, { random, jitterMs }: StormOptions): Promise<number> => {
  for (let tries = 0; ; tries += 1) {
    await pause(random() * jitterMs)
    const joined = await watcher.join().then(
      () => true,
      () => false,
    )
    if (joined) return tries
  }
}

const askMeanwhile = (ask: Ask) => {
  const took: number[] = []
  let over = false
  const asking = (async () => {
    while (!over) {
      const began = performance.now()
      await ask('{ viewer { kind } }')
      took.push(performance.now() - began)
      await pause(askEveryMs)
    }
  })()
  return async (): Promise<number[]> => {
    over = true
    await asking
    return took
  }
}

/** All sockets are cut in one moment; while they come back, carts and stock change. */
export const measureStorm = async (crowd: Crowd, options: StormOptions): Promise<Storm> => {
  const { ask, variantId, changeStock } = options
  const newest = new Map<Watcher, number>()
  crowd.listen((watcher, seq) => newest.set(watcher, seq))
  const changed = crowd.carts.slice(0, 100)
  const before = new Map(changed.map(({ watcher }) => [watcher, watcher.seq() ?? 0]))
  const meanwhile = askMeanwhile(ask)
  const began = performance.now()
  for (const watcher of crowd.all) watcher.cut()
  const took: number[] = []
  let retries = 0
  const returns = crowd.all.map(async (watcher) => {
    retries += await comeBack(watcher, options)
    took.push(performance.now() - began)
  })
  const changes = (async () => {
    for (const { token } of changed) await changeCart(ask, { variantId, token })
    await changeStock()
  })()
  await Promise.all([...returns, changes])
  const http = await meanwhile()
  const everybodyKnows = () =>
    changed.every(({ watcher }) => (watcher.seq() ?? 0) > (before.get(watcher) ?? 0)) &&
    new Set(crowd.stocks.map((watcher) => watcher.seq())).size === 1
  await until('everybody knows the newest state', 10_000, everybodyKnows).catch(() => undefined)
  const highest = Math.max(...crowd.stocks.map((watcher) => watcher.seq() ?? 0))
  const missed =
    crowd.stocks.filter((watcher) => watcher.seq() !== highest).length +
    changed.filter(({ watcher }) => (watcher.seq() ?? 0) <= (before.get(watcher) ?? 0)).length
  const ended = crowd.all.map((watcher) => watcher.ended()).find((text) => text !== null) ?? null
  return { back: spreadOf(took), http: spreadOf(http), retries, ended, missed }
}
