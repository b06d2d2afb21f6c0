import type { Ask } from '../client.ts'
import type { Worker } from '../drive.ts'

/** A product that every scenario may use: its stock was topped up before. */
export interface Stocked {
  readonly slug: string
  readonly variantIds: readonly string[]
}

export interface Stage {
  readonly ask: Ask
  readonly products: readonly Stocked[]
}

/** One thing that users do, over and over. */
export interface Scenario {
  readonly name: string
  /** What is measured: the first series is the whole turn, and the one whose requests are counted for CPU time. */
  readonly series: readonly string[]
  /** What has to be there before users begin, for so many seconds; in nobody's time. */
  readonly prepare?: (stage: Stage, seconds: number) => Promise<void>
  readonly makeWorker: (stage: Stage, index: number) => Worker
}

interface GuestAnswer {
  readonly continueAsGuest: { readonly session: { readonly accessToken: string } }
}

/** The access token of a new guest. */
export const becomeGuest = async (ask: Ask, document: string): Promise<string> =>
  (await ask<GuestAnswer>(document)).continueAsGuest.session.accessToken

/** Walks round a list, beginning at a place of its own so that workers do not march in step. */
export const makeRound = <T>(items: readonly T[], start: number): (() => T) => {
  let next = start % Math.max(1, items.length)
  return () => {
    const item = items[next]
    if (item === undefined) throw new Error('the shop has no products to work with')
    next = (next + 1) % items.length
    return item
  }
}
