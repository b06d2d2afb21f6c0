import type { Long } from 'bson'
import mongoose from 'mongoose'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startInProcess, until } from '../../testing.ts'
import { connectRaw } from '../../wire/rawClient.ts'

const { MongoClient } = mongoose.mongo

let server: Awaited<ReturnType<typeof startInProcess>>
let client: InstanceType<typeof MongoClient>
let name = ''
let number = 0

const db = () => client.db('tail')
const log = () => db().collection<{ n: number }>(name)

beforeAll(async () => {
  server = await startInProcess()
  client = await new MongoClient(server.url).connect()
})

afterAll(async () => {
  await client.close()
  await server.stop()
})

beforeEach(async () => {
  name = `log${++number}`
  await db().createCollection(name, { capped: true, size: 1_000_000, max: 100 })
  await log().insertOne({ n: 0 })
})

describe('a tailable cursor', () => {
  it('given documents added later, then it goes on with them, in order and once each', async () => {
    const seen: number[] = []
    const cursor = log().find({ n: { $ne: 2 } }, { tailable: true, awaitData: true, maxAwaitTimeMS: 5000 })
    const reading = (async () => {
      for await (const { n } of cursor) {
        seen.push(n)
        if (n === 4) return
      }
    })()
    await until(() => seen.length === 1)
    for (const n of [1, 2, 3, 4]) await log().insertOne({ n })
    await reading
    expect(seen).toEqual([0, 1, 3, 4])
    await cursor.close()
  })

  it('given nothing new, then getMore answers empty when its time is over, and the cursor stays open', async () => {
    const raw = await connectRaw(server.port)
    const find = { find: name, tailable: true, awaitData: true, $db: 'tail' }
    const { id } = (await raw.send(find)).cursor as { id: Long }
    const more = { getMore: id, collection: name, maxTimeMS: 30, $db: 'tail' }
    expect(await raw.send(more)).toMatchObject({ cursor: { nextBatch: [], id } })
    raw.end()
  })

  it('given a waiting getMore, when its cursor is killed by somebody else, then it fails with 237', async () => {
    const [raw, other] = [await connectRaw(server.port), await connectRaw(server.port)]
    const find = { find: name, tailable: true, awaitData: true, $db: 'tail' }
    const { id } = (await raw.send(find)).cursor as { id: Long }
    const waiting = raw.send({ getMore: id, collection: name, maxTimeMS: 60_000, $db: 'tail' })
    const pinned = async (): Promise<boolean> => {
      const { metrics } = await other.send({ serverStatus: 1, $db: 'admin' })
      return Number((metrics as { cursor: { open: { pinned: Long } } }).cursor.open.pinned) === 1
    }
    await until(pinned)
    expect(await other.send({ getMore: id, collection: name, $db: 'tail' })).toMatchObject({ code: 12051 })
    await other.send({ killCursors: name, cursors: [id], $db: 'tail' })
    expect(await waiting).toMatchObject({ code: 237, codeName: 'CursorKilled' })
    raw.end()
    other.end()
  })

  it('given a waiting getMore, when its client goes away, then nothing waits any more', async () => {
    const [raw, other] = [await connectRaw(server.port), await connectRaw(server.port)]
    const pinned = async (count: number): Promise<boolean> => {
      const { metrics } = await other.send({ serverStatus: 1, $db: 'admin' })
      return Number((metrics as { cursor: { open: { pinned: Long } } }).cursor.open.pinned) === count
    }
    const { id } = (await raw.send({ find: name, tailable: true, awaitData: true, $db: 'tail' })).cursor as { id: Long }
    raw.send({ getMore: id, collection: name, maxTimeMS: 600_000, $db: 'tail' })
    await until(() => pinned(1))
    raw.end()
    await until(() => pinned(0))
    other.end()
  })

  it('given its place overwritten, then 136', async () => {
    const cursor = log().find({}, { tailable: true, batchSize: 1 })
    await cursor.next()
    await log().insertMany(Array.from({ length: 150 }, (_, n) => ({ n })))
    await expect(cursor.next()).rejects.toMatchObject({ code: 136, codeName: 'CappedPositionLost' })
  })

  it('given an empty collection, then the cursor is closed at once, as mongod does', async () => {
    await db().createCollection(`${name}e`, { capped: true, size: 1000 })
    const reply = await db().command({ find: `${name}e`, tailable: true })
    expect(reply.cursor).toMatchObject({ id: 0, firstBatch: [] })
  })

  it.each<[string, object, number]>([
    ['a sort', { sort: { n: 1 } }, 2],
    ['one batch only', { singleBatch: true }, 2],
    ['waiting without tailable', { tailable: false, awaitData: true }, 9],
    ['a skip', { skip: 1 }, 238],
  ])('given %s, then it is refused', async (_name, options, code) => {
    await expect(db().command({ find: name, tailable: true, ...options })).rejects.toMatchObject({ code })
  })

  it('given a collection that is not capped, then 2', async () => {
    await db().collection('plain').insertOne({})
    await expect(db().command({ find: 'plain', tailable: true })).rejects.toMatchObject({ code: 2 })
  })
})
