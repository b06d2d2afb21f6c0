import mongoose from 'mongoose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startInProcess } from '../../testing.ts'

const { MongoClient, Long } = mongoose.mongo

const start = async () => {
  const server = await startInProcess()
  const client = await new MongoClient(server.url).connect()
  return { server, client, db: client.db('find') }
}

let context: Awaited<ReturnType<typeof start>>

beforeAll(async () => {
  context = await start()
  await context.db.collection('words').insertMany([
    { _id: 1 as never, word: 'Äpfel', n: 3, tags: ['x', 'y'] },
    { _id: 2 as never, word: 'apfel', n: 1, tags: ['y'] },
    { _id: 3 as never, word: 'Zebra', n: 2, tags: [] },
  ])
  await context.db.createCollection('folded', { collation: { locale: 'en', strength: 1 } })
  await context.db.collection('folded').insertMany([
    { _id: 1 as never, word: 'Café' },
    { _id: 2 as never, word: 'tea' },
  ])
})

afterAll(async () => {
  await context.client.close()
  await context.server.stop()
})

const words = () => context.db.collection('words')
const ids = async (cursor: { toArray: () => Promise<{ _id: unknown }[]> }) =>
  (await cursor.toArray()).map(({ _id }) => _id)

describe('find', () => {
  it('given a collation, then equality and order follow it', async () => {
    const collation = { locale: 'de', strength: 1 } as const
    expect(await ids(words().find({ word: 'APFEL' }, { collation }))).toEqual([1, 2])
    expect(await ids(words().find({}, { collation, sort: { word: 1, _id: -1 } }))).toEqual([2, 1, 3])
    expect(await ids(words().find({}, { sort: { word: 1 } }))).toEqual([3, 2, 1])
  })

  it('given an index of another collation, then it is not asked', async () => {
    await words().createIndex({ word: 1 })
    expect(await ids(words().find({ word: 'ÄPFEL' }, { collation: { locale: 'de', strength: 2 } }))).toEqual([1])
    await words().dropIndex('word_1')
  })

  it('given the default collation of the collection, then it holds unless another is asked for', async () => {
    const folded = context.db.collection('folded')
    expect(await ids(folded.find({ word: 'cafe' }))).toEqual([1])
    expect(await ids(folded.find({ word: 'cafe' }, { collation: { locale: 'simple' } }))).toEqual([])
  })

  it('given let, then expressions of the filter and the projection see it', async () => {
    const cursor = words().find(
      { $expr: { $gt: ['$n', '$$least'] } },
      { let: { least: 1 }, sort: { _id: 1 }, projection: { _id: 0, more: { $subtract: ['$n', '$$least'] } } },
    )
    expect(await cursor.toArray()).toEqual([{ more: 2 }, { more: 1 }])
  })

  it('given a position, then the element that matched is projected', async () => {
    const found = await words().findOne({ tags: 'y' }, { projection: { _id: 0, 'tags.$': 1 } })
    expect(found).toEqual({ tags: ['y'] })
  })

  it('given $natural, then the order of insertion or its reverse', async () => {
    expect(await ids(words().find({}, { sort: { $natural: 1 } }))).toEqual([1, 2, 3])
    expect(await ids(words().find({}, { sort: { $natural: -1 }, limit: 2 }))).toEqual([3, 2])
    expect(await ids(words().find({}, { hint: { $natural: -1 } }))).toEqual([3, 2, 1])
  })

  it('given min and max with a hint, then the keys between are read', async () => {
    await words().createIndex({ n: 1 })
    const between = { min: { n: 1 }, max: { n: 3 }, hint: { n: 1 } } as const
    expect(await ids(words().find({}, between))).toEqual([2, 3])
    const noHint = { find: 'words', filter: {}, max: { n: 3 } }
    await expect(context.db.command(noHint)).rejects.toMatchObject({ code: 51173 })
  })

  it('given a hint of a partial index, then only what is in it is found', async () => {
    await words().createIndex({ n: -1 }, { name: 'some', partialFilterExpression: { n: { $gt: 2 } } })
    expect(await ids(words().find({}, { sort: { _id: 1 } }))).toEqual([1, 2, 3])
    const hinted = await ids(words().find({}, { hint: 'some' }))
    expect(hinted).toHaveLength(await words().countDocuments({ n: { $gt: 2 } }))
    expect(hinted.length).toBeLessThan(3)
    await words().dropIndex('some')
  })

  it('given showRecordId, then each document tells its place', async () => {
    const found = await words().findOne({ _id: 2 as never }, { showRecordId: true, projection: { n: 1 } })
    expect(found).toEqual({ _id: 2, n: 1, $recordId: expect.anything() })
  })

  it('given batchSize 0, then the first batch is empty and the cursor open; given singleBatch, then it is closed', async () => {
    const none = await context.db.command({ find: 'words', batchSize: 0 }, { promoteLongs: false } as never)
    expect(none.cursor.firstBatch).toEqual([])
    expect(Long.fromValue(none.cursor.id).isZero()).toBe(false)
    const more = await context.db.command({ getMore: Long.fromValue(none.cursor.id), collection: 'words' })
    expect(more.cursor.nextBatch).toHaveLength(3)
    const one = await context.db.command({ find: 'words', batchSize: 1, singleBatch: true })
    expect([one.cursor.firstBatch.length, Number(one.cursor.id)]).toEqual([1, 0])
  })

  it.each([
    [{ filter: 1 }, 14, "BSON field 'find.filter' is the wrong type 'int', expected type 'object'"],
    [{ sort: 'x' }, 14, "BSON field 'find.sort' is the wrong type 'string', expected type 'object'"],
    [
      { limit: 'x' },
      14,
      "BSON field 'find.limit' is the wrong type 'string', expected types '[long, int, decimal, double]'",
    ],
    [{ limit: -1 }, 51024, "BSON field 'limit' value must be >= 0, actual value '-1'"],
    [{ skip: -1 }, 51024, "BSON field 'skip' value must be >= 0, actual value '-1'"],
    [{ batchSize: -1 }, 51024, "BSON field 'batchSize' value must be >= 0, actual value '-1'"],
    [{ singleBatch: 'x' }, 14, 'singleBatch'],
    [{ hint: 1 }, 9, 'Hint must be a string or an object'],
    [{ hint: 'nothing' }, 2, 'hint provided does not correspond to an existing index'],
    [{ awaitData: true }, 9, "Cannot set 'awaitData' without also setting 'tailable'"],
    [{ collation: { locale: 'xx' } }, 2, "Field 'locale' is invalid"],
    [{ collation: 1 }, 14, 'collation'],
    [{ let: { x: '$a' } }, 4890500, 'let'],
    [{ let: { X: 1 } }, 9, 'invalid character'],
    [{ sort: { a: { $meta: 'textScore' } } }, 40218, 'text score'],
    [{ foo: 1 }, 40415, "BSON field 'find.foo' is an unknown field."],
    [{ oplogReply: 1 }, 40415, 'oplogReply'],
  ] as [object, number, string][])('given %j, then it is refused with %i', async (options, code, text) => {
    await expect(context.db.command({ find: 'words', ...options })).rejects.toMatchObject({
      code,
      message: expect.stringContaining(text),
    })
  })
})
