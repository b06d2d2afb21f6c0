import { join } from 'node:path'
import { systemClock } from '#kernel/time.ts'
import type { Config } from '#platform/config.ts'
import { makeLog } from '#platform/log.ts'
import { startShop } from '../../shop.ts'
import { movementsIn, movementsOf } from './books.ts'
import { compose, type Snapshot } from './snapshot.ts'

const openTimeoutMs = 5_000

/** @throws Error when no shop answers there. */
const refuseUnlessOpen = async (url: string): Promise<void> => {
  try {
    const { ok } = await fetch(new URL('/health/ready', url), { signal: AbortSignal.timeout(openTimeoutMs) })
    if (ok) return
  } catch {
    // Told below.
  }
  throw new Error(`No shop is open at ${url}.`)
}

/** Where to look: the configuration of the shop, or another place. */
export interface Place {
  /** `mongodb://...`: this database. `http://...`: the shop there, over the database that the configuration names. */
  readonly url?: string
  /** The payment provider. */
  readonly provider?: string
}

/** A reader of everything that there is; it may be asked again and again. */
export interface StateReader {
  take(): Promise<Snapshot>
  stop(): Promise<void>
}

/**
 * Opens a reader: the subgraphs in this process over the shop's databases; the shop itself may run or not.
 * @throws DatabaseUnreachable, EmbeddedRefused, or Error in production, where whole databases are nobody's reading.
 */
export const openReader = async (given: Config, { url, provider }: Place = {}): Promise<StateReader> => {
  if (given.production) throw new Error('NODE_ENV is "production": there the state of the shop is not dumped.')
  if (url?.startsWith('http')) await refuseUnlessOpen(url)
  const mongoUrl = url?.startsWith('mongodb') ? url : given.mongoUrl
  const config: Config = { ...given, units: ['users', 'products', 'orders', 'payments', 'cart', 'pricing'], mongoUrl }
  const shop = await startShop(config, { attach: true, log: makeLog('silent') })
  const providerUrl = provider ?? given.providerUrl
  const movements = () =>
    providerUrl ? movementsOf(providerUrl) : movementsIn(join(given.dataDir, 'provider', 'books.sqlite'))
  return {
    take: async () => {
      const booked = await movements()
      return compose(await shop.records(), booked, systemClock.now())
    },
    stop: shop.stop,
  }
}

/** Reads everything once; see `openReader`. */
export const takeSnapshot = async (given: Config, place: Place = {}): Promise<Snapshot> => {
  const reader = await openReader(given, place)
  try {
    return await reader.take()
  } finally {
    await reader.stop()
  }
}
