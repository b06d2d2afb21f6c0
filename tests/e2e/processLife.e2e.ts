import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readConfig } from '../../platform/config.ts'
import { startShop } from '../../shop.ts'
import { get, send } from '../client.ts'
import { guest } from '../people.ts'
import { freePorts } from '../ports.ts'
import { endProcess, startProcess, startTogether } from '../shop.ts'

const ready = async (url: string) => {
  const { status, text } = await send(
    { url, stop: async () => undefined },
    undefined,
    {},
    { method: 'GET', path: '/health/ready' },
  )
  return { status, ...JSON.parse(text) }
}

let dataDir: string
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'emporion-'))
})
afterAll(() => rm(dataDir, { recursive: true, force: true }))

describe('a shop with its embedded database', () => {
  const start = async (port: number) => startProcess([], { DATA_DIR: dataDir, PORT: String(port), LOG_LEVEL: 'silent' })

  /** The first answer of a port that may not be open yet. */
  const firstAnswer = async (url: string): Promise<unknown> => {
    const asked = () =>
      get({ url, stop: async () => undefined }, '{ products(first: 1) { totalCount } }').catch(() => null)
    let answer: unknown = null
    await expect.poll(async () => (answer = await asked()), { timeout: 30_000, interval: 20 }).not.toBeNull()
    return answer
  }

  test('given a first start, when the port answers for the first time, then the whole catalogue is there; and when the database dies, then the process says so and ends with 1; and the next start finds everything (F13)', {
    timeout: 90_000,
  }, async () => {
    const [port = 0] = await freePorts(1)
    const url = `http://127.0.0.1:${port}`
    const starting = start(port)
    expect(await firstAnswer(url)).toEqual({ products: { totalCount: 40 } })
    const { child, output } = await starting
    await guest({ url, stop: async () => undefined })
    const ended = new Promise((resolve) => child.once('close', resolve))
    const [, pid] = /embedded, for development only \(process (\d+)\)/.exec(output()) ?? []
    process.kill(Number(pid), 'SIGKILL')
    expect(await ended).toBe(1)
    expect(output()).toContain(
      `The embedded database (process ${pid}) has ended by signal SIGKILL; what it had acknowledged is kept. The shop stops.`,
    )

    const again = await start(port)
    expect(again.output()).not.toContain('seeded')
    expect(await firstAnswer(url)).toEqual({ products: { totalCount: 40 } })
    expect(await endProcess(again.child)).toBe(0)
  })

  test('given a shop in this process, when its database dies, then it is told, and nobody is sent here any more', async () => {
    const shop = await startShop(readConfig({ DATA_DIR: join(dataDir, 'other'), PORT: '0', LOG_LEVEL: 'silent' }))
    expect(await ready(shop.url!)).toEqual({ status: 200, ready: true, failing: [] })
    process.kill(shop.embedded!.pid!, 'SIGKILL')
    expect((await shop.lost).message).toContain('has ended by signal SIGKILL')
    expect(await ready(shop.url!)).toEqual({ status: 503, ready: false, failing: ['database'] })
    await shop.stop()
  })
})

test('given a shop that is told to stop, while it drains, then it is not ready at once and still answers; afterwards the port is closed', async () => {
  const shop = await startTogether({ DRAIN_MS: '3000' })
  expect(await ready(shop.url)).toMatchObject({ status: 200 })
  const stopped = shop.stop()
  expect(await ready(shop.url)).toEqual({ status: 503, ready: false, failing: ['stopping'] })
  expect(await get(shop, '{ viewer { kind } }')).toEqual({ viewer: { kind: 'ANONYMOUS' } })
  await stopped
  await expect(fetch(shop.url)).rejects.toThrow('fetch failed')
})
