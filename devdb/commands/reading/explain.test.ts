import mongoose from 'mongoose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startInProcess } from '../../testing.ts'

type Stage = { readonly stage: string; readonly inputStage?: Stage; readonly inputStages?: readonly Stage[] }

let server: Awaited<ReturnType<typeof startInProcess>>
let client: mongoose.mongo.MongoClient

beforeAll(async () => {
  server = await startInProcess()
  client = await mongoose.mongo.MongoClient.connect(server.url)
  const items = client.db('explain').collection<{ _id: number }>('items')
  const docs = Array.from({ length: 200 }, (_, at) => ({
    _id: at,
    shop: at % 2,
    at: Math.floor(at / 4),
    sku: `sku-${String(at).padStart(3, '0')}`,
    tags: [`t${at % 5}`],
    title: 'red shoes',
  }))
  await items.insertMany(docs)
  await items.createIndexes([
    { key: { shop: 1, at: -1, _id: -1 }, name: 'keyset' },
    { key: { sku: 1 }, name: 'sku', unique: true },
    { key: { tags: 1, at: 1 }, name: 'tags' },
    { key: { title: 'text' }, name: 'words' },
    { key: { at: 1 }, name: 'hidden', hidden: true },
  ])
})
afterAll(async () => {
  await client.close()
  await server.stop()
})

const explain = async (command: object, verbosity = 'executionStats') =>
  client.db('explain').command({ explain: command, verbosity })

/** The stages from the outermost in, those of branches beside each other. */
const namesOf = ({ stage, inputStage, inputStages = [] }: Stage): string =>
  [stage, ...(inputStage ? [namesOf(inputStage)] : []), ...inputStages.map(namesOf)].join(' ')

type Case = [string, object, string, { keys: number; docs: number; returned: number }]

const find = (filter: object, rest: object = {}): object => ({ find: 'items', filter, ...rest })
const first = { at: -1, _id: -1 }

describe('explain', () => {
  test.each<Case>([
    ['an id', find({ _id: 7 }), 'IDHACK', { keys: 1, docs: 1, returned: 1 }],
    ['a unique key', find({ sku: 'sku-007' }), 'FETCH IXSCAN', { keys: 1, docs: 1, returned: 1 }],
    ['no index', find({ title: 'x' }), 'COLLSCAN', { keys: 0, docs: 200, returned: 0 }],
    ['a hidden index', find({ at: 3 }), 'COLLSCAN', { keys: 0, docs: 200, returned: 4 }],
    [
      'a page in order',
      find({ shop: 1 }, { sort: first, limit: 5 }),
      'LIMIT FETCH IXSCAN',
      { keys: 5, docs: 5, returned: 5 },
    ],
    [
      'a later page in order',
      find({ shop: 1 }, { sort: first, skip: 2, limit: 5 }),
      'LIMIT SKIP FETCH IXSCAN',
      { keys: 7, docs: 7, returned: 5 },
    ],
    [
      'both shops in one order',
      find({ shop: { $in: [0, 1] } }, { sort: first, limit: 5 }),
      'LIMIT FETCH SORT_MERGE IXSCAN',
      { keys: 6, docs: 5, returned: 5 },
    ],
    [
      'another order',
      find({ shop: 1 }, { sort: { title: 1 }, limit: 5 }),
      'SORT FETCH IXSCAN',
      { keys: 100, docs: 100, returned: 5 },
    ],
    [
      'a covered projection',
      find({ shop: 1, at: { $gte: 48 } }, { projection: { _id: 0, at: 1 } }),
      'PROJECTION_COVERED IXSCAN',
      { keys: 4, docs: 0, returned: 4 },
    ],
    [
      'a projection',
      find({ sku: 'sku-001' }, { projection: { title: 1 } }),
      'PROJECTION_SIMPLE FETCH IXSCAN',
      { keys: 1, docs: 1, returned: 1 },
    ],
    [
      'alternatives',
      find({ $or: [{ sku: 'sku-001' }, { _id: 9 }] }),
      'FETCH OR IXSCAN IXSCAN',
      { keys: 2, docs: 2, returned: 2 },
    ],
    [
      'an array',
      find({ tags: 't1' }, { sort: { at: 1 }, limit: 3 }),
      'LIMIT FETCH IXSCAN',
      { keys: 3, docs: 3, returned: 3 },
    ],
    ['a beginning', find({ sku: { $regex: '^sku-00' } }), 'FETCH IXSCAN', { keys: 10, docs: 10, returned: 10 }],
    ['a contradiction', find({ sku: { $in: [] } }), 'EOF', { keys: 0, docs: 0, returned: 0 }],
    ['no collection', { find: 'none', filter: {} }, 'EOF', { keys: 0, docs: 0, returned: 0 }],
    ['a hint', find({}, { hint: 'sku', limit: 2 }), 'LIMIT FETCH IXSCAN', { keys: 2, docs: 2, returned: 2 }],
    [
      'min and max',
      find({}, { hint: 'sku', min: { sku: 'sku-010' }, max: { sku: 'sku-013' } }),
      'FETCH IXSCAN',
      { keys: 3, docs: 3, returned: 3 },
    ],
    [
      'natural order',
      find({}, { sort: { $natural: -1 }, limit: 1 }),
      'LIMIT COLLSCAN',
      { keys: 0, docs: 1, returned: 1 },
    ],
    ['words', find({ $text: { $search: 'blue' } }), 'TEXT_MATCH TEXT_OR IXSCAN', { keys: 0, docs: 0, returned: 0 }],
    ['a count', { count: 'items', query: { shop: 1 } }, 'COUNT COUNT_SCAN', { keys: 100, docs: 0, returned: 0 }],
    ['a count of all', { count: 'items', query: {} }, 'RECORD_STORE_FAST_COUNT', { keys: 0, docs: 0, returned: 0 }],
    [
      'distinct values',
      { distinct: 'items', key: 'shop', query: {} },
      'PROJECTION_COVERED DISTINCT_SCAN',
      { keys: 2, docs: 0, returned: 2 },
    ],
    [
      'an update',
      { update: 'items', updates: [{ q: { sku: 'sku-001' }, u: { $set: { x: 1 } } }] },
      'UPDATE FETCH IXSCAN',
      { keys: 1, docs: 1, returned: 0 },
    ],
    [
      'a delete',
      { delete: 'items', deletes: [{ q: { shop: 1 }, limit: 0 }] },
      'DELETE FETCH IXSCAN',
      { keys: 100, docs: 100, returned: 0 },
    ],
    [
      'findAndModify',
      { findAndModify: 'items', query: { _id: 1 }, remove: true },
      'DELETE IDHACK',
      { keys: 1, docs: 1, returned: 0 },
    ],
  ])(
    'given %s, then it tells the stages and what they read',
    async (_name, command, stages, { keys, docs, returned }) => {
      const { queryPlanner, executionStats } = await explain(command)
      expect(namesOf(queryPlanner.winningPlan)).toBe(stages)
      expect(executionStats).toMatchObject({ nReturned: returned, totalKeysExamined: keys, totalDocsExamined: docs })
    },
  )

  test('given a range in an index of the other direction, then the bounds are told as they are read', async () => {
    const { queryPlanner } = await explain(find({ shop: 1, at: { $gt: 3, $lte: 9 } }), 'queryPlanner')
    expect(queryPlanner.parsedQuery).toEqual({
      $and: [{ shop: { $eq: 1 } }, { $and: [{ at: { $gt: 3 } }, { at: { $lte: 9 } }] }],
    })
    expect(queryPlanner.winningPlan.inputStage).toMatchObject({
      indexName: 'keyset',
      direction: 'forward',
      isMultiKey: false,
      indexBounds: { shop: ['[1, 1]'], at: ['[9, 3)'], _id: ['[MaxKey, MinKey]'] },
    })
  })

  test('given a pipeline, then its query is explained, and what remains follows', async () => {
    const items = client.db('explain').collection('items')
    const { stages } = await items.aggregate([{ $match: { shop: 1 } }, { $group: { _id: '$at' } }]).explain()
    expect(namesOf(stages[0].$cursor.queryPlanner.winningPlan)).toBe('FETCH IXSCAN')
    expect(Object.keys(stages[1])).toEqual(['$group'])
    const whole = await items.aggregate([{ $match: { shop: 1 } }, { $sort: first }, { $limit: 2 }]).explain()
    expect(namesOf(whole.queryPlanner.winningPlan)).toBe('LIMIT FETCH IXSCAN')
  })

  test('given an explained write, then nothing was written', async () => {
    expect(await client.db('explain').collection('items').countDocuments({ x: 1 })).toBe(0)
    expect(await client.db('explain').collection('items').estimatedDocumentCount()).toBe(200)
  })

  test.each<[string, object, number]>([
    ['an unknown verbosity', { explain: find({}), verbosity: 'all' }, 2],
    ['a command that has no plan', { explain: { ping: 1 } }, 238],
    ['an unknown option inside', { explain: find({}, { colour: 1 }) }, 40415],
    [
      'two statements',
      {
        explain: {
          delete: 'items',
          deletes: [
            { q: {}, limit: 0 },
            { q: {}, limit: 0 },
          ],
        },
      },
      16,
    ],
    ['a hidden index as a hint', { explain: find({}, { hint: 'hidden' }) }, 2],
    ['min without a hint', { explain: find({}, { min: { sku: 'a' } }) }, 51173],
    ['min of another index', { explain: find({}, { hint: 'sku', min: { at: 1 } }) }, 51174],
    ['min above max', { explain: find({}, { hint: 'sku', min: { sku: 'b' }, max: { sku: 'a' } }) }, 51175],
  ])('given %s, then it is refused', async (_name, command, code) => {
    await expect(client.db('explain').command(command)).rejects.toMatchObject({ code })
  })
})
