import { Decimal128, Double, Long } from 'bson'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Doc, Value } from '../../bson/values.ts'
import { plainScope, type Scope } from '../../query/scope.ts'
import { envOf } from '../expression.ts'
import { caseless, failureOf, spell } from '../testing.ts'
import { parseAccumulator } from './accumulators.ts'

const accumulate = (spec: Doc, docs: readonly Doc[], scope: Scope = plainScope()): string =>
  failureOf(() => {
    const [name = '', operand = null] = Object.entries(spec)[0] ?? []
    const state = parseAccumulator(name, operand, scope).start({ limit: 1 })
    for (const doc of docs) state.add(envOf(doc))
    return spell(state.result())
  })

const docs: readonly Doc[] = [{ a: 3, b: 'x' }, { b: 'y' }, { a: null, b: 'X' }, { a: 1.5, b: 'x' }]

const cases: readonly (readonly [Doc, string])[] = [
  [{ $sum: '$a' }, 'double 4.5'],
  [{ $sum: 1 }, 'int 4'],
  [{ $sum: '$b' }, 'int 0'],
  [{ $avg: '$a' }, 'double 2.25'],
  [{ $avg: '$b' }, 'null'],
  [{ $min: '$a' }, 'double 1.5'],
  [{ $max: '$b' }, 'string y'],
  [{ $first: '$a' }, 'int 3'],
  [{ $last: '$missing' }, 'null'],
  [{ $push: '$a' }, '[int 3, null, double 1.5]'],
  [{ $push: { k: '$a' } }, '[{k: int 3}, {}, {k: null}, {k: double 1.5}]'],
  [{ $addToSet: '$b' }, '[string x, string y, string X]'],
  [{ $count: {} }, 'int 4'],
  [{ $count: 1 }, 'error 14'],
  [{ $stdDevPop: '$a' }, 'double 0.75'],
  [{ $mergeObjects: { $cond: ['$a', '$$ROOT', null] } }, '{a: double 1.5, b: string x}'],
  [{ $mergeObjects: '$b' }, 'error 40400'],
  [{ $top: { sortBy: { b: -1 }, output: '$b' } }, 'string y'],
  [{ $topN: { n: 2, sortBy: { a: 1 }, output: '$a' } }, '[null, null]'],
  [{ $bottom: { sortBy: { a: 1 }, output: ['$a', '$b'] } }, '[int 3, string x]'],
  [{ $bottomN: { n: 2, sortBy: { a: 1 }, output: '$a' } }, '[double 1.5, int 3]'],
  [{ $top: { sortBy: { b: -1 } } }, 'error 5788004'],
  [{ $topN: { sortBy: { b: -1 }, output: 1 } }, 'error 5788003'],
  [{ $firstN: { n: 2, input: '$a' } }, '[int 3, null]'],
  [{ $lastN: { n: 3, input: '$a' } }, '[null, null, double 1.5]'],
  [{ $minN: { n: 2, input: '$a' } }, '[double 1.5, int 3]'],
  [{ $maxN: { n: '$limit', input: '$a' } }, '[int 3]'],
  [{ $maxN: { n: 'x', input: '$a' } }, 'error 5787902'],
  [{ $maxN: { n: 1.5, input: '$a' } }, 'error 5787903'],
  [{ $maxN: { n: Decimal128.fromString('9223372036854775808'), input: '$a' } }, 'error 5787903'],
  [{ $topN: { n: 1, output: 1, sortBy: 'a' } }, 'error 10065'],
  [{ $firstN: { n: -1, input: '$a' } }, 'error 5787908'],
  [{ $median: { input: '$a', method: 'approximate' } }, 'double 1.5'],
  [{ $percentile: { input: '$a', p: [0.9, 0.1], method: 'approximate' } }, '[double 3, double 1.5]'],
  [{ $median: { input: '$a' } }, 'error 40414'],
  [{ $sum: ['$a', '$b'] }, 'error 40237'],
  [{ $nope: 1 }, 'error 15952'],
  [{ $accumulator: {} }, 'error 238'],
]

describe('accumulators', () => {
  it.each(cases)('%j is %s', (spec, expected) => {
    expect(accumulate(spec, docs)).toBe(expected)
  })

  it('given a caseless collation, then a set holds one of two equal strings', () => {
    expect(accumulate({ $addToSet: '$b' }, docs, caseless)).toBe('[string x, string y]')
    expect(accumulate({ $max: '$b' }, [{ b: 'B' }, { b: 'a' }], caseless)).toBe('string B')
  })

  it('given one accumulator, when two groups are filled, then they know nothing of each other', () => {
    const { start } = parseAccumulator('$push', '$a', plainScope())
    const [one, other] = [start(), start()]
    one.add(envOf({ a: 1 }))
    expect([spell(one.result()), spell(other.result())]).toEqual(['[int 1]', '[]'])
  })

  const sumOf = (values: readonly Value[]): string =>
    accumulate(
      { $sum: '$a' },
      values.map((a) => ({ a })),
    )

  it.each<[Value[], string]>([
    [[2147483647, 1], 'long 2147483648'],
    [[2147483647, 1, -1], 'int 2147483647'],
    [[Long.MAX_VALUE, 1, -1], 'long 9223372036854775807'],
    [[Long.MAX_VALUE, Long.MAX_VALUE], 'double 18446744073709552000'],
    [[Long.fromString('9007199254740993'), 2], 'long 9007199254740995'],
    [[0.1, 0.2, 0.3], 'double 0.6'],
    [[1e100, 1, -1e100], 'double 1'],
    [[1, new Double(2)], 'double 3'],
    [[Number.NaN, 1], 'double NaN'],
    [[Number.POSITIVE_INFINITY, 1], 'double Infinity'],
    [[Decimal128.fromString('0.1'), Decimal128.fromString('0.2'), 1], 'decimal 1.3'],
  ])('%j sum up to %s', (values, expected) => {
    expect(sumOf(values)).toBe(expected)
  })

  it('given any int64 values, then the sum is exact as long as it fits', () => {
    const value = fc.bigInt({ min: -(2n ** 60n), max: 2n ** 60n })
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 7 }), (values) => {
        const total = values.reduce((sum, one) => sum + one, 0n)
        expect(sumOf(values.map((one) => Long.fromBigInt(one)))).toBe(`long ${total}`)
      }),
    )
  })
})
