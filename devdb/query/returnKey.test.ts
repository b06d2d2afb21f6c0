import mongoose from 'mongoose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startInProcess } from '../testing.ts'

const { MongoClient } = mongoose.mongo

const start = async () => {
  const server = await startInProcess()
  const client = await new MongoClient(server.url).connect()
  return { server, client, db: client.db('keys') }
}

let context: Awaited<ReturnType<typeof start>>

beforeAll(async () => {
  context = await start()
  const { db } = context
  await db.collection('items').insertMany([
    { _id: 1 as never, a: 1, b: { c: 'x' }, tags: [3, 1, 2], lines: [{ n: 1, m: 5 }, { n: 2 }], w: { k: 7 } },
    { _id: 2 as never, a: 2, b: { c: 'y' }, tags: [], lines: [{ n: 2, m: 6 }], w: { k: 8 } },
    { _id: 3 as never, a: 3, tags: 9 },
  ])
  await db
    .collection('items')
    .createIndexes([
      { key: { a: -1, 'b.c': 1 } },
      { key: { tags: 1 } },
      { key: { 'lines.n': 1, 'lines.m': -1 } },
      { key: { 'w.$**': 1 } },
      { key: { h: 'hashed' } },
      { key: { z: 1 }, name: 'folded', collation: { locale: 'en', strength: 1 } },
      { key: { text: 'text' } },
    ])
  await db.collection('items').updateMany({}, { $set: { text: 'word' } })
})

afterAll(async () => {
  await context.client.close()
  await context.server.stop()
})

const keys = async (options: object): Promise<unknown[]> =>
  (await context.db.command({ find: 'items', returnKey: true, ...options })).cursor.firstBatch

describe('returnKey', () => {
  it.each<[string, object, unknown[]]>([
    ['an id', { filter: { _id: 2 } }, [{ _id: 2 }]],
    ['no index', { filter: { nothing: null } }, [{}, {}, {}]],
    ['the whole collection', { projection: { a: 1 } }, [{}, {}, {}]],
    ['a sort', { sort: { _id: -1 }, limit: 2 }, [{ _id: 3 }, { _id: 2 }]],
    [
      'another order',
      { filter: { a: { $gte: 2 } }, sort: { q: 1 } },
      [
        { a: 3, 'b.c': null },
        { a: 2, 'b.c': 'y' },
      ],
    ],
    ['a compound index', { filter: { a: { $lte: 1 } } }, [{ a: 1, 'b.c': 'x' }]],
    ['a missing field', { filter: { a: 3 } }, [{ a: 3, 'b.c': null }]],
    ['an element', { filter: { tags: 2 } }, [{ tags: 2 }]],
    ['a range of elements', { filter: { tags: { $gt: 1 } } }, [{ tags: 2 }, { tags: 9 }]],
    ['elements sorted in memory', { filter: { tags: { $gte: 1 } }, sort: { tags: -1 } }, [{ tags: 9 }, { tags: 1 }]],
    ['elements downwards', { hint: { tags: 1 }, sort: { tags: -1 }, limit: 2 }, [{ tags: 9 }, { tags: 3 }]],
    ['an empty array', { filter: { _id: 2 }, hint: { tags: 1 } }, [{ tags: undefined }]],
    [
      'fields of one element',
      { filter: { 'lines.n': 2 } },
      [
        { 'lines.n': 2, 'lines.m': 6 },
        { 'lines.n': 2, 'lines.m': null },
      ],
    ],
    ['alternatives', { filter: { $or: [{ a: 1 }, { tags: 9 }] } }, [{ a: 1, 'b.c': 'x' }, { tags: 9 }]],
    ['a wildcard index', { filter: { 'w.k': 8 } }, [{ $_path: 'w.k', 'w.k': 8 }]],
    ['a text index', { filter: { $text: { $search: 'word' } } }, [{}, {}, {}]],
    ['showRecordId, which a projection would be', { filter: { _id: 1 }, showRecordId: true }, [{ _id: 1 }]],
    ['an ignored projection', { filter: { a: 1 }, projection: { _id: 0, tags: 1 } }, [{ a: 1, 'b.c': 'x' }]],
  ])('given %s, then the keys that led to the documents', async (_name, options, expected) => {
    expect(await keys(options)).toEqual(expected)
  })

  it.each([
    [{ hint: 'h_hashed', filter: { h: 1 } }, 238],
    [{ hint: 'folded', filter: {}, collation: { locale: 'en', strength: 1 } }, 238],
    [{ projection: { a: 1, b: 0 } }, 31254],
    [{ returnKey: 'yes' }, 14],
  ])('given %j, then it is refused with %i', async (options, code) => {
    await expect(keys(options)).rejects.toMatchObject({ code })
  })

  it('given explain, then the stage is outermost', async () => {
    const { queryPlanner } = await context.db.command({ explain: { find: 'items', filter: { a: 1 }, returnKey: true } })
    expect(queryPlanner.winningPlan).toMatchObject({ stage: 'RETURN_KEY', inputStage: { stage: 'FETCH' } })
  })

  it('given a cursor in batches, then every batch holds keys', async () => {
    const found = await context.db
      .collection('items')
      .find({}, { returnKey: true, hint: '_id_', batchSize: 1 })
      .toArray()
    expect(found).toEqual([{ _id: 1 }, { _id: 2 }, { _id: 3 }])
  })
})
