import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import jwt from 'jsonwebtoken'
import { expect, onTestFinished, test } from 'vitest'
import { makeManualClock, minutes, seconds } from '#kernel/time.ts'
import { makeRing, rotateFile, spreadMs } from '#platform/keyRing.ts'
import { get, send, type TestShop } from '../client.ts'
import { guest } from '../people.ts'
import { startTogether } from '../shop.ts'

const root = join(import.meta.dirname, '../..')

/** A ring of keys that has existed for ten minutes, so that everybody knows the next key. */
const oldRing = async (now: number): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'keys-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const file = join(folder, 'ring.json')
  await writeFile(file, JSON.stringify(makeRing('development', now - minutes(10))))
  return file
}

const start = async (...args: Parameters<typeof startTogether>): Promise<TestShop> => {
  const shop = await startTogether(...args)
  onTestFinished(() => shop.stop())
  return shop
}

const kidOf = (token: string) => jwt.decode(token, { complete: true })?.header.kid

const statusOf = async (shop: TestShop, token: string): Promise<number> =>
  (await send(shop, { query: '{ viewer { kind } }' }, { authorization: `Bearer ${token}` })).status

const publishedIds = async (shop: TestShop): Promise<string[]> => {
  const { text } = await send(shop, undefined, {}, { path: '/.well-known/jwks.json', method: 'GET' })
  return (JSON.parse(text) as { keys: { kid: string }[] }).keys.map(({ kid }) => kid)
}

test('given a shop under load, when the keys are rotated by the command, then new tokens have the next key and no request fails (threat: keys)', async () => {
  const file = await oldRing(Date.now())
  const shop = await start({ SIGNING_KEYS_FILE: file })
  const before = await guest(shop)
  expect(await publishedIds(shop)).toHaveLength(2)
  const load = { going: true, statuses: [] as number[], kids: new Set<string | undefined>() }
  const client = async () => {
    while (load.going) {
      const token = await guest(shop)
      load.kids.add(kidOf(token))
      load.statuses.push(await statusOf(shop, token), await statusOf(shop, before))
    }
  }
  const clients = Array.from({ length: 4 }, client)
  try {
    const { stdout } = await promisify(execFile)(process.execPath, ['commands/rotateKeys.ts'], {
      cwd: root,
      env: { SIGNING_KEYS_FILE: file },
    })
    expect(stdout).toMatch(/3 keys are published/)
    await expect.poll(() => load.kids.size, { timeout: 20_000 }).toBe(2)
  } finally {
    load.going = false
    await Promise.allSettled(clients)
  }
  await Promise.all(clients)
  expect(load.statuses.length).toBeGreaterThan(10)
  expect(new Set(load.statuses)).toEqual(new Set([200]))
  // In a fleet one process may have read the file a few seconds before the other one.
  await expect.poll(() => publishedIds(shop), { timeout: 20_000 }).toHaveLength(3)
}, 60_000)

test('given a retired key, when its overlap has passed, then its tokens are refused; after a leak at once (threat: keys)', async () => {
  const clock = makeManualClock(Date.now())
  const file = await oldRing(clock.now())
  // Tokens that live as long as the configuration allows, so that the key ends before them only after a leak.
  const shop = await start({ SIGNING_KEYS_FILE: file, ACCESS_TOKEN_SECONDS: '3600' }, { clock })
  const before = await guest(shop)
  const rotation = { file, madeFor: 'development', tokenLifeMs: minutes(60) } as const
  await rotateFile({ ...rotation, now: clock.now() })
  clock.advance(seconds(1))
  const after = await guest(shop)
  expect(kidOf(after)).not.toBe(kidOf(before))
  expect([await statusOf(shop, before), await statusOf(shop, after)]).toEqual([200, 200])

  clock.advance(minutes(59))
  expect(await statusOf(shop, before)).toBe(200)
  clock.advance(minutes(1) + spreadMs)
  expect(await publishedIds(shop)).not.toContain(kidOf(before))
  expect(await statusOf(shop, before)).toBe(401)

  const leaked = await guest(shop)
  expect(await statusOf(shop, leaked)).toBe(200)
  await rotateFile({ ...rotation, now: clock.now(), leaked: true })
  clock.advance(minutes(1) + seconds(1))
  expect(await statusOf(shop, leaked)).toBe(401)
  const fresh = await guest(shop)
  expect((await get(shop, '{ viewer { kind } }', {}, fresh)).viewer.kind).toBe('GUEST')
})
