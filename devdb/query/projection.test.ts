import { describe, expect, it } from 'vitest'
import type { Doc } from '../bson/values.ts'
import { parseFilter } from './matcher.ts'
import { withMeta } from './meta.ts'
import { parseProjection } from './projection.ts'

const project = (spec: Doc, doc: Doc, filter: Doc = {}): string =>
  JSON.stringify(parseProjection(spec, undefined, parseFilter(filter))?.project(doc))

const doc = { _id: 1, a: { b: 1, c: [{ d: 1, e: 2 }, 5, [{ d: 3 }]] }, f: [1, 2, 3, 4], g: [{ h: 1 }, { h: 2 }] }

describe('a projection', () => {
  it.each([
    [{ f: 1 }, { _id: 1, f: [1, 2, 3, 4] }],
    [{ _id: 1 }, { _id: 1 }],
    [{ _id: 0, 'a.b': true }, { a: { b: 1 } }],
    [{ _id: 0, a: { b: 1 } }, { a: { b: 1 } }],
    [{ _id: 0, 'a.c.d': 1 }, { a: { c: [{ d: 1 }, [{ d: 3 }]] } }],
    [{ _id: 0, 'a.b.x': 1 }, { a: {} }],
    [
      { a: 0, f: 0 },
      { _id: 1, g: doc.g },
    ],
    [
      { a: 0, f: 0, _id: 1 },
      { _id: 1, g: doc.g },
    ],
    [{ _id: 0 }, { a: doc.a, f: doc.f, g: doc.g }],
    [
      { 'a.c.d': 0, f: 0, g: 0 },
      { _id: 1, a: { b: 1, c: [{ e: 2 }, 5, [{}]] } },
    ],
    [
      { f: { $slice: 2 }, a: 0, g: 0 },
      { _id: 1, f: [1, 2] },
    ],
    [
      { _id: 1, f: { $slice: -1 } },
      { _id: 1, f: [4] },
    ],
    [
      { f: { $slice: [1, 2] }, g: 1 },
      { _id: 1, f: [2, 3], g: doc.g },
    ],
    [{ f: { $slice: [-3, 2] }, _id: 0, a: 0, g: 0 }, { f: [2, 3] }],
    [
      { f: { $slice: [9, 2] }, _id: 1 },
      { _id: 1, f: [] },
    ],
    [{ g: { $elemMatch: { h: 2 } } }, { _id: 1, g: [{ h: 2 }] }],
    [{ g: { $elemMatch: { h: 9 } } }, { _id: 1 }],
    [{ f: { $elemMatch: { $gt: 2 } }, _id: 0 }, { f: [3] }],
    [
      { _id: 0, x: '$a.b', f: 1 },
      { f: [1, 2, 3, 4], x: 1 },
    ],
    [
      { _id: 0, x: 'text', y: { $literal: 1 }, z: { $add: ['$a.b', 1] } },
      { x: 'text', y: 1, z: 2 },
    ],
    [{ _id: 0, 'g.i': '$a.b' }, { g: [{ i: 1 }, { i: 1 }] }],
    [
      { _id: 0, g: { h: 1, i: '$_id' } },
      {
        g: [
          { h: 1, i: 1 },
          { h: 2, i: 1 },
        ],
      },
    ],
    [{ _id: 0, 'f.x': '$_id' }, { f: [{ x: 1 }, { x: 1 }, { x: 1 }, { x: 1 }] }],
    [
      { _id: '$a.b', n: null },
      { _id: 1, n: null },
    ],
    [{ _id: 0, f: { $slice: ['$f', 1] } }, { f: [1] }],
    [{ _id: 0, missing: '$nothing' }, {}],
  ] as [Doc, Doc][])('given %j, then it gives %j', (spec, expected) => {
    expect(project(spec, doc)).toBe(JSON.stringify(expected))
  })

  it.each([
    [{ 'g.$': 1 }, { 'g.h': 2 }, { _id: 1, g: [{ h: 2 }] }],
    [{ 'f.$': 1, _id: 0 }, { f: { $gt: 2 } }, { f: [3] }],
    [{ 'g.h.$': 1, _id: 0 }, { 'g.h': 2 }, { g: [{ h: 2 }] }],
    [{ 'a.c.$': 1, _id: 0 }, { 'a.c.d': 1 }, { a: { c: [{ d: 1, e: 2 }] } }],
    [{ 'f.$': 1, _id: 0 }, { g: { $elemMatch: { h: 2 } }, f: 4 }, { f: [4] }],
    [{ 'a.b.$': 1, _id: 0 }, { 'a.b': 1 }, { a: { b: 1 } }],
  ] as [Doc, Doc, Doc][])(
    'given a position %j and the filter %j, then the element that matched stays',
    (spec, filter, expected) => {
      expect(project(spec, doc, filter)).toBe(JSON.stringify(expected))
    },
  )

  it('given a text score, then it is a field like others', () => {
    const filter = parseFilter({ $text: { $search: 'x' } })
    const projection = parseProjection({ score: { $meta: 'textScore' } }, undefined, filter)
    expect(projection?.project(withMeta({ _id: 1, a: 2 }, { textScore: 1.5 }))).toEqual({ _id: 1, a: 2, score: 1.5 })
  })

  it.each([
    [{ a: 1, b: 0 }, 31254],
    [{ a: 0, b: 1 }, 31253],
    [{ a: 1, 'a.b': 1 }, 31249],
    [{ 'a.b': 1, a: 1 }, 31250],
    [{ a: { b: 1 }, 'a.b': 1 }, 31250],
    [{ a: 0, b: 'x' }, 31310],
    [{ a: 0, b: { $add: [1, 2] } }, 31252],
    [{ a: {} }, 51270],
    [{ '': 1 }, 40352],
    [{ 'a.': 1 }, 40353],
    [{ 'a..b': 1 }, 15998],
    [{ $a: 1 }, 16410],
    [{ a: { $foo: 1 } }, 31325],
    [{ a: { $slice: 'x' } }, 28667],
    [{ a: { $slice: [1, 0] } }, 28724],
    [{ a: { $elemMatch: 1 } }, 31274],
    [{ 'a.b': { $elemMatch: {} } }, 31275],
    [{ a: { $elemMatch: { $and: [{ $jsonSchema: {} }] } } }, 224],
    [{ a: { $elemMatch: { b: 1 } }, 'g.$': 1 }, 31256],
    [{ 'g.$': 1, a: { $elemMatch: { b: 1 } } }, 31255],
    [{ 'g.$': 1, 'f.$': 1 }, 31276],
    [{ '.$': 1 }, 5392900],
    [{ 'g.$': 0 }, 31395],
    [{ 'g.$.h': 1 }, 31394],
    [{ 'g.$': 'x' }, 31308],
    [{ 'g.$': { $slice: 1 } }, 31271],
    [{ s: { $meta: 'textScore' } }, 40218],
    [{ s: { $meta: 'recordId' } }, 238],
    [{ s: { $meta: 'x' } }, 17308],
    [{ s: '$$nobody' }, 17276],
  ] as [Doc, number][])('given %j, then it is refused with %i', (spec, code) => {
    expect(() => project(spec, doc, { 'g.h': 1, 'f.0': 1 })).toThrow(expect.objectContaining({ code }))
  })

  it('given a position without a filter, or one that met no array, then it is refused', () => {
    expect(() => parseProjection({ 'g.$': 1 })).toThrow(expect.objectContaining({ code: 51050 }))
    expect(() => project({ 'f.$': 1 }, doc, { f: { $size: 4 } })).toThrow(expect.objectContaining({ code: 51246 }))
    expect(() => project({ 'f.$': 1 }, { f: [], g: [1, 2] }, { f: { $size: 0 }, g: 2 })).toThrow(
      expect.objectContaining({ code: 51247 }),
    )
  })

  it('given $slice below an array, then it cuts in its documents and not in the arrays in it', () => {
    const given: Doc = { a: [[{ b: [1, 2, 3] }], { b: [1, 2, 3] }, 1, null, {}] }
    const expected = { a: [[{ b: [1, 2, 3] }], { b: [2] }, 1, null, {}] }
    expect(project({ 'a.b': { $slice: [1, 1] } }, given)).toEqual(JSON.stringify(expected))
  })

  it.each([
    ['of the first array on its path, wherever the match was', 'x', { 'y.v': 2 }, { x: [8] }],
    ['of the last condition that met an array', 'x', { $and: [{ a: 1 }, { a: 3 }] }, { x: [9] }],
    ['of the first alternative in the array, for one path', 'x', { $or: [{ a: 3 }, { a: 2 }] }, { x: [8] }],
    ['of nothing, where the path ends', 'nobody', {}, {}],
    ['of no array, which stays as it is', 'z.w', {}, { z: { w: 1 } }],
  ] as [string, string, Doc, Doc][])('given a position %s, then it tells the element', (_, path, filter, expected) => {
    const given = { a: [1, 2, 3], x: [7, 8, 9], y: [{ v: 1 }, { v: 2 }], z: { w: 1, u: 2 } }
    expect(project({ [`${path}.$`]: 1 }, given, filter)).toEqual(JSON.stringify(expected))
  })

  it.each([
    [{}],
    [{ x: [7, 8, 9] }],
    [{ $or: [{ a: 1 }, { x: 8 }] }],
    [{ $nor: [{ a: 9 }] }],
    [{ a: { $not: { $elemMatch: { $eq: 9 } } } }],
  ] as [Doc][])('given %j, which tells of no element, then a position is refused', (filter) => {
    const given = { a: [1, 2, 3], x: [7, 8, 9] }
    expect(() => project({ 'x.$': 1 }, given, filter)).toThrow(expect.objectContaining({ code: 51246 }))
  })

  it('given top-level exclusions only, then the bytes can be cut; given plain inclusions, then the paths are known', () => {
    expect(parseProjection({ a: 0, _id: 0 })?.withoutFields).toEqual(new Set(['a', '_id']))
    expect(parseProjection({ 'a.b': 0 })?.withoutFields).toBeNull()
    expect(parseProjection({ 'a.b': 1, _id: 0 })?.fields).toEqual(['a.b'])
    expect(parseProjection({ a: 1 })?.fields).toEqual(['a', '_id'])
    expect(parseProjection({ a: 1, b: '$c' })?.fields).toBeUndefined()
    expect(parseProjection({})).toBeUndefined()
  })
})
