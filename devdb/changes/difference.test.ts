import { Long } from 'bson'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Doc, Value } from '../bson/values.ts'
import { type Difference, differenceOf } from './difference.ts'

const difference = (parts: Partial<Difference>): Difference => ({
  updatedFields: {},
  removedFields: [],
  truncatedArrays: [],
  disambiguatedPaths: {},
  ...parts,
})

describe('the difference of two documents', () => {
  it.each<[string, Doc, Doc, Partial<Difference>]>([
    ['nothing', { a: 1 }, { a: 1 }, {}],
    [
      'a new, a changed and a removed field',
      { a: 1, b: 2 },
      { a: 3, c: 4 },
      { updatedFields: { a: 3, c: 4 }, removedFields: ['b'] },
    ],
    [
      'fields of a subdocument',
      { a: { b: 1, c: 2 } },
      { a: { b: 5 } },
      { updatedFields: { 'a.b': 5 }, removedFields: ['a.c'] },
    ],
    [
      'another type of the same number',
      { a: 1 },
      { a: Long.fromNumber(1) },
      { updatedFields: { a: Long.fromNumber(1) } },
    ],
    ['a pushed element', { a: [1, 2] }, { a: [1, 2, 3] }, { updatedFields: { 'a.2': 3 } }],
    ['one changed element', { a: [1, 2, 3] }, { a: [1, 9, 3] }, { updatedFields: { 'a.1': 9 } }],
    ['a field of an element', { a: [{ b: 1 }] }, { a: [{ b: 2 }] }, { updatedFields: { 'a.0.b': 2 } }],
    ['a cut array', { a: [1, 2, 3] }, { a: [1] }, { truncatedArrays: [{ field: 'a', newSize: 1 }] }],
    ['an array that moved', { a: [1, 2, 3, 4] }, { a: [2, 3, 4] }, { updatedFields: { a: [2, 3, 4] } }],
    ['an array for a document', { a: { b: 1 } }, { a: [1] }, { updatedFields: { a: [1] } }],
    [
      'a field named like a place',
      { a: { '1': 1 } },
      { a: { '1': 2 } },
      { updatedFields: { 'a.1': 2 }, disambiguatedPaths: { 'a.1': ['a', '1'] } },
    ],
    [
      'such a field in an element',
      { a: [{ '1': 1 }] },
      { a: [{ '1': 2 }] },
      { updatedFields: { 'a.0.1': 2 }, disambiguatedPaths: { 'a.0.1': ['a', 0, '1'] } },
    ],
    ['a name with a dot', { 'a.b': 1 }, {}, { removedFields: ['a.b'], disambiguatedPaths: { 'a.b': ['a.b'] } }],
  ])('given %s, then it tells the smallest parts', (_name, before, after, expected) => {
    expect(differenceOf(before, after)).toEqual(difference(expected))
  })

  const scalar = fc.oneof(fc.integer({ min: 0, max: 3 }), fc.constantFrom('x', 'y'), fc.boolean(), fc.constant(null))
  const value: fc.Arbitrary<Value> = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      scalar,
      fc.array(tie('value') as fc.Arbitrary<Value>, { maxLength: 4 }),
      fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('value') as fc.Arbitrary<Value>, { noNullPrototype: true }),
    ) as fc.Arbitrary<Value>,
  })).value as fc.Arbitrary<Value>
  const document = fc.dictionary(fc.constantFrom('a', 'b', 'c'), value, { noNullPrototype: true }) as fc.Arbitrary<Doc>

  const container = (root: Doc, parts: readonly string[]): Record<string, Value> =>
    parts.reduce((node, part) => node[part] as Record<string, Value>, root as Record<string, Value>)

  /** Applies a difference as a consumer of the stream would. */
  const applied = (before: Doc, { updatedFields, removedFields, truncatedArrays }: Difference): Doc => {
    const doc = structuredClone(before)
    const at = (path: string): [Record<string, Value>, string] => {
      const parts = path.split('.')
      return [container(doc, parts.slice(0, -1)), parts[parts.length - 1] ?? '']
    }
    for (const { field, newSize } of truncatedArrays) {
      const [node, name] = at(field)
      ;(node[name] as Value[]).length = newSize
    }
    for (const path of removedFields) {
      const [node, name] = at(path)
      delete node[name]
    }
    for (const [path, changed] of Object.entries(updatedFields)) {
      const [node, name] = at(path)
      node[name] = changed
    }
    return doc
  }

  it('given any two documents, when applied to the one, then the other comes out', () => {
    fc.assert(
      fc.property(document, document, (before, after) => {
        expect(applied(before, differenceOf(before, after))).toEqual(after)
      }),
    )
  })
})
