import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Binary, Long } from 'bson'
import mongoose from 'mongoose'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { startInProcess, until } from '../testing.ts'
import { connectRaw } from '../wire/rawClient.ts'

const { MongoClient } = mongoose.mongo
const outOfDiskSpace = 14_031

type Item = { _id: string; n?: number; text: string }

let folder = ''
let server: Awaited<ReturnType<typeof startInProcess>>
let client: mongoose.mongo.MongoClient
let items: mongoose.mongo.Collection<Item>

const start = async (maxPages?: number): Promise<void> => {
  server = await startInProcess({ data: folder, ...(maxPages === undefined ? {} : { maxPages }) })
  client = await MongoClient.connect(server.url)
  items = client.db('full').collection<Item>('items')
}

const stop = async (): Promise<void> => {
  await client.close()
  await server.stop()
}

const large = (id: string): Item => ({ _id: id, text: 'x'.repeat(20_000) })

const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: { code?: unknown }) => error.code,
  )

/** Inserts until the disk takes no more; answers the ids that were acknowledged. */
const fill = async (): Promise<string[]> => {
  const acknowledged: string[] = []
  for (let n = 0; ; n++) {
    const code = await codeOf(items.insertOne(large(`item-${n}`)))
    if (code !== undefined) {
      expect(code).toBe(outOfDiskSpace)
      return acknowledged
    }
    acknowledged.push(`item-${n}`)
  }
}

const ids = async (): Promise<string[]> => (await items.find().toArray()).map(({ _id }) => _id)

const isValid = async (): Promise<boolean> => (await client.db('full').command({ validate: 'items' })).valid === true

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'devdb-full-'))
  await start(120)
  await items.createIndex({ n: 1, text: 1 })
})

afterEach(async () => {
  await stop()
  rmSync(folder, { recursive: true })
})

it('F13 given a full disk, then writes are refused, reads go on, and memory holds what the disk holds', async () => {
  const reads = { done: 0, stop: false }
  const reading = (async () => {
    for (; !reads.stop; reads.done++) await items.find().limit(5).toArray()
  })()
  const acknowledged = await fill()
  const refused = await Promise.all(
    Array.from({ length: 8 }, (_, n) => codeOf(items.insertMany([large(`a-${n}`), large(`b-${n}`)]))),
  )
  expect(refused).toEqual(refused.map(() => outOfDiskSpace))
  reads.stop = true
  await reading
  expect(reads.done).toBeGreaterThan(0)
  expect(await ids()).toEqual(acknowledged)
  expect(await isValid()).toBe(true)
  await stop()
  await start()
  expect(await ids()).toEqual(acknowledged)
})

it('given a full disk, when documents are deleted, then there is room for writes again', async () => {
  const acknowledged = await fill()
  await items.deleteMany({ _id: { $in: acknowledged.slice(0, 5) } })
  await items.insertOne(large('again'))
  await items.updateOne({ _id: 'again' }, { $set: { n: 1 } })
  expect(await ids()).toEqual([...acknowledged.slice(5), 'again'])
  expect(await isValid()).toBe(true)
})

it('given a change stream, then it tells of no write that the disk refused', async () => {
  const stream = items.watch()
  const seen: unknown[] = []
  stream.on('change', (change) => seen.push(change.operationType === 'insert' && change.documentKey._id))
  await until(async () => (await client.db('admin').command({ serverStatus: 1 })).metrics.cursor.open.total > 0)
  const acknowledged = await fill()
  await items.deleteOne({ _id: acknowledged[0] ?? '' })
  await items.insertOne({ _id: 'small', text: '' })
  await until(() => seen.includes('small'))
  expect(seen).toEqual([...acknowledged, false, 'small'])
  await stream.close()
})

it('given a transaction that the disk refuses, then nothing of it is there', async () => {
  const acknowledged = await fill()
  const session = client.startSession()
  session.startTransaction()
  await items.insertOne({ _id: 'small', text: '' }, { session })
  await items.insertOne(large('large'), { session })
  expect(await codeOf(session.commitTransaction())).toBe(outOfDiskSpace)
  await session.endSession()
  expect(await ids()).toEqual(acknowledged)
})

it('given a retryable write that was refused, when it is sent again and there is room, then it happens', async () => {
  const acknowledged = await fill()
  const raw = await connectRaw(server.port)
  const insert = {
    insert: 'items',
    documents: [large('retried')],
    $db: 'full',
    lsid: { id: new Binary(Buffer.alloc(16, 7), Binary.SUBTYPE_UUID) },
    txnNumber: Long.fromNumber(1),
  }
  expect((await raw.send(insert)).code).toBe(outOfDiskSpace)
  await items.deleteMany({ _id: { $in: acknowledged.slice(0, 5) } })
  expect(await raw.send(insert)).toMatchObject({ ok: 1, n: 1 })
  expect(await raw.send(insert)).toMatchObject({ ok: 1, n: 1 })
  expect(await items.countDocuments({ _id: 'retried' })).toBe(1)
  raw.end()
})
