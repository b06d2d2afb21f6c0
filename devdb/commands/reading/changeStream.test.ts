import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import mongoose from 'mongoose'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startInProcess } from '../../testing.ts'

const { MongoClient, Timestamp } = mongoose.mongo
type Client = InstanceType<typeof MongoClient>
type Stream = ReturnType<Client['watch']>
type Event = Record<string, unknown> & { _id: { _data: string } }

let server: Awaited<ReturnType<typeof startInProcess>>
let client: Client
let number = 0

const db = () => client.db(`streams${number}`)
const items = () => db().collection<{ _id: number; a?: unknown }>('items')

/** The stream is open only when its first answer has come. */
const opened = async (stream: Stream): Promise<Stream> => {
  await stream.tryNext()
  return stream
}

const take = async (stream: Stream, count: number): Promise<Event[]> => {
  const events: Event[] = []
  while (events.length < count) events.push((await stream.next()) as unknown as Event)
  return events
}

const kinds = (events: readonly Event[]): unknown[] => events.map(({ operationType }) => operationType)

const open = (options: object = {}, pipeline: object[] = []): Promise<Stream> =>
  opened(items().watch(pipeline, options) as unknown as Stream)

/** Not waited for: its first event may come with its first answer. */
const resume = (options: object): Stream => items().watch([], options) as unknown as Stream

beforeAll(async () => {
  server = await startInProcess()
  client = await new MongoClient(server.url).connect()
})

afterAll(async () => {
  await client.close()
  await server.stop()
})

beforeEach(async () => {
  number++
  await items().insertOne({ _id: 0 })
})

describe('events of a collection', () => {
  it('given writes of every kind, then each is told once, in order, with its parts', async () => {
    const stream = await open()
    await items().insertOne({ _id: 1, a: [1, 2] })
    await items().updateOne({ _id: 1 }, { $set: { b: { c: 1 } } as never, $push: { a: 3 } as never })
    await items().replaceOne({ _id: 1 }, { a: 9 })
    await items().deleteOne({ _id: 1 })
    const ns = { db: db().databaseName, coll: 'items' }
    const common = { ns, documentKey: { _id: 1 }, clusterTime: expect.any(Timestamp), wallTime: expect.any(Date) }
    expect(await take(stream, 4)).toMatchObject([
      { ...common, operationType: 'insert', fullDocument: { _id: 1, a: [1, 2] } },
      {
        ...common,
        operationType: 'update',
        updateDescription: { updatedFields: { b: { c: 1 }, 'a.2': 3 }, removedFields: [], truncatedArrays: [] },
      },
      { ...common, operationType: 'replace', fullDocument: { _id: 1, a: 9 } },
      { ...common, operationType: 'delete' },
    ])
    await stream.close()
  })

  it('given a multi-update of 300 documents, then 300 events over several batches, no token twice', async () => {
    await items().insertMany(Array.from({ length: 299 }, (_, n) => ({ _id: n + 1 })))
    const stream = await open()
    await items().updateMany({}, { $set: { a: 1 } })
    const events = await take(stream, 300)
    expect(events.map(({ documentKey }) => (documentKey as { _id: number })._id)).toEqual(
      Array.from({ length: 300 }, (_, n) => n),
    )
    expect(new Set(events.map(({ _id }) => _id._data)).size).toBe(300)
    await stream.close()
  })

  it('given a transaction, then its changes come at its commit, with its number, and an aborted one tells nothing', async () => {
    const stream = await open()
    await client.withSession(async (session) => {
      session.startTransaction()
      await items().insertOne({ _id: 1 }, { session })
      await session.abortTransaction()
      session.startTransaction()
      await items().insertOne({ _id: 2 }, { session })
      await items().insertOne({ _id: 3 }, { session })
      await items().insertOne({ _id: 4 })
      await session.commitTransaction()
    })
    const events = await take(stream, 3)
    expect(events.map(({ documentKey }) => (documentKey as { _id: number })._id)).toEqual([4, 2, 3])
    expect(events.map((event) => 'txnNumber' in event && 'lsid' in event)).toEqual([false, true, true])
    expect(events[1]?.clusterTime).toEqual(events[2]?.clusterTime)
    await stream.close()
  })

  it('given a failed command, then nothing is told of it', async () => {
    const stream = await open()
    await expect(items().insertOne({ _id: 0 })).rejects.toMatchObject({ code: 11000 })
    await items().insertOne({ _id: 5 })
    expect(await take(stream, 1)).toMatchObject([{ operationType: 'insert', documentKey: { _id: 5 } }])
    await stream.close()
  })

  it.each([
    ['drop', () => items().drop()],
    ['rename', () => items().rename(`other${number}`)],
  ])('given a %s, then it is told, then the stream is invalidated and ends', async (kind, end) => {
    const stream = await open()
    await end()
    expect(kinds(await take(stream, 2))).toEqual([kind, 'invalidate'])
    await expect(stream.next()).rejects.toThrow()
  })
})

describe('what is watched', () => {
  it('given a database and a server, then they tell of their collections only', async () => {
    const [ofDatabase, ofServer] = [await opened(db().watch() as Stream), await opened(client.watch() as Stream)]
    await db().collection<{ _id: number }>('more').insertOne({ _id: 1 })
    await client.db(`elsewhere${number}`).collection<{ _id: number }>('x').insertOne({ _id: 2 })
    await items().insertOne({ _id: 3 })
    const ids = (events: readonly Event[]) => events.map(({ documentKey }) => (documentKey as { _id: number })._id)
    expect(ids(await take(ofDatabase, 2))).toEqual([1, 3])
    expect(ids(await take(ofServer, 3))).toEqual([1, 2, 3])
    await ofDatabase.close()
    await ofServer.close()
  })

  it('given a dropped database, then its stream ends with dropDatabase and invalidate', async () => {
    const stream = await opened(db().watch() as Stream)
    await db().dropDatabase()
    expect(kinds(await take(stream, 3))).toEqual(['drop', 'dropDatabase', 'invalidate'])
  })

  it('given showExpandedEvents, then the catalogue is told too', async () => {
    const stream = await opened(db().watch([], { showExpandedEvents: true }) as Stream)
    await db().createCollection('fresh')
    await items().createIndex({ a: 1 })
    await items().dropIndex('a_1')
    await db().command({ collMod: 'items', validator: { a: { $ne: 7 } } })
    await items().rename('fresh', { dropTarget: true })
    const events = await take(stream, 5)
    expect(kinds(events)).toEqual(['create', 'createIndexes', 'dropIndexes', 'modify', 'rename'])
    expect(events[1]).toMatchObject({ operationDescription: { indexes: [{ key: { a: 1 }, name: 'a_1' }] } })
    expect(events[4]).toMatchObject({
      to: { coll: 'fresh' },
      operationDescription: { to: { coll: 'fresh' }, dropTarget: expect.anything() },
    })
    for (const event of events) expect(event).toHaveProperty('collectionUUID')
    await db().createCollection('seen', { viewOn: 'fresh', pipeline: [] })
    const description = { viewOn: 'fresh', pipeline: [] }
    expect(await take(stream, 1)).toMatchObject([{ operationType: 'create', operationDescription: description }])
    await stream.close()
  })
})

describe('documents of events', () => {
  it('given updateLookup, then the document as it is now, null when it is gone', async () => {
    const stream = await open({ fullDocument: 'updateLookup' })
    await items().updateOne({ _id: 0 }, { $set: { a: 1 } })
    await items().updateOne({ _id: 0 }, { $set: { a: 2 } })
    expect(await take(stream, 2)).toMatchObject([{ fullDocument: { a: 2 } }, { fullDocument: { a: 2 } }])
    await items().updateOne({ _id: 0 }, { $set: { a: 3 } })
    await items().deleteOne({ _id: 0 })
    expect((await take(stream, 1))[0]?.fullDocument).toBeNull()
    await stream.close()
  })

  it('given updateLookup and another collection of the same name since, then null', async () => {
    const stream = await open({ fullDocument: 'updateLookup' })
    await items().updateOne({ _id: 0 }, { $set: { a: 1 } })
    await items().drop()
    await items().insertOne({ _id: 0, a: 'another' })
    expect((await take(stream, 1))[0]?.fullDocument).toBeNull()
    await stream.close()
  })

  it('given images are kept, then before and after are those of each change', async () => {
    await db().command({ collMod: 'items', changeStreamPreAndPostImages: { enabled: true } })
    const stream = await open({ fullDocument: 'required', fullDocumentBeforeChange: 'required' })
    await items().updateOne({ _id: 0 }, { $set: { a: 1 } })
    await items().updateOne({ _id: 0 }, { $set: { a: 2 } })
    await items().deleteOne({ _id: 0 })
    expect(await take(stream, 3)).toMatchObject([
      { fullDocumentBeforeChange: { _id: 0 }, fullDocument: { a: 1 } },
      { fullDocumentBeforeChange: { a: 1 }, fullDocument: { a: 2 } },
      { fullDocumentBeforeChange: { a: 2 } },
    ])
    await stream.close()
  })

  it('given an event larger than a document may be, then 10334', async () => {
    await db().command({ collMod: 'items', changeStreamPreAndPostImages: { enabled: true } })
    const stream = await open({ fullDocument: 'required', fullDocumentBeforeChange: 'required' })
    await items().replaceOne({ _id: 0 }, { a: 'x'.repeat(9_000_000) })
    expect(kinds(await take(stream, 1))).toEqual(['replace'])
    await items().replaceOne({ _id: 0 }, { a: 'y'.repeat(9_000_000) })
    await expect(stream.next()).rejects.toMatchObject({ code: 10334 })
  })

  it('given none are kept, then whenAvailable is null and required fails with 47', async () => {
    const [lenient, strict] = [
      await open({ fullDocument: 'whenAvailable', fullDocumentBeforeChange: 'whenAvailable' }),
      await open({ fullDocumentBeforeChange: 'required' }),
    ]
    await items().updateOne({ _id: 0 }, { $set: { a: 1 } })
    expect(await take(lenient, 1)).toMatchObject([{ fullDocument: null, fullDocumentBeforeChange: null }])
    await expect(strict.next()).rejects.toMatchObject({ code: 47 })
    await lenient.close()
  })
})

describe('stages behind', () => {
  it('given a filter and a projection, then only what passes comes, in its new form', async () => {
    const stream = await open({}, [{ $match: { 'fullDocument.a': { $gt: 1 } } }, { $project: { 'fullDocument.a': 1 } }])
    await items().insertMany([1, 2, 3].map((a) => ({ _id: a, a })))
    const events = await take(stream, 2)
    expect(events.map(({ _id, ...rest }) => rest)).toEqual([{ fullDocument: { a: 2 } }, { fullDocument: { a: 3 } }])
    await stream.close()
  })

  it('given a collation, then the filter compares by it', async () => {
    const options = { collation: { locale: 'en', strength: 2 } }
    const stream = await opened(items().watch([{ $match: { 'fullDocument.a': 'abc' } }], options) as Stream)
    await items().insertMany([
      { _id: 7, a: 'x' },
      { _id: 8, a: 'ABC' },
    ])
    expect(await take(stream, 1)).toMatchObject([{ documentKey: { _id: 8 } }])
    await stream.close()
  })

  it('given the token taken away, then 280', async () => {
    const stream = await open({}, [{ $project: { _id: 0 } }])
    await items().insertOne({ _id: 1 })
    await expect(stream.next()).rejects.toMatchObject({ code: 280 })
  })

  it.each<[string, object[], number]>([
    ['a group', [{ $changeStream: {} }, { $group: { _id: null } }], 20],
    ['an unknown stage', [{ $changeStream: {} }, { $nope: {} }], 40324],
    ['a second change stream', [{ $changeStream: {} }, { $changeStream: {} }], 40602],
    ['splitting large events', [{ $changeStream: {} }, { $changeStreamSplitLargeEvent: {} }], 238],
    ['an unknown option', [{ $changeStream: { nope: 1 } }], 40415],
    ['an unknown kind of document', [{ $changeStream: { fullDocument: 'x' } }], 2],
    ['two places to start', [{ $changeStream: { resumeAfter: { _data: '' }, startAfter: { _data: '' } } }], 50865],
    ['a token that is none', [{ $changeStream: { resumeAfter: { _data: 'AB' } } }], 260],
    ['a moment of long ago', [{ $changeStream: { startAtOperationTime: new Timestamp({ t: 1, i: 1 }) } }], 286],
    ['the whole server from elsewhere', [{ $changeStream: { allChangesForCluster: true } }], 72],
  ])('given %s, then it is refused', async (_name, pipeline, code) => {
    await expect(db().command({ aggregate: 'items', pipeline, cursor: {} })).rejects.toMatchObject({ code })
  })

  it('given an internal database or another read concern, then it is refused', async () => {
    const pipeline = [{ $changeStream: {} }]
    await expect(client.db('admin').command({ aggregate: 1, pipeline, cursor: {} })).rejects.toMatchObject({ code: 73 })
    const local = { aggregate: 'items', pipeline, cursor: {}, readConcern: { level: 'local' } }
    await expect(db().command(local)).rejects.toMatchObject({ code: 72 })
  })
})

describe('resuming', () => {
  it('given a token, then everything after its event comes, whoever asks', async () => {
    const stream = await open()
    await items().insertMany([1, 2, 3].map((_id) => ({ _id })))
    const [first] = await take(stream, 1)
    await stream.close()
    const other = await new MongoClient(server.url).connect()
    const resumed = other.db(db().databaseName).collection('items').watch([], { resumeAfter: first?._id }) as Stream
    const events = await take(resumed, 2)
    expect(events.map(({ documentKey }) => documentKey)).toEqual([{ _id: 2 }, { _id: 3 }])
    await resumed.close()
    await other.close()
  })

  it('given batches without events, then their token moves on and a stream can start there', async () => {
    const stream = await open()
    const before = stream.resumeToken
    await db().collection('noise').insertOne({})
    await stream.tryNext()
    expect((stream.resumeToken as Event['_id'])._data > (before as Event['_id'])._data).toBe(true)
    await items().insertOne({ _id: 1 })
    const resumed = resume({ resumeAfter: stream.resumeToken })
    expect(await take(resumed, 1)).toMatchObject([{ documentKey: { _id: 1 } }])
    await stream.close()
    await resumed.close()
  })

  it('given the time of an earlier event, then it and all later ones come', async () => {
    const stream = await open()
    await items().insertOne({ _id: 1 })
    await items().insertOne({ _id: 2 })
    const [first] = await take(stream, 2)
    const again = resume({ startAtOperationTime: first?.clusterTime })
    expect((await take(again, 2)).map(({ documentKey }) => documentKey)).toEqual([{ _id: 1 }, { _id: 2 }])
    await stream.close()
    await again.close()
  })

  it('given the token of an invalidation, then startAfter goes on and resumeAfter is refused', async () => {
    const stream = await open()
    await items().drop()
    const [, end] = await take(stream, 2)
    await items().insertOne({ _id: 1 })
    const again = resume({ startAfter: end?._id })
    expect(await take(again, 1)).toMatchObject([{ operationType: 'insert', documentKey: { _id: 1 } }])
    await again.close()
    const pipeline = [{ $changeStream: { resumeAfter: end?._id } }]
    await expect(db().command({ aggregate: 'items', pipeline, cursor: {} })).rejects.toMatchObject({ code: 260 })
  })

  it('given a restart on the same data, then a stream goes on where it was, images included', async () => {
    const data = mkdtempSync(join(tmpdir(), 'devdb-streams-'))
    const first = await startInProcess({ data })
    const one = await new MongoClient(first.url).connect()
    const before = one.db('shop').collection<{ _id: number; a?: number }>('items')
    await one.db('shop').createCollection('items', { changeStreamPreAndPostImages: { enabled: true } })
    const stream = await opened(before.watch() as Stream)
    await before.insertOne({ _id: 1 })
    const [seen] = await take(stream, 1)
    await stream.close()
    await before.updateOne({ _id: 1 }, { $set: { a: 2 } })
    await one.close()
    await first.stop()

    const second = await startInProcess({ data })
    const two = await new MongoClient(second.url).connect()
    const after = two.db('shop').collection<{ _id: number }>('items')
    await after.insertOne({ _id: 3 })
    const options = { resumeAfter: seen?._id, fullDocumentBeforeChange: 'required' }
    const resumed = after.watch([], options) as unknown as Stream
    expect(await take(resumed, 2)).toMatchObject([
      {
        operationType: 'update',
        fullDocumentBeforeChange: { _id: 1 },
        updateDescription: { updatedFields: { a: 2 } },
      },
      { operationType: 'insert', documentKey: { _id: 3 } },
    ])
    await resumed.close()
    await two.close()
    await second.stop()
    rmSync(data, { recursive: true, force: true })
  })
})

describe('a standalone server', () => {
  it('given a change stream, then 40573 as from mongod', async () => {
    const single = await startInProcess({ standalone: true })
    const other = await new MongoClient(single.url).connect()
    const stream = other.db('x').collection('y').watch()
    await expect(stream.next()).rejects.toMatchObject({ code: 40573 })
    await other.close()
    await single.stop()
  })
})
