import { setTimeout as pause } from 'node:timers/promises'
import type { Ask } from '../client.ts'
import { percentile } from '../statistics.ts'
import { changeCart } from './changes.ts'
import type { Crowd } from './crowd.ts'
import type { Watcher } from './watcher.ts'

/** Milliseconds, the share of a hundred that was at most so late; NaN when there was none. */
export interface Spread {
  readonly count: number
  readonly p50: number
  readonly p99: number
  readonly max: number
}

export const spreadOf = (values: readonly number[]): Spread => {
  const sorted = values.toSorted((a, b) => a - b)
  return {
    count: sorted.length,
    p50: percentile(sorted, 0.5),
    p99: percentile(sorted, 0.99),
    max: percentile(sorted, 1),
  }
}

/** Waits until something is so. @throws Error when it takes longer than `ms` */
export const until = async (what: string, ms: number, isSo: () => boolean): Promise<void> => {
  const end = performance.now() + ms
  while (!isSo()) {
    if (performance.now() > end) throw new Error(`${what}: not within ${ms / 1_000} s`)
    await pause(10)
  }
}

/** From sending a change of a cart until the socket of its owner hears of it, one after the other. */
export const measureTargeted = async (
  crowd: Crowd,
  { ask, variantId, samples }: { readonly ask: Ask; readonly variantId: string; readonly samples: number },
): Promise<Spread> => {
  const took: number[] = []
  for (let n = 0; n < samples; n += 1) {
    const target = crowd.carts[n % crowd.carts.length]
    if (!target) continue
    const { promise, resolve } = Promise.withResolvers<number>()
    crowd.listen((watcher, _seq, at) => {
      if (watcher === target.watcher) resolve(at)
    })
    const began = performance.now()
    await changeCart(ask, { variantId, token: target.token })
    took.push((await promise) - began)
  }
  return spreadOf(took)
}

export interface BroadcastOptions {
  readonly change: () => Promise<void>
  readonly rounds: number
  /** Those who are expected to hear of it. */
  readonly audience: readonly Watcher[]
  readonly pauseMs?: number
}

/** From sending a change of the stock until each of those who watch it has heard of it, one change after the other. */
export const measureBroadcast = async (
  crowd: Crowd,
  { change, rounds, audience, pauseMs = 0 }: BroadcastOptions,
): Promise<number[]> => {
  const took: number[] = []
  const members = new Set(audience)
  for (let round = 0; round < rounds; round += 1) {
    const waiting = new Set(members)
    const began = performance.now()
    crowd.listen((watcher, _seq, at) => {
      if (waiting.delete(watcher)) took.push(at - began)
    })
    await change()
    await until(`a change of the stock reaches ${members.size} watchers`, 60_000, () => waiting.size === 0)
    if (pauseMs > 0) await pause(pauseMs)
  }
  return took
}
