import { createPrivateKey } from 'node:crypto'
import jwt from 'jsonwebtoken'
import type { RandomBytes } from '#kernel/id.ts'
import type { Clock, Millis } from '#kernel/time.ts'
import type { SigningKey } from '#platform/keys.ts'
import type { Role } from './domain/account.ts'
import type { Session } from './domain/session.ts'

export interface AccessTokenOptions {
  readonly signingKey: SigningKey
  readonly issuer: string
  readonly audience: string
  readonly lifeSeconds: number
  readonly clock: Clock
  readonly random: RandomBytes
}

export interface AccessToken {
  readonly token: string
  readonly expiresAt: Millis
}

/** The shop's own clients; RFC 9068 demands the claim. */
const clientId = 'emporion'

const subjectClaims = ({ subject }: Session) =>
  subject.kind === 'guest'
    ? { sub: subject.guestId, kind: 'guest' }
    : {
        sub: subject.accountId,
        kind: 'user',
        ...(subject.absorbedGuestId === null ? {} : { gst: subject.absorbedGuestId }),
      }

/**
 * Access tokens: JWT signed with ES256 after RFC 9068, plus the claims `kind` (`guest` or `user`), `roles`, and `gst`, the guest
 * whom this sign-in absorbed. Verifying them is the gateway's work, with the key set published here.
 */
export const makeAccessTokens = ({ signingKey, issuer, audience, lifeSeconds, clock, random }: AccessTokenOptions) => {
  const key = createPrivateKey(signingKey.privatePem)
  const keySet = JSON.stringify({ keys: [signingKey.publicJwk] })
  return {
    issue: (session: Session, roles: readonly Role[]): AccessToken => {
      const iat = Math.floor(clock.now() / 1_000)
      const exp = iat + lifeSeconds
      const jti = Buffer.from(random(16)).toString('base64url')
      const claims = {
        iss: issuer,
        aud: audience,
        ...subjectClaims(session),
        sid: session._id,
        jti,
        iat,
        exp,
        client_id: clientId,
        roles,
      }
      const token = jwt.sign(claims, key, {
        algorithm: 'ES256',
        keyid: signingKey.kid,
        header: { alg: 'ES256', typ: 'at+jwt' },
      })
      return { token, expiresAt: exp * 1_000 }
    },
    /** The public keys as a JWK set (RFC 7517) in JSON. */
    jwks: (): string => keySet,
  }
}

export type AccessTokens = ReturnType<typeof makeAccessTokens>
