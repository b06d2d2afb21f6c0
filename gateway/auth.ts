import { ShopError } from '#kernel/errors.ts'
import { type Clock, seconds } from '#kernel/time.ts'
import { anonymous, type Role, sessionCacheKey, type Viewer } from '#platform/auth.ts'
import type { Cache } from '#platform/cache/cache.ts'
import { makeReadThrough } from '#platform/cache/readThrough.ts'
import type { SubgraphCaller } from '#platform/caller.ts'
import { makeBreaker } from '#platform/circuitBreaker.ts'
import { faultFields, type Log } from '#platform/log.ts'
import { shareReads } from '#platform/sharedReads.ts'
import { type Claims, makeAccessTokenVerifier } from './accessTokens.ts'
import { makeVerificationKeys } from './verificationKeys.ts'

/** Who a request comes from, and until when that holds. */
export interface Identity {
  readonly viewer: Viewer
  /** Epoch milliseconds at which the access token ends; null without one. */
  readonly expiresAt: number | null
}

export const nobody: Identity = { viewer: anonymous, expiresAt: null }

interface SessionState {
  readonly id: string
  readonly active: boolean
  readonly roles: readonly Role[]
}

/** A signed-out session is out within a second also when nobody hears of it (Redis hangs at that moment); the rest is for the way. */
const sessionCacheMs = 900

/** Sessions that are asked for at once are one call, so that what is bounded is the number of those who wait for it. */
const room = { inFlight: 12_000, waiting: 5_000 }

const query = /* GraphQL */ `query ($ids: [ID!]!) { sessionStates(ids: $ids) { id active roles } }`

/** Longest wait for the look at a session: the signed token counts by itself then, and the request has 3 s in all (F8). */
const patienceMs = seconds(1)
/** What one request in a second waits for an answer while none comes. */
const probeMs = 250

const toViewer = ({ kind, sub: id, sid: sessionId, gst }: Claims, roles: readonly Role[]): Viewer =>
  kind === 'guest' ? { kind, id, sessionId } : { kind, id, sessionId, roles, ...(gst && { guestId: gst }) }

export interface AuthDeps {
  readonly issuer: string
  readonly audience: string
  readonly clock: Clock
  readonly cache: Cache
  readonly call: SubgraphCaller
  readonly log: Log
}

/** Verifies access tokens and checks that their session still stands. */
export const makeAuth = (deps: AuthDeps) => {
  const { call, log } = deps
  const read = makeReadThrough({ ...deps, room })
  // A request that waits for a check that fails has no time left for itself (F8): after three in a row nobody waits, but one each second,
  // and that one not for long.
  const checks = makeBreaker({ clock: deps.clock, failuresInARow: 3, openFor: seconds(1), probes: 1 })
  const claimsOf = makeAccessTokenVerifier({ ...deps, keyOf: makeVerificationKeys(deps) })

  /** When all clients come back at once, they are a few calls. */
  const readTogether = shareReads<SessionState>({
    read: async (ids) => {
      const timeoutMs = checks.state === 'closed' ? patienceMs : probeMs
      return (await call<{ sessionStates: SessionState[] }>('users', { query, variables: { ids }, timeoutMs }))
        .sessionStates
    },
    keysOf: ({ id }) => [id],
  })

  /** The session, at most a second old. When users does not answer, the signed token alone counts until it ends (resiliency matrix). */
  const sessionOf = async ({ sid, roles }: Claims): Promise<SessionState> => {
    const load = async (): Promise<SessionState> => {
      const leave = checks.enter()
      if (!leave) throw new ShopError('UNAVAILABLE', 'Sessions cannot be checked at present.')
      try {
        const [state] = await readTogether([sid], undefined)
        leave('answered')
        return state ?? { id: sid, active: false, roles: [] }
      } catch (error) {
        leave('failed')
        throw error
      }
    }
    try {
      return await read({ key: sessionCacheKey(sid), ttl: sessionCacheMs, load })
    } catch (error) {
      log.warn('a session could not be checked', faultFields(error))
      return { id: sid, active: true, roles }
    }
  }

  return {
    /** The identity behind an `Authorization` header; null when the token is no good, for whatever reason. */
    identify: async (authorization: string | undefined): Promise<Identity | null> => {
      if (authorization === undefined || authorization === '') return nobody
      const [scheme, token, ...rest] = authorization.split(' ')
      if (scheme?.toLowerCase() !== 'bearer' || !token || rest.length > 0) return null
      const claims = await claimsOf(token)
      if (!claims) return null
      const session = await sessionOf(claims)
      return session.active ? { viewer: toViewer(claims, session.roles), expiresAt: claims.exp * 1_000 } : null
    },
  }
}

export type Auth = ReturnType<typeof makeAuth>
