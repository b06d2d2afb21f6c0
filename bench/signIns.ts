import { setTimeout } from 'node:timers/promises'
import { type Ask, makeClient } from './client.ts'
import { startShop } from './shop.ts'
import { percentile } from './statistics.ts'

/** Accounts that sign in by turns, so that no limit of an account slows them. */
const accounts = 40
const signInsPerSecond = 50
const listsPerSecond = 20
const windowMs = 5_000
/** Windows without and with sign-ins, by turns, so that a busy neighbour falls on both. */
const rounds = 3

const password = 'a long walk by the sea'
const emailOf = (n: number): string => `bench${n}@example.org`

const list =
  '{ products(first: 20) { nodes { title variants { price { amount { amount } } availability { left } } } } }'
const signUp = 'mutation ($input: SignUpInput!) { signUp(input: $input) { userErrors { code } } }'
const signIn = 'mutation ($input: SignInInput!) { signIn(input: $input) { userErrors { code } } }'

/** Begins `work` so many times a second, however long each takes, and tells the milliseconds of each that was good. */
const atRate = async (perSecond: number, work: (n: number) => Promise<unknown>): Promise<number[]> => {
  const began = performance.now()
  const running: Promise<number | null>[] = []
  for (let n = 0; n < (perSecond * windowMs) / 1_000; n += 1) {
    const due = began + (n * 1_000) / perSecond
    await setTimeout(Math.max(0, due - performance.now()))
    const timed = async (): Promise<number> => {
      await work(n)
      return performance.now() - due
    }
    running.push(timed().catch(() => null))
  }
  return (await Promise.all(running)).filter((ms) => ms !== null)
}

const p95 = (values: readonly number[]): number =>
  percentile(
    values.toSorted((a, b) => a - b),
    0.95,
  )

export interface SignInLoad {
  /** 95th percentile of a product list in milliseconds, without and with sign-ins going on. */
  readonly quiet: number
  readonly busy: number
  /** Sign-ins answered well, per second. */
  readonly signedIn: number
}

const measure = async (ask: Ask): Promise<SignInLoad> => {
  for (let n = 0; n < accounts; n += 1) await ask(signUp, { input: { email: emailOf(n), password, name: 'Bench' } })
  const lists = () => atRate(listsPerSecond, () => ask(list))
  const signIns = () =>
    atRate(signInsPerSecond, (n) => ask(signIn, { input: { email: emailOf(n % accounts), password } }))
  const [quiet, busy, done]: [number[], number[], number[]] = [[], [], []]
  await lists()
  for (let round = 0; round < rounds; round += 1) {
    quiet.push(...(await lists()))
    const [listed, signed] = await Promise.all([lists(), signIns()])
    busy.push(...listed)
    done.push(...signed)
  }
  return { quiet: p95(quiet), busy: p95(busy), signedIn: done.length / ((rounds * windowMs) / 1_000) }
}

/** What sign-ins cost those who only look around (L2): the whole shop in one process, as `npm start` runs it. */
export const measureSignIns = async (): Promise<SignInLoad> => {
  const shop = await startShop({ profileFolder: null })
  const client = makeClient(shop.url, 100)
  try {
    return await measure(client.ask)
  } finally {
    await client.close()
    await shop.stop()
  }
}
