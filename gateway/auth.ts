import { createHash, createPublicKey, type KeyObject } from 'node:crypto'
import jwt from 'jsonwebtoken'
import { LRUCache } from 'lru-cache'
import { type Clock, minutes, seconds } from '#kernel/time.ts'
import { anonymous, type Role, type Viewer } from '#platform/auth.ts'
import type { Cache } from '#platform/cache/cache.ts'
import type { SubgraphCaller } from '#platform/caller.ts'
import { faultFields, type Log } from '#platform/log.ts'

/** Who a request comes from, and until when that holds. */
export interface Identity {
  readonly viewer: Viewer
  /** Epoch milliseconds at which the access token ends; null without one. */
  readonly expiresAt: number | null
}

export const nobody: Identity = { viewer: anonymous, expiresAt: null }

interface Claims {
  readonly sub: string
  readonly sid: string
  readonly kind: 'guest' | 'user'
  readonly exp: number
  readonly roles: readonly Role[]
  readonly gst?: string
}

interface SessionState {
  readonly active: boolean
  readonly roles: readonly Role[]
}

/** Parameters table: access token. Larger ones are refused before any work is done. */
const maxTokenBytes = 4_096
const leewaySeconds = 5
/** A signed-out session is out within this time. */
const sessionCacheMs = seconds(1)
const keyCacheMs = minutes(5)
/** How soon unknown key ids may make us ask for the keys again. */
const keyRefetchMs = seconds(10)

const isClaims = (claims: unknown): claims is Claims => {
  const { sub, sid, kind, exp, jti, iat, client_id } = claims as Record<string, unknown>
  const texts = [sub, sid, jti, client_id].every((value) => typeof value === 'string' && value !== '')
  return texts && (kind === 'guest' || kind === 'user') && typeof exp === 'number' && typeof iat === 'number'
}

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

/** The published keys of the users subgraph by key id; an unknown id makes us look again, but not more often than every 10 s. */
const makeKeys = ({ call, clock }: AuthDeps) => {
  let keys = new Map<string, KeyObject>()
  let fetchedAt = Number.NEGATIVE_INFINITY
  let fetching: Promise<void> | null = null
  const fetchKeys = async (): Promise<void> => {
    const { jwks } = await call<{ jwks: string }>('users', { query: '{ jwks }' })
    const set = JSON.parse(jwks) as { keys: (JsonWebKey & { kid: string })[] }
    keys = new Map(set.keys.map((key) => [key.kid, createPublicKey({ key: key as never, format: 'jwk' })]))
    fetchedAt = clock.now()
  }
  return async (kid: string): Promise<KeyObject | undefined> => {
    const age = clock.now() - fetchedAt
    if (age > keyCacheMs || (!keys.has(kid) && age > keyRefetchMs)) {
      fetching ??= fetchKeys().finally(() => {
        fetching = null
      })
      await fetching
    }
    return keys.get(kid)
  }
}

/** Verifies access tokens and checks that their session still stands. */
export const makeAuth = (deps: AuthDeps) => {
  const { clock, cache, call, log } = deps
  const keyOf = makeKeys(deps)
  const verified = new LRUCache<string, Claims>({ max: 10_000 })

  const verify = async (token: string): Promise<Claims | null> => {
    const header = jwt.decode(token, { complete: true })?.header
    if (header?.alg !== 'ES256' || header.typ !== 'at+jwt' || !header.kid || 'crit' in header) return null
    const key = await keyOf(header.kid)
    if (!key) return null
    try {
      const claims: unknown = jwt.verify(token, key, {
        algorithms: ['ES256'],
        issuer: deps.issuer,
        audience: deps.audience,
        clockTolerance: leewaySeconds,
        clockTimestamp: Math.floor(clock.now() / 1_000),
      })
      return isClaims(claims) ? claims : null
    } catch {
      return null
    }
  }

  /** Verifying costs about 0.1 ms of CPU, so a token that was verified is remembered by its hash until it ends. */
  const claimsOf = async (token: string): Promise<Claims | null> => {
    if (token.length > maxTokenBytes) return null
    const hash = createHash('sha256').update(token).digest('base64url')
    const known = verified.get(hash) ?? (await verify(token))
    if (!known || known.exp * 1_000 + leewaySeconds * 1_000 <= clock.now()) return null
    verified.set(hash, known)
    return known
  }

  /** The session, at most a second old. When users does not answer, the signed token alone counts until it ends (resiliency matrix). */
  const sessionOf = async ({ sid, roles }: Claims): Promise<SessionState> => {
    const key = `session:${sid}`
    const cached = await cache.get<SessionState>(key)
    if (cached) return cached
    try {
      const { session } = await call<{ session: SessionState }>('users', {
        query: 'query ($id: ID!) { session(id: $id) { active roles } }',
        variables: { id: sid },
      })
      await cache.set(key, session, sessionCacheMs)
      return session
    } catch (error) {
      log.warn('a session could not be checked', faultFields(error))
      return { active: true, roles }
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
