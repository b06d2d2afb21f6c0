import mongoose from 'mongoose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Pipelines, type Row, startPipelines } from './testing.ts'

const { BSONRegExp } = mongoose.mongo

let pipelines: Pipelines
let number = 0

beforeAll(async () => {
  pipelines = await startPipelines()
})

afterAll(() => pipelines.stop())

/** A collection of its own with these documents; answers its name. */
const given = async (docs: Row[]): Promise<string> => {
  const name = `c${number++}`
  if (docs.length === 0) await pipelines.db.createCollection(name)
  else await pipelines.db.collection(name).insertMany(docs)
  return name
}

const ids = (row: Row | undefined, field = 'found'): unknown[] => ((row?.[field] ?? []) as Row[]).map(({ _id }) => _id)

describe('$lookup by fields', () => {
  const foreign = [
    { _id: 'null', f: null },
    { _id: 'missing' },
    { _id: 'one', f: 1 },
    { _id: 'two', f: 2 },
    { _id: 'array', f: [1, 5] },
    { _id: 'regex', f: new BSONRegExp('^t') },
    { _id: 'text', f: 'text' },
    { _id: 'deep', d: [{ e: 1 }, { e: 3 }] },
  ]
  it.each<[string, Row, unknown[]]>([
    ['a value', { l: 2 }, ['two']],
    ['a value that stands in an array, too', { l: 1 }, ['one', 'array']],
    ['null, which a missing field equals', { l: null }, ['null', 'missing', 'deep']],
    ['a missing field, which equals null', {}, ['null', 'missing', 'deep']],
    ['an array, of which each element counts', { l: [2, 5] }, ['two', 'array']],
    ['an empty array, which counts as nothing', { l: [] }, ['null', 'missing', 'deep']],
    ['a pattern, which is only equal to itself', { l: new BSONRegExp('^t') }, ['regex']],
    ['an array with a pattern', { l: [new BSONRegExp('^t'), 2] }, ['two', 'regex']],
  ])('given %s, then the documents that belong to it', async (_what, local, expected) => {
    const [here, there] = [await given([local]), await given(foreign)]
    const stage = { $lookup: { from: there, localField: 'l', foreignField: 'f', as: 'found' } }
    const [row] = await pipelines.run(here, [stage])
    expect(ids(row).sort()).toEqual([...expected].sort())
  })

  it('given dotted paths through arrays, then all values on them count', async () => {
    const [here, there] = [await given([{ in: [{ l: 3 }, { l: 9 }] }]), await given(foreign)]
    const stage = { $lookup: { from: there, localField: 'in.l', foreignField: 'd.e', as: 'out.found' } }
    const [row] = await pipelines.run(here, [stage])
    expect(ids(row?.out as Row)).toEqual(['deep'])
  })

  it('given a collection that is not there, then nothing is found', async () => {
    const here = await given([{ _id: 1 }])
    const stage = { $lookup: { from: 'nowhere', localField: '_id', foreignField: '_id', as: 'found' } }
    expect(await pipelines.run(here, [stage])).toEqual([{ _id: 1, found: [] }])
  })
})

describe('$lookup of many documents', () => {
  const values = [undefined, null, 1, 2, [1, 2], [[1, 2]], [], 'a', 'A', { b: 1 }, new BSONRegExp('^a'), [null, 1], 2.5]
  const locals = values.map((l, _id) => (l === undefined ? { _id } : { _id, l }))
  const foreigns = values.map((f, _id) => (f === undefined ? { _id } : { _id, f: { g: f } }))

  it.each<[string, Row, Row]>([
    ['plainly', {}, {}],
    ['with a pipeline', { pipeline: [{ $match: { _id: { $gt: 1 } } }, { $sort: { _id: -1 } }, { $limit: 2 }] }, {}],
    ['under a collation', {}, { collation: { locale: 'en', strength: 2 } }],
  ])('given no index and joined %s, then one scan finds what an index finds', async (_what, more, options) => {
    const [here, there] = [await given(locals), await given(foreigns)]
    const lookup = { $lookup: { from: there, localField: 'l', foreignField: 'f.g', as: 'found', ...more } }
    const before = await pipelines.collectionScans()
    const joined = await pipelines.run(here, [{ $sort: { _id: 1 } }, lookup], options)
    // The local collection, the first search and the table.
    expect((await pipelines.collectionScans()) - before).toBeLessThanOrEqual(3)
    await pipelines.db.collection(there).createIndex({ 'f.g': 1 }, options)
    const indexed = await pipelines.run(here, [{ $sort: { _id: 1 } }, lookup], options)
    const sets = (rows: Row[]) => rows.map((row) => ids(row).sort())
    expect(sets(joined)).toEqual(sets(indexed))
    expect(joined.some((row) => ids(row).length > 1)).toBe(true)
  })
})

describe('$lookup with a pipeline', () => {
  it('given variables, then each document searches with its own', async () => {
    const orders = await given([
      { _id: 1, sku: 'a', least: 5 },
      { _id: 2, sku: 'b', least: 50 },
    ])
    const stock = await given([
      { _id: 'x', sku: 'a', n: 7 },
      { _id: 'y', sku: 'a', n: 3 },
      { _id: 'z', sku: 'b', n: 9 },
    ])
    const pipeline = [{ $match: { $expr: { $and: [{ $eq: ['$sku', '$$sku'] }, { $gte: ['$n', '$$least'] }] } } }]
    const lookup = { from: stock, let: { sku: '$sku', least: '$least' }, pipeline, as: 'found' }
    const rows = await pipelines.run(orders, [{ $lookup: lookup }])
    expect(rows.map((row) => ids(row))).toEqual([['x'], []])
  })

  it('given fields and a pipeline, then both apply', async () => {
    const here = await given([{ _id: 1, k: 'a' }])
    const there = await given([
      { _id: 'x', k: 'a', n: 1 },
      { _id: 'y', k: 'a', n: 2 },
      { _id: 'z', k: 'b', n: 2 },
    ])
    const lookup = {
      from: there,
      localField: 'k',
      foreignField: 'k',
      pipeline: [{ $match: { n: 2 } }, { $project: { _id: 1 } }],
      as: 'found',
    }
    expect(await pipelines.run(here, [{ $lookup: lookup }])).toEqual([{ _id: 1, k: 'a', found: [{ _id: 'y' }] }])
  })

  it('given a lookup in a lookup, then inner variables see outer ones', async () => {
    const here = await given([
      { _id: 1, v: 1 },
      { _id: 2, v: 2 },
    ])
    const there = await given([{ _id: 'x' }])
    const inner = { from: there, let: {}, pipeline: [{ $set: { outer: '$$v' } }], as: 'in' }
    const lookup = { from: there, let: { v: '$v' }, pipeline: [{ $lookup: inner }], as: 'found' }
    const rows = await pipelines.run(here, [{ $lookup: lookup }])
    expect(rows.map(({ found }) => found)).toEqual([
      [{ _id: 'x', in: [{ _id: 'x', outer: 1 }] }],
      [{ _id: 'x', in: [{ _id: 'x', outer: 2 }] }],
    ])
  })

  it('given documents in the pipeline, then they are what is searched', async () => {
    const here = await given([{ _id: 1, n: 2 }])
    const lookup = {
      localField: 'n',
      foreignField: 'm',
      pipeline: [{ $documents: [{ m: 1 }, { m: 2 }] }],
      as: 'found',
    }
    expect(await pipelines.run(here, [{ $lookup: lookup }])).toEqual([{ _id: 1, n: 2, found: [{ m: 2 }] }])
  })
})

describe('the indexes of the other collection', () => {
  const many = Array.from({ length: 500 }, (_, n) => ({ _id: n, k: n % 50, s: `s${n % 50}` }))

  const scansOf = async (there: string, lookup: Row): Promise<{ scans: number; rows: Row[] }> => {
    const here = await given([
      { _id: 1, k: 7, s: 's7' },
      { _id: 2, k: [1, 2], s: 's1' },
    ])
    const before = await pipelines.collectionScans()
    const rows = await pipelines.run(here, [
      { $match: { _id: { $gt: 0 } } },
      { $lookup: { from: there, as: 'found', ...lookup } },
    ])
    return { scans: (await pipelines.collectionScans()) - before, rows }
  }

  it.each<[string, Row, number[]]>([
    ['fields', { localField: 'k', foreignField: 'k' }, [10, 20]],
    ['fields and a pipeline', { localField: 'k', foreignField: 'k', pipeline: [{ $limit: 3 }] }, [3, 3]],
    ['an equality of $expr', { let: { v: '$s' }, pipeline: [{ $match: { $expr: { $eq: ['$s', '$$v'] } } }] }, [10, 10]],
    ['a match of the pipeline', { pipeline: [{ $match: { k: 3 } }] }, [10, 10]],
  ])('given a lookup by %s, then no collection is scanned', async (_what, lookup, counts) => {
    const there = await given(many)
    await pipelines.db.collection(there).createIndexes([{ key: { k: 1 } }, { key: { s: 1 } }])
    const { scans, rows } = await scansOf(there, lookup)
    expect(scans).toBe(0)
    expect(rows.map(({ found }) => (found as Row[]).length)).toEqual(counts)
  })

  it('given no index, then the collection is scanned', async () => {
    const there = await given(many)
    expect((await scansOf(there, { localField: 'k', foreignField: 'k' })).scans).toBe(2)
  })

  it('given a $graphLookup, then no collection is scanned', async () => {
    const people = await given([
      { _id: 'boss' },
      { _id: 'chief', to: 'boss' },
      { _id: 'clerk', to: 'chief' },
      { _id: 'other', to: 'nobody' },
    ])
    const graph = {
      from: people,
      startWith: '$to',
      connectFromField: 'to',
      connectToField: '_id',
      depthField: 'depth',
      as: 'above',
    }
    const before = await pipelines.collectionScans()
    const rows = await pipelines.run(people, [{ $match: { _id: 'clerk' } }, { $graphLookup: graph }])
    expect((await pipelines.collectionScans()) - before).toBe(0)
    expect(rows[0]?.above).toEqual([
      { _id: 'chief', to: 'boss', depth: 0 },
      { _id: 'boss', depth: 1 },
    ])
  })
})

describe('$graphLookup', () => {
  it.each<[string, Row, unknown[]]>([
    ['cycles, then each document once', {}, ['b', 'c', 'a']],
    ['a depth, then no further', { maxDepth: 1 }, ['b', 'c']],
    ['a restriction, then only those are passed', { restrictSearchWithMatch: { open: true } }, ['b']],
  ])('given %s', async (_what, options, expected) => {
    const graph = await given([
      { _id: 'a', to: ['b'], open: true },
      { _id: 'b', to: ['c'], open: true },
      { _id: 'c', to: ['a', 'c'], open: false },
    ])
    const stage = {
      from: graph,
      startWith: '$to',
      connectFromField: 'to',
      connectToField: '_id',
      as: 'all',
      ...options,
    }
    const [row] = await pipelines.run(graph, [{ $match: { _id: 'a' } }, { $graphLookup: stage }])
    expect(ids(row, 'all')).toEqual(expected)
  })
})
