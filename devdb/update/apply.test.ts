import { Decimal128, Double, Long } from 'bson'
import { describe, expect, it } from 'vitest'
import { decode } from '../bson/decode.ts'
import { encode } from '../bson/encode.ts'
import { type Doc, kindOf, type Value } from '../bson/values.ts'
import { parseFilter } from '../query/matcher.ts'
import type { Found } from '../query/paths.ts'
import { applyUpdate } from './apply.ts'
import { parseUpdate } from './parse.ts'
import { parseArrayFilters } from './positions.ts'
import { upsertDocument } from './upsert.ts'

const now = new Date(1000)

const run = (doc: Doc, spec: Doc, filter: Doc = {}, arrayFilters?: Value): Doc => {
  const update = parseUpdate(spec, false)
  const found: Found = { positions: new Map() }
  parseFilter(filter).match(doc, found)
  const filters = parseArrayFilters(arrayFilters, update)
  return applyUpdate(decode(encode({ _id: 1, ...doc })), update, { found, filters, inserting: false, now })
}

const plain = (doc: Doc): unknown => JSON.parse(JSON.stringify(doc))

describe('an update', () => {
  it.each([
    [{ a: 1 }, { $set: { b: 2 } }, { a: 1, b: 2 }],
    [{}, { $set: { z: 1, 'a.b': 1 } }, { a: { b: 1 }, z: 1 }],
    [{ a: [1] }, { $set: { 'a.3': 4 } }, { a: [1, null, null, 4] }],
    [{ a: { 0: 1 } }, { $set: { 'a.1': 4 } }, { a: { 0: 1, 1: 4 } }],
    [{ a: 1, b: 1 }, { $unset: { a: '', 'x.y': '' } }, { b: 1 }],
    [{ a: [1, 2] }, { $unset: { 'a.0': 1 } }, { a: [null, 2] }],
    [{ a: 1 }, { $inc: { a: 2, b: 3 } }, { a: 3, b: 3 }],
    [{ a: 2 }, { $mul: { a: 3, b: 3 } }, { a: 6, b: 0 }],
    [{ a: 2, b: 2 }, { $min: { a: 1, b: 3, c: 5 } }, { a: 1, b: 2, c: 5 }],
    [{ a: 2, b: 2 }, { $max: { a: 1, b: 3 } }, { a: 2, b: 3 }],
    [{ a: { b: 1 } }, { $rename: { 'a.b': 'c.d', x: 'y' } }, { a: {}, c: { d: 1 } }],
    [{}, { $currentDate: { a: true, b: { $type: 'date' } } }, { a: now.toJSON(), b: now.toJSON() }],
    [{}, { $setOnInsert: { a: 1 } }, {}],
    [{ a: [1] }, { $push: { a: 2, b: 1 } }, { a: [1, 2], b: [1] }],
    [{ a: [3, 1] }, { $push: { a: { $each: [2], $sort: 1, $slice: -2 } } }, { a: [2, 3] }],
    [{ a: [1, 2] }, { $push: { a: { $each: [9, 8], $position: 1 } } }, { a: [1, 9, 8, 2] }],
    [{ a: [1, 2] }, { $push: { a: { $each: [9], $position: -1 } } }, { a: [1, 9, 2] }],
    [{ a: [{ q: 2 }] }, { $push: { a: { $each: [{ q: 1 }], $sort: { q: 1 } } } }, { a: [{ q: 1 }, { q: 2 }] }],
    [{ a: [1, 2, 3, 2] }, { $pull: { a: 2 } }, { a: [1, 3] }],
    [{ a: [1, 5] }, { $pull: { a: { $gte: 3 } } }, { a: [1] }],
    [{ a: [{ i: 1, x: 1 }, { i: 2 }] }, { $pull: { a: { i: 1 } } }, { a: [{ i: 2 }] }],
    [{ a: [1, 2, 1] }, { $pullAll: { a: [1] } }, { a: [2] }],
    [{ a: [1] }, { $addToSet: { a: 1 } }, { a: [1] }],
    [{ a: [1] }, { $addToSet: { a: { $each: [1, 2, 2] } } }, { a: [1, 2] }],
    [{ a: [1, 2] }, { $pop: { a: 1 } }, { a: [1] }],
    [{ a: [1, 2] }, { $pop: { a: -1 } }, { a: [2] }],
    [{ a: [1, 2] }, { $inc: { 'a.$[]': 1 } }, { a: [2, 3] }],
    [{ a: 1, b: 2 }, { c: 3 }, { c: 3 }],
  ] as [Doc, Doc, object][])('%j with %j gives %j', (doc, spec, expected) => {
    expect(plain(run(doc, spec))).toEqual({ _id: 1, ...expected })
  })

  it('given $ and a query on array elements, then the matching element changes', () => {
    const doc = {
      lines: [
        { sku: 'a', n: 1 },
        { sku: 'b', n: 1 },
      ],
    }
    const updated = run(doc, { $inc: { 'lines.$.n': 5 } }, { 'lines.sku': 'b' })
    expect(updated.lines).toEqual([
      { sku: 'a', n: 1 },
      { sku: 'b', n: 6 },
    ])
    const other = run(doc, { $set: { 'lines.$.n': 0 } }, { lines: { $elemMatch: { sku: 'b', n: 1 } } })
    expect(other.lines).toEqual([
      { sku: 'a', n: 1 },
      { sku: 'b', n: 0 },
    ])
  })

  it('given the _id null, then a replacement and a pipeline keep it', () => {
    expect(run({ _id: null, a: 1 }, { b: 1 })).toEqual({ _id: null, b: 1 })
    const update = parseUpdate([{ $replaceWith: { b: 1 } }], false)
    const circumstances = { found: { positions: new Map() }, filters: new Map(), inserting: false, now }
    expect(applyUpdate({ _id: null, a: 1 }, update, circumstances)).toEqual({ _id: null, b: 1 })
  })

  it('given $[name] and array filters, then all matching elements change', () => {
    const doc = {
      lines: [
        { sku: 'a', n: 1 },
        { sku: 'b', n: 5 },
        { sku: 'c', n: 6 },
      ],
    }
    const updated = run(doc, { $set: { 'lines.$[big].hit': true } }, {}, [{ 'big.n': { $gt: 4 } }])
    expect(updated.lines).toEqual([
      { sku: 'a', n: 1 },
      { sku: 'b', n: 5, hit: true },
      { sku: 'c', n: 6, hit: true },
    ])
  })

  it.each([
    [1, 1, 'int'],
    [2147483647, 1, 'long'],
    [Long.fromNumber(5), 1, 'long'],
    [new Double(5), 1, 'double'],
    [5, new Double(1), 'double'],
    [Decimal128.fromString('5'), 1, 'decimal'],
  ])('$inc of %s by %s keeps or widens the type to %s %s', (value, by, kind) => {
    expect(kindOf(run({ a: value as Value }, { $inc: { a: by as Value } }).a ?? null)).toBe(kind)
  })

  it.each([
    [{}, { $foo: { a: 1 } }, 9, 'Unknown modifier: $foo'],
    [{}, { $set: { a: 1 }, $inc: { a: 1 } }, 40, "conflict at 'a'"],
    [{}, { $set: { a: 1, 'a.b': 1 } }, 40, "conflict at 'a'"],
    [{}, { $set: { _id: 2 } }, 66, '_id'],
    [{}, { _id: 2, a: 1 }, 66, '_id'],
    [{ a: 'x' }, { $inc: { a: 1 } }, 14, 'non-numeric type'],
    [{}, { $inc: { a: 'x' } }, 14, 'non-numeric argument'],
    [{ a: Long.MAX_VALUE }, { $inc: { a: 1 } }, 2, 'Failed to apply $inc'],
    [{ a: 1 }, { $set: { 'a.b': 1 } }, 28, "Cannot create field 'b' in element {a: 1}"],
    [{ a: [1] }, { $set: { 'a.b': 1 } }, 28, "Cannot create field 'b'"],
    [{ a: 1 }, { $push: { a: 1 } }, 2, 'must be an array'],
    [{ a: 1 }, { $addToSet: { a: 1 } }, 2, 'non-array'],
    [{ a: 1 }, { $pop: { a: 1 } }, 14, 'non-array'],
    [{ a: 1 }, { $pull: { a: 1 } }, 2, 'non-array'],
    [{}, { $set: { 'a.$': 1 } }, 2, 'positional operator did not find'],
    [{}, { $set: { 'a..b': 1 } }, 56, 'empty field name'],
    [{ a: [1] }, { $set: { 'a.$[x]': 1 } }, 2, "No array filter found for identifier 'x'"],
    [{}, { a: 1, $set: { b: 1 } }, 52, '$set'],
  ] as [Doc, Doc, number, string][])('%j with %j is refused with code %i', (doc, spec, code, text) => {
    expect(() => run(doc, spec)).toThrow(expect.objectContaining({ code, message: expect.stringContaining(text) }))
  })
})

describe('an upsert', () => {
  const upsert = (filter: Doc, spec: Doc): Doc =>
    upsertDocument(parseFilter(filter), parseUpdate(spec, false), { filters: new Map(), now })

  it('given equalities, then they, the update and $setOnInsert make the document', () => {
    const doc = upsert(
      { _id: 7, a: 1, 'b.c': { $eq: 2 }, d: { $gt: 3 }, e: { $in: [5] } },
      { $set: { f: 6 }, $setOnInsert: { g: 7 } },
    )
    expect(doc).toEqual({ _id: 7, a: 1, b: { c: 2 }, e: 5, f: 6, g: 7 })
  })

  it('given no _id, then a new one leads the document', () => {
    expect(kindOf(upsert({ a: 1 }, { $inc: { n: 1 } })._id ?? null)).toBe('objectId')
  })

  it('given a path matched twice, then code 54', () => {
    expect(() => upsert({ a: 1, $and: [{ a: 2 }] }, { $set: { b: 1 } })).toThrow(expect.objectContaining({ code: 54 }))
  })
})
