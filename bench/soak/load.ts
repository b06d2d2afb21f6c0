import type { Measure, Worker } from '../drive.ts'
import { detail, list } from '../scenarios/browsing.ts'
import { addToCart, checkout } from '../scenarios/buying.ts'
import type { Scenario, Stage } from '../scenarios/scenario.ts'
import type { Timed } from './verdict.ts'

/** What people do in a shop: of a hundred turns 50 look at lists, 30 at a product, 14 fill a cart, and 6 buy. Each with its upper end. */
const mix: readonly (readonly [Scenario, number])[] = [
  [list, 50],
  [detail, 80],
  [addToCart, 94],
  [checkout, 100],
]

/** So many turns at once; further ones are not begun and counted, or a shop that falls behind would only be hidden. */
const mostOpen = 200

/** A turn for each part of a hundred, taken by chance. */
const makeTurns = (stage: Stage): (() => Worker) => {
  const workers = mix.map(([scenario, below]) => {
    const idle: Worker[] = []
    let made = 0
    return { below, idle, make: () => scenario.makeWorker(stage, made++) }
  })
  return () => {
    const at = Math.random() * 100
    const chosen = workers.find(({ below }) => at < below)
    if (!chosen) throw new Error('there is nothing to do')
    // Who has rested longest goes first: a guest left at the bottom of a pile would come back with an access token that has expired.
    const worker = chosen.idle.shift() ?? chosen.make()
    return async (measure: Measure) => {
      await worker(measure)
      chosen.idle.push(worker)
    }
  }
}

export interface Loaded {
  readonly times: readonly Timed[]
  readonly failed: number
  readonly firstFailure: string | null
  readonly skipped: number
}

export interface Load {
  /** Turns that begin each second, whether or not those before have ended. */
  readonly perSecond: number
  readonly minutes: number
  readonly onSecond?: (seconds: number) => void
}

/** An open loop of turns at a rate: what a slow shop is asked for does not become less because it is slow. */
export const runLoad = async (stage: Stage, { perSecond, minutes, onSecond }: Load): Promise<Loaded> => {
  const nextTurn = makeTurns(stage)
  const times: Timed[] = []
  const began = performance.now()
  const open = new Set<Promise<void>>()
  let failed = 0
  let firstFailure: string | null = null
  let skipped = 0

  const measure: Measure = async (_series, work) => {
    const from = performance.now()
    const result = await work()
    times.push({ minute: (from - began) / 60_000, ms: performance.now() - from })
    return result
  }
  const turn = async (): Promise<void> => {
    try {
      await nextTurn()(measure)
    } catch (error) {
      failed += 1
      firstFailure ??= error instanceof Error ? error.message : String(error)
    }
  }
  const begin = (): void => {
    if (open.size >= mostOpen) {
      skipped += 1
      return
    }
    const own = turn().finally(() => open.delete(own))
    open.add(own)
  }

  let begun = 0
  let told = 0
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      const seconds = (performance.now() - began) / 1_000
      while (begun < seconds * perSecond) {
        begin()
        begun += 1
      }
      if (seconds - told >= 1) {
        told = seconds
        onSecond?.(seconds)
      }
      if (seconds < minutes * 60) return
      clearInterval(timer)
      resolve()
    }, 10)
  })
  await Promise.all(open)
  return { times, failed, firstFailure, skipped }
}

/** Turns per second of so many users who do not rest: where the shop has no more to give. */
export const findKnee = async (stage: Stage, users: number, seconds: number): Promise<number> => {
  const nextTurn = makeTurns(stage)
  const until = performance.now() + seconds * 1_000
  let done = 0
  const user = async (): Promise<void> => {
    while (performance.now() < until) {
      await nextTurn()(async (_series, work) => work())
      done += 1
    }
  }
  await Promise.all(Array.from({ length: users }, user))
  return done / seconds
}
