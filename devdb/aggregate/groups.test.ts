import mongoose from 'mongoose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Pipelines, type Row, startPipelines } from './testing.ts'

const { Long, Double } = mongoose.mongo

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

describe('$group, $sortByCount, $bucket and $bucketAuto', () => {
  const sales = [{ k: 'a', n: 1 }, { k: 'b', n: 2 }, { k: 'a', n: 3 }, { n: 4 }, { k: null, n: 5 }]
  check([
    [
      'given a key, then missing and null are one group',
      sales,
      [{ $group: { _id: '$k', s: { $sum: '$n' } } }],
      [
        { _id: 'a', s: 4 },
        { _id: 'b', s: 2 },
        { _id: null, s: 9 },
      ],
    ],
    [
      'given a constant key',
      sales,
      [{ $group: { _id: null, c: { $sum: 1 }, m: { $max: '$n' } } }],
      [{ _id: null, c: 5, m: 5 }],
    ],
    [
      'given a compound key, then a missing part is left out',
      sales.slice(2, 4),
      [{ $group: { _id: { k: '$k' } } }],
      [{ _id: { k: 'a' } }, { _id: {} }],
    ],
    [
      'given 1 and 1.0 and a long 1, then one group',
      [{ k: 1 }, { k: new Double(1) }, { k: Long.fromNumber(1) }],
      [{ $group: { _id: '$k', c: { $count: {} } } }],
      [{ _id: 1, c: 3 }],
    ],
    ['given no documents, then no group', [], [{ $group: { _id: null, c: { $sum: 1 } } }], []],
    [
      'given push and addToSet',
      sales.slice(0, 3),
      [{ $group: { _id: null, p: { $push: '$k' }, s: { $addToSet: '$k' } } }],
      [{ _id: null, p: ['a', 'b', 'a'], s: ['a', 'b'] }],
    ],
    [
      'given first and last',
      sales,
      [{ $group: { _id: null, f: { $first: '$n' }, l: { $last: '$n' } } }],
      [{ _id: null, f: 1, l: 5 }],
    ],
    ['given $sortByCount', sales, [{ $sortByCount: '$k' }, { $limit: 1 }], [{ _id: 'a', count: 2 }]],
    [
      'given buckets with a default',
      [{ n: 0 }, { n: 4 }, { n: 5 }, { n: 50 }],
      [
        {
          $bucket: {
            groupBy: '$n',
            boundaries: [0, 5, 10],
            default: 'other',
            output: { c: { $sum: 1 }, ns: { $push: '$n' } },
          },
        },
      ],
      [
        { _id: 0, c: 2, ns: [0, 4] },
        { _id: 5, c: 1, ns: [5] },
        { _id: 'other', c: 1, ns: [50] },
      ],
    ],
    [
      'given buckets of equal size',
      [1, 2, 3, 4, 5, 6].map((n) => ({ n })),
      [{ $bucketAuto: { groupBy: '$n', buckets: 3 } }],
      [
        { _id: { min: 1, max: 3 }, count: 2 },
        { _id: { min: 3, max: 5 }, count: 2 },
        { _id: { min: 5, max: 6 }, count: 2 },
      ],
    ],
    [
      'given equal values, then they share a bucket',
      [1, 1, 1, 2].map((n) => ({ n })),
      [{ $bucketAuto: { groupBy: '$n', buckets: 2, output: { s: { $sum: '$n' } } } }],
      [
        { _id: { min: 1, max: 2 }, s: 3 },
        { _id: { min: 2, max: 2 }, s: 2 },
      ],
    ],
    [
      'given values that are no numbers, then percentiles of the others',
      [1, Number.NaN, 2, 'x', 3].map((n) => ({ n })),
      [
        {
          $group: {
            _id: null,
            p: { $percentile: { input: '$n', p: [0.5, { $add: [0.5, 0.4] }], method: 'approximate' } },
          },
        },
      ],
      [{ _id: null, p: [2, 3] }],
    ],
    [
      'given powers of two',
      [3, 5, 9].map((n) => ({ n })),
      [{ $bucketAuto: { groupBy: '$n', buckets: 5, granularity: 'POWERSOF2' } }],
      [
        { _id: { min: 2, max: 4 }, count: 1 },
        { _id: { min: 4, max: 8 }, count: 1 },
        { _id: { min: 8, max: 16 }, count: 1 },
      ],
    ],
  ])
})
