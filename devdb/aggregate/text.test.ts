import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Pipelines, type Row, startPipelines } from './testing.ts'

let pipelines: Pipelines

beforeAll(async () => {
  pipelines = await startPipelines()
  const { db } = pipelines
  await db.collection<Row>('texts').insertMany([
    { _id: 1, t: 'blue shirt', n: 1 },
    { _id: 2, t: 'blue blue jeans', n: 2 },
    { _id: 3, t: 'red shirt', n: 3 },
  ] as never)
  await db.collection('texts').createIndex({ t: 'text' })
})

afterAll(() => pipelines.stop())

const search = { $match: { $text: { $search: 'blue' } } }

describe('$text in a pipeline', () => {
  it('given a sort by score, then the best match is first', async () => {
    const rows = await pipelines.run('texts', [search, { $sort: { score: { $meta: 'textScore' } } }])
    expect(rows.map(({ _id }) => _id)).toEqual([2, 1])
  })

  it.each<[string, Row[]]>([
    ['$project', [{ $project: { s: { $meta: 'textScore' } } }]],
    ['$addFields behind a $project', [{ $project: { t: 1 } }, { $addFields: { s: { $meta: 'textScore' } } }]],
    [
      '$set behind an $unwind and a $sort',
      [{ $unwind: '$t' }, { $sort: { n: 1 } }, { $set: { s: { $meta: 'textScore' } } }],
    ],
    ['$group', [{ $group: { _id: '$_id', s: { $max: { $meta: 'textScore' } } } }]],
  ])('given %s, then the score is there', async (_what, stages) => {
    const rows = await pipelines.run('texts', [search, ...stages])
    expect(rows.map(({ s }) => Number(s) > 0.5)).toEqual([true, true])
  })

  it('given a further condition and a count, then both hold', async () => {
    expect(await pipelines.run('texts', [search, { $match: { n: { $gt: 1 } } }, { $count: 'c' }])).toEqual([{ c: 1 }])
  })

  it('given a search that is not the first stage, then code 17313, also behind a view', async () => {
    await pipelines.db.createCollection('some', { viewOn: 'texts', pipeline: [{ $match: { n: { $gt: 0 } } }] })
    expect((await pipelines.refusal('some', [search])).code).toBe(17313)
    expect((await pipelines.refusal('texts', [{ $facet: { a: [search] } }])).code).toBe(17313)
    const found = pipelines.db.collection<Row>('some').find({ $text: { $search: 'blue' } })
    await expect(found.toArray()).rejects.toMatchObject({ code: 17313 })
  })

  it('given no text index, then code 27', async () => {
    await pipelines.db.collection<Row>('plain').insertOne({ t: 'blue' } as never)
    expect((await pipelines.refusal('plain', [search])).code).toBe(27)
  })
})
