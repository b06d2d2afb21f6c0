import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type JsonWebKey,
  type KeyObject,
} from 'node:crypto'

/** A mistake of whoever keeps the keys, in one sentence that shows none of them. */
export class KeyError extends Error {
  override readonly name = 'KeyError'
}

export type PublicJwk = JsonWebKey & { readonly kid: string; readonly alg: 'ES256'; readonly use: 'sig' }

/** A key pair that signs access tokens (ES256). Only the users subgraph gets the private half. */
export interface SigningKey {
  readonly kid: string
  readonly privateKey: KeyObject
  readonly publicJwk: PublicJwk
}

/** The keys of access tokens at this moment. */
export interface SigningKeys {
  /** The one that signs. */
  current(): SigningKey
  /** All that verifiers may trust: also the one that signs next, and those whose last tokens may still be alive. */
  published(): readonly PublicJwk[]
}

/** The key id is the JWK thumbprint (RFC 7638), so that it follows from the key. */
const thumbprint = (jwk: JsonWebKey): string =>
  createHash('sha256')
    .update(JSON.stringify({ crv: jwk.crv, kty: jwk.kty, x: jwk.x, y: jwk.y }))
    .digest('base64url')

const readPrivateKey = (pem: string): KeyObject | null => {
  try {
    return createPrivateKey(pem)
  } catch {
    return null
  }
}

/** @throws KeyError naming where the key was found, without showing it, when it is no P-256 private key. */
export const keyFromPem = (pem: string, where: string): SigningKey => {
  const privateKey = readPrivateKey(pem)
  if (privateKey?.asymmetricKeyDetails?.namedCurve !== 'prime256v1')
    throw new KeyError(`${where} must hold a P-256 private key (PEM).`)
  const jwk = createPublicKey(privateKey).export({ format: 'jwk' })
  const kid = thumbprint(jwk)
  return { kid, privateKey, publicJwk: { ...jwk, kid, alg: 'ES256', use: 'sig' } }
}

/** A new P-256 private key as PEM. */
export const generateKey = (): string =>
  generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()

const fixed = ([first, ...rest]: readonly [SigningKey, ...SigningKey[]]): SigningKeys => {
  const published = [first, ...rest].map(({ publicJwk }) => publicJwk)
  return { current: () => first, published: () => published }
}

const pemBlock = /-----BEGIN [^-]+-----[^-]*-----END [^-]+-----/g

/**
 * Keys given as text: one PEM, or several, of which the first signs and all are published.
 * @throws KeyError as `keyFromPem`.
 */
export const keysFromPem = (text: string, where: string): SigningKeys => {
  const unescaped = text.replaceAll('\\n', '\n')
  const [first = unescaped, ...rest] = unescaped.match(pemBlock) ?? []
  return fixed([keyFromPem(first, where), ...rest.map((pem) => keyFromPem(pem, where))])
}

/** A key that nobody knows, for a process that signs no access tokens. */
export const makeThrowawayKeys = (): SigningKeys => fixed([keyFromPem(generateKey(), 'The generated key')])
