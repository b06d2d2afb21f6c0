import { Binary, BSONRegExp, BSONSymbol, Decimal128, Double, Long, MaxKey, MinKey, Timestamp } from 'bson'
import { describe, expect, it } from 'vitest'
import type { Doc, Value } from '../bson/values.ts'
import { parseFilter } from './matcher.ts'

const undefinedValue = { _bsontype: 'Undefined' } as const
const symbol = new BSONSymbol('x')
const decimal = (text: string): Decimal128 => Decimal128.fromString(text)
const bytes = (...values: number[]): Binary => new Binary(Buffer.from(values))
const long = (text: string): Long => Long.fromString(text)

type Case = [condition: Value, value: Value | undefined, matches: boolean]

const check = (cases: readonly Case[]): void => {
  it.each(cases)('given %j and %j, then it answers %s', (condition, value, expected) => {
    expect(parseFilter({ a: condition }).match(value === undefined ? {} : { a: value })).toBe(expected)
  })
}

const refused = (cases: readonly [Value, number, string][]): void => {
  it.each(cases)('given %j, then it is refused with %i', (condition, code, text) => {
    expect(() => parseFilter({ a: condition })).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(text) }),
    )
  })
}

describe('equality', () => {
  check([
    [null, undefinedValue, false],
    [null, [undefinedValue], false],
    [symbol, 'x', true],
    ['x', symbol, true],
    [Number.NaN, decimal('NaN'), true],
    [decimal('Infinity'), Number.POSITIVE_INFINITY, true],
    [0, new Double(-0), true],
    [new Date(0), new Timestamp({ t: 0, i: 0 }), false],
    [new MinKey(), new MinKey(), true],
    [{ $ref: 'c', $id: 1 }, { $ref: 'c', $id: 1 }, true],
    [[[1]], [[1]], true],
    [[1], [[1]], true],
    [[], [[]], true],
    [{ $in: [null] }, undefined, true],
    [{ $in: [[1]] }, [[1], 2], true],
    [{ $in: [1, symbol] }, 'x', true],
  ])
  refused([
    [undefinedValue, 2, 'cannot compare to undefined'],
    [{ $in: [undefinedValue] }, 2, 'equality cannot be undefined'],
    [{ $in: [{ $gt: 1 }] }, 2, 'cannot nest $ under $in'],
    [{ $nin: 1 }, 2, '$nin needs an array'],
  ])
})

describe('ranges', () => {
  check([
    [{ $gt: new MinKey() }, undefined, true],
    [{ $gt: new MinKey() }, new MinKey(), false],
    [{ $gte: new MinKey() }, new MinKey(), true],
    [{ $lt: new MinKey() }, 1, false],
    [{ $lte: new MaxKey() }, undefined, true],
    [{ $gt: new MaxKey() }, 1, false],
    [{ $gte: null }, undefinedValue, true],
    [{ $lte: null }, undefined, true],
    [{ $lt: null }, undefined, false],
    [{ $lte: Number.NaN }, decimal('NaN'), true],
    [{ $gt: Number.NaN }, Number.NaN, false],
    [{ $lt: decimal('Infinity') }, 1e308, true],
    [{ $gt: decimal('-Infinity') }, Number.NaN, false],
    [{ $gt: long('9223372036854775806') }, long('9223372036854775807'), true],
    [{ $gt: [1] }, [2], true],
    [{ $gt: [1] }, [[2], 0], true],
    [{ $gt: { b: 1 } }, { b: 2 }, true],
    [{ $gt: false }, true, true],
    [{ $gte: 'b' }, symbol, true],
    [{ $lt: new Timestamp({ t: 2, i: 0 }) }, new Timestamp({ t: 1, i: 9 }), true],
    [{ $gt: bytes(1) }, bytes(0, 0), true],
  ])
  refused([
    [{ $gt: undefinedValue }, 2, 'cannot compare to undefined'],
    [{ $gt: new BSONRegExp('x') }, 2, "Can't have RegEx as arg to predicate"],
  ])
})

describe('$type', () => {
  check([
    [{ $type: 6 }, undefinedValue, true],
    [{ $type: 'undefined' }, null, false],
    [{ $type: 14 }, symbol, true],
    [{ $type: -1 }, new MinKey(), true],
    [{ $type: 127 }, new MaxKey(), true],
    [{ $type: ['number', 'string'] }, long('1'), true],
    [{ $type: 'array' }, [], true],
    [{ $type: 'int' }, [1, 'x'], true],
    [{ $type: 'null' }, undefined, false],
    [{ $type: new Double(16) }, 1, true],
  ])
  refused([
    [{ $type: 'integer' }, 2, 'Unknown type name alias: integer'],
    [{ $type: 99 }, 2, 'Invalid numerical type code: 99'],
    [{ $type: 1.5 }, 2, 'Invalid numerical type code'],
    [{ $type: [] }, 9, 'must match at least one type'],
    [{ $type: {} }, 14, 'number or a string'],
  ])
})

describe('$mod', () => {
  check([
    [{ $mod: [4, 0] }, -8, true],
    [{ $mod: [4, -1] }, -5, true],
    [{ $mod: [4, 3] }, -5, false],
    [{ $mod: [4.9, 1.9] }, 5.7, true],
    [{ $mod: [3, 1] }, long('9223372036854775807'), true],
    [{ $mod: [10, 7] }, decimal('12345678901234567.9'), true],
    [{ $mod: [2, 0] }, Number.NaN, false],
    [{ $mod: [2, 0] }, 1e300, false],
    [{ $mod: [2, 0] }, [1, 2], true],
  ])
  refused([
    [{ $mod: 1 }, 2, 'needs to be an array'],
    [{ $mod: [] }, 2, 'not enough elements'],
    [{ $mod: [1, 2, 3] }, 2, 'too many elements'],
    [{ $mod: ['x', 0] }, 2, 'divisor not a number'],
    [{ $mod: [2, 'x'] }, 2, 'remainder not a number'],
    [{ $mod: [0, 0] }, 2, 'divisor cannot be 0'],
    [{ $mod: [Number.NaN, 0] }, 2, 'divisor value is invalid'],
    [{ $mod: [1e300, 0] }, 2, 'Out of bounds'],
  ])
})

describe('bits', () => {
  check([
    [{ $bitsAllSet: 5 }, 7, true],
    [{ $bitsAllSet: 5 }, 4, false],
    [{ $bitsAnySet: [0, 2] }, 4, true],
    [{ $bitsAllClear: [1, 3] }, 5, true],
    [{ $bitsAnyClear: 3 }, 2, true],
    [{ $bitsAllSet: [100] }, -1, true],
    [{ $bitsAllSet: [62] }, long('4611686018427387904'), true],
    [{ $bitsAllSet: bytes(0, 1) }, 256, true],
    [{ $bitsAllSet: [9] }, bytes(0, 2), true],
    [{ $bitsAllClear: [99] }, bytes(0), true],
    [{ $bitsAllSet: 1 }, 1.5, false],
    [{ $bitsAllSet: 1 }, new Double(3), true],
    [{ $bitsAllSet: 1 }, decimal('1'), false],
    [{ $bitsAllSet: 1 }, 'x', false],
    [{ $bitsAllClear: 1 }, undefined, false],
    [{ $bitsAllSet: 1 }, [2, 3], true],
    [{ $bitsAllSet: 0 }, 0, true],
  ])
  refused([
    [{ $bitsAllSet: -1 }, 9, 'non-negative'],
    [{ $bitsAllSet: 1.5 }, 9, 'Expected an integer'],
    [{ $bitsAllSet: 'x' }, 2, 'takes an Array, a number, or a BinData'],
    [{ $bitsAllSet: [-1] }, 2, 'Failed to parse bit position'],
  ])
})

describe('arrays', () => {
  check([
    [{ $size: new Double(2) }, [1, 2], true],
    [{ $size: 0 }, undefined, false],
    [{ $elemMatch: {} }, [{}], true],
    [{ $elemMatch: { $not: { $gt: 1 } } }, [0], true],
    [{ $elemMatch: { $elemMatch: { $gt: 1 } } }, [[0, 2]], true],
    [{ $elemMatch: { $elemMatch: { b: 1 } } }, [[{ b: 1 }]], true],
    [{ $elemMatch: { 0: 1 } }, [[1]], true],
    [{ $elemMatch: { $id: 1, a: 2 } }, [{ $ref: 'c', $id: 1, a: 2 }], true],
    [{ $elemMatch: { $ref: 'd' } }, [{ $ref: 'c', $id: 1 }], false],
    [{ $elemMatch: { $in: [1, null] } }, [null], true],
    [{ $elemMatch: { $ne: 1 } }, [1, 2], true],
    [{ $not: { $elemMatch: { $eq: 1 } } }, 1, true],
    [{ $all: [[1]] }, [[1]], true],
    [{ $all: [null] }, undefined, true],
    [{ $all: [{ b: 1 }] }, { b: 1 }, true],
  ])
  refused([
    [{ $size: -1 }, 2, 'Expected a non-negative number in: $size: -1'],
    [{ $size: 'x' }, 2, 'Expected a number in: $size: "x"'],
    [{ $size: 1.5 }, 2, 'Expected an integer'],
    [{ $elemMatch: 1 }, 2, '$elemMatch needs an Object'],
    [{ $elemMatch: { $expr: true } }, 2, '$expr can only be applied to the top-level document'],
    [{ $all: 1 }, 2, '$all needs an array'],
    [{ $all: [{ $gt: 1 }] }, 2, 'no $ expressions in $all'],
    [{ $all: [{ $elemMatch: {} }, 1] }, 2, 'has to be consistent'],
    [{ $not: {} }, 2, '$not cannot be empty'],
    [{ $not: 1 }, 2, '$not needs a regex or a document'],
  ])
})

describe('paths', () => {
  const cases: [Doc, Doc, boolean][] = [
    [{ 'a.0': 1 }, { a: [[1, 2]] }, false],
    [{ 'a.0': [1, 2] }, { a: [[1, 2]] }, true],
    [{ 'a.0.0': 1 }, { a: [[1, 2]] }, true],
    [{ 'a.0.b': 1 }, { a: [[{ b: 1 }]] }, true],
    [{ 'a.b': 1 }, { a: [[{ b: 1 }]] }, false],
    [{ 'a.0': 1 }, { a: { 0: 1 } }, true],
    [{ 'a.0.b': null }, { a: [5] }, false],
    [{ 'a.1.b': null }, { a: [5] }, false],
    [{ 'a.b.c': null }, { a: [{ b: [] }] }, false],
    [{ 'a.b.c': { $exists: false } }, { a: { b: 1 } }, true],
    [{ 'a.00': 1 }, { a: [1] }, false],
    [{ 'a.b': { $size: 1 } }, { a: [{ b: [1] }] }, true],
    [{ 'a.b': { $elemMatch: { $gt: 1 } } }, { a: [{ b: [2] }] }, true],
    [{ 'a.b': { $nin: [1, 2] } }, { a: [{ b: 1 }, { b: 3 }] }, false],
    [{ __proto__x: 1 }, { __proto__x: 1 }, true],
  ]
  it.each(cases)('given %j and %j, then it answers %s', (filter, doc, expected) => {
    expect(parseFilter(filter).match(doc)).toBe(expected)
  })
})

describe('tests of the whole document', () => {
  const cases: [Doc, Doc, boolean][] = [
    [{ $expr: { $gt: ['$a', '$b'] } }, { a: 2, b: 1 }, true],
    [{ $expr: { $gt: ['$a', '$b'] } }, { a: 1, b: 2 }, false],
    [{ $expr: '$a' }, { a: 0 }, false],
    [{ $expr: '$a' }, {}, false],
    [{ $expr: '$a' }, { a: '' }, true],
    [{ $or: [{ $expr: false }, { a: 1 }] }, { a: 1 }, true],
    [{ $comment: 'x', a: 1 }, { a: 1 }, true],
    [{ $alwaysTrue: 1 }, {}, true],
    [{ $alwaysFalse: 1 }, {}, false],
    [{ $sampleRate: 1 }, {}, true],
    [{ $sampleRate: 0 }, {}, false],
    [{ $jsonSchema: { required: ['a'] } }, {}, false],
    [{ $nor: [{ $jsonSchema: { required: ['a'] } }] }, {}, true],
  ]
  it.each(cases)('given %j and %j, then it answers %s', (filter, doc, expected) => {
    expect(parseFilter(filter).match(doc)).toBe(expected)
  })

  it.each([
    [{ $where: 'true' }, 238],
    [{ $alwaysTrue: 2 }, 9],
    [{ $sampleRate: 2 }, 2],
    [{ $sampleRate: 'x' }, 2],
    [{ $expr: '$$nobody' }, 17276],
    [{ $jsonSchema: 1 }, 14],
    [{ a: { $near: [1, 1] } }, 238],
    [{ $and: 1 }, 2],
    [{ $or: [1] }, 2],
  ] as [Doc, number][])('given %j, then it is refused with %i', (filter, code) => {
    expect(() => parseFilter(filter)).toThrow(expect.objectContaining({ code }))
  })
})
