import { lookup as systemLookup } from 'node:dns/promises'
import { isIP, type LookupFunction } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { type Millis, seconds } from '#kernel/time.ts'
import type { Log } from './log.ts'

/** All addresses that a name has now. */
export type Lookup = (host: string) => Promise<readonly string[]>

/** Most replicas of one name; more are not asked (rule R13). */
export const mostAddresses = 50

/** Names in a cluster are good for 5 s; a pod that joins should get work soon after. */
const usualPause: Millis = seconds(2)

/** By the system, as any other connection: `/etc/hosts` and search domains count. Units listen on IPv4 (`HOST`), so the same pod is not two. */
export const lookupBySystem: Lookup = async (host) => {
  const found = await systemLookup(host, { all: true })
  const four = found.filter(({ family }) => family === 4)
  return (four.length > 0 ? four : found).map(({ address }) => address)
}

/** Whether others may stand behind it, now or later. */
export const isName = (host: string): boolean => isIP(host.replace(/^\[|\]$/g, '')) === 0 && host !== 'localhost'

/** Connects to this address, whatever the name in the URL: that one is what TLS and the Host header go by. */
export const onlyAt = (address: string): LookupFunction => {
  const family = isIP(address)
  return (_host, { all }, done) => (all ? done(null, [{ address, family }]) : done(null, address, family))
}

type Tell = (addresses: readonly string[]) => void

export interface AddressesDeps {
  readonly lookup: Lookup
  readonly log: Log
  readonly everyMs?: Millis
}

/**
 * Looks again and again what names stand for. One name after the other, because each question holds one of the few threads of the process
 * until the system gives up; nobody waits for an answer. While there is none, the last one counts.
 */
export const watchAddresses = ({ lookup, log, everyMs = usualPause }: AddressesDeps) => {
  const watched = new Map<string, { readonly told: Set<Tell>; isAway: boolean }>()
  const end = new AbortController()

  const look = async (host: string): Promise<void> => {
    const watch = watched.get(host)
    if (!watch) return
    try {
      const found = [...new Set(await lookup(host))].sort().slice(0, mostAddresses)
      if (end.signal.aborted || found.length === 0) return
      watch.isAway = false
      for (const tell of watch.told) tell(found)
    } catch (error) {
      if (!watch.isAway) log.warn('a name is not found, its last addresses count', { url: host, cause: String(error) })
      watch.isAway = true
    }
  }

  const keepLooking = async (): Promise<void> => {
    while (!end.signal.aborted) {
      for (const host of watched.keys()) await look(host)
      await pause(everyMs, undefined, { signal: end.signal, ref: false }).catch(() => undefined)
    }
  }

  return {
    /** @param tell gets all addresses of the name after each look that found any. */
    watch: (host: string, tell: Tell): void => {
      const known = watched.get(host)
      if (known) return void known.told.add(tell)
      watched.set(host, { told: new Set([tell]), isAway: false })
      if (watched.size === 1) void keepLooking()
    },
    stop: (): void => end.abort(),
  }
}

export type Addresses = ReturnType<typeof watchAddresses>
