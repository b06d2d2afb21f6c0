import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import mongoose from 'mongoose'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Child, runMain, startChild } from '../testing.ts'

const { MongoClient } = mongoose.mongo

let folder = ''
const children: Child[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'devdb-maintain-'))
})

afterEach(async () => {
  for (const child of children.splice(0)) await child.end('SIGTERM')
  rmSync(folder, { recursive: true })
})

const serve = async (data: string, ...more: string[]): Promise<Child> => {
  const child = await startChild(['--data', data, ...more])
  children.push(child)
  return child
}

const stop = async (child: Child): Promise<void> => {
  children.splice(children.indexOf(child), 1)
  await child.end('SIGTERM')
}

const withOrders = async <T>(child: Child, work: (orders: mongoose.mongo.Collection) => Promise<T>): Promise<T> => {
  const client = await new MongoClient(child.url).connect()
  try {
    return await work(client.db('shop').collection('orders'))
  } finally {
    await client.close()
  }
}

const fill = (child: Child): Promise<unknown> =>
  withOrders(child, async (orders) => {
    await orders.createIndex({ number: 1 }, { unique: true })
    await orders.insertMany(Array.from({ length: 300 }, (_, number) => ({ number, note: `order ${number}` })))
  })

const corrupt = (path: string, text: string): void => {
  const bytes = readFileSync(path)
  const at = bytes.indexOf(text)
  bytes[at] = (bytes[at] ?? 0) ^ 4
  writeFileSync(path, bytes)
}

describe('backup, restore, check', () => {
  it('given a server under writes, when its folder is backed up and restored, then all that was there before is there, with indexes', async () => {
    const data = join(folder, 'data')
    const child = await serve(data)
    await fill(child)
    const writing = { on: true }
    const writes = withOrders(child, async (orders) => {
      for (let number = 1000; writing.on; number++) await orders.insertOne({ number })
    })
    const backup = await runMain(['backup', '--data', data, '--to', join(folder, 'saved', 'monday.sqlite')])
    writing.on = false
    await writes
    expect(backup).toMatchObject({ code: 0, stderr: '' })
    expect(backup.stdout).toMatch(/intact: 1 collections, \d+ documents\nwritten: /)

    const restored = join(folder, 'restored')
    const restore = await runMain(['restore', '--data', restored, '--from', join(folder, 'saved', 'monday.sqlite')])
    expect(restore).toMatchObject({ code: 0, stderr: '' })
    await withOrders(await serve(restored), async (orders) => {
      expect(await orders.countDocuments({ number: { $lt: 300 } })).toBe(300)
      await expect(orders.insertOne({ number: 7 })).rejects.toMatchObject({ code: 11000 })
    })
  })

  it('given a folder at rest, then it is backed up and checked without a server', async () => {
    const data = join(folder, 'data')
    const child = await serve(data)
    await fill(child)
    await stop(child)
    const to = join(folder, 'rest.sqlite')
    expect(await runMain(['backup', '--data', data, '--to', to])).toMatchObject({ code: 0 })
    expect(await runMain(['check', '--data', data])).toMatchObject({
      code: 0,
      stdout: 'intact: 1 collections, 300 documents\n',
    })
    expect(await runMain(['check', '--data', to])).toMatchObject({ code: 0 })
    expect(await runMain(['backup', '--data', data, '--to', to])).toMatchObject({ code: 1 })
  })

  it('given a server on a unix socket, then its folder is backed up as well', async () => {
    const data = join(folder, 'data')
    const child = await startChild(['--data', data, '--socket', join(folder, 'db.sock')])
    children.push(child)
    await fill(child)
    expect(await runMain(['backup', '--data', data, '--to', join(folder, 'b.sqlite')])).toMatchObject({ code: 0 })
  })

  it('given one flipped bit, then check names the collection, the server does not start, and a damaged backup is not restored', async () => {
    const data = join(folder, 'data')
    const child = await serve(data)
    await fill(child)
    await stop(child)
    const path = join(data, 'devdb.sqlite')
    corrupt(path, 'order 123')
    const check = await runMain(['check', '--data', data])
    expect(check.code).toBe(3)
    expect(check.stderr).toMatch(/damaged: a document of shop\.orders, row \d+/)
    const start = await runMain(['--port', '0', '--data', data])
    expect(start.code).toBe(1)
    expect(start.stderr).toContain('is damaged')
    const restore = await runMain(['restore', '--data', join(folder, 'new'), '--from', path])
    expect(restore.code).toBe(3)
  })

  it.each([
    [['backup', '--data', 'x'], 2, 'backup needs --to FILE'],
    [['restore', '--force', '--data', 'x', '--from', 'y'], 2, "unknown option '--force'"],
    [['check', '--data', '/no/such/folder'], 1, 'does not exist'],
    [['backup', '--data', '/no/such/folder', '--to', 'z'], 1, 'there is no data in'],
  ])('given %j, then it ends with code %i and says why', async (args, code, text) => {
    const outcome = await runMain(args)
    expect(outcome.code).toBe(code)
    expect(outcome.stderr).toContain(text)
  })

  it('given data in the folder, when a backup is restored into it, then nothing is touched', async () => {
    const data = join(folder, 'data')
    await stop(await serve(data))
    const outcome = await runMain(['restore', '--data', data, '--from', join(data, 'devdb.sqlite')])
    expect(outcome.code).toBe(1)
    expect(outcome.stderr).toContain('holds data already')
  })
})
