import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type JsonWebKey,
  type KeyObject,
  randomUUID,
} from 'node:crypto'
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config } from './config.ts'

/** The key pair that signs access tokens (ES256). Only the users subgraph gets the private half. */
export interface SigningKey {
  readonly kid: string
  readonly privatePem: string
  readonly publicJwk: JsonWebKey & { readonly kid: string; readonly alg: 'ES256'; readonly use: 'sig' }
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

const fromPem = (privatePem: string, where: string): SigningKey => {
  const key = readPrivateKey(privatePem)
  if (key?.asymmetricKeyDetails?.namedCurve !== 'prime256v1')
    throw new Error(`${where} must hold a P-256 private key (PEM).`)
  const jwk = createPublicKey(key).export({ format: 'jwk' })
  const kid = thumbprint(jwk)
  return { kid, privatePem, publicJwk: { ...jwk, kid, alg: 'ES256', use: 'sig' } }
}

const generate = (): string =>
  generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()

/** A key that nobody knows, for a process that signs no access tokens. */
export const makeThrowawayKey = (): SigningKey => fromPem(generate(), 'The generated key')

/** Two processes may start at once: the first link stands, and nobody ever sees a file that is half written. */
const keepFirst = async (file: string, pem: string): Promise<void> => {
  const draft = `${file}.${randomUUID()}`
  await writeFile(draft, pem, { mode: 0o600, flag: 'wx' })
  try {
    await link(draft, file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    await rm(draft)
  }
}

/**
 * The configured key; in development one made at first start and kept in the data folder, readable by its owner only.
 * @throws Error naming the variable or the file when it holds no P-256 private key.
 */
export const loadSigningKey = async (config: Pick<Config, 'signingKeyPem' | 'dataDir'>): Promise<SigningKey> => {
  if (config.signingKeyPem) return fromPem(config.signingKeyPem.replaceAll('\\n', '\n'), 'SIGNING_KEY_PEM')
  const folder = join(config.dataDir, 'keys')
  const file = join(folder, 'access-token.pem')
  const existing = await readFile(file, 'utf8').catch(() => null)
  if (existing !== null) return fromPem(existing, file)
  await mkdir(folder, { recursive: true })
  await keepFirst(file, generate())
  return fromPem(await readFile(file, 'utf8'), file)
}
