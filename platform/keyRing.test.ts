import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { makeManualClock, minutes, seconds } from './kernel/time.ts'
import { loadSigningKeys, makeRing, ringFile, rotated, rotateFile, spreadMs } from './keyRing.ts'
import { KeyError } from './keys.ts'

const tokenLifeMs = minutes(5)

const makeFolder = async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'keys-'))
  onTestFinished(() => rm(dataDir, { recursive: true }))
  const config = { signingKeyPem: null, signingKeysFile: null, dataDir, production: false }
  return { dataDir, config, file: ringFile(config), clock: makeManualClock() }
}

test('given no keys, when many start at once in development, then one ring is made and all have it', async () => {
  const { config, clock, file } = await makeFolder()
  const all = await Promise.all(Array.from({ length: 12 }, () => loadSigningKeys(config, clock)))
  expect(new Set(all.map((keys) => keys.current().kid)).size).toBe(1)
  expect(await readdir(join(file, '..'))).toEqual(['access-tokens.json'])
  expect((await stat(file)).mode & 0o777).toBe(0o600)
})

test('given a ring, when its keys are published, then there are two, the one that signs among them, and nothing private', async () => {
  const { config, clock } = await makeFolder()
  const keys = await loadSigningKeys(config, clock)
  const published = keys.published()
  expect(published).toHaveLength(2)
  expect(published.map(({ kid }) => kid)).toContain(keys.current().kid)
  for (const key of published) expect(Object.keys(key).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y'])
})

test('given a rotation, when time passes, then the next key signs at once, the one before goes when its last token has ended (threat: keys)', async () => {
  const { config, clock, file } = await makeFolder()
  const keys = await loadSigningKeys(config, clock)
  const [before] = [keys.current().kid]
  const next = keys.published().find(({ kid }) => kid !== before)?.kid
  clock.advance(spreadMs)
  await rotateFile({ file, madeFor: 'development', now: clock.now(), tokenLifeMs })
  clock.advance(seconds(1))
  const publishedNow = () => keys.published().map(({ kid }) => kid)
  expect(keys.current().kid).toBe(next)
  expect(publishedNow()).toHaveLength(3)
  clock.advance(tokenLifeMs + spreadMs - seconds(2))
  expect(publishedNow()).toContain(before)
  clock.advance(seconds(1))
  expect(publishedNow()).toHaveLength(2)
  expect(publishedNow()).not.toContain(before)
})

test('given a next key that verifiers may not know yet, when somebody rotates, then it is refused and nothing changes (threat: keys)', async () => {
  const { config, clock, file } = await makeFolder()
  await loadSigningKeys(config, clock)
  const text = await readFile(file, 'utf8')
  clock.advance(spreadMs - 1)
  const early = rotateFile({ file, madeFor: 'development', now: clock.now(), tokenLifeMs })
  await expect(early).rejects.toThrow(/rotate in 1 s/)
  expect(await readFile(file, 'utf8')).toBe(text)
})

test('given many rotations, when the ring is looked at, then it does not grow', () => {
  let ring = makeRing('production', 0)
  for (let turn = 1; turn <= 50; turn += 1) ring = rotated(ring, turn * minutes(10), tokenLifeMs)
  expect(ring.keys).toHaveLength(3)
})

test('given keys that leaked, when they are rotated, then none of them is published any more (threat: keys)', async () => {
  const { config, clock, file } = await makeFolder()
  const keys = await loadSigningKeys(config, clock)
  const known = keys.published().map(({ kid }) => kid)
  await rotateFile({ file, madeFor: 'development', now: clock.now(), tokenLifeMs, leaked: true })
  clock.advance(seconds(1))
  expect(keys.published()).toHaveLength(2)
  for (const { kid } of keys.published()) expect(known).not.toContain(kid)
  expect(known).not.toContain(keys.current().kid)
})

test('given production, when the keys are missing or made for development, then the start is refused (threat: operations)', async () => {
  const { config, clock, file } = await makeFolder()
  await expect(loadSigningKeys({ ...config, production: true }, clock)).rejects.toThrow(/is missing: make it with/)
  await loadSigningKeys(config, clock)
  const refused = loadSigningKeys({ ...config, production: true }, clock)
  await expect(refused).rejects.toThrow(`${file} holds keys that were made for development: refused in production.`)
  await rotateFile({ file, madeFor: 'production', now: clock.now(), tokenLifeMs, leaked: true })
  expect((await loadSigningKeys({ ...config, production: true }, clock)).published()).toHaveLength(2)
})

test('given a broken file, when it is read, then the file is named, not shown, and left alone; while running, the keys stay', async () => {
  const { config, clock, file } = await makeFolder()
  const keys = await loadSigningKeys(config, clock)
  const { kid } = keys.current()
  const ring = makeRing('development', 0)
  const [first] = ring.keys
  const wrong = [
    { ...ring, keys: [first] },
    { ...ring, madeFor: 'canary' },
    { ...ring, keys: ring.keys.map((key) => ({ ...key, pem: 'canary' })) },
  ]
  await mkdir(join(file, '..'), { recursive: true })
  for (const content of ['', 'canary', '[]', 'null', ...wrong.map((value) => JSON.stringify(value))]) {
    await writeFile(file, content)
    const failure = await loadSigningKeys(config, clock).catch((error: Error) => error.message)
    expect(failure).toContain(`${file} must hold`)
    expect(failure).not.toContain('canary')
    expect(await readFile(file, 'utf8')).toBe(content)
  }
  clock.advance(seconds(2))
  expect(keys.current().kid).toBe(kid)
  await expect(rotateFile({ file, madeFor: 'development', now: clock.now(), tokenLifeMs })).rejects.toThrow(KeyError)
})
