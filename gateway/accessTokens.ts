import { hash } from 'node:crypto'
import jwt from 'jsonwebtoken'
import { LRUCache } from 'lru-cache'
import type { Clock } from '#kernel/time.ts'
import { isRole, type Role } from '#platform/auth.ts'
import type { VerificationKeys } from './verificationKeys.ts'

/** What an access token says, all of it checked (parameters table: access token). */
export interface Claims {
  readonly sub: string
  readonly sid: string
  readonly kind: 'guest' | 'user'
  readonly exp: number
  readonly iat: number
  readonly roles: readonly Role[]
  readonly gst?: string
}

/** Parameters table: access token. Larger ones are refused before any work is done. */
const maxTokenBytes = 4_096
/**
 * Clocks of processes may be apart as far as signed calls allow (30 s, `platform/auth.ts`): a token that users has just issued is good here
 * although our clock is behind. Its end is judged with less: whoever comes late refreshes it.
 */
const leewaySeconds = { issued: 30, end: 5 } as const
/** The longest life that the configuration allows. */
const maxLifeSeconds = 3_600
/** Bounds the memory of the cache (rule R13). */
const maxVerified = 10_000

/** Exactly these, so that nothing in a token can say where a key comes from (jku, x5u, jwk) or how to read it (crit, b64, zip). */
const headerNames = 'alg kid typ'
/** Key ids are thumbprints (RFC 7638): anything else is not worth a look. */
const keyId = /^[\w-]{43}$/

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '' && value.length <= 200
const isTime = (value: unknown): value is number => Number.isSafeInteger(value)

/**
 * A part of a token as our issuer writes it: base64url without slack, of JSON without slack. So a name cannot come twice (parsers
 * differ in which one counts), and one token has one spelling.
 */
const readPart = (part: string): Record<string, unknown> | null => {
  const bytes = Buffer.from(part, 'base64url')
  if (bytes.toString('base64url') !== part) return null
  const text = bytes.toString('utf8')
  try {
    const value: unknown = JSON.parse(text)
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isObject && JSON.stringify(value) === text ? (value as Record<string, unknown>) : null
  } catch {
    return null
  }
}

/** The key id of a header that is exactly ours, else null. */
const keyIdOf = (header: Record<string, unknown> | null): string | null => {
  if (!header || Object.keys(header).sort().join(' ') !== headerNames) return null
  const { alg, typ, kid } = header
  return alg === 'ES256' && typ === 'at+jwt' && typeof kid === 'string' && keyId.test(kid) ? kid : null
}

const isLife = ({ exp, iat, nbf }: Record<string, unknown>, now: number): boolean =>
  isTime(exp) &&
  isTime(iat) &&
  (nbf === undefined || isTime(nbf)) &&
  iat <= now + leewaySeconds.issued &&
  exp > iat &&
  exp - iat <= maxLifeSeconds

const isSubject = ({ kind, roles, gst }: Record<string, unknown>): boolean =>
  (kind === 'guest' || kind === 'user') &&
  Array.isArray(roles) &&
  roles.every(isRole) &&
  (gst === undefined || isText(gst))

const isClaims = (claims: Record<string, unknown>, now: number): boolean => {
  const { sub, sid, jti, client_id } = claims
  return [sub, sid, jti, client_id].every(isText) && isSubject(claims) && isLife(claims, now)
}

export interface AccessTokenDeps {
  readonly issuer: string
  readonly audience: string
  readonly clock: Clock
  readonly keyOf: VerificationKeys
}

/** Verifies access tokens (RFC 9068, after RFC 8725): one algorithm, keys by id from our own set, every claim present and of its type. */
export const makeAccessTokenVerifier = ({ issuer, audience, clock, keyOf }: AccessTokenDeps) => {
  const verified = new LRUCache<string, { readonly kid: string; readonly claims: Claims }>({ max: maxVerified })
  const nowSeconds = (): number => Math.floor(clock.now() / 1_000)

  const verify = async (token: string) => {
    const [head = '', body = '', , ...more] = token.split('.')
    const kid = more.length > 0 ? null : keyIdOf(readPart(head))
    const claims = kid && readPart(body)
    if (!claims || claims.aud !== audience || claims.iss !== issuer || !isClaims(claims, nowSeconds())) return null
    const key = await keyOf(kid)
    if (!key) return null
    try {
      const checks = { issuer, audience, clockTolerance: leewaySeconds.end, clockTimestamp: nowSeconds() }
      jwt.verify(token, key, { algorithms: ['ES256'], ...checks })
      return { kid, claims: claims as unknown as Claims }
    } catch {
      return null
    }
  }

  /**
   * The claims of a token, null for any that is no good. Verifying costs about 0.1 ms of CPU, so a token that was verified is
   * remembered by its hash until it ends or its key is retired.
   */
  return async (token: string): Promise<Claims | null> => {
    if (token.length > maxTokenBytes) return null
    const id = hash('sha256', token, 'base64url')
    const known = verified.get(id)
    const found = known && (await keyOf(known.kid)) ? known : await verify(token)
    // Both ends, also of one that is remembered: a clock may have been put back.
    if (
      !found ||
      found.claims.exp + leewaySeconds.end <= nowSeconds() ||
      found.claims.iat > nowSeconds() + leewaySeconds.issued
    )
      return null
    if (found !== known) verified.set(id, found)
    return found.claims
  }
}
