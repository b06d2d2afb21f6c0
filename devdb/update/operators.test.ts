import { Decimal128, Double, Long, Timestamp } from 'bson'
import { describe, expect, it } from 'vitest'
import { parseCollation } from '../bson/collation.ts'
import { decode } from '../bson/decode.ts'
import { encode } from '../bson/encode.ts'
import { type Doc, fieldNames, type Value } from '../bson/values.ts'
import { plainScope, type Scope } from '../query/scope.ts'
import { applyUpdate } from './apply.ts'
import { parseUpdate } from './parse.ts'
import { parseArrayFilters } from './positions.ts'

const now = new Date(5000)
const scope: Scope = { ...plainScope(now), collation: undefined }
const ignoringCase: Scope = { ...scope, collation: parseCollation({ locale: 'en', strength: 2 }) }

const run = (
  doc: Doc,
  spec: Value,
  { within = scope, arrayFilters }: { within?: Scope; arrayFilters?: Value } = {},
) => {
  const update = parseUpdate(spec, false, within)
  const filters = parseArrayFilters(arrayFilters, update, within)
  return applyUpdate(decode(encode({ _id: 1, ...doc })), update, { filters, inserting: false, now })
}

/** Equal to the byte: kinds of numbers and the order of fields included. */
const bytes = (doc: Doc): string => encode(doc).toString('hex')

const long = (text: string) => Long.fromString(text)
const decimal = (text: string) => Decimal128.fromString(text)
const double = (value: number) => new Double(value)

describe('numbers', () => {
  it.each<[string, Doc, Doc, Value]>([
    ['int and int stay int', { a: 1 }, { $inc: { a: 1 } }, 2],
    ['an int beyond 32 bits becomes a long', { a: 2147483647 }, { $inc: { a: 1 } }, long('2147483648')],
    ['int and long make a long', { a: 1 }, { $inc: { a: long('1') } }, long('2')],
    ['a long stays exact beyond 2^53', { a: long('9007199254740993') }, { $inc: { a: 2 } }, long('9007199254740995')],
    ['a double wins over a long', { a: long('1') }, { $inc: { a: double(1) } }, double(2)],
    ['a decimal wins over a double', { a: 0.5 }, { $inc: { a: decimal('0.1') } }, decimal('0.600000000000000')],
    ['a missing field takes the operand and its type', {}, { $inc: { a: long('3') } }, long('3')],
    ['$mul of a missing field is zero of the operand type', {}, { $mul: { a: double(2) } }, double(0)],
    ['$mul widens', { a: 2147483647 }, { $mul: { a: 2 } }, long('4294967294')],
    ['$mul of decimals is exact', { a: decimal('1.10') }, { $mul: { a: 3 } }, decimal('3.30')],
    ['$min keeps the type when equal', { a: long('1') }, { $min: { a: 1 } }, long('1')],
    ['$min compares types', { a: 'x' }, { $min: { a: 5 } }, 5],
    ['$max compares types', { a: 'x' }, { $max: { a: 5 } }, 'x'],
    ['$max: null is below numbers', { a: null }, { $max: { a: -5 } }, -5],
    ['$min of a missing field sets it', {}, { $min: { a: 7 } }, 7],
    ['$bit and', { a: 13 }, { $bit: { a: { and: 10 } } }, 8],
    ['$bit or', { a: 3 }, { $bit: { a: { or: 5 } } }, 7],
    ['$bit xor', { a: 1 }, { $bit: { a: { xor: 5 } } }, 4],
    ['$bit of a missing field starts at zero', {}, { $bit: { a: { or: 5 } } }, 5],
    ['$bit with a long makes a long', { a: 1 }, { $bit: { a: { or: long('4294967296') } } }, long('4294967297')],
    ['$bit with several operations', { a: 12 }, { $bit: { a: { and: 10, or: 1 } } }, 9],
    ['$bit of a negative int keeps 32 bits', { a: -1 }, { $bit: { a: { xor: 1 } } }, -2],
  ])('%s', (_name, doc, spec, expected) => {
    expect(bytes(run(doc, spec))).toBe(bytes({ _id: 1, a: expected }))
  })

  it('given a collation, then $min and $max compare strings by it', () => {
    expect(run({ a: 'b' }, { $max: { a: 'B' } }, { within: ignoringCase }).a).toBe('b')
    expect(run({ a: 'b' }, { $min: { a: 'C' } }, { within: ignoringCase }).a).toBe('b')
    expect(run({ a: 'b' }, { $min: { a: 'C' } }).a).toBe('C')
  })
})

describe('fields', () => {
  it('given new fields, then they come in the order of their paths, array positions by number', () => {
    const doc = run({ z: 0 }, { $set: { b: 1, a: 1, 'n.10': 1, 'n.9': 1 } })
    expect(fieldNames(doc)).toEqual(['_id', 'z', 'a', 'b', 'n'])
    expect(fieldNames(doc.n as Doc)).toEqual(['9', '10'])
  })

  it('given $currentDate, then a date or a timestamp of the command', () => {
    const doc = run({}, { $currentDate: { a: true, b: { $type: 'timestamp' }, c: { $type: 'date' } } })
    expect(doc).toMatchObject({ a: now, c: now })
    expect(doc.b).toBeInstanceOf(Timestamp)
  })

  it.each<[string, Doc, Doc, Doc]>([
    ['an empty operand changes nothing', { a: 1 }, { $set: {}, $inc: {} }, { a: 1 }],
    ['nested names may start with a dollar', {}, { $set: { a: { $b: 1 } } }, { a: { $b: 1 } }],
    ['and so may the parts of a path below the top', {}, { $set: { 'a.$b.c': 1 } }, { a: { $b: { c: 1 } } }],
    ['such a field at the top may go', { $b: 1, $c: 2 }, { $unset: { $b: 1 }, $rename: { $c: 'c' } }, { c: 2 }],
    ['the fields of a reference', { a: {} }, { $set: { 'a.$ref': 'c', 'a.$id': 1 } }, { a: { $id: 1, $ref: 'c' } }],
    ['$rename moves over what is there', { a: 1, b: 2 }, { $rename: { a: 'b' } }, { b: 1 }],
    ['$rename out of a document', { a: { b: 1, c: 2 } }, { $rename: { 'a.b': 'd' } }, { a: { c: 2 }, d: 1 }],
    ['$rename of a missing field', { b: 2 }, { $rename: { a: 'b' } }, { b: 2 }],
    ['$unset through a scalar', { a: 1 }, { $unset: { 'a.b': 1 } }, { a: 1 }],
    ['$setOnInsert of what is there', { a: 1 }, { $setOnInsert: { a: 2 } }, { a: 1 }],
    ['$set fills with null', { a: [0] }, { $set: { 'a.2.b': 1 } }, { a: [0, null, { b: 1 }] }],
    ['the same _id may be set', {}, { $set: { _id: 1, a: 1 } }, { a: 1 }],
  ])('%s', (_name, doc, spec, expected) => {
    expect(bytes(run(doc, spec))).toBe(bytes({ _id: 1, ...expected }))
  })
})

describe('arrays', () => {
  const docs: Doc[] = [{ k: 1, s: 'x' }, { k: 2, s: 'Y' }, { k: 3 }]

  it.each<[string, Doc, Doc, Value]>([
    [
      '$push places, sorts and cuts',
      { a: [5, 1] },
      { $push: { a: { $each: [3, 4], $position: 0, $sort: -1, $slice: 3 } } },
      [5, 4, 3],
    ],
    ['$push with slice 0 empties', { a: [1] }, { $push: { a: { $each: [2], $slice: 0 } } }, []],
    ['$push of an array is one element', { a: [1] }, { $push: { a: [2, 3] } }, [1, [2, 3]]],
    ['$push at a position beyond the end', { a: [1] }, { $push: { a: { $each: [2], $position: 9 } } }, [1, 2]],
    [
      '$push sorts by a nested field',
      { a: [{ x: { y: 2 } }, { x: { y: 1 } }] },
      { $push: { a: { $each: [], $sort: { 'x.y': 1 } } } },
      [{ x: { y: 1 } }, { x: { y: 2 } }],
    ],
    [
      '$addToSet tells the order of fields apart',
      { a: [{ x: 1, y: 2 }] },
      { $addToSet: { a: { y: 2, x: 1 } } },
      [
        { x: 1, y: 2 },
        { y: 2, x: 1 },
      ],
    ],
    ['$addToSet: equal numbers of two types are one', { a: [long('1')] }, { $addToSet: { a: 1 } }, [long('1')]],
    ['$addToSet makes the array', {}, { $addToSet: { a: { $each: [] } } }, []],
    ['$pop of an empty array', { a: [] }, { $pop: { a: 1 } }, []],
    ['$pull by a document condition', { a: docs }, { $pull: { a: { k: { $gte: 2 } } } }, [{ k: 1, s: 'x' }]],
    ['$pull by $in', { a: [1, 2, 3] }, { $pull: { a: { $in: [1, 3] } } }, [2]],
    ['$pull by a negation', { a: [1, 2, 3] }, { $pull: { a: { $ne: 2 } } }, [2]],
    ['$pull by $or in documents', { a: docs }, { $pull: { a: { $or: [{ k: 1 }, { k: 2 }] } } }, [{ k: 3 }]],
    ['$pull of an array', { a: [[1], [2]] }, { $pull: { a: [1] } }, [[2]]],
    ['$pull of null', { a: [null, 1] }, { $pull: { a: null } }, [1]],
    ['$pullAll of documents', { a: docs }, { $pullAll: { a: [{ k: 3 }] } }, docs.slice(0, 2)],
  ])('%s', (_name, doc, spec, expected) => {
    expect(bytes(run(doc, spec))).toBe(bytes({ _id: 1, a: expected }))
  })

  it('given a collation, then $addToSet, $pull and $pullAll compare strings by it', () => {
    const within = { within: ignoringCase }
    expect(run({ a: ['x'] }, { $addToSet: { a: 'X' } }, within).a).toEqual(['x'])
    expect(run({ a: ['x', 'y'] }, { $pull: { a: 'X' } }, within).a).toEqual(['y'])
    expect(run({ a: ['x', 'y'] }, { $pullAll: { a: ['Y'] } }, within).a).toEqual(['x'])
    expect(run({ a: ['b', 'a'] }, { $push: { a: { $each: ['A'], $sort: 1 } } }, within).a).toEqual(['a', 'A', 'b'])
  })

  it.each<[string, Doc, Doc, Value, Value]>([
    ['$[] in nested arrays', { a: [[1, 2], [3]] }, { $inc: { 'a.$[].$[]': 10 } }, [], [[11, 12], [13]]],
    [
      'two names',
      {
        a: [
          { k: 1, b: [1, 5] },
          { k: 2, b: [5] },
        ],
      },
      { $set: { 'a.$[x].b.$[y]': 0 } },
      [{ 'x.k': 1 }, { y: { $gt: 3 } }],
      [
        { k: 1, b: [1, 0] },
        { k: 2, b: [5] },
      ],
    ],
    [
      'a name under $and',
      { a: [1, 5, 9] },
      { $set: { 'a.$[x]': 0 } },
      [{ $and: [{ x: { $gt: 1 } }, { x: { $lt: 9 } }] }],
      [1, 0, 9],
    ],
    ['no element matches', { a: [1] }, { $set: { 'a.$[x]': 0 } }, [{ x: 2 }], [1]],
  ])('array filters: %s', (_name, doc, spec, arrayFilters, expected) => {
    expect(run(doc, spec, { arrayFilters }).a).toEqual(expected)
  })
})

describe('what is refused', () => {
  it.each<[Doc, Value, number, string]>([
    [{}, 'x', 9, 'Update argument must be either an object or an array'],
    [
      {},
      { $set: 1 },
      9,
      'Modifiers operate on fields but we found type int instead. For example: {$mod: {<field>: ...}} not {$set: 1}',
    ],
    [{}, { $set: { '': 1 } }, 56, 'An empty update path is not valid.'],
    [{}, { $set: { '$.a': 1 } }, 2, "Cannot have positional (i.e. '$') element in the first position in path '$.a'"],
    [
      {},
      { $set: { '$[].a': 1 } },
      2,
      "Cannot have array filter identifier (i.e. '$[<id>]') element in the first position",
    ],
    [{}, { $set: { 'a.$.b.$': 1 } }, 2, "Too many positional (i.e. '$') elements found in path 'a.$.b.$'"],
    [{}, { $set: { $b: 1 } }, 52, "The dollar ($) prefixed field '$b' in '$b' is not allowed"],
    [{}, { $inc: { '$b.c': 1 } }, 52, "The dollar ($) prefixed field '$b' in '$b.c' is not allowed"],
    [{ a: 1 }, { $rename: { a: '$b' } }, 52, "The dollar ($) prefixed field '$b' in '$b' is not allowed"],
    [{}, { a: 1, $b: 1 }, 52, "The dollar ($) prefixed field '$b' in '$b' is not allowed"],
    [
      { a: 'x' },
      { $inc: { a: 1 } },
      14,
      "Cannot apply $inc to a value of non-numeric type. {_id: 1} has the field 'a' of non-numeric type string",
    ],
    [{ a: null }, { $mul: { a: 1 } }, 14, 'of non-numeric type null'],
    [{}, { $inc: { a: null } }, 14, 'Cannot increment with non-numeric argument: {a: null}'],
    [
      { a: Long.MAX_VALUE },
      { $inc: { a: 1 } },
      2,
      'Failed to apply $inc operations to current value ((NumberLong)9223372036854775807) for document {_id: 1}',
    ],
    [{ a: 1 }, { $set: { 'a.b': 1 } }, 28, "Cannot create field 'b' in element {a: 1}"],
    [{ a: [1] }, { $set: { 'a.9999999': 1 } }, 34, "can't backfill more than 1500000 elements"],
    [{ a: 1.5 }, { $bit: { a: { or: 1 } } }, 2, 'Cannot apply $bit to a value of non-integral type'],
    [{}, { $bit: { a: 1 } }, 2, 'The $bit modifier is not compatible with a int'],
    [{}, { $bit: { a: {} } }, 2, 'You must pass in at least one bitwise operation'],
    [{}, { $bit: { a: { nor: 1 } } }, 2, "The $bit modifier only supports 'and', 'or', and 'xor', not 'nor'"],
    [{}, { $bit: { a: { or: 1.5 } } }, 2, "must be an Integer(32/64 bit); a 'double' is not supported"],
    [{}, { $rename: { a: 'a' } }, 2, 'The source and target field for $rename must differ'],
    [{}, { $rename: { a: 1 } }, 2, "The 'to' field for $rename must be a string: a: 1"],
    [{}, { $rename: { 'a.$[]': 'b' } }, 2, 'The source field for $rename may not be dynamic: a.$[]'],
    [{}, { $rename: { a: 'b.$[]' } }, 2, 'The destination field for $rename may not be dynamic: b.$[]'],
    [
      { a: [1] },
      { $rename: { 'a.0': 'b' } },
      2,
      "The source field cannot be an array element, 'a.0' in doc with _id: 1 has an array field called 'a'",
    ],
    [{ a: 1, b: [1] }, { $rename: { a: 'b.0' } }, 2, 'The destination field cannot be an array element'],
    [
      { a: [{ b: 1 }] },
      { $rename: { 'a.b': 'c' } },
      28,
      'cannot use the part (a of a.b) to traverse the element ({a: [ { b: 1 } ]})',
    ],
    [{}, { $rename: { a: 'b' }, $set: { b: 1 } }, 40, "Updating the path 'b' would create a conflict at 'b'"],
    [{}, { $currentDate: { a: 1 } }, 2, 'int is not valid type for $currentDate'],
    [
      {},
      { $currentDate: { a: { $type: 'time' } } },
      2,
      "The '$type' string field is required to be 'date' or 'timestamp'",
    ],
    [{}, { $currentDate: { a: { x: 1 } } }, 2, 'Unrecognized $currentDate option: x'],
    [{}, { $push: { a: { $each: 1 } } }, 2, 'The argument to $each in $push must be an array but it was of type: int'],
    [{}, { $push: { a: { $each: [], $foo: 1 } } }, 2, 'Unrecognized clause in $push: $foo'],
    [
      {},
      { $push: { a: { $each: [], $slice: 'x' } } },
      2,
      'The value for $slice must be an integer value but was given type: string',
    ],
    [{}, { $push: { a: { $each: [], $sort: 2 } } }, 2, 'The $sort element value must be either 1 or -1'],
    [{}, { $push: { a: { $each: [], $sort: 'x' } } }, 2, 'The $sort is invalid'],
    [{}, { $push: { a: { $each: [], $sort: { 'a..b': 1 } } } }, 2, 'has an empty part: a..b'],
    [{ a: 1 }, { $push: { a: 1 } }, 2, "The field 'a' must be an array but is of type int in document {_id: 1}"],
    [
      { a: 1 },
      { $addToSet: { a: 1 } },
      2,
      "Cannot apply $addToSet to non-array field. Field named 'a' has non-array type int",
    ],
    [
      {},
      { $addToSet: { a: { $each: 1 } } },
      14,
      'The argument to $each in $addToSet must be an array but it was of type int',
    ],
    [{ a: 1 }, { $pop: { a: 1 } }, 14, "Path 'a' contains an element of non-array type 'int'"],
    [{}, { $pop: { a: 2 } }, 9, '$pop expects 1 or -1, found: 2'],
    [{}, { $pop: { a: 'x' } }, 9, 'Expected a number in: a: "x"'],
    [{ a: 1 }, { $pull: { a: 1 } }, 2, 'Cannot apply $pull to a non-array value'],
    [{}, { $pullAll: { a: 1 } }, 2, '$pullAll requires an array argument but was given a int'],
    [{}, { $unset: { _id: 1 } }, 66, "Performing an update on the path '_id' would modify the immutable field '_id'"],
    [{}, { _id: 2 }, 66, "the (immutable) field '_id' was found to have been altered to _id: 2"],
    [{ a: 1 }, { $set: { 'a.$[]': 1 } }, 2, 'Cannot apply array updates to non-array element a: 1'],
    [{}, { $set: { 'a.$[]': 1 } }, 2, "The path 'a' must exist in the document in order to apply array updates."],
    [{ a: [1] }, { $pull: { a: { $expr: true } } }, 224, '$expr is not allowed in this context'],
    [{ a: [1] }, { $set: { 'a.$': 1 } }, 2, 'The positional operator did not find the match needed from the query.'],
    [{ a: [1] }, { $set: { 'a.$[]': 1, 'a.0': 2 } }, 40, "would create a conflict at 'a.0'"],
  ])('%j with %j is refused with code %i', (doc, spec, code, message) => {
    expect(() => run(doc, spec)).toThrow(expect.objectContaining({ code, message: expect.stringContaining(message) }))
  })

  it.each<[Value, Value, number, string]>([
    [
      { $set: { a: 1 } },
      [{ x: 1 }],
      9,
      "The array filter for identifier 'x' was not used in the update { $set: { a: 1 } }",
    ],
    [
      { $set: { 'a.$[x]': 1 } },
      [{ x: 1 }, { 'x.y': 1 }],
      9,
      'Found multiple array filters with the same top-level field name x',
    ],
    [{ $set: { 'a.$[x]': 1 } }, [{ x: 1, y: 1 }], 9, "Expected a single top-level field name, found 'x' and 'y'"],
    [{ $set: { 'a.$[x]': 1 } }, [{ $alwaysTrue: 1 }], 9, 'Cannot use an expression without a top-level field name'],
    [{ $set: { 'a.$[x]': 1 } }, [{ $expr: true }], 224, '$expr is not allowed in this context'],
    [{ $set: { 'a.$[x]': 1 } }, [{}], 9, 'Cannot use an expression without a top-level field name in arrayFilters'],
    [{ $set: { 'a.$[X]': 1 } }, [{ X: 1 }], 2, 'must be an alphanumeric string beginning with a lowercase letter'],
    [{ $set: { 'a.$[y]': 1 } }, [{ x: 1 }], 9, "identifier 'x' was not used"],
    [{ $set: { 'a.$[x]': 1 } }, [1], 14, "BSON field 'arrayFilters.0' is the wrong type 'int', expected type 'object'"],
    [[{ $set: { a: 1 } }], [{ x: 1 }], 9, 'arrayFilters may not be specified for pipeline-syle updates'],
  ])('%j with the array filters %j is refused with code %i', (spec, arrayFilters, code, message) => {
    expect(() => run({ a: [1] }, spec, { arrayFilters })).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) }),
    )
  })

  it('given a depth no reader takes, then code 15', () => {
    let deep: Doc = {}
    for (let level = 0; level < 170; level++) deep = { d: deep }
    expect(() => run({ a: { b: {} } }, { $set: { 'a.b.c.d.e.f.g.h.i.j.k': deep } })).toThrow(
      expect.objectContaining({ code: 15 }),
    )
  })
})
