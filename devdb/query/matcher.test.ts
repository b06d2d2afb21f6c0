import { Binary, BSONRegExp, Decimal128, Double, Long, MaxKey, MinKey, ObjectId } from 'bson'
import { describe, expect, it } from 'vitest'
import type { Doc } from '../bson/values.ts'
import { parseFilter } from './matcher.ts'

const id = new ObjectId()
const date = new Date(5)
const regex = (pattern: string, options = '') => new BSONRegExp(pattern, options)

const cases: [Doc, Doc, boolean][] = [
  [{}, { a: 1 }, true],
  [{ a: 1 }, { a: 1 }, true],
  [{ a: 1 }, { a: new Double(1) }, true],
  [{ a: 1 }, { a: Long.fromNumber(1) }, true],
  [{ a: 1 }, { a: Decimal128.fromString('1.0') }, true],
  [{ a: Long.fromString('9007199254740993') }, { a: 9007199254740992 }, false],
  [{ a: { $gt: 9007199254740992 } }, { a: Long.fromString('9007199254740993') }, true],
  [{ a: { $lt: Decimal128.fromString('0.3') } }, { a: 0.1 + 0.2 }, false],
  [{ a: { $gt: Decimal128.fromString('0.1') } }, { a: 0.1 }, true],
  [{ a: '1' }, { a: 1 }, false],
  [{ a: [1, 2] }, { a: [1, 2] }, true],
  [{ a: [1, 2] }, { a: [[1, 2], 3] }, true],
  [{ a: 1 }, { a: [1, 2] }, true],
  [{ a: [1] }, { a: [1, 2] }, false],
  [{ a: { b: 1, c: 2 } }, { a: { b: 1, c: 2 } }, true],
  [{ a: { b: 1, c: 2 } }, { a: { c: 2, b: 1 } }, false],
  [{ 'a.b': 1 }, { a: [{ b: 2 }, { b: 1 }] }, true],
  [{ 'a.1.b': 1 }, { a: [{ b: 2 }, { b: 1 }] }, true],
  [{ 'a.0.b': 1 }, { a: [{ b: 2 }, { b: 1 }] }, false],
  [{ 'a.0': { $exists: true } }, { a: [] }, false],
  [{ 'a.0': { $exists: true } }, { a: [{}] }, true],
  [{ a: null }, {}, true],
  [{ a: null }, { a: null }, true],
  [{ a: null }, { a: 1 }, false],
  [{ a: null }, { a: [null] }, true],
  [{ 'a.b': null }, { a: [{ b: 1 }, {}] }, true],
  [{ 'a.b': null }, { a: [1] }, false],
  [{ 'a.b': null }, { a: 1 }, true],
  [{ a: { $ne: null } }, {}, false],
  [{ a: { $ne: 1 } }, { a: [1, 2] }, false],
  [{ a: { $ne: 1 } }, {}, true],
  [{ a: { $exists: false } }, {}, true],
  [{ a: { $exists: true } }, { a: null }, true],
  [{ 'a.b': { $exists: false } }, { a: [{ b: 1 }, {}] }, false],
  [{ a: { $gt: 1 } }, { a: '2' }, false],
  [{ a: { $gte: null } }, {}, true],
  [{ a: { $gt: null } }, { a: 1 }, false],
  [{ a: { $gt: new MinKey() } }, { a: 1 }, true],
  [{ a: { $lt: new MaxKey() } }, { a: 'x' }, true],
  [{ a: { $lt: new Date(6) } }, { a: date }, true],
  [{ a: { $lt: 6 } }, { a: date }, false],
  [{ a: { $gte: Number.NaN } }, { a: Number.NaN }, true],
  [{ a: { $lt: 1 } }, { a: Number.NaN }, false],
  [{ a: { $gt: 1, $lt: 3 } }, { a: [0, 4] }, true],
  [{ a: { $elemMatch: { $gt: 1, $lt: 3 } } }, { a: [0, 4] }, false],
  [{ a: { $elemMatch: { b: 1, c: 2 } } }, { a: [{ b: 1 }, { c: 2 }] }, false],
  [{ a: { $elemMatch: { b: 1, c: 2 } } }, { a: [{ b: 1, c: 2 }] }, true],
  [{ a: { $elemMatch: { $or: [{ b: 1 }, { b: 2 }] } } }, { a: [{ b: 2 }] }, true],
  [{ a: { $elemMatch: { b: 1 } } }, { a: { b: 1 } }, false],
  [{ a: { $in: [1, 'x', null] } }, {}, true],
  [{ a: { $in: [1, 'x'] } }, { a: ['x'] }, true],
  [{ a: { $in: [regex('^ab')] } }, { a: 'abc' }, true],
  [{ a: { $in: [] } }, { a: 1 }, false],
  [{ a: { $nin: [1] } }, { a: [1] }, false],
  [{ a: { $nin: [1] } }, {}, true],
  [{ a: regex('B', 'i') }, { a: ['abc'] }, true],
  [{ a: { $regex: '^a', $options: 'i' } }, { a: 'Abc' }, true],
  [{ a: { $not: regex('^a') } }, { a: 'b' }, true],
  [{ a: { $not: { $gt: 1 } } }, {}, true],
  [{ a: { $type: 'int' } }, { a: 1 }, true],
  [{ a: { $type: 'double' } }, { a: new Double(1) }, true],
  [{ a: { $type: ['string', 16] } }, { a: [1] }, true],
  [{ a: { $type: 'array' } }, { a: [1] }, true],
  [{ a: { $type: 'number' } }, { a: Long.ONE }, true],
  [{ a: { $size: 2 } }, { a: [1, 2] }, true],
  [{ a: { $size: 1 } }, { a: [1, 2] }, false],
  [{ a: { $mod: [4, 1] } }, { a: 5 }, true],
  [{ a: { $mod: [4, 1] } }, { a: 'x' }, false],
  [{ a: { $all: [1, 2] } }, { a: [2, 3, 1] }, true],
  [{ a: { $all: [1, 4] } }, { a: [2, 3, 1] }, false],
  [{ a: { $all: [1] } }, { a: 1 }, true],
  [{ a: { $all: [] } }, { a: [] }, false],
  [{ a: { $all: [{ $elemMatch: { b: 1 } }, { $elemMatch: { b: 2 } }] } }, { a: [{ b: 1 }, { b: 2 }] }, true],
  [{ $or: [{ a: 1 }, { b: 1 }] }, { b: 1 }, true],
  [{ $nor: [{ a: 1 }, { b: 1 }] }, { b: 1 }, false],
  [{ $and: [{ a: { $gt: 0 } }, { a: { $lt: 2 } }] }, { a: 1 }, true],
  [{ a: id }, { a: id }, true],
  [{ a: new Binary(Buffer.from([255])) }, { a: new Binary(Buffer.from([254])) }, false],
  [{ constructor: null }, {}, true],
  [{ constructor: { $exists: true } }, {}, false],
]

describe('a filter', () => {
  it.each(cases)('%j against %j is %s', (filter, doc, expected) => {
    expect(parseFilter(filter).match(doc)).toBe(expected)
  })

  it.each([
    [{ $where: 'true' }, 238, '$where'],
    [{ $expr: { $foo: 1 } }, 168, '$foo'],
    [{ a: { $near: [1, 2] } }, 238, '$near'],
    [{ a: { $geoWithin: {} } }, 238, '$geoWithin'],
    [{ a: { $foo: 1 } }, 2, 'unknown operator: $foo'],
    [{ a: { $gt: 1, b: 2 } }, 2, 'unknown operator: b'],
    [{ $foo: 1 }, 2, 'unknown top level operator: $foo'],
    [{ $or: [] }, 2, 'nonempty array'],
    [{ a: { $in: 1 } }, 2, '$in needs an array'],
    [{ a: { $ne: regex('x') } }, 2, 'regex as arg to $ne'],
    [{ a: regex('x++') }, 238, 'possessive'],
    [{ a: regex('(') }, 51091, 'Regular expression is invalid'],
  ] as [Doc, number, string][])('%j is refused with code %i', (filter, code, text) => {
    expect(() => parseFilter(filter)).toThrow(expect.objectContaining({ code, message: expect.stringContaining(text) }))
  })
})
