import { setTimeout } from 'node:timers/promises'
import { badDay } from './badDay.ts'
import type { Random } from './random.ts'
import type { MortalShop } from './shop.ts'

/** What was done to the shop. */
export interface Troubles {
  kills: number
  freezes: number
  storms: number
  /** When the provider went and came back, in milliseconds of the run. */
  down: { readonly from: number; readonly to: number } | null
  /** Answers to webhooks that were forged or too old, by status. */
  forged: Record<number, number>
}

/** Where faults are made, and how many. */
export interface Stage {
  readonly shop: MortalShop
  readonly random: Random
  readonly done: Troubles
  /** Milliseconds since the run began. */
  readonly now: () => number
  /** Faults that are made one after the other. */
  readonly times: number
  /** How long bad weather lasts. */
  readonly ms: number
  /** About as long between two faults. */
  readonly pauseMs: number
  readonly longestFreezeMs: number
  readonly tell: (line: string) => unknown
}

export type Play = (stage: Stage) => Promise<void>

const rest = ({ random, pauseMs }: Stage) => setTimeout(random.between(0.5, 1.5) * pauseMs)

const whenAllWork = async ({ shop }: Stage): Promise<void> => {
  await Promise.all(shop.processes.map((one) => one.whenReady()))
}

const fine = { calls: {}, webhooks: {} }

const seedOf = ({ random }: Stage): number => Math.floor(random.next() * 1_000_000)

/** F2: any one process, each time when all of them work. */
export const kills: Play = async (stage) => {
  for (let count = 0; count < stage.times; count++) {
    await rest(stage)
    await whenAllWork(stage)
    const victim = stage.random.pick(stage.shop.processes)
    stage.done.kills += 1
    stage.tell(`kill -9 of ${victim.name}`)
    victim.kill()
  }
  await whenAllWork(stage)
  await rest(stage)
}

/** F3: those that hold leases or carry orders, at work when they are stopped since their provider takes its time. */
export const freezes: Play = async (stage) => {
  const { shop, random, done, tell } = stage
  await shop.turn({ seed: seedOf(stage), latencyMs: 300 })
  for (let count = 0; count < stage.times; count++) {
    await rest(stage)
    const victim = shop.named(random.pick(['payments', 'payments', 'workers', 'orders', 'products']))
    const ms = Math.round(random.between(500, stage.longestFreezeMs))
    done.freezes += 1
    tell(`${victim.name} is frozen for ${ms} ms`)
    await victim.freeze(ms)
  }
  await shop.turn(fine)
}

const storm = async (stage: Stage, weather: object): Promise<void> => {
  stage.done.storms += 1
  stage.tell('a storm at the payment provider')
  await stage.shop.turn({ seed: seedOf(stage), ...weather })
  await setTimeout(stage.ms)
  await stage.shop.turn(fine)
}

/** F4. */
export const badCalls: Play = (stage) => storm(stage, { calls: badDay })

const withoutProvider = async (stage: Stage, how: string, leave: (ms: number) => Promise<void>): Promise<void> => {
  const { shop, done, now, ms, tell } = stage
  await rest(stage)
  tell(`the payment provider ${how} for ${ms} ms`)
  const from = now()
  await leave(ms)
  await shop.named('provider').whenReady()
  done.down = { from, to: now() }
  tell('the payment provider is back')
}

/** F5: nobody listens at the provider. */
export const providerDown: Play = (stage) =>
  withoutProvider(stage, 'is down', (ms) => stage.shop.named('provider').leaveDown(ms))

/** F5: the provider takes connections and requests, and answers none. */
export const providerHung: Play = (stage) =>
  withoutProvider(stage, 'hangs', (ms) => stage.shop.named('provider').freeze(ms))

const forgeEvery = 1_000

/** F6: webhooks twice, late, stale, badly signed or never; and some that the provider never sent. */
export const badWebhooks: Play = async (stage) => {
  const { shop, random, done } = stage
  const over = new AbortController()
  const forge = async (): Promise<void> => {
    while (!over.signal.aborted) {
      const status = await shop.forge(random.pick(['stale', 'badly signed'])).catch(() => 0)
      done.forged[status] = (done.forged[status] ?? 0) + 1
      await setTimeout(forgeEvery)
    }
  }
  const forging = forge()
  await storm(stage, { webhooks: { lost: 0.3, duplicate: 0.4, reorder: 0.5, stale: 0.2, badSignature: 0.2 } })
  over.abort()
  await forging
}

/** All of it: now this, now that. */
export const anything: Play = async (stage) => {
  const plays = [kills, kills, kills, freezes, freezes, badCalls, badWebhooks, providerDown, providerHung]
  for (let count = 0; count < stage.times; count++)
    await stage.random.pick(plays)({ ...stage, times: 1, ms: stage.pauseMs })
}

/** One after the other, each as large as the stage says. */
export const inTurn =
  (...plays: readonly Play[]): Play =>
  async (stage) => {
    for (const play of plays) await play(stage)
  }
