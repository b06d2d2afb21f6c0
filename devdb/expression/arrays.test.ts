import { Decimal128, Double, Long } from 'bson'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { read } from './testing.ts'

const ints = [3, 1, 2]

const cases: readonly (readonly [unknown, string])[] = [
  [{ $arrayElemAt: ['$a', 0] }, 'int 3'],
  [{ $arrayElemAt: ['$a', -1] }, 'int 2'],
  [{ $arrayElemAt: ['$a', 3] }, 'missing'],
  [{ $arrayElemAt: ['$a', -4] }, 'missing'],
  [{ $arrayElemAt: ['$a', new Double(1)] }, 'int 1'],
  [{ $arrayElemAt: ['$a', 1.5] }, 'error 28691'],
  [{ $arrayElemAt: ['$a', 'x'] }, 'error 28690'],
  [{ $arrayElemAt: ['$s', 0] }, 'error 28689'],
  [{ $arrayElemAt: ['$missing', 0] }, 'null'],
  [{ $first: '$a' }, 'int 3'],
  [{ $last: '$a' }, 'int 2'],
  [{ $first: [[]] }, 'missing'],
  [{ $first: '$s' }, 'error 28689'],
  [{ $concatArrays: ['$a', [4]] }, '[int 3, int 1, int 2, int 4]'],
  [{ $concatArrays: ['$a', null] }, 'null'],
  [{ $concatArrays: ['$a', 1] }, 'error 28664'],
  [{ $isArray: '$a' }, 'bool true'],
  [{ $isArray: ['$s'] }, 'bool false'],
  [{ $isArray: [['x']] }, 'bool true'],
  [{ $size: '$a' }, 'int 3'],
  [{ $size: '$missing' }, 'error 17124'],
  [{ $reverseArray: '$a' }, '[int 2, int 1, int 3]'],
  [{ $reverseArray: '$s' }, 'error 34435'],
  [{ $slice: ['$a', 2] }, '[int 3, int 1]'],
  [{ $slice: ['$a', -2] }, '[int 1, int 2]'],
  [{ $slice: ['$a', 1, 5] }, '[int 1, int 2]'],
  [{ $slice: ['$a', -9, 1] }, '[int 3]'],
  [{ $slice: ['$a', 1, 0] }, 'error 28729'],
  [{ $slice: ['$a', 'x'] }, 'error 28725'],
  [{ $slice: ['$a'] }, 'error 28667'],
  [{ $range: [0, 6, 2] }, '[int 0, int 2, int 4]'],
  [{ $range: [3, 0, -2] }, '[int 3, int 1]'],
  [{ $range: [0, 3, 0] }, 'error 34449'],
  [{ $range: [0.5, 3] }, 'error 34444'],
  [{ $range: ['x', 3] }, 'error 34443'],
  [{ $in: [1, '$a'] }, 'bool true'],
  [{ $in: [new Double(1), '$a'] }, 'bool true'],
  [{ $in: [1, '$s'] }, 'error 40081'],
  [{ $in: ['$s', ['text', 2]] }, 'bool true'],
  [{ $in: [{ $first: '$a' }, [1, new Double(3)]] }, 'bool true'],
  [{ $in: ['$missing', [null]] }, 'bool false'],
  [{ $in: ['$s', 'text'] }, 'error 40081'],
  [{ $indexOfArray: ['$a', 2] }, 'int 2'],
  [{ $indexOfArray: ['$a', 3, 1] }, 'int -1'],
  [{ $indexOfArray: [null, 3] }, 'null'],
  [{ $indexOfArray: ['$s', 3] }, 'error 40090'],
  [{ $indexOfArray: ['$a', 3, -1] }, 'error 40097'],
  [{ $map: { input: '$a', in: { $multiply: ['$$this', 2] } } }, '[int 6, int 2, int 4]'],
  [{ $map: { input: '$a', as: 'x', in: '$$x.y' } }, '[null, null, null]'],
  [{ $map: { input: '$missing', in: 1 } }, 'null'],
  [{ $map: { input: '$s', in: 1 } }, 'error 16883'],
  [{ $map: { input: '$a', as: 'X', in: 1 } }, 'error 9'],
  [{ $map: { input: '$a', as: 'x', in: '$$this' } }, 'error 17276'],
  [{ $filter: { input: '$a', cond: { $gt: ['$$this', 1] } } }, '[int 3, int 2]'],
  [{ $filter: { input: '$a', as: 'x', cond: { $gt: ['$$x', 1] }, limit: 1 } }, '[int 3]'],
  [{ $filter: { input: '$a', cond: true, limit: 0 } }, 'error 327392'],
  [{ $filter: { input: '$a', cond: true, limit: 1.5 } }, 'error 327391'],
  [{ $filter: { input: '$s', cond: true } }, 'error 28651'],
  [{ $filter: { input: '$a' } }, 'error 28650'],
  [{ $filter: { input: '$a', cond: true, other: 1 } }, 'error 28647'],
  [{ $reduce: { input: '$a', initialValue: 10, in: { $subtract: ['$$value', '$$this'] } } }, 'int 4'],
  [{ $reduce: { input: [], initialValue: '$missing', in: 1 } }, 'missing'],
  [{ $reduce: { input: '$s', initialValue: 0, in: 1 } }, 'error 40080'],
  [{ $sortArray: { input: '$a', sortBy: 1 } }, '[int 1, int 2, int 3]'],
  [{ $sortArray: { input: '$docs', sortBy: { v: -1 } } }, '[{v: int 2}, {v: int 1}]'],
  [{ $sortArray: { input: '$s', sortBy: 1 } }, 'error 2942504'],
  [{ $sortArray: { input: '$a' } }, 'error 2942503'],
  [{ $zip: { inputs: ['$a', ['x']] } }, '[[int 3, string x]]'],
  [{ $zip: { inputs: [[1], []], useLongestLength: true, defaults: [0, 9] } }, '[[int 1, int 9]]'],
  [{ $zip: { inputs: [[1], []], useLongestLength: true } }, '[[int 1, null]]'],
  [{ $zip: { inputs: [] } }, 'error 34465'],
  [{ $zip: { inputs: [[1]], defaults: [1] } }, 'error 34466'],
  [{ $zip: { inputs: [1] } }, 'error 34468'],
  [{ $objectToArray: { a: 1 } }, '[{k: string a, v: int 1}]'],
  [{ $objectToArray: '$a' }, 'error 40390'],
  [
    {
      $arrayToObject: [
        [
          ['a', 1],
          ['b', 2],
        ],
      ],
    },
    '{a: int 1, b: int 2}',
  ],
  [{ $arrayToObject: [[{ k: 'a', v: 1 }]] }, '{a: int 1}'],
  [{ $arrayToObject: [[['a', 1], { k: 'b', v: 2 }]] }, 'error 40396'],
  [{ $arrayToObject: [[['a']]] }, 'error 40397'],
  [{ $arrayToObject: [[[1, 2]]] }, 'error 40395'],
  [{ $arrayToObject: [[{ k: 'a', x: 1 }]] }, 'error 40393'],
  [{ $arrayToObject: '$s' }, 'error 40386'],
  [{ $arrayToObject: [['x']] }, 'error 40398'],
  [{ $firstN: { n: 2, input: '$a' } }, '[int 3, int 1]'],
  [{ $lastN: { n: 2, input: '$a' } }, '[int 1, int 2]'],
  [{ $minN: { n: 2, input: [3, null, 1, 2] } }, '[int 1, int 2]'],
  [{ $maxN: { n: 9, input: '$a' } }, '[int 3, int 2, int 1]'],
  [{ $maxN: { n: 0, input: '$a' } }, 'error 5787908'],
  [{ $maxN: { n: 1, input: '$s' } }, 'error 5788200'],
  [{ $maxN: { input: '$a' } }, 'error 5787906'],
  [{ $sum: '$a' }, 'int 6'],
  [{ $sum: ['$a', 1] }, 'int 1'],
  [{ $sum: ['$s', 1, new Double(2)] }, 'double 3'],
  [{ $avg: '$a' }, 'double 2'],
  [{ $avg: '$s' }, 'null'],
  [{ $min: ['$a', 5] }, 'int 5'],
  [{ $max: '$a' }, 'int 3'],
  [{ $stdDevPop: [[2, 4]] }, 'double 1'],
  [{ $stdDevSamp: [[2]] }, 'null'],
  [{ $sum: [[Decimal128.fromString('0.1'), new Double(0.5), 1]] }, 'decimal 1.6'],
  [{ $sum: [[Long.MAX_VALUE, 1]] }, 'double 9223372036854776000'],
  [{ $sum: [[Long.MAX_VALUE, -1]] }, 'long 9223372036854775806'],
  [{ $median: { input: '$a', method: 'approximate' } }, 'double 2'],
  [{ $percentile: { input: '$a', p: [0, 1], method: 'approximate' } }, '[double 1, double 3]'],
  [{ $percentile: { input: '$a', p: [2], method: 'approximate' } }, 'error 7750301'],
  [{ $median: { input: '$a', method: 'exact' } }, 'error 2'],
  [{ $setUnion: ['$a', [2, 9]] }, '[int 1, int 2, int 3, int 9]'],
  [{ $setUnion: ['$a', '$missing'] }, 'null'],
  [{ $setUnion: ['$a', 1] }, 'error 17043'],
  [{ $setIntersection: ['$a', [1, new Double(2)]] }, '[int 1, int 2]'],
  [{ $setIntersection: [] }, '[]'],
  [{ $setDifference: [[1, 2, 2, 3], [3]] }, '[int 1, int 2]'],
  [{ $setIsSubset: [[1, 1], '$a'] }, 'bool true'],
  [{ $setIsSubset: ['$missing', '$a'] }, 'error 17046'],
  [{ $setEquals: ['$a', [1, 2, 3, 3]] }, 'bool true'],
  [{ $setEquals: ['$a'] }, 'error 17045'],
  [{ $allElementsTrue: [[true, 1, 'a']] }, 'bool true'],
  [{ $allElementsTrue: [[]] }, 'bool true'],
  [{ $anyElementTrue: [[0, null]] }, 'bool false'],
  [{ $anyElementTrue: ['$s'] }, 'error 17041'],
]

describe('arrays', () => {
  it.each(cases)('%j is %s', (spec, expected) => {
    expect(read(spec, { a: ints, s: 'text', docs: [{ v: 1 }, { v: 2 }] })).toBe(expected)
  })

  it('given any sets, then union and intersection commute and a difference shares nothing with what was taken away', () => {
    const items = fc.array(fc.oneof(fc.integer({ min: 0, max: 9 }), fc.constantFrom('a', 'A', null, new Double(3))))
    fc.assert(
      fc.property(items, items, (a, b) => {
        const keys = (spec: object) => read({ $map: { input: spec, in: { $toString: '$$this' } } }, { a, b })
        expect(keys({ $setUnion: ['$a', '$b'] })).toBe(keys({ $setUnion: ['$b', '$a'] }))
        expect(keys({ $setIntersection: ['$a', '$b'] })).toBe(keys({ $setIntersection: ['$b', '$a'] }))
        const rest = { $setIntersection: [{ $setDifference: ['$a', '$b'] }, '$b'] }
        expect(read(rest, { a, b })).toBe('[]')
      }),
    )
  })
})
