import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Pipelines, type Row, startPipelines } from './testing.ts'

let pipelines: Pipelines
let number = 0

beforeAll(async () => {
  pipelines = await startPipelines()
})

afterAll(() => pipelines.stop())

const given = async (docs: Row[]): Promise<string> => {
  const name = `c${number++}`
  await pipelines.db.createCollection(name)
  if (docs.length > 0) await pipelines.db.collection(name).insertMany(docs)
  return name
}

const content = (name: string, database = 'shop'): Promise<unknown[]> =>
  pipelines.client.db(database).collection(name).find().sort({ _id: 1 }).toArray()

const merge = (docs: Row[], spec: Row): Promise<Row[]> => pipelines.over(docs, { $merge: spec })

describe('$merge', () => {
  const there = { _id: 1, a: 1, b: 1 }
  it.each<[string, Row, Row[]]>([
    [
      'nothing said, then fields are merged',
      {},
      [
        { _id: 1, a: 2, b: 1, c: 3 },
        { _id: 2, a: 5 },
      ],
    ],
    [
      'replace',
      { whenMatched: 'replace' },
      [
        { _id: 1, a: 2, c: 3 },
        { _id: 2, a: 5 },
      ],
    ],
    ['keepExisting', { whenMatched: 'keepExisting' }, [there, { _id: 2, a: 5 }]],
    ['merge and discard', { whenNotMatched: 'discard' }, [{ _id: 1, a: 2, b: 1, c: 3 }]],
    [
      'a pipeline',
      { whenMatched: [{ $set: { sum: { $add: ['$a', '$$new.a'] } } }] },
      [
        { ...there, sum: 3 },
        { _id: 2, a: 5 },
      ],
    ],
    [
      'a pipeline with variables',
      { let: { plus: { $multiply: ['$a', 10] } }, whenMatched: [{ $set: { a: { $add: ['$a', '$$plus'] } } }] },
      [
        { _id: 1, a: 21, b: 1 },
        { _id: 2, a: 5 },
      ],
    ],
  ])('given %s', async (_what, spec, expected) => {
    const into = await given([there])
    expect(
      await merge(
        [
          { _id: 1, a: 2, c: 3 },
          { _id: 2, a: 5 },
        ],
        { into, ...spec },
      ),
    ).toEqual([])
    expect(await content(into)).toEqual(expected)
  })

  it('given a unique index, then documents are matched on its fields', async () => {
    const into = await given([{ _id: 1, sku: 'a', n: 1 }])
    await pipelines.db.collection(into).createIndex({ sku: 1 }, { unique: true })
    await merge(
      [
        { sku: 'a', n: 5 },
        { sku: 'b', n: 6 },
      ],
      { into, on: 'sku' },
    )
    expect((await content(into)).map((row) => (row as Row).n)).toEqual([5, 6])
  })

  it('given another database, then it is written there', async () => {
    await merge([{ _id: 1 }], { into: { db: 'elsewhere', coll: 'target' } })
    expect(await content('target', 'elsewhere')).toEqual([{ _id: 1 }])
  })

  it.each<[string, Row, number]>([
    ['fields without a unique index', { on: 'sku' }, 51183],
    ['a mode that does not exist', { whenMatched: 'overwrite' }, 2],
    ['fail and discard', { whenMatched: 'fail', whenNotMatched: 'discard' }, 51181],
    ['let without a pipeline', { let: {}, whenMatched: 'merge' }, 51199],
    ['another new', { let: { new: 1 }, whenMatched: [] }, 51273],
    ['an unknown option', { how: 1 }, 40415],
    ['no match where one must be', { whenNotMatched: 'fail' }, 13113],
    ['a match where none may be', { whenMatched: 'fail' }, 11000],
    ['a changed _id', { on: 'sku', whenMatched: 'replace' }, 66],
  ])('given %s, then its code and nothing is written', async (_what, spec, code) => {
    const into = await given([{ _id: 1, sku: 'a' }])
    if (code === 66) await pipelines.db.collection(into).createIndex({ sku: 1 }, { unique: true })
    const docs = [
      { _id: 0, sku: 'new' },
      { _id: code === 66 ? 9 : 1, sku: 'a' },
      { _id: 3, sku: 'c' },
    ]
    const incoming = spec.whenNotMatched === 'fail' ? docs.slice(1) : docs
    await expect(merge(incoming, { into, ...spec })).rejects.toMatchObject({ code })
    expect(await content(into)).toEqual([{ _id: 1, sku: 'a' }])
  })

  it('given the collection that is read, then each document is merged once', async () => {
    const into = await given([
      { _id: 1, n: 1 },
      { _id: 2, n: 2 },
    ])
    await pipelines.run(into, [{ $set: { n: { $add: ['$n', 10] } } }, { $merge: into }])
    expect(await content(into)).toEqual([
      { _id: 1, n: 11 },
      { _id: 2, n: 12 },
    ])
  })

  it('given a validator, then only bypassDocumentValidation passes it', async () => {
    const into = `c${number++}`
    await pipelines.db.createCollection(into, { validator: { n: { $gt: 5 } } })
    const source = await given([{ _id: 1, n: 1 }])
    expect((await pipelines.refusal(source, [{ $merge: into }])).code).toBe(121)
    await pipelines.run(source, [{ $merge: into }], { bypassDocumentValidation: true })
    expect(await content(into)).toEqual([{ _id: 1, n: 1 }])
  })
})

describe('$out', () => {
  it('given a collection with an index, then its content is replaced and the index stays', async () => {
    const into = await given([{ _id: 'old' }])
    await pipelines.db.collection(into).createIndex({ n: 1 }, { unique: true })
    await pipelines.over([{ _id: 1, n: 1 }], { $out: into })
    expect(await content(into)).toEqual([{ _id: 1, n: 1 }])
    expect((await pipelines.db.collection(into).indexes()).map(({ name }) => name)).toEqual(['_id_', 'n_1'])
  })

  it('given a duplicate, then the old content stays', async () => {
    const into = await given([{ _id: 'old' }])
    await expect(pipelines.over([{ _id: 1 }, { _id: 1 }], { $out: into })).rejects.toMatchObject({ code: 11000 })
    expect(await content(into)).toEqual([{ _id: 'old' }])
  })

  it('given db and coll, then it is written there', async () => {
    await pipelines.over([{ _id: 1 }], { $out: { db: 'elsewhere', coll: 'out' } })
    expect(await content('out', 'elsewhere')).toEqual([{ _id: 1 }])
  })

  it.each<[string, unknown, number]>([
    ['a number', 5, 16990],
    ['no db', { coll: 'x' }, 40414],
    ['an unknown option', { db: 'a', coll: 'x', z: 1 }, 40415],
    ['a system collection', 'system.views', 17385],
    ['an internal database', { db: 'admin', coll: 'x' }, 17385],
    ['a time series', { db: 'a', coll: 'x', timeseries: {} }, 238],
  ])('given %s, then its code', async (_what, spec, code) => {
    const source = await given([{ _id: 1 }])
    const { code: found } = await pipelines.refusal(source, [{ $out: spec }])
    expect(found).toBe(spec !== null && typeof spec === 'object' && 'db' in spec && spec.db === 'admin' ? 31321 : code)
  })
})
