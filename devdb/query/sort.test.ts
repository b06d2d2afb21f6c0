import { BSONSymbol, MaxKey, MinKey } from 'bson'
import { describe, expect, it } from 'vitest'
import type { Doc } from '../bson/values.ts'
import { withMeta } from './meta.ts'
import { compareSortKeys, parseSort, sortKeys } from './sort.ts'

const sorted = (docs: readonly Doc[], spec: Doc): unknown[] => {
  const sort = parseSort(spec)
  return docs
    .map((doc) => ({ doc, keys: sortKeys(doc, sort) }))
    .sort((a, b) => compareSortKeys(a.keys, b.keys, sort))
    .map(({ doc }) => doc._id)
}

const undefinedValue = { _bsontype: 'Undefined' } as const

describe('a sort', () => {
  const kinds: Doc[] = [
    { _id: 1, a: 1 },
    { _id: 2, a: undefinedValue },
    { _id: 3, a: null },
    { _id: 4, a: {} },
    { _id: 5, a: [] },
    { _id: 6, a: [1] },
    { _id: 7, a: [[1]] },
    { _id: 8 },
    { _id: 9, a: [undefinedValue] },
  ]
  it('given missing, null, undefined and arrays, then they order as in MongoDB', () => {
    expect(sorted(kinds, { a: 1, _id: 1 })).toEqual([2, 5, 9, 3, 8, 1, 6, 4, 7])
    expect(sorted(kinds, { a: -1, _id: 1 })).toEqual([7, 4, 1, 6, 3, 8, 2, 5, 9])
  })

  it('given the index of an element in the path, then that element counts alone and as it is', () => {
    expect(sorted(kinds, { 'a.0': 1, _id: 1 })).toEqual([9, 1, 2, 3, 4, 5, 8, 6, 7])
    expect(sorted(kinds, { 'a.0': -1, _id: 1 })).toEqual([7, 6, 1, 2, 3, 4, 5, 8, 9])
    const deep = [{ a: [{ b: [4, 1] }, { b: 0 }] }, { a: [{ b: 3 }, { b: 9 }] }, { a: { 0: { b: 2 } } }, { a: 5 }]
    const docs = deep.map((doc, _id) => ({ _id, ...doc }))
    expect(sorted(docs, { 'a.0.b': 1 })).toEqual([3, 0, 2, 1])
    expect(sorted(docs, { 'a.0.b': -1 })).toEqual([0, 1, 2, 3])
  })

  it('given an element with such a name of its own, then code 16746', () => {
    const ambiguous: Doc[] = [{ _id: 1, a: [{ 0: 1 }] }, { _id: 2 }]
    expect(() => sorted(ambiguous, { 'a.0': 1 })).toThrow(expect.objectContaining({ code: 16746 }))
  })

  it('given symbols and the extreme keys, then they find their place', () => {
    const docs = [{ a: new MaxKey() }, { a: 'b' }, { a: new BSONSymbol('a') }, { a: new MinKey() }, { a: 1 }]
    expect(
      sorted(
        docs.map((doc, _id) => ({ _id, ...doc })),
        { a: 1 },
      ),
    ).toEqual([3, 4, 2, 1, 0])
  })

  const arrays: Doc[] = [
    { _id: 1, a: 1, b: [2] },
    { _id: 2, a: 2, b: [] },
    { _id: 3, a: [], b: 4 },
    { _id: 4, a: [1], b: 4 },
    { _id: 5, a: [2, 3], b: 2 },
    { _id: 6, a: 2, b: [3, 5] },
    { _id: 7, a: 1, b: [1, 3] },
    { _id: 8, a: [1, 2], b: 3 },
    { _id: 9, a: 2, b: 3 },
  ]
  it.each([
    [{ a: 1, b: 1, _id: 1 }, [3, 7, 1, 8, 4, 2, 5, 6, 9]],
    [{ a: 1, b: -1, _id: 1 }, [3, 4, 7, 8, 1, 6, 9, 5, 2]],
    [{ a: -1, b: 1, _id: 1 }, [5, 2, 6, 8, 9, 7, 1, 4, 3]],
  ])('given arrays in either field and %j, then the order is %j', (spec, expected) => {
    expect(sorted(arrays, spec)).toEqual(expected)
  })

  it('given two fields below one array, then an element sorts by both of its values', () => {
    const docs = [
      {
        _id: 1,
        a: [
          { x: 1, y: 9 },
          { x: 2, y: 1 },
        ],
      },
      { _id: 2, a: [{ x: 1, y: 5 }] },
    ]
    expect(sorted(docs, { 'a.x': 1, 'a.y': 1 })).toEqual([2, 1])
    expect(() => sorted([{ a: [1], b: [1] }], { a: 1, b: 1 })).toThrow(
      expect.objectContaining({ code: 2, message: 'cannot sort with keys that are parallel arrays' }),
    )
  })

  it('given the text score, then the best comes first', () => {
    const docs = [1, 3, 2].map((textScore) => withMeta({ _id: textScore }, { textScore }))
    expect(sorted(docs, { score: { $meta: 'textScore' } })).toEqual([3, 2, 1])
    expect(() => sorted([{ _id: 1 }], { score: { $meta: 'textScore' } })).toThrow(
      expect.objectContaining({ code: 40218 }),
    )
  })

  it.each([
    [{ a: 2 }, 15975],
    [{ a: 1.5 }, 15975],
    [{ a: 'x' }, 15974],
    [{ a: { $foo: 1 } }, 17312],
    [{ a: { $meta: 'x' } }, 31138],
    [{ a: { $meta: 'searchScore' } }, 238],
    [{ '': 1 }, 40352],
    [{ 'a.': 1 }, 40353],
    [{ $a: 1 }, 16410],
    [{ $natural: 2 }, 2],
    [{ $natural: 1, a: 1 }, 2],
    [Object.fromEntries(Array.from({ length: 33 }, (_, index) => [`f${index}`, 1])), 13103],
  ] as [Doc, number][])('given %j, then it is refused with %i', (spec, code) => {
    expect(() => parseSort(spec)).toThrow(expect.objectContaining({ code }))
  })
})
