import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto'
import { type Clock, minutes, seconds } from '#kernel/time.ts'
import type { SubgraphCaller } from '#platform/caller.ts'
import { faultFields, type Log } from '#platform/log.ts'

/** How long a retired key may still be trusted here; the overlap of a rotation is longer (platform/keyRing.ts). */
const keyCacheMs = minutes(1)
/** How soon unknown key ids, or a users subgraph that does not answer, may make us ask again. */
const keyRefetchMs = seconds(10)

export interface KeysDeps {
  readonly clock: Clock
  readonly call: SubgraphCaller
  readonly log: Log
}

/**
 * The published keys of the users subgraph by key id, and by nothing else that a token says. An unknown id makes us look again, but
 * not more often than every 10 s. While users does not answer, the keys we know count (resiliency matrix).
 */
export const makeVerificationKeys = ({ call, clock, log }: KeysDeps) => {
  let keys = new Map<string, KeyObject>()
  let fetchedAt = Number.NEGATIVE_INFINITY
  let triedAt = Number.NEGATIVE_INFINITY
  let fetching: Promise<void> | null = null

  const fetchKeys = async (): Promise<void> => {
    triedAt = clock.now()
    try {
      const { jwks } = await call<{ jwks: string }>('users', { query: '{ jwks }' })
      const set = JSON.parse(jwks) as { keys: (JsonWebKey & { kid: string })[] }
      keys = new Map(set.keys.map((key) => [key.kid, createPublicKey({ key: key as never, format: 'jwk' })]))
      fetchedAt = clock.now()
    } catch (error) {
      log.warn('the keys of access tokens could not be fetched', faultFields(error))
    }
  }

  const isDue = (kid: string): boolean => {
    const now = clock.now()
    if (now - triedAt <= keyRefetchMs) return false
    return now - fetchedAt > keyCacheMs || !keys.has(kid)
  }

  return async (kid: string): Promise<KeyObject | undefined> => {
    if (isDue(kid)) {
      fetching ??= fetchKeys().finally(() => {
        fetching = null
      })
    }
    if (fetching) await fetching
    return keys.get(kid)
  }
}

export type VerificationKeys = ReturnType<typeof makeVerificationKeys>
