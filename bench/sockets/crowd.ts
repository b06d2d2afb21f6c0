import type { Ask } from '../client.ts'
import { continueAsGuest } from '../scenarios/documents.ts'
import { becomeGuest } from '../scenarios/scenario.ts'
import { makeWatcher, type Watcher } from './watcher.ts'

/** Sockets of one guest: the most that an account may have. */
const socketsOfAGuest = 10
/** Handshakes under way at once while the crowd gathers. */
const arrivingAtOnce = 100

/** Runs work for each item, so many at a time. */
export const forEach = async <T>(items: readonly T[], atOnce: number, work: (item: T) => Promise<unknown>) => {
  const rest = items.values()
  const worker = async (): Promise<void> => {
    for (const item of rest) await work(item)
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
}

/** What all see: the stock of one variant. */
const stock = {
  query: 'subscription ($ids: [ID!]!) { stockChanged(variantIds: $ids) { seq variant { id availability { left } } } }',
  seqOf: (data: Record<string, { seq: number }>) => data.stockChanged?.seq ?? -1,
}

/** What one sees: the own cart. */
const cart = {
  query: 'subscription ($after: Int) { cartUpdated(after: $after) { seq reason cart { version lines { quantity } } } }',
  seqOf: (data: Record<string, { seq: number }>) => data.cartUpdated?.seq ?? -1,
  variables: (after: number | null) => ({ after }),
}

type Listener = (watcher: Watcher, seq: number, at: number) => void

/** Everybody who is connected: a tenth watch their own cart, the others the stock of one variant. */
export interface Crowd {
  readonly carts: readonly { readonly token: string; readonly watcher: Watcher }[]
  readonly stocks: readonly Watcher[]
  readonly all: readonly Watcher[]
  /** Hears every event of everybody from now on. */
  listen(listener: Listener): void
}

export interface CrowdOptions {
  readonly url: string
  readonly ask: Ask
  readonly size: number
  readonly variantId: string
}

/** Makes the guests and their watchers; nobody is connected yet. */
export const makeCrowd = async ({ url, ask, size, variantId }: CrowdOptions): Promise<Crowd> => {
  const tokens: string[] = []
  const guests = Array.from({ length: Math.ceil(size / socketsOfAGuest) })
  await forEach(guests, 8, async () => tokens.push(await becomeGuest(ask, continueAsGuest)))
  let heard: Listener = () => undefined
  const address = `${url.replace('http', 'ws')}/graphql`
  const make = (token: string, watching: typeof cart | (typeof stock & { variables: () => object })): Watcher => {
    const watcher: Watcher = makeWatcher({
      ...watching,
      url: address,
      token,
      onEvent: (seq, at) => heard(watcher, seq, at),
    })
    return watcher
  }
  const carts = tokens.map((token) => ({ token, watcher: make(token, cart) }))
  const stocks = Array.from({ length: size - carts.length }, (_, n) =>
    make(tokens[n % tokens.length] ?? '', { ...stock, variables: () => ({ ids: [variantId] }) }),
  )
  return {
    carts,
    stocks,
    all: [...carts.map(({ watcher }) => watcher), ...stocks],
    listen: (listener) => {
      heard = listener
    },
  }
}

/** Connects everybody. @throws Error with the reason when one is not let in. */
export const gather = (crowd: Crowd): Promise<void> => forEach(crowd.all, arrivingAtOnce, (watcher) => watcher.join())
