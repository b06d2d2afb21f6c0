import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Pipelines, type Row, startPipelines } from './testing.ts'

let pipelines: Pipelines

beforeAll(async () => {
  pipelines = await startPipelines()
  const { db } = pipelines
  await db.collection<Row>('items').insertMany([
    { _id: 1, n: 1, tags: ['a'], secret: 's' },
    { _id: 2, n: 2, tags: ['a', 'b'], secret: 's' },
    { _id: 3, n: 3, tags: ['c'], secret: 's' },
  ] as never)
  await db.collection('items').createIndex({ n: 1 })
  await db.createCollection('open', { viewOn: 'items', pipeline: [{ $project: { secret: 0 } }] })
  await db.createCollection('big', { viewOn: 'open', pipeline: [{ $match: { n: { $gt: 1 } } }] })
  await db.createCollection('folded', { viewOn: 'names', pipeline: [], collation: { locale: 'en', strength: 2 } })
  await db.collection<Row>('names').insertMany([{ name: 'Ann' }, { name: 'ann' }] as never)
})

afterAll(() => pipelines.stop())

describe('reading a view', () => {
  it('given a view on a view, when aggregated, then both pipelines ran', async () => {
    expect(await pipelines.run('big', [{ $sort: { n: -1 } }])).toEqual([
      { _id: 3, n: 3, tags: ['c'] },
      { _id: 2, n: 2, tags: ['a', 'b'] },
    ])
  })

  it('given a find, then filter, sort, skip, limit and projection apply', async () => {
    const found = await pipelines.db
      .collection<Row>('open')
      .find({ n: { $lt: 3 } })
      .sort({ n: -1 })
      .skip(1)
      .limit(5)
      .project({ _id: 0, n: 1 })
      .toArray()
    expect(found).toEqual([{ n: 1 }])
  })

  it('given a find by a hidden field, then nothing is found', async () => {
    expect(await pipelines.db.collection<Row>('open').findOne({ secret: 's' })).toBeNull()
  })

  it('given count and distinct, then they see the view only', async () => {
    const big = pipelines.db.collection<Row>('big')
    expect(await big.countDocuments({})).toBe(2)
    expect(await pipelines.db.command({ count: 'big', query: { n: 3 } })).toMatchObject({ n: 1 })
    expect(await pipelines.db.command({ count: 'big', skip: 1, limit: 5 })).toMatchObject({ n: 1 })
    expect(await big.distinct('tags')).toEqual(['a', 'b', 'c'])
  })

  it('given a view in $lookup and $unionWith, then its pipeline runs', async () => {
    const lookup = { from: 'big', localField: 'n', foreignField: 'n', as: 'same' }
    const rows = await pipelines.run('items', [{ $lookup: lookup }, { $project: { same: { n: 1, secret: 1 } } }])
    expect(rows.map(({ same }) => same)).toEqual([[], [{ n: 2 }], [{ n: 3 }]])
    expect(await pipelines.run('big', [{ $unionWith: 'big' }, { $count: 'c' }])).toEqual([{ c: 4 }])
  })

  it('given an index of the collection, then a view is read through it', async () => {
    const before = await pipelines.collectionScans()
    await pipelines.run('big', [{ $match: { n: 3 } }])
    await pipelines.db.collection<Row>('open').find({ n: 2 }).toArray()
    expect(await pipelines.collectionScans()).toBe(before)
  })

  it('given a collation of the view, then all reads use it', async () => {
    const folded = pipelines.db.collection<Row>('folded')
    expect(await folded.countDocuments({ name: 'ANN' })).toBe(2)
    expect(await folded.distinct('name')).toHaveLength(1)
    const other = { collation: { locale: 'fr' } }
    expect((await pipelines.refusal('folded', [], other)).code).toBe(167)
  })
})

describe('what a view refuses', () => {
  it.each<[string, Row]>([
    ['insert', { insert: 'open', documents: [{ _id: 9 }] }],
    ['update', { update: 'open', updates: [{ q: {}, u: { $set: { n: 1 } } }] }],
    ['delete', { delete: 'open', deletes: [{ q: {}, limit: 0 }] }],
    ['findAndModify', { findAndModify: 'open', query: {}, remove: true }],
    ['createIndexes', { createIndexes: 'open', indexes: [{ key: { n: 1 }, name: 'n_1' }] }],
    ['$merge', { aggregate: 'items', pipeline: [{ $merge: 'open' }], cursor: {} }],
    ['$out', { aggregate: 'items', pipeline: [{ $out: 'open' }], cursor: {} }],
    ['$indexStats', { aggregate: 'open', pipeline: [{ $indexStats: {} }], cursor: {} }],
  ])('given %s, then code 166', async (_what, body) => {
    const outcome = await pipelines.db.command(body).catch((error) => error)
    expect(outcome.code ?? outcome.writeErrors?.[0]?.code).toBe(166)
  })

  it('given a pipeline that writes, then no view is made', async () => {
    const made = pipelines.db.createCollection('writing', { viewOn: 'items', pipeline: [{ $out: 'x' }] })
    await expect(made).rejects.toMatchObject({ code: 167 })
  })

  it('given a view below itself, or one that compares strings otherwise than the view it is on, then it is refused', async () => {
    const { db } = pipelines
    await db.createCollection('upper', { viewOn: 'open' })
    await expect(db.command({ collMod: 'open', viewOn: 'upper', pipeline: [] })).rejects.toMatchObject({ code: 5 })
    await expect(db.createCollection('self', { viewOn: 'self' })).rejects.toMatchObject({ code: 5 })
    const other = db.createCollection('other', { viewOn: 'open', collation: { locale: 'en', strength: 2 } })
    await expect(other).rejects.toMatchObject({ code: 167 })
  })
})
