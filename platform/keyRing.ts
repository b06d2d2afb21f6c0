import { randomUUID } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Config } from './config.ts'
import { type Clock, type Millis, minutes, seconds } from './kernel/time.ts'
import { generateKey, KeyError, keyFromPem, keysFromPem, type SigningKey, type SigningKeys } from './keys.ts'

/** A key in the ring: published first, then signing, then retired but published while its last tokens live. */
interface RingKey {
  readonly pem: string
  readonly publishedAt: Millis
  /** Null: it has not signed yet, it is the next one. */
  readonly signsFrom: Millis | null
  /** After this moment nobody may trust it; null: not retired. */
  readonly retiresAt: Millis | null
}

/** The file that holds the keys: one that signs, one that is already published and signs next, and retired ones. */
export interface KeyRing {
  readonly madeFor: 'development' | 'production'
  readonly keys: readonly RingKey[]
}

/** How long verifiers may take to hear of a new key, or of a retired one: their cache (one minute) and as much again. */
export const spreadMs = minutes(2)

const isNext = ({ signsFrom }: RingKey): boolean => signsFrom === null
const isCurrent = ({ signsFrom, retiresAt }: RingKey): boolean => signsFrom !== null && retiresAt === null
const isTrusted =
  (now: Millis) =>
  ({ retiresAt }: RingKey): boolean =>
    retiresAt === null || retiresAt > now

/** A new ring: two keys, so that the first rotation finds one that everybody knows. */
export const makeRing = (madeFor: KeyRing['madeFor'], now: Millis): KeyRing => ({
  madeFor,
  keys: [
    { pem: generateKey(), publishedAt: now, signsFrom: now, retiresAt: null },
    { pem: generateKey(), publishedAt: now, signsFrom: null, retiresAt: null },
  ],
})

/**
 * The ring after a rotation: the next key signs, the one before stays published until its last token has ended, a new next key is
 * published.
 * @throws KeyError when the next key is so young that a verifier may not know it yet.
 */
export const rotated = (ring: KeyRing, now: Millis, tokenLifeMs: Millis): KeyRing => {
  const next = ring.keys.find(isNext)
  if (!next) throw new KeyError('The ring has no next key.')
  const wait = next.publishedAt + spreadMs - now
  if (wait > 0)
    throw new KeyError(
      `The next key has just been published: rotate in ${Math.ceil(wait / 1_000)} s, when everybody knows it, or use --leaked.`,
    )
  const retiresAt = now + tokenLifeMs + spreadMs
  const keys = ring.keys.filter(isTrusted(now)).map((key) => {
    if (key === next) return { ...key, signsFrom: now }
    return isCurrent(key) ? { ...key, retiresAt } : key
  })
  return { ...ring, keys: [...keys, { pem: generateKey(), publishedAt: now, signsFrom: null, retiresAt: null }] }
}

const isRing = (value: unknown): value is KeyRing => {
  const { keys, madeFor } = (value ?? {}) as Partial<KeyRing>
  return (
    (madeFor === 'development' || madeFor === 'production') &&
    Array.isArray(keys) &&
    keys.filter(isCurrent).length === 1 &&
    keys.filter(isNext).length === 1
  )
}

const parseRing = (text: string, file: string): KeyRing => {
  try {
    const ring: unknown = JSON.parse(text)
    if (isRing(ring)) return ring
  } catch {
    // The same sentence, which does not show what is in the file.
  }
  throw new KeyError(`${file} must hold a ring of keys as \`npm run keys:rotate\` writes it.`)
}

interface OpenRing {
  readonly ring: KeyRing
  readonly keys: readonly (RingKey & { readonly key: SigningKey })[]
  readonly current: SigningKey
}

const openRing = (text: string, file: string, production: boolean): OpenRing => {
  const ring = parseRing(text, file)
  if (production && ring.madeFor !== 'production')
    throw new KeyError(`${file} holds keys that were made for development: refused in production.`)
  const keys = ring.keys.map((entry) => ({ ...entry, key: keyFromPem(entry.pem, file) }))
  const current = keys.find(isCurrent)
  if (!current) throw new KeyError(`${file} has no key that signs.`)
  return { ring, keys, current: current.key }
}

const textOf = (ring: KeyRing): string => `${JSON.stringify(ring, null, 2)}\n`

const writeDraft = async (file: string, ring: KeyRing): Promise<string> => {
  await mkdir(dirname(file), { recursive: true })
  const draft = `${file}.${randomUUID()}`
  await writeFile(draft, textOf(ring), { mode: 0o600, flag: 'wx' })
  return draft
}

/** Two processes may start at once: the first link stands, and nobody ever sees a file that is half written. */
const keepFirst = async (file: string, ring: KeyRing): Promise<void> => {
  const draft = await writeDraft(file, ring)
  try {
    await link(draft, file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    await rm(draft)
  }
}

const readText = (file: string): Promise<string | null> => readFile(file, 'utf8').catch(() => null)

export interface RotationOptions {
  readonly file: string
  readonly madeFor: KeyRing['madeFor']
  readonly now: Millis
  readonly tokenLifeMs: Millis
  /** All keys are dropped at once: every access token ends, and clients refresh. */
  readonly leaked?: boolean
}

/**
 * Rotates the ring in its file, or makes the file. Processes that sign read it again within a second.
 * @throws KeyError when the file is no ring, or when it is too early.
 */
export const rotateFile = async ({ file, madeFor, now, tokenLifeMs, leaked }: RotationOptions): Promise<KeyRing> => {
  const text = await readText(file)
  const fresh = text === null || leaked === true
  const ring = fresh ? makeRing(madeFor, now) : rotated(openRing(text, file, false).ring, now, tokenLifeMs)
  await rename(await writeDraft(file, ring), file)
  return ring
}

type KeyConfig = Pick<Config, 'signingKeyPem' | 'signingKeysFile' | 'dataDir' | 'production'>

/** Where the ring is: as configured, else in the data folder. */
export const ringFile = ({ signingKeysFile, dataDir }: Pick<KeyConfig, 'signingKeysFile' | 'dataDir'>): string =>
  signingKeysFile ?? join(dataDir, 'keys', 'access-tokens.json')

const checkEvery = seconds(1)

/** The keys of a file that may be rotated at any time: it is looked at once a second, which costs a few microseconds. */
const watchRing = (file: string, production: boolean, clock: Clock): SigningKeys => {
  const stamp = (): string => {
    const { mtimeMs, ino } = statSync(file)
    return `${mtimeMs} ${ino}`
  }
  const load = () => openRing(readFileSync(file, 'utf8'), file, production)
  let seen = stamp()
  let ring = load()
  let lookedAt = clock.now()
  const fresh = (): OpenRing => {
    if (clock.now() - lookedAt < checkEvery) return ring
    lookedAt = clock.now()
    try {
      const now = stamp()
      if (now !== seen) ring = load()
      seen = now
    } catch {
      // A file that is away or broken for a moment must not end sign-ins: the keys that were read stay.
    }
    return ring
  }
  return {
    current: () => fresh().current,
    published: () =>
      fresh()
        .keys.filter(isTrusted(clock.now()))
        .map(({ key }) => key.publicJwk),
  }
}

/**
 * The keys that sign access tokens: those of `SIGNING_KEY_PEM`, else the ring in its file; in development the file is made at first
 * start, readable by its owner only.
 * @throws KeyError naming the variable or the file when it holds no keys, or those of development in production.
 */
export const loadSigningKeys = async (config: KeyConfig, clock: Clock): Promise<SigningKeys> => {
  if (config.signingKeyPem) return keysFromPem(config.signingKeyPem, 'SIGNING_KEY_PEM')
  const file = ringFile(config)
  if ((await readText(file)) === null) {
    if (config.production) throw new KeyError(`${file} is missing: make it with \`npm run keys:rotate\`.`)
    await keepFirst(file, makeRing('development', clock.now()))
  }
  return watchRing(file, config.production, clock)
}
