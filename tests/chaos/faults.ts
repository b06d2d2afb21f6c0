import { setTimeout } from 'node:timers/promises'
import type { Random } from './random.ts'
import type { MortalShop } from './shop.ts'

export interface Trouble {
  readonly random: Random
  /** The longest freeze (F3: 0.5 s to 40 s in a long run). */
  readonly longestFreezeMs: number
  /** Between two faults. */
  readonly pauseMs: number
  readonly tell: (line: string) => unknown
}

/** F4 and F6 in one: calls that fail before and after the money moved, webhooks that are lost, doubled, stale and forged. */
const storm = (seed: number): object => ({
  seed,
  calls: {
    timeoutAfterCharge: 0.05,
    resetAfterCharge: 0.05,
    errorAfterCharge: 0.05,
    resetBeforeCharge: 0.05,
    tooManyRequests: 0.05,
    unavailable: 0.05,
  },
  webhooks: { lost: 0.3, duplicate: 0.4, reorder: 0.5, stale: 0.2, badSignature: 0.2 },
})

const fine = { calls: {}, webhooks: {} }

export interface Troubles {
  kills: number
  freezes: number
  storms: number
}

/** Makes trouble until told to stop; then the weather is fine, and everything works again. */
export const makeTrouble = (shop: MortalShop, { random, longestFreezeMs, pauseMs, tell }: Trouble) => {
  const done: Troubles = { kills: 0, freezes: 0, storms: 0 }
  const over = new AbortController()

  const one = async (): Promise<void> => {
    const victim = random.pick(shop.processes)
    const dice = random.next()
    if (dice < 0.6) {
      done.kills += 1
      tell(`kill -9 of ${victim.name}`)
      victim.kill()
      return
    }
    if (dice < 0.85) {
      const ms = Math.round(random.between(500, longestFreezeMs))
      done.freezes += 1
      tell(`${victim.name} is frozen for ${ms} ms`)
      return victim.freeze(ms)
    }
    done.storms += 1
    tell('a storm at the payment provider')
    await shop.turn(storm(Math.floor(random.next() * 1_000_000)))
    await setTimeout(pauseMs)
    await shop.turn(fine)
  }

  const run = async (): Promise<void> => {
    while (!over.signal.aborted) {
      await setTimeout(random.between(0.5, 1.5) * pauseMs)
      if (!over.signal.aborted) await one()
    }
  }
  const running = run()

  return {
    done,
    end: async (): Promise<void> => {
      over.abort()
      await running
      await Promise.all(shop.processes.map((one) => one.whenReady()))
      await shop.turn(fine)
    },
  }
}
