import { BSONRegExp, Timestamp } from 'bson'
import { describe, expect, it } from 'vitest'
import { type Doc, kindOf, type Value } from '../bson/values.ts'
import { parseFilter } from '../query/matcher.ts'
import { parseUpdate } from './parse.ts'
import { checkUpsertFilter, upsertDocument } from './upsert.ts'

const upsert = (filter: Doc, spec: Value): Doc =>
  upsertDocument(parseFilter(filter), parseUpdate(spec, false), { filters: new Map(), now: new Date(9000) })

const operators = { $set: { z: 1 } }

describe('what an upsert takes from its filter', () => {
  it.each<[Doc, Doc]>([
    [{ x: 1 }, { x: 1 }],
    [{ x: { $eq: 1 } }, { x: 1 }],
    [{ x: { $in: [1] } }, { x: 1 }],
    [{ x: { $all: [1] } }, { x: 1 }],
    [{ $and: [{ x: 1 }, { y: 2 }] }, { x: 1, y: 2 }],
    [{ $or: [{ x: 1 }] }, { x: 1 }],
    [{ x: [1, 2] }, { x: [1, 2] }],
    [{ 'x.y': 1, 'x.w': 2 }, { x: { y: 1, w: 2 } }],
    [{ x: { $eq: new BSONRegExp('a') } }, { x: new BSONRegExp('a') }],
    [{ x: { $gt: 1 } }, {}],
    [{ x: { $ne: 1 } }, {}],
    [{ x: { $in: [1, 2] } }, {}],
    [{ x: { $in: [new BSONRegExp('a')] } }, {}],
    [{ x: new BSONRegExp('a') }, {}],
    [{ x: { $exists: true } }, {}],
    [{ x: { $not: { $eq: 1 } } }, {}],
    [{ x: { $elemMatch: { $eq: 1 } } }, {}],
    [{ $or: [{ x: 1 }, { x: 2 }] }, {}],
    [{ $nor: [{ x: 1 }] }, {}],
  ])('%j gives %j', (filter, expected) => {
    const { _id, z, ...rest } = upsert(filter, operators)
    expect(rest).toEqual(expected)
    expect(z).toBe(1)
    expect(kindOf(_id ?? null)).toBe('objectId')
  })

  it.each<[Doc, number]>([
    [{ x: { $all: [1, 2] } }, 54],
    [{ $and: [{ x: 1 }, { x: 2 }] }, 54],
    [{ x: 1, 'x.y': 1 }, 54],
    [{ 'x.y': 1, x: {} }, 54],
    [{ _id: 1, '_id.x': 1 }, 54],
    [{ _id: 5, $and: [{ _id: 6 }] }, 54],
  ])('%j is refused with code %i', (filter, code) => {
    expect(() => upsert(filter, operators)).toThrow(expect.objectContaining({ code }))
  })

  it('given $expr anywhere in the filter, then code 224', () => {
    const filter = parseFilter({ a: 1, $or: [{ b: 2 }, { $expr: { $eq: ['$a', 1] } }] })
    expect(() => checkUpsertFilter(filter)).toThrow(expect.objectContaining({ code: 224 }))
    expect(() => checkUpsertFilter(parseFilter({ a: 1, $nor: [{ b: { $not: { $gt: 1 } } }] }))).not.toThrow()
  })

  it('given a replacement, then only the _id is taken, and only as a whole', () => {
    expect(upsert({ _id: 5, x: 1, $and: [{ x: 2 }] }, { y: 1 })).toEqual({ _id: 5, y: 1 })
    expect(upsert({ x: 1 }, { _id: 6, y: 1 })).toEqual({ _id: 6, y: 1 })
    expect(upsert({ _id: null }, { y: 1 })).toEqual({ _id: null, y: 1 })
    expect(upsert({}, { _id: null })).toEqual({ _id: null })
    expect(() => upsert({ '_id.x': 1 }, { y: 1 })).toThrow(expect.objectContaining({ code: 55 }))
    expect(upsert({ '_id.x': 1, '_id.y': 2 }, operators)._id).toEqual({ x: 1, y: 2 })
    expect(() => upsert({ _id: 5 }, { _id: 6 })).toThrow(expect.objectContaining({ code: 66 }))
  })

  it('given $set or $setOnInsert of the _id, then it leads the document; another than asked for is code 66', () => {
    expect(Object.keys(upsert({ a: 1 }, { $setOnInsert: { _id: 3 } }))).toEqual(['_id', 'a'])
    expect(() => upsert({ _id: 1 }, { $set: { _id: 2 } })).toThrow(expect.objectContaining({ code: 66 }))
  })

  it('given a field at the top named like an operator, then it is inserted', () => {
    expect(upsert({ _id: 1 }, { $set: { $a: 1 }, $setOnInsert: { b: 2 } })).toEqual({ _id: 1, $a: 1, b: 2 })
  })

  it('given Timestamp(0, 0) at the top of a replacement, then it becomes the time of the server', () => {
    const doc = upsert({}, { at: new Timestamp({ t: 0, i: 0 }), in: { at: new Timestamp({ t: 0, i: 0 }) } })
    expect((doc.at as Timestamp).t).toBe(9)
    expect(((doc.in as Doc).at as Timestamp).t).toBe(0)
  })
})
