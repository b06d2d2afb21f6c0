import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Pipelines, type Row, startPipelines } from './testing.ts'

let pipelines: Pipelines

beforeAll(async () => {
  pipelines = await startPipelines()
  await pipelines.db.collection<Row>('rows').insertOne({ _id: 1, n: 1, s: 'x', list: [1] } as never)
})

afterAll(() => pipelines.stop())

const command = async (body: Row, database = 'shop'): Promise<number> =>
  pipelines.client
    .db(database)
    .command(body)
    .then(
      () => 0,
      ({ code }: { code: number }) => code,
    )

const reach = { from: 'x', startWith: '$n', connectFromField: 'n', connectToField: 'n', as: 'y' }

describe('stages that are wrong', () => {
  it.each<[Row, number]>([
    [{ $nothing: 1 }, 40324],
    [{}, 40323],
    [{ $match: {}, $limit: 1 }, 40323],
    [{ $match: 1 }, 15959],
    [{ $match: { $nothing: 1 } }, 2],
    [{ $sort: {} }, 15976],
    [{ $sort: 1 }, 15973],
    [{ $sort: { n: 2 } }, 15975],
    [{ $limit: 0 }, 15958],
    [{ $limit: -1 }, 5107201],
    [{ $skip: -1 }, 5107200],
    [{ $skip: 'x' }, 5107200],
    [{ $count: '' }, 40157],
    [{ $count: 1 }, 40156],
    [{ $count: '$n' }, 40158],
    [{ $count: 'a.b' }, 40160],
    [{ $sample: { size: 0 } }, 28747],
    [{ $sample: {} }, 28749],
    [{ $sample: { size: 1, more: 1 } }, 28748],
    [{ $unwind: {} }, 28812],
    [{ $unwind: 'list' }, 28818],
    [{ $unwind: { path: '$list', more: 1 } }, 28811],
    [{ $unwind: { path: '$list', includeArrayIndex: '$i' } }, 28822],
    [{ $unwind: { path: '$list', preserveNullAndEmptyArrays: 1 } }, 28809],
    [{ $group: { n: { $sum: 1 } } }, 15955],
    [{ $group: 1 }, 15947],
    [{ $group: { _id: null, n: 1 } }, 40234],
    [{ $group: { _id: null, 'a.b': { $sum: 1 } } }, 40235],
    [{ $group: { _id: null, n: { $sum: 1, $avg: 1 } } }, 40238],
    [{ $group: { _id: null, n: { $nothing: 1 } } }, 15952],
    [{ $project: {} }, 51272],
    [{ $project: 1 }, 15969],
    [{ $project: { a: 1, b: 0 } }, 31254],
    [{ $project: { a: 0, b: 1 } }, 31253],
    [{ $project: { a: 1, 'a.b': 1 } }, 31249],
    [{ $project: { 'a.b': 1, a: 1 } }, 31250],
    [{ $project: { a: 0, b: { $add: [1] } } }, 31252],
    [{ $project: { a: 0, b: 'x' } }, 31310],
    [{ $project: { a: {} } }, 51270],
    [{ $project: { 'a.$': 1 } }, 31324],
    [{ $project: { a: { $nothing: 1 } } }, 31325],
    [{ $project: { a: '$$nothing' } }, 17276],
    [{ $addFields: 1 }, 40272],
    [{ $addFields: { a: 1, 'a.b': 1 } }, 40176],
    [{ $set: { a: { b: {}, 'c.d': 1 } } }, 40183],
    [{ $unset: [] }, 31119],
    [{ $unset: [1] }, 31120],
    [{ $unset: 1 }, 31002],
    [{ $replaceRoot: {} }, 40414],
    [{ $replaceRoot: { newRoot: '$n' } }, 40228],
    [{ $replaceRoot: { newRoot: '$a', more: 1 } }, 40415],
    [{ $replaceRoot: 1 }, 40229],
    [{ $redact: 'x' }, 17053],
    [{ $facet: {} }, 40169],
    [{ $facet: { a: 1 } }, 40170],
    [{ $facet: { a: [{ $out: 'x' }] } }, 40600],
    [{ $facet: { a: [{ $facet: { b: [] } }] } }, 40600],
    [{ $facet: { a: [{ $unionWith: { coll: 'x', pipeline: [{ $facet: { b: [] } }] } }] } }, 40600],
    [{ $facet: { a: [{ $lookup: { as: 'x', pipeline: [{ $documents: [{ a: 1 }] }] } }] } }, 40600],
    [{ $lookup: 1 }, 9],
    [{ $lookup: { from: 'x', as: 'y' } }, 9],
    [{ $lookup: { from: 'x', as: 'y', localField: 'a', foreignField: 'b', more: 1 } }, 9],
    [{ $lookup: { from: 'x', as: 'y', pipeline: [{ $out: 'z' }] } }, 51047],
    [{ $lookup: { from: 'x', as: 'y', pipeline: {} } }, 14],
    [{ $lookup: { from: '', as: 'y', localField: 'a', foreignField: 'b' } }, 73],
    [{ $graphLookup: {} }, 9],
    [{ $graphLookup: 1 }, 9],
    [{ $graphLookup: { from: 'x', as: 'y' } }, 40105],
    [{ $graphLookup: { ...reach, from: 1 } }, 9],
    [{ $graphLookup: { ...reach, from: '' } }, 73],
    [{ $graphLookup: { ...reach, restrictSearchWithMatch: { $and: [{ $text: { $search: 'a' } }] } } }, 2],
    [{ $project: { s: { $meta: 'textScore' } } }, 40218],
    [{ $unionWith: 1 }, 9],
    [{ $unionWith: { coll: 'x', pipeline: [{ $out: 'z' }] } }, 31441],
    [{ $unionWith: { coll: 'x', more: 1 } }, 40415],
    [{ $bucket: { groupBy: '$n', boundaries: [0] } }, 40192],
    [{ $bucket: { groupBy: '$n', boundaries: [5, 0] } }, 40194],
    [{ $bucket: { groupBy: '$n', boundaries: [0, 'x'] } }, 40193],
    [{ $bucket: { groupBy: '$n', boundaries: [5, 6] } }, 40066],
    [{ $bucket: { groupBy: '$n' } }, 40198],
    [{ $bucket: { groupBy: 'n', boundaries: [0, 1] } }, 40202],
    [{ $bucketAuto: { groupBy: '$n', buckets: 0 } }, 40243],
    [{ $bucketAuto: { groupBy: '$n', buckets: 2, granularity: 'R7' } }, 40257],
    [{ $sortByCount: 'n' }, 40148],
    [{ $densify: { field: 'n', range: { step: 0, bounds: 'full' } } }, 5733401],
    [{ $densify: { field: 'n', range: { step: 'x', bounds: 'full' } } }, 14],
    [{ $densify: { field: 'n', range: { step: 1, bounds: 'partition' } } }, 5733408],
    [{ $densify: { field: 'n', partitionByFields: ['n.m'], range: { step: 1, bounds: 'full' } } }, 8993000],
    [{ $densify: { field: 'n.m', partitionByFields: ['n'], range: { step: 1, bounds: 'full' } } }, 9554500],
    [{ $densify: { field: 's', range: { step: 1, bounds: 'full' } } }, 5733201],
    [{ $fill: { output: {} } }, 6050203],
    [{ $fill: { output: { a: { method: 'x' } } } }, 6050202],
    [{ $geoNear: {} }, 27],
    [{ $search: {} }, 31082],
    [{ $vectorSearch: {} }, 31082],
    [{ $shardedDataDistribution: {} }, 6789101],
    [{ $queryStats: {} }, 238],
    [{ $documents: [] }, 73],
    [{ $currentOp: {} }, 73],
    [{ $planCacheStats: { x: 1 } }, 50932],
    [{ $collStats: { nothing: {} } }, 40415],
  ])('given %j, then code %i', async (stage, code) => {
    expect((await pipelines.refusal('rows', [stage])).code).toBe(code)
  })
})

describe('stages in the wrong place', () => {
  it.each<[Row[], number]>([
    [[{ $out: 'x' }, { $limit: 1 }], 40601],
    [[{ $merge: 'x' }, { $limit: 1 }], 40601],
    [[{ $limit: 1 }, { $indexStats: {} }], 40602],
    [[{ $limit: 1 }, { $collStats: {} }], 40602],
    [[{ $limit: 1 }, { $changeStream: {} }], 40602],
    [[{ $limit: 1 }, { $match: { $text: { $search: 'x' } } }], 17313],
  ])('given %j, then code %i', async (pipeline, code) => {
    expect((await pipelines.refusal('rows', pipeline)).code).toBe(code)
  })
})

describe('commands that are wrong', () => {
  it.each<[string, Row, number]>([
    ['no cursor', { aggregate: 'rows', pipeline: [] }, 9],
    ['an unknown option', { aggregate: 'rows', pipeline: [], cursor: {}, nothing: 1 }, 40415],
    ['an unknown option of the cursor', { aggregate: 'rows', pipeline: [], cursor: { nothing: 1 } }, 40415],
    ['a pipeline that is no array', { aggregate: 'rows', pipeline: {}, cursor: {} }, 14],
    ['a stage that is no object', { aggregate: 'rows', pipeline: [1], cursor: {} }, 14],
    ['a number other than 1', { aggregate: 2, pipeline: [], cursor: {} }, 9],
    ['a whole database without a source', { aggregate: 1, pipeline: [{ $match: {} }], cursor: {} }, 73],
    ['a hint that names nothing', { aggregate: 'rows', pipeline: [], cursor: {}, hint: 'nothing' }, 2],
    ['a let that reads a field', { aggregate: 'rows', pipeline: [], cursor: {}, let: { a: '$n' } }, 4890500],
    [
      'a linearizable write',
      { aggregate: 'rows', pipeline: [{ $out: 'x' }], cursor: {}, readConcern: { level: 'linearizable' } },
      72,
    ],
  ])('given %s, then its code', async (_what, body, code) => {
    expect(await command(body)).toBe(code)
  })
})
