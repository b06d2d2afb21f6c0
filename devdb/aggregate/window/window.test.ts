import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Pipelines, type Row, startPipelines } from '../testing.ts'

let pipelines: Pipelines

beforeAll(async () => {
  pipelines = await startPipelines()
})

afterAll(() => pipelines.stop())

const at = (hour: number): Date => new Date(Date.UTC(2024, 0, 1, hour))

/** What one output field holds, row by row, in the order of `t`. */
const computed = async (docs: Row[], output: Row, more: Row = {}): Promise<unknown[]> => {
  const stage = { $setWindowFields: { sortBy: { t: 1 }, ...more, output: { r: output } } }
  return (await pipelines.over(docs, stage)).map(({ r }) => r)
}

const rows = [
  { t: 1, n: 10, k: 'a' },
  { t: 2, n: 20, k: 'b' },
  { t: 4, n: 30, k: 'a' },
  { t: 4.5, n: 40, k: 'b' },
]

describe('windows', () => {
  it.each<[string, Row | undefined, unknown[]]>([
    ['no window is the whole partition', undefined, [100, 100, 100, 100]],
    ['unbounded to current', { documents: ['unbounded', 'current'] }, [10, 30, 60, 100]],
    ['current to unbounded', { documents: ['current', 'unbounded'] }, [100, 90, 70, 40]],
    ['one before to one behind', { documents: [-1, 1] }, [30, 60, 90, 70]],
    ['rows ahead only', { documents: [1, 2] }, [50, 70, 40, 0]],
    ['a range', { range: [-1, 0] }, [10, 30, 30, 70]],
    ['a range unbounded to current', { range: ['unbounded', 'current'] }, [10, 30, 60, 100]],
    ['a range that does not hold its own row', { range: [-2, -1] }, [0, 10, 20, 0]],
  ])('given %s, then $sum is over just those rows', async (_what, window, expected) => {
    expect(await computed(rows, { $sum: '$n', ...(window && { window }) })).toEqual(expected)
  })

  it('given a range in hours, then dates decide', async () => {
    const docs = [0, 1, 5].map((hour) => ({ t: at(hour), n: 1 }))
    expect(await computed(docs, { $sum: '$n', window: { range: [-1, 'current'], unit: 'hour' } })).toEqual([1, 2, 1])
  })

  it('given partitions, then each is a world of its own', async () => {
    const result = await pipelines.over(rows, {
      $setWindowFields: {
        partitionBy: '$k',
        sortBy: { t: 1 },
        output: { s: { $sum: '$n', window: { documents: ['unbounded', 'current'] } }, 'deep.rank': { $rank: {} } },
      },
    })
    expect(result.map(({ k, s, deep }) => [k, s, deep])).toEqual([
      ['a', 10, { rank: 1 }],
      ['a', 40, { rank: 2 }],
      ['b', 20, { rank: 1 }],
      ['b', 60, { rank: 2 }],
    ])
  })

  it('given $push over growing windows, then no row shares its array with another', async () => {
    expect(await computed(rows, { $push: '$n', window: { documents: ['unbounded', 'current'] } })).toEqual([
      [10],
      [10, 20],
      [10, 20, 30],
      [10, 20, 30, 40],
    ])
  })
})

describe('functions of windows', () => {
  const ties = [
    { t: 1, n: 1 },
    { t: 2, n: 2 },
    { t: 2, n: 3 },
    { t: 3, n: 4 },
  ]
  it.each<[Row, Row[], unknown[]]>([
    [{ $rank: {} }, ties, [1, 2, 2, 4]],
    [{ $denseRank: {} }, ties, [1, 2, 2, 3]],
    [{ $documentNumber: {} }, ties, [1, 2, 3, 4]],
    [{ $shift: { output: '$n', by: 1 } }, rows, [20, 30, 40, null]],
    [{ $shift: { output: '$n', by: -2, default: 'none' } }, rows, ['none', 'none', 10, 20]],
    [{ $derivative: { input: '$n' }, window: { documents: [-1, 0] } }, rows, [null, 10, 5, 20]],
    [{ $derivative: { input: '$n' }, window: { documents: ['unbounded', 'unbounded'] } }, ties, [1.5, 1.5, 1.5, 1.5]],
    [
      { $derivative: { input: { $toDate: { $toLong: '$n' } } }, window: { documents: [-1, 0] } },
      ties.slice(0, 2),
      [null, 1],
    ],
    [{ $push: '$n', window: { range: ['current', 'current'] } }, ties, [[1], [2], [3], [4]]],
    [{ $push: '$n', window: { range: [0, 0] } }, ties, [[1], [2, 3], [2, 3], [4]]],
    [{ $integral: { input: '$n' }, window: { documents: ['unbounded', 'current'] } }, rows, [0, 15, 65, 82.5]],
    [{ $expMovingAvg: { input: '$n', N: 3 } }, rows, [10, 15, 22.5, 31.25]],
    [{ $expMovingAvg: { input: '$n', alpha: 0.5 } }, rows, [10, 15, 22.5, 31.25]],
    [{ $locf: '$n' }, [{ t: 1 }, { t: 2, n: 5 }, { t: 3, n: null }], [null, 5, 5]],
    [{ $linearFill: '$n' }, [{ t: 0, n: 0 }, { t: 1 }, { t: 4, n: 8 }], [0, 2, 8]],
    [{ $covariancePop: ['$t', '$n'] }, ties.slice(0, 2), [0.25, 0.25]],
    [{ $covarianceSamp: ['$t', '$n'] }, ties.slice(0, 1), [null]],
    [{ $first: '$n', window: { documents: [-1, 0] } }, rows, [10, 10, 20, 30]],
    [{ $max: '$n', window: { documents: [-1, 1] } }, rows, [20, 30, 40, 40]],
    [{ $avg: '$n', window: { documents: [-1, 0] } }, rows, [10, 15, 25, 35]],
    [{ $count: {}, window: { documents: ['unbounded', 'current'] } }, rows, [1, 2, 3, 4]],
  ])('given %j, then each row has its value', async (output, docs, expected) => {
    expect(await computed(docs, output)).toEqual(expected)
  })

  it('given dates and a unit, then $derivative is per unit', async () => {
    const docs = [
      { t: at(0), n: 0 },
      { t: at(2), n: 10 },
    ]
    const output = { $derivative: { input: '$n', unit: 'hour' }, window: { documents: [-1, 0] } }
    expect(await computed(docs, output)).toEqual([null, 5])
  })
})

describe('what is refused', () => {
  it.each<[string, Row, number]>([
    ['an unknown function', { output: { r: { $nothing: 1 } } }, 9],
    ['no function', { output: { r: { window: {} } } }, 9],
    ['two functions', { output: { r: { $sum: 1, $avg: 1 } } }, 9],
    [
      'bounds the wrong way round',
      { sortBy: { t: 1 }, output: { r: { $sum: 1, window: { documents: [1, -1] } } } },
      5339900,
    ],
    ['documents without a sort', { output: { r: { $sum: 1, window: { documents: [-1, 1] } } } }, 5339901],
    [
      'a range over two fields',
      { sortBy: { t: 1, n: 1 }, output: { r: { $sum: 1, window: { range: [-1, 1] } } } },
      5339902,
    ],
    ['a descending range', { sortBy: { t: -1 }, output: { r: { $sum: 1, window: { range: [-1, 1] } } } }, 8947401],
    ['a rank without a sort', { output: { r: { $rank: {} } } }, 5371602],
    ['a rank with an argument', { sortBy: { t: 1 }, output: { r: { $rank: 1 } } }, 5371603],
    ['a rank with a window', { sortBy: { t: 1 }, output: { r: { $rank: {}, window: {} } } }, 5371601],
    ['a range of texts', { sortBy: { t: 1 }, output: { r: { $sum: 1, window: { range: [-1, 1] } } } }, 5429413],
    ['conflicting paths', { output: { a: { $sum: 1 }, 'a.b': { $sum: 1 } } }, 6307900],
    ['an unknown option', { output: {}, order: 1 }, 40415],
    ['no output', {}, 40414],
    [
      'a derivative per month',
      { sortBy: { t: 1 }, output: { r: { $derivative: { input: 1, unit: 'month' }, window: { documents: [-1, 0] } } } },
      5490710,
    ],
    [
      'a derivative without a sort',
      { output: { r: { $derivative: { input: 1 }, window: { documents: [-1, 0] } } } },
      9,
    ],
    [
      'an integral per hour of no date',
      { sortBy: { t: 1 }, output: { r: { $integral: { input: 1, unit: 'hour' } } } },
      5423901,
    ],
    ['a partition by an array', { partitionBy: ['$t'], output: { r: { $sum: 1 } } }, 14],
  ])('given %s, then its code', async (_what, spec, code) => {
    await pipelines.db.collection<Row>('texts').replaceOne({ _id: 1 } as never, { t: 'x' }, { upsert: true })
    expect((await pipelines.refusal('texts', [{ $setWindowFields: spec }])).code).toBe(code)
  })
})
