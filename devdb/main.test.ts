import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import mongoose from 'mongoose'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Child, runMain, startChild, until } from './testing.ts'
import { connectRaw } from './wire/rawClient.ts'

const { MongoClient } = mongoose.mongo

let folder: string
const children: Child[] = []

const start = async (...args: string[]): Promise<Child> => {
  const child = await startChild(args)
  children.push(child)
  return child
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'devdb-'))
})

afterEach(async () => {
  await Promise.all(children.splice(0).map((child) => child.end('SIGKILL')))
  rmSync(folder, { recursive: true, force: true })
})

describe('durability', () => {
  it('given writes under way, when killed with -9 and started again, then every acknowledged write is there', async () => {
    const child = await start('--data', folder)
    const client = await new MongoClient(child.url, { retryWrites: false }).connect()
    const items = client.db('shop').collection<{ _id: number; n: number }>('items')
    await items.createIndex({ n: 1 }, { unique: true })
    const acknowledged: number[] = []
    const writer = async (from: number): Promise<void> => {
      for (let n = from; ; n += 8) {
        await items.insertOne({ _id: n, n })
        acknowledged.push(n)
      }
    }
    const writers = Promise.allSettled(Array.from({ length: 8 }, (_, from) => writer(from)))
    await until(() => acknowledged.length >= 400)
    await child.end('SIGKILL')
    await client.close(true)
    await writers

    const again = await start('--data', folder)
    const reader = await new MongoClient(again.url).connect()
    const found = new Set(await reader.db('shop').collection('items').distinct('n'))
    expect(acknowledged.filter((n) => !found.has(n))).toEqual([])
    const duplicate = reader.db('shop').collection('items').insertOne({ n: acknowledged[0] })
    await expect(duplicate).rejects.toMatchObject({ code: 11000 })
    await reader.close()
  })

  it('given updates, removals and drops, when stopped and started again, then the same state is there', async () => {
    const child = await start('--data', folder)
    const client = await new MongoClient(child.url).connect()
    const db = client.db('shop')
    await db.collection<{ _id: number; n?: number }>('a').insertMany([{ _id: 1 }, { _id: 2 }, { _id: 3 }])
    await db.collection<{ _id: number; n?: number }>('a').updateOne({ _id: 1 }, { $set: { n: 5 } })
    await db.collection<{ _id: number }>('a').deleteOne({ _id: 2 })
    await db.collection('b').insertOne({})
    await db.collection('b').drop()
    await client.close()
    expect(await child.end('SIGTERM')).toBe(0)
    expect(existsSync(join(folder, 'devdb.json'))).toBe(false)

    const again = await start('--data', folder)
    const reader = await new MongoClient(again.url).connect()
    expect(await reader.db('shop').collection('a').find().toArray()).toEqual([{ _id: 1, n: 5 }, { _id: 3 }])
    expect(await reader.db('shop').listCollections().toArray()).toMatchObject([{ name: 'a' }])
    await reader.close()
  })
})

describe('a retryable write', () => {
  it('given a crash before its answer was read, when sent again, then it has happened once', async () => {
    const write = {
      findAndModify: 'a',
      query: { _id: 1 },
      update: { $inc: { n: 1 } },
      upsert: true,
      new: true,
      lsid: { id: new mongoose.mongo.UUID() },
      txnNumber: mongoose.mongo.Long.fromNumber(1),
      $db: 'shop',
    }
    const answers: unknown[] = []
    for (let run = 0; run < 2; run++) {
      const child = await start('--data', folder)
      const client = await connectRaw(child.port)
      const { value, ok } = await client.send(write)
      answers.push([value, ok])
      client.end()
      await child.end('SIGKILL')
    }
    expect(answers).toEqual([
      [{ _id: 1, n: 1 }, 1],
      [{ _id: 1, n: 1 }, 1],
    ])
  })
})

describe('the data folder', () => {
  it('given another live server on it, then the second says who holds it and exits 1', async () => {
    const child = await start('--data', folder)
    expect(JSON.parse(readFileSync(join(folder, 'devdb.json'), 'utf8'))).toEqual({
      pid: child.process.pid,
      port: child.port,
      url: child.url,
    })
    const second = await runMain(['--data', folder])
    expect(second).toMatchObject({ code: 1, stdout: '' })
    expect(second.stderr).toBe(
      `devdb: the data folder ${folder} is held by process ${child.process.pid}, serving ${child.url}\n`,
    )
  })
})

describe('the command line', () => {
  it('given bad arguments, then all problems at once and exit 2', async () => {
    const { code, stderr } = await runMain(['--port', 'x', '--data', folder, '--ephemeral', '--wat', 'word'])
    expect(code).toBe(2)
    for (const text of ['--port', 'exclude each other', "'--wat'", "'word'"]) expect(stderr).toContain(text)
  })

  it('given a port in use, then one clear line and exit 1', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await until(() => other.address() !== null)
    const { port } = other.address() as { port: number }
    const { code, stderr } = await runMain(['--port', String(port), '--ephemeral'])
    other.close()
    expect([code, stderr]).toEqual([1, `devdb: port ${port} on 127.0.0.1 is in use\n`])
  })

  it('given --parent-watch, when its input ends, then it stops cleanly', async () => {
    const child = await start('--data', folder, '--parent-watch')
    const client = await new MongoClient(child.url).connect()
    await client.db('shop').collection('a').insertOne({})
    child.process.stdin?.end()
    await until(() => child.process.exitCode !== null)
    expect(child.process.exitCode).toBe(0)
    await client.close()
  })

  it('given --standalone, then it is no replica set and refuses transactions as a standalone does', async () => {
    const child = await start('--ephemeral', '--standalone')
    expect(child.url).toContain('directConnection=true')
    const client = await new MongoClient(child.url).connect()
    const hello = await client.db('admin').command({ hello: 1 })
    expect(hello.setName).toBeUndefined()
    const commit = client.db('admin').command({ commitTransaction: 1 })
    await expect(commit).rejects.toMatchObject({ code: 20 })
    await client.close()
  })

  it('given a TTL index and a short interval, then what is over goes and the rest stays', async () => {
    const child = await start('--ephemeral', '--ttl-interval-ms', '20')
    const client = await new MongoClient(child.url).connect()
    const carts = client.db('shop').collection('carts')
    await carts.createIndex({ at: 1 }, { expireAfterSeconds: 60 })
    await carts.insertMany([
      { k: 'old', at: new Date(0) },
      { k: 'new', at: new Date() },
      { k: 'none' },
      { k: 'text', at: 'x' },
    ])
    await until(async () => (await carts.countDocuments({ k: 'old' })) === 0)
    expect(await carts.distinct('k')).toEqual(['new', 'none', 'text'])
    await client.close()
  })
})
