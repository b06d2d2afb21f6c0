import jwt from 'jsonwebtoken'
import type { RandomBytes } from '#kernel/id.ts'
import type { Clock, Millis } from '#kernel/time.ts'
import type { SigningKeys } from '#platform/keys.ts'
import type { Role } from './domain/account.ts'
import type { Session } from './domain/session.ts'

export interface AccessTokenOptions {
  readonly signingKeys: SigningKeys
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
export const makeAccessTokens = ({ signingKeys, issuer, audience, lifeSeconds, clock, random }: AccessTokenOptions) => {
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
      const { kid, privateKey } = signingKeys.current()
      const token = jwt.sign(claims, privateKey, {
        algorithm: 'ES256',
        keyid: kid,
        header: { alg: 'ES256', typ: 'at+jwt' },
      })
      return { token, expiresAt: exp * 1_000 }
    },
    /** The public keys as a JWK set (RFC 7517) in JSON: also the next one, and retired ones whose tokens may be alive. */
    jwks: (): string => JSON.stringify({ keys: signingKeys.published() }),
  }
}

export type AccessTokens = ReturnType<typeof makeAccessTokens>
