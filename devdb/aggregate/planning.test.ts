import mongoose from 'mongoose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Pipelines, type Row, startPipelines } from './testing.ts'

let pipelines: Pipelines

beforeAll(async () => {
  pipelines = await startPipelines()
  const docs = Array.from({ length: 1000 }, (_, n) => ({ _id: n, n, k: n % 10, list: [n, n + 1], s: `s${n % 4}` }))
  await pipelines.db.collection<Row>('rows').insertMany(docs as never)
  await pipelines.db
    .collection('rows')
    .createIndexes([{ key: { n: 1 } }, { key: { k: 1, n: 1 } }, { key: { list: 1 } }])
})

afterAll(() => pipelines.stop())

type Explained = { readonly examined: number; readonly keys: number }

/** How many documents and keys the query a pipeline begins with looks at. */
const explained = async (pipeline: Row[]): Promise<Explained> => {
  const answer = await pipelines.db.collection('rows').aggregate(pipeline).explain('executionStats')
  const stats = answer.executionStats ?? answer.stages[0].$cursor.executionStats
  return { examined: Number(stats.totalDocsExamined), keys: Number(stats.totalKeysExamined) }
}

describe('what the planner serves', () => {
  it.each<[string, Row[], number]>([
    ['a match', [{ $match: { n: { $lt: 5 } } }], 5],
    ['a match with a sort and a limit', [{ $match: { k: 3 } }, { $sort: { n: -1 } }, { $limit: 4 }], 4],
    ['a sort with skip and limit', [{ $sort: { n: 1 } }, { $skip: 2 }, { $limit: 3 }], 5],
    ['two matches', [{ $match: { k: 3 } }, { $match: { n: { $lt: 50 } } }], 5],
    ['a match behind a sort', [{ $sort: { n: 1 } }, { $match: { k: 3 } }], 100],
    ['a match behind other fields computed', [{ $set: { x: 1 } }, { $match: { n: 7 } }], 1],
    ['a match behind an exclusion', [{ $project: { s: 0 } }, { $match: { n: 7 } }], 1],
    ['a match behind an unwind', [{ $unwind: '$list' }, { $match: { n: 7, list: 8 } }], 1],
    [
      'a match behind a lookup',
      [{ $lookup: { from: 'x', localField: 'n', foreignField: 'n', as: 'y' } }, { $match: { n: 7 } }],
      1,
    ],
    ['a match that is half movable', [{ $set: { x: '$n' } }, { $match: { $and: [{ x: 7 }, { n: { $lt: 9 } }] } }], 9],
    ['a group behind a match', [{ $match: { n: { $lt: 5 } } }, { $group: { _id: '$k', c: { $sum: 1 } } }], 5],
  ])('given %s, then only so many documents are looked at', async (_what, pipeline, most) => {
    expect((await explained(pipeline)).examined).toBe(most)
  })

  it('given matches that moved, then the result is that of the pipeline as written', async () => {
    expect(
      await pipelines.run('rows', [{ $unwind: '$list' }, { $match: { n: 7, list: 8 } }, { $project: { list: 1 } }]),
    ).toEqual([{ _id: 7, list: 8 }])
    expect(
      await pipelines.run('rows', [{ $set: { n: { $add: ['$n', 1] } } }, { $match: { n: 1 } }, { $project: { n: 1 } }]),
    ).toEqual([{ _id: 0, n: 1 }])
    expect(await pipelines.run('rows', [{ $limit: 2 }, { $match: { n: 5 } }])).toEqual([])
  })

  it('given counts, then the driver gets them without a scan', async () => {
    const rows = pipelines.db.collection('rows')
    const before = await pipelines.collectionScans()
    expect(await rows.countDocuments({})).toBe(1000)
    expect(await rows.countDocuments({ k: 3 })).toBe(100)
    expect(await rows.countDocuments({ k: 3 }, { skip: 90, limit: 20 })).toBe(10)
    expect(await pipelines.run('rows', [{ $match: { n: { $gte: 990 } } }, { $count: 'c' }])).toEqual([{ c: 10 }])
    expect(await pipelines.collectionScans()).toBe(before)
  })

  it('given explain: true, then the plan and no rows', async () => {
    const answer = await pipelines.db.command({ aggregate: 'rows', pipeline: [{ $match: { n: 1 } }], explain: true })
    expect(JSON.stringify(answer)).toContain('IXSCAN')
    expect(answer.cursor).toBeUndefined()
  })

  it('given explain of a pipeline that writes, then nothing is written', async () => {
    await pipelines.db
      .collection('rows')
      .aggregate([{ $out: 'never' }])
      .explain('executionStats')
    expect(await pipelines.db.listCollections({ name: 'never' }).toArray()).toEqual([])
  })
})

describe('options of the command', () => {
  it('given a first batch of 0, then the rows come with getMore', async () => {
    const { db } = pipelines
    const { cursor } = await db.command({ aggregate: 'rows', pipeline: [{ $limit: 3 }], cursor: { batchSize: 0 } })
    expect(cursor.firstBatch).toEqual([])
    const more = await db.command({ getMore: mongoose.mongo.Long.fromBigInt(BigInt(cursor.id)), collection: 'rows' })
    expect(more.cursor.nextBatch).toHaveLength(3)
  })

  it('given let, then its values are seen everywhere', async () => {
    const pipeline = [{ $match: { $expr: { $eq: ['$n', '$$x'] } } }, { $project: { _id: 0, y: '$$x' } }]
    expect(await pipelines.run('rows', pipeline, { let: { x: { $add: [3, 4] } } })).toEqual([{ y: 7 }])
  })

  it('given a collation, then matches, sorts and groups use it', async () => {
    await pipelines.db.collection<Row>('words').insertMany([{ w: 'b' }, { w: 'A' }, { w: 'a' }, { w: 'B' }] as never)
    const options = { collation: { locale: 'en', strength: 2 } }
    const group = [{ $group: { _id: '$w', c: { $sum: 1 } } }, { $sort: { _id: 1 } }]
    expect((await pipelines.run('words', group, options)).map(({ c }) => c)).toEqual([2, 2])
    expect(await pipelines.run('words', [{ $match: { w: 'a' } }, { $count: 'c' }], options)).toEqual([{ c: 2 }])
    const sorted = await pipelines.run('words', [{ $sort: { w: 1 } }], options)
    expect(sorted.map(({ w }) => String(w).toLowerCase())).toEqual(['a', 'a', 'b', 'b'])
  })

  it('given a time limit, then a pipeline that multiplies stops with code 50', async () => {
    const grow = { $set: { a: { $range: [0, 1000] } } }
    const pipeline = [
      grow,
      { $unwind: '$a' },
      { $set: { b: { $range: [0, 1000] } } },
      { $unwind: '$b' },
      { $count: 'c' },
    ]
    expect((await pipelines.refusal('rows', pipeline, { maxTimeMS: 50 })).code).toBe(50)
  })

  it('given more than 100 MB to hold and no disk, then code 292; with it, the result', async () => {
    const big = {
      $set: {
        a: { $range: [0, 30] },
        text: {
          $reduce: { input: { $range: [0, 12] }, initialValue: '0123456789', in: { $concat: ['$$value', '$$value'] } },
        },
      },
    }
    const pipeline = [
      { $limit: 100 },
      big,
      { $unwind: '$a' },
      { $group: { _id: { n: '$n', a: '$a' }, t: { $first: '$text' } } },
      { $count: 'c' },
    ]
    expect((await pipelines.refusal('rows', pipeline, { allowDiskUse: false })).code).toBe(292)
    expect(await pipelines.run('rows', pipeline, { allowDiskUse: true })).toEqual([{ c: 3000 }])
  })
})

describe('stages that tell of the server', () => {
  it('given $indexStats, then every index', async () => {
    const stats = await pipelines.run('rows', [{ $indexStats: {} }, { $project: { name: 1 } }])
    expect(stats.map(({ name }) => name)).toEqual(['_id_', 'n_1', 'k_1_n_1', 'list_1'])
  })

  it('given $collStats, then count and sizes', async () => {
    const [stats] = await pipelines.run('rows', [{ $collStats: { count: {}, storageStats: {} } }])
    expect(stats).toMatchObject({ ns: 'shop.rows', count: 1000, storageStats: { count: 1000, nindexes: 4 } })
  })

  it('given $currentOp and $listLocalSessions, then at least this one', async () => {
    const admin = pipelines.client.db('admin')
    expect(await admin.aggregate([{ $currentOp: {} }]).toArray()).toMatchObject([{ op: 'command', active: true }])
    expect(await pipelines.db.aggregate([{ $listLocalSessions: {} }]).toArray()).toHaveLength(1)
    const { config } = { config: pipelines.client.db('config') }
    expect(
      await config
        .collection('system.sessions')
        .aggregate([{ $listSessions: {} }])
        .toArray(),
    ).toHaveLength(1)
  })
})
