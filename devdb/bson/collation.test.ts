import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseFilter } from '../query/matcher.ts'
import { plainScope } from '../query/scope.ts'
import { compareSortKeys, parseSort, sortKeys } from '../query/sort.ts'
import { parseCollation, withEqualityKeys } from './collation.ts'
import { encodeKey } from './keys.ts'
import { compare } from './order.ts'
import type { Doc, Value } from './values.ts'

const of = (spec: Doc) => {
  const collation = parseCollation(spec)
  if (collation === undefined) throw new Error('no collation')
  return collation
}

const en = (strength: number, more: Doc = {}) => of({ locale: 'en', strength, ...more })

describe('a collation', () => {
  it.each([
    [{ locale: 'en', strength: 1 }, 'Résumé', 'resume', 0],
    [{ locale: 'en', strength: 2 }, 'Résumé', 'résumé', 0],
    [{ locale: 'en', strength: 2 }, 'resume', 'résumé', -1],
    [{ locale: 'en', strength: 3 }, 'a', 'A', -1],
    [{ locale: 'en', strength: 4 }, 'a', 'A', -1],
    [{ locale: 'en', caseFirst: 'upper' }, 'a', 'A', 1],
    [{ locale: 'en', strength: 1, caseLevel: true }, 'é', 'e', 0],
    [{ locale: 'en', strength: 1, caseLevel: true }, 'e', 'E', -1],
    [{ locale: 'en', strength: 2, caseLevel: true }, 'é', 'É', -1],
    [{ locale: 'en', numericOrdering: true }, 'item9', 'item10', -1],
    [{ locale: 'en', numericOrdering: true, strength: 1 }, '01', '1', 0],
    [{ locale: 'en', alternate: 'shifted' }, 'black-bird', 'blackbird', 0],
    [{ locale: 'en', strength: 5 }, '\u0000a', 'a', -1],
    [{ locale: 'sv' }, 'ö', 'z', 1],
    [{ locale: 'de' }, 'ö', 'z', -1],
    [{ locale: 'de@collation=phonebook' }, 'ä', 'af', -1],
    [{ locale: 'fr_CA' }, 'cote\u0301', 'co\u0302te', 1],
  ] as [Doc, string, string, number][])('%j orders %j against %j: %i', (spec, a, b, expected) => {
    const collation = of(spec)
    expect([Math.sign(collation.compare(a, b)), Math.sign(collation.compare(b, a)) + 0]).toEqual([
      expected,
      -expected + 0,
    ])
    expect(collation.equalityKey(a) === collation.equalityKey(b)).toBe(expected === 0)
  })

  it('given none, the empty one or the simple one, then strings compare byte by byte', () => {
    const specs: (Doc | undefined)[] = [undefined, {}, { locale: 'simple' }]
    for (const spec of specs) expect(parseCollation(spec)).toBeUndefined()
  })

  it('given a locale alone, then the defaults are filled in as MongoDB lists them', () => {
    expect(of({ locale: 'en_US', strength: 2 }).spec).toEqual({
      locale: 'en_US',
      caseLevel: false,
      caseFirst: 'off',
      strength: 2,
      numericOrdering: false,
      alternate: 'non-ignorable',
      maxVariable: 'punct',
      normalization: false,
      backwards: false,
      version: '57.1',
    })
  })

  it.each([
    [1, 14],
    [{ strength: 1 }, 40414],
    [{ locale: 'xx' }, 2],
    [{ locale: 'nonsense!' }, 2],
    [{ locale: 7 }, 14],
    [{ locale: 'en', strength: 6 }, 2],
    [{ locale: 'en', strength: 'x' }, 14],
    [{ locale: 'en', caseLevel: 1 }, 14],
    [{ locale: 'en', caseFirst: 'up' }, 2],
    [{ locale: 'en', alternate: 'x' }, 2],
    [{ locale: 'en', foo: 1 }, 40415],
    [{ locale: 'en', version: '1.0' }, 161],
    [{ locale: 'simple', strength: 1 }, 2],
    [{ locale: 'en', backwards: true }, 238],
    [{ locale: 'en', alternate: 'shifted', maxVariable: 'space' }, 238],
    [{ locale: 'en', alternate: 'shifted', strength: 4 }, 238],
    [{ locale: 'de@collation=nonsense' }, 2],
  ] as [Value, number][])('given %j, then it is refused with %i', (spec, code) => {
    expect(() => parseCollation(spec)).toThrow(expect.objectContaining({ code }))
  })

  it('given any two values, then their keys are equal exactly when they compare as equal', () => {
    const text = fc.string({
      unit: fc.constantFrom('a', 'A', 'b', 'é', 'É', 'ß', 's', ' ', '-', '\u0301'),
      maxLength: 3,
    })
    const value: fc.Arbitrary<Value> = fc.oneof(
      text,
      fc.integer({ min: 0, max: 1 }),
      fc.array(text, { maxLength: 2 }),
      fc.record({ x: text }, { noNullPrototype: true }),
    )
    fc.assert(
      fc.property(value, value, fc.constantFrom(1, 2, 3, 5), (a, b, strength) => {
        const collation = en(strength)
        const key = (one: Value) => encodeKey(withEqualityKeys(one, collation))
        expect(key(a) === key(b)).toBe(compare(a, b, collation) === 0)
      }),
    )
  })
})

describe('a filter under a collation', () => {
  const scope = { ...plainScope(), collation: en(1) }
  it.each([
    [{ a: 'café' }, { a: 'CAFE' }, true],
    [{ a: { $ne: 'café' } }, { a: 'CAFE' }, false],
    [{ a: { $in: ['x', 'café'] } }, { a: ['Cafe'] }, true],
    [{ a: { $nin: ['café'] } }, { a: 'Cafe' }, false],
    [{ a: { $gt: 'b' } }, { a: 'É' }, true],
    [{ a: { $lt: 'b' } }, { a: 'Á' }, true],
    [{ a: { b: ['x'] } }, { a: { b: ['X'] } }, true],
    [{ a: { X: 1 } }, { a: { x: 1 } }, false],
    [{ a: { $all: ['x', 'y'] } }, { a: ['Y', 'X'] }, true],
    [{ a: { $elemMatch: { b: 'x' } } }, { a: [{ b: 'X' }] }, true],
    [{ a: { $regex: 'x' } }, { a: 'X' }, false],
    [{ $expr: { $eq: ['$a', 'x'] } }, { a: 'X' }, true],
  ] as [Doc, Doc, boolean][])('%j matches %j: %s', (filter, doc, expected) => {
    expect(parseFilter(filter, scope).match(doc)).toBe(expected)
  })

  it('given a sort, then strings order by it, also those in arrays, and other types as ever', () => {
    const sort = parseSort({ a: 1 }, { ...plainScope(), collation: en(3) })
    const docs: Doc[] = [{ a: 'b' }, { a: 'A' }, { a: ['z', 'a'] }, { a: 1 }, { a: [] }, {}, { a: 'B' }]
    const keyed = docs.map((doc) => ({ doc, keys: sortKeys(doc, sort) }))
    const sorted = keyed.sort((x, y) => compareSortKeys(x.keys, y.keys, sort)).map(({ doc }) => doc.a)
    expect(sorted).toEqual([[], undefined, 1, ['z', 'a'], 'A', 'b', 'B'])
  })
})
