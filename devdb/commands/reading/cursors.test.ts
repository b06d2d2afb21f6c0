import { Long } from 'bson'
import mongoose from 'mongoose'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startInProcess } from '../../testing.ts'
import { connectRaw } from '../../wire/rawClient.ts'
import { makeCursors } from './cursors.ts'

const { MongoClient, UUID } = mongoose.mongo

let server: Awaited<ReturnType<typeof startInProcess>>
let client: InstanceType<typeof MongoClient>
let raw: Awaited<ReturnType<typeof connectRaw>>
let name = ''
let number = 0

type Batch = { id: Long; firstBatch: unknown[]; nextBatch: unknown[] }

const send = (body: object) => raw.send({ ...body, $db: 'cursors' })
const openWith = async (body: object): Promise<Batch> =>
  (await send({ find: name, batchSize: 2, ...body })).cursor as Batch

beforeAll(async () => {
  server = await startInProcess()
  client = await new MongoClient(server.url).connect()
  raw = await connectRaw(server.port)
})

afterAll(async () => {
  raw.end()
  await client.close()
  await server.stop()
})

beforeEach(async () => {
  name = `c${++number}`
  await client
    .db('cursors')
    .collection(name)
    .insertMany(Array.from({ length: 250 }, (_, n) => ({ n })))
})

describe('batches', () => {
  it('given no batch size, then 101 documents come first and all others next', async () => {
    const { cursor } = (await send({ find: name })) as { cursor: Batch }
    expect(cursor.firstBatch).toHaveLength(101)
    const next = (await send({ getMore: cursor.id, collection: name })) as { cursor: Batch }
    expect(next.cursor.nextBatch).toHaveLength(149)
    expect(next.cursor.id).toEqual(Long.ZERO)
  })

  it('given batch size 0, then an open cursor without documents', async () => {
    const cursor = await openWith({ batchSize: 0 })
    expect([cursor.firstBatch, cursor.id.isZero()]).toEqual([[], false])
  })

  it('given a projection, when documents change between batches, then the cursor tells them as they were', async () => {
    const find = client
      .db('cursors')
      .collection(name)
      .find({}, { projection: { _id: 0 }, sort: { n: 1 }, batchSize: 10 })
    const seen = [(await find.next())?.n]
    await client
      .db('cursors')
      .collection(name)
      .updateMany({}, { $set: { n: -1 } })
    for await (const { n } of find) seen.push(n)
    expect(seen).toEqual(Array.from({ length: 250 }, (_, n) => n))
  })
})

describe('getMore', () => {
  it.each<[string, object, object, number]>([
    ['an unknown cursor', {}, { getMore: Long.fromNumber(7) }, 43],
    ['another collection', {}, { collection: 'other' }, 13],
    ['maxTimeMS on a cursor that does not wait', {}, { maxTimeMS: 5 }, 2],
    ['a session the cursor was not opened in', {}, { lsid: { id: new UUID() } }, 50736],
    ['no session though it was opened in one', { lsid: { id: new UUID() } }, {}, 50737],
    ['another session', { lsid: { id: new UUID() } }, { lsid: { id: new UUID() } }, 50738],
    ['a batch size below zero', {}, { batchSize: -1 }, 2],
    ['an id of another type', {}, { getMore: 'x' }, 14],
  ])('given %s, then it is refused', async (_name, opening, more, code) => {
    const { id } = await openWith(opening)
    expect(await send({ getMore: id, collection: name, ...more })).toMatchObject({ ok: 0, code })
  })

  it('given a dropped collection, then 175 once, and then the cursor is gone', async () => {
    const { id } = await openWith({})
    await client.db('cursors').collection(name).drop()
    expect(await send({ getMore: id, collection: name })).toMatchObject({ code: 175, codeName: 'QueryPlanKilled' })
    expect(await send({ getMore: id, collection: name })).toMatchObject({ code: 43 })
  })

  it('given the end of its session, then the cursor is gone', async () => {
    const lsid = { id: new UUID() }
    const { id } = await openWith({ lsid })
    await send({ endSessions: [lsid] })
    expect(await send({ getMore: id, collection: name, lsid })).toMatchObject({ code: 43 })
  })
})

describe('killCursors', () => {
  it('given open and unknown cursors, then each is told where it belongs', async () => {
    const { id } = await openWith({})
    const [killed, unknown] = [id, Long.fromNumber(9)]
    expect(await send({ killCursors: name, cursors: [killed, unknown] })).toMatchObject({
      cursorsKilled: [killed],
      cursorsNotFound: [unknown],
      cursorsAlive: [],
    })
    expect(await send({ getMore: id, collection: name })).toMatchObject({ code: 43 })
  })
})

describe('what cursors hold', () => {
  const rows = (count: number, size: number): Buffer[] => Array.from({ length: count }, () => Buffer.alloc(size))
  const idOf = (reply: object): Long => (reply as { cursor: Batch }).cursor.id

  it('given documents of the store, then it is next to nothing, and they are projected only when they are sent', () => {
    const cursors = makeCursors()
    const projected: Buffer[] = []
    const project = (row: Buffer): Buffer => {
      projected.push(row)
      return row
    }
    const id = idOf(cursors.open({ namespace: 'a.b', rows: rows(1000, 10_000), stored: true, project, batchSize: 10 }))
    expect(projected).toHaveLength(10)
    expect(cursors.heldBytes()).toBeLessThan(10_000)
    cursors.more({ id, namespace: 'a.b', batchSize: 5 })
    expect(projected).toHaveLength(15)
  })

  it('given more than all cursors may hold, then the one unused for longest goes; one alone beyond it is refused', () => {
    const cursors = makeCursors()
    const open = () => idOf(cursors.open({ namespace: 'a.b', rows: rows(11, 10_000_000), batchSize: 1 }))
    const [first, second] = [open(), open()]
    cursors.more({ id: first, namespace: 'a.b', batchSize: 1 })
    open()
    expect(() => cursors.more({ id: second, namespace: 'a.b' })).toThrow(expect.objectContaining({ code: 43 }))
    expect(() => cursors.more({ id: first, namespace: 'a.b' })).not.toThrow()
    const huge = () => cursors.open({ namespace: 'a.b', rows: rows(30, 10_000_000), batchSize: 1 })
    expect(huge).toThrow(expect.objectContaining({ code: 146 }))
  })

  it('given ten idle minutes, then a cursor ends, but not one without a timeout', () => {
    const time = { now: 0 }
    const cursors = makeCursors({ clock: () => time.now })
    const open = (noTimeout: boolean) =>
      idOf(cursors.open({ namespace: 'a.b', rows: rows(5, 10), batchSize: 1, noTimeout }))
    const [idle, kept] = [open(false), open(true)]
    time.now = 10 * 60 * 1000 + 1
    expect(() => cursors.more({ id: idle, namespace: 'a.b' })).toThrow(expect.objectContaining({ code: 43 }))
    expect(() => cursors.more({ id: kept, namespace: 'a.b' })).not.toThrow()
    expect(cursors.statistics()).toMatchObject({ timedOut: 1, totalOpened: 2 })
  })

  it('given 1,000 open cursors, when one more is opened, then the oldest goes', () => {
    const cursors = makeCursors()
    const ids = Array.from({ length: 1001 }, () =>
      idOf(cursors.open({ namespace: 'a.b', rows: rows(2, 10), batchSize: 1 })),
    )
    expect(cursors.size()).toBe(1000)
    expect(cursors.kill(ids[0]!)).toBe(false)
    expect(cursors.kill(ids[1]!)).toBe(true)
  })
})
