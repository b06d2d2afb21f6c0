import mongoose from 'mongoose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Pipelines, type Row, startPipelines } from './testing.ts'

const { Long, Decimal128, Double } = mongoose.mongo

let pipelines: Pipelines

beforeAll(async () => {
  pipelines = await startPipelines()
})

afterAll(() => pipelines.stop())

type Case = readonly [what: string, docs: Row[], stages: Row[], expected: unknown[]]

const check = (cases: readonly Case[]) =>
  it.each(cases)('%s', async (_what, docs, stages, expected) => {
    expect(await pipelines.over(docs, ...stages)).toEqual(expected)
  })

describe('$addFields, $set and $unset', () => {
  check([
    ['given a nested path, then only it is set', [{ a: { x: 1 } }], [{ $set: { 'a.y': 2 } }], [{ a: { x: 1, y: 2 } }]],
    ['given an object, then it is merged in', [{ a: { x: 1 } }], [{ $set: { a: { y: 2 } } }], [{ a: { x: 1, y: 2 } }]],
    [
      'given an empty object, then it is the value',
      [{ a: 1 }],
      [{ $set: { a: {}, b: { c: {} } } }],
      [{ a: {}, b: { c: {} } }],
    ],
    ['given a scalar on the path, then it is replaced', [{ a: 1 }], [{ $set: { 'a.y': 2 } }], [{ a: { y: 2 } }]],
    [
      'given an array on the path, then each element gets the field',
      [{ a: [{ x: 1 }, 5] }],
      [{ $addFields: { 'a.y': 2 } }],
      [{ a: [{ x: 1, y: 2 }, { y: 2 }] }],
    ],
    ['given $$REMOVE, then the field is gone', [{ a: 1, b: 2 }], [{ $set: { a: '$$REMOVE' } }], [{ b: 2 }]],
    ['given a missing source, then the field is gone', [{ a: 1, b: 2 }], [{ $set: { a: '$none' } }], [{ b: 2 }]],
    [
      'given two fields, then both see the old document',
      [{ a: 1, b: 2 }],
      [{ $set: { a: '$b', b: '$a' } }],
      [{ a: 2, b: 1 }],
    ],
    ['given an existing field, then its place stays', [{ a: 1, b: 2 }], [{ $set: { a: 3 } }], [{ a: 3, b: 2 }]],
    ['given several paths to unset', [{ a: 1, b: { c: 1, d: 2 } }], [{ $unset: ['a', 'b.c'] }], [{ b: { d: 2 } }]],
    ['given one path to unset', [{ a: 1, b: 2 }], [{ $unset: 'a' }], [{ b: 2 }]],
    [
      'given a variable of let, then it is seen',
      [{ a: [1, 2] }],
      [{ $set: { a: { $map: { input: '$a', as: 'n', in: { $add: ['$$n', 1] } } } } }],
      [{ a: [2, 3] }],
    ],
  ])

  it('given documents of a collection, when fields are added, then the stored ones stay as they are', async () => {
    const { db, run } = pipelines
    await db.collection<Row>('stored').insertOne({ _id: 1, a: { x: 1 }, list: [{ n: 1 }] } as never)
    await run('stored', [{ $set: { 'a.x': 2, 'list.n': 2, b: 3 } }, { $unset: 'a' }])
    expect(await run('stored', [])).toEqual([{ _id: 1, a: { x: 1 }, list: [{ n: 1 }] }])
  })
})

describe('$project', () => {
  const doc = { _id: 1, a: { x: 1, y: 2 }, list: [{ n: 1, m: 2 }, 7], b: 3 }
  check([
    ['given an inclusion', [doc], [{ $project: { b: 1 } }], [{ _id: 1, b: 3 }]],
    ['given an inclusion without _id', [doc], [{ $project: { _id: 0, 'a.x': true } }], [{ a: { x: 1 } }]],
    [
      'given a path through an array, then scalars are left out',
      [doc],
      [{ $project: { _id: 0, 'list.n': 1 } }],
      [{ list: [{ n: 1 }] }],
    ],
    ['given an exclusion', [doc], [{ $project: { a: 0, 'list.m': 0 } }], [{ _id: 1, list: [{ n: 1 }, 7], b: 3 }]],
    ['given a nested specification', [doc], [{ $project: { _id: 0, a: { y: 1 } } }], [{ a: { y: 2 } }]],
    [
      'given computed fields, then they come behind the included ones',
      [doc],
      [{ $project: { c: '$a.x', b: 1 } }],
      [{ _id: 1, b: 3, c: 1 }],
    ],
    ['given a computed _id', [doc], [{ $project: { _id: '$b' } }], [{ _id: 3 }]],
    ['given a literal number', [doc], [{ $project: { _id: 0, one: { $literal: 1 } } }], [{ one: 1 }]],
    [
      'given a computed nested field',
      [doc],
      [{ $project: { _id: 0, a: { z: { $add: ['$a.x', 5] } } } }],
      [{ a: { z: 6 } }],
    ],
    [
      'given a computed field in an array',
      [doc],
      [{ $project: { _id: 0, list: { k: '$b' } } }],
      [{ list: [{ k: 3 }, { k: 3 }] }],
    ],
    ['given a whole path of a missing value', [doc], [{ $project: { _id: 0, none: '$x.y' } }], [{}]],
    ['given an array expression', [doc], [{ $project: { _id: 0, pair: ['$b', '$none'] } }], [{ pair: [3, null] }]],
  ])

  it('given numbers of every type, when projected, then the types stay', async () => {
    const docs = [{ l: Long.fromNumber(1), d: new Double(2), m: Decimal128.fromString('1.10') }]
    const [row] = await pipelines.db
      .aggregate([{ $documents: docs }, { $project: { l: 1, n: { $add: ['$l', 1] }, d: '$d', m: 1 } }], {
        promoteValues: false,
        promoteLongs: false,
      })
      .toArray()
    expect(row?.l).toEqual(Long.fromNumber(1))
    expect(row?.n).toEqual(Long.fromNumber(2))
    expect(row?.d).toEqual(new Double(2))
    expect(String(row?.m)).toBe('1.10')
  })
})

describe('$match, $sort, $skip, $limit, $count, $sample', () => {
  const docs = [{ n: 3 }, { n: 1 }, { n: 2 }]
  check([
    ['given a filter', docs, [{ $match: { n: { $gt: 1 } } }], [{ n: 3 }, { n: 2 }]],
    ['given $expr', docs, [{ $match: { $expr: { $eq: ['$n', { $add: [1, 1] }] } } }], [{ n: 2 }]],
    ['given a sort', docs, [{ $sort: { n: -1 } }], [{ n: 3 }, { n: 2 }, { n: 1 }]],
    ['given a sort with a limit', docs, [{ $sort: { n: 1 } }, { $limit: 2 }], [{ n: 1 }, { n: 2 }]],
    ['given a sort, a skip and a limit', docs, [{ $sort: { n: 1 } }, { $skip: 1 }, { $limit: 1 }], [{ n: 2 }]],
    ['given a limit ahead of a match, then it counts first', docs, [{ $limit: 1 }, { $match: { n: 1 } }], []],
    [
      'given a limited sort ahead of a match, then the match is last',
      docs,
      [{ $sort: { n: 1 } }, { $limit: 1 }, { $match: { n: 2 } }],
      [],
    ],
    [
      'given a match behind a computed field, then it sees it',
      docs,
      [{ $set: { n: { $multiply: ['$n', 2] } } }, { $match: { n: 2 } }],
      [{ n: 2 }],
    ],
    ['given a count', docs, [{ $count: 'all' }], [{ all: 3 }]],
    ['given a count of nothing, then no document', docs, [{ $match: { n: 9 } }, { $count: 'all' }], []],
    ['given a sample of more than there is', [{ n: 1 }], [{ $sample: { size: 5 } }], [{ n: 1 }]],
  ])

  it('given many documents, when sampled, then as many different ones as asked for', async () => {
    const many = Array.from({ length: 100 }, (_, n) => ({ n }))
    const chosen = await pipelines.over(many, { $sample: { size: 10 } })
    expect(new Set(chosen.map(({ n }) => n)).size).toBe(10)
  })
})

describe('$unwind', () => {
  const doc = { _id: 1, a: [10, 20] }
  check([
    [
      'given an array',
      [doc],
      [{ $unwind: '$a' }],
      [
        { _id: 1, a: 10 },
        { _id: 1, a: 20 },
      ],
    ],
    ['given a scalar, then it counts as one element', [{ a: 5 }], [{ $unwind: '$a' }], [{ a: 5 }]],
    ['given nothing to unwind', [{ a: [] }, { a: null }, { b: 1 }], [{ $unwind: '$a' }], []],
    [
      'given nothing to unwind and preserveNullAndEmptyArrays',
      [{ a: [] }, { a: null }, { b: 1 }],
      [{ $unwind: { path: '$a', preserveNullAndEmptyArrays: true } }],
      [{}, { a: null }, { b: 1 }],
    ],
    [
      'given an index field',
      [doc, { _id: 2, a: 5 }],
      [{ $unwind: { path: '$a', includeArrayIndex: 'at.i' } }],
      [
        { _id: 1, a: 10, at: { i: 0 } },
        { _id: 1, a: 20, at: { i: 1 } },
        { _id: 2, a: 5, at: { i: null } },
      ],
    ],
    [
      'given a nested path',
      [{ a: { b: [1, 2], c: 3 } }],
      [{ $unwind: '$a.b' }],
      [{ a: { b: 1, c: 3 } }, { a: { b: 2, c: 3 } }],
    ],
    [
      'given a match on the elements, then it is done behind',
      [doc],
      [{ $unwind: '$a' }, { $match: { a: 20 } }],
      [{ _id: 1, a: 20 }],
    ],
  ])
})

describe('$facet, $redact, $replaceRoot, $unionWith, $documents', () => {
  const docs = [
    { n: 1, in: { n: 10 } },
    { n: 2, in: { n: 20 } },
  ]
  check([
    [
      'given facets, then each has its own result',
      docs,
      [
        {
          $facet: {
            big: [{ $match: { n: { $gt: 1 } } }, { $project: { n: 1 } }],
            all: [{ $count: 'c' }],
            none: [{ $match: { n: 9 } }],
          },
        },
      ],
      [{ big: [{ n: 2 }], all: [{ c: 2 }], none: [] }],
    ],
    ['given a new root', docs, [{ $replaceRoot: { newRoot: '$in' } }], [{ n: 10 }, { n: 20 }]],
    [
      'given an expression as root',
      docs,
      [{ $replaceWith: { $mergeObjects: ['$in', { k: '$n' }] } }],
      [
        { n: 10, k: 1 },
        { n: 20, k: 2 },
      ],
    ],
    [
      'given levels of secrecy, then $redact leaves subdocuments out',
      [{ level: 1, a: { level: 5, x: 1 }, b: [{ level: 1, y: 2 }, { level: 9 }], c: 3 }],
      [{ $redact: { $cond: [{ $lte: ['$level', 4] }, '$$DESCEND', '$$PRUNE'] } }],
      [{ level: 1, b: [{ level: 1, y: 2 }], c: 3 }],
    ],
    [
      'given $$KEEP, then nothing below is looked at',
      [{ level: 1, a: { level: 9 } }],
      [{ $redact: { $cond: [{ $lte: ['$level', 4] }, '$$KEEP', '$$PRUNE'] } }],
      [{ level: 1, a: { level: 9 } }],
    ],
    [
      'given a union with documents',
      [{ n: 1 }],
      [{ $unionWith: { pipeline: [{ $documents: [{ n: 2 }] }] } }],
      [{ n: 1 }, { n: 2 }],
    ],
  ])
})

describe('$densify and $fill', () => {
  const at = (hour: number): Date => new Date(Date.UTC(2024, 0, 1, hour))
  check([
    [
      'given full bounds',
      [{ n: 1 }, { n: 4 }],
      [{ $densify: { field: 'n', range: { step: 1, bounds: 'full' } } }],
      [{ n: 1 }, { n: 2 }, { n: 3 }, { n: 4 }],
    ],
    [
      'given explicit bounds, then the upper one is left out',
      [{ n: 2 }],
      [{ $densify: { field: 'n', range: { step: 1, bounds: [0, 4] } } }],
      [{ n: 0 }, { n: 1 }, { n: 2 }, { n: 3 }],
    ],
    [
      'given no document and explicit bounds',
      [],
      [{ $densify: { field: 'n', range: { step: 2, bounds: [0, 4] } } }],
      [{ n: 0 }, { n: 2 }],
    ],
    [
      'given a value off the grid, then it stays',
      [{ n: 1 }, { n: 2.5 }, { n: 4 }],
      [{ $densify: { field: 'n', range: { step: 1, bounds: 'full' } } }],
      [{ n: 1 }, { n: 2 }, { n: 2.5 }, { n: 3 }, { n: 4 }],
    ],
    [
      'given dates',
      [{ t: at(0) }, { t: at(2) }],
      [{ $densify: { field: 't', range: { step: 1, unit: 'hour', bounds: 'full' } } }],
      [{ t: at(0) }, { t: at(1) }, { t: at(2) }],
    ],
    [
      'given partitions with bounds of their own',
      [
        { k: 'a', n: 1 },
        { k: 'a', n: 3 },
        { k: 'b', n: 7 },
      ],
      [{ $densify: { field: 'n', partitionByFields: ['k'], range: { step: 1, bounds: 'partition' } } }],
      [
        { k: 'a', n: 1 },
        { k: 'a', n: 2 },
        { k: 'a', n: 3 },
        { k: 'b', n: 7 },
      ],
    ],
    [
      'given a missing value, then the document passes',
      [{ x: 1 }, { n: 1 }],
      [{ $densify: { field: 'n', range: { step: 1, bounds: 'full' } } }],
      [{ x: 1 }, { n: 1 }],
    ],
    [
      'given a value to fill with',
      [{ n: null }, {}, { n: 2 }],
      [{ $fill: { output: { n: { value: 0 } } } }],
      [{ n: 0 }, { n: 0 }, { n: 2 }],
    ],
    [
      'given locf',
      [
        { t: 1, n: 5 },
        { t: 2, n: null },
      ],
      [{ $fill: { sortBy: { t: 1 }, output: { n: { method: 'locf' } } } }],
      [
        { t: 1, n: 5 },
        { t: 2, n: 5 },
      ],
    ],
    [
      'given linear',
      [{ t: 1, n: 10 }, { t: 2 }, { t: 4, n: 40 }, { t: 5 }],
      [{ $fill: { sortBy: { t: 1 }, output: { n: { method: 'linear' } } } }],
      [
        { t: 1, n: 10 },
        { t: 2, n: 20 },
        { t: 4, n: 40 },
        { t: 5, n: null },
      ],
    ],
  ])
})
