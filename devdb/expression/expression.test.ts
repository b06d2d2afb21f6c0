import { Double, Long, MaxKey, MinKey } from 'bson'
import { describe, expect, it } from 'vitest'
import type { Value } from '../bson/values.ts'
import { withMeta } from '../query/meta.ts'
import { plainScope } from '../query/scope.ts'
import { envOf, parseExpression } from './expression.ts'
import { read, spell } from './testing.ts'

const doc = { a: { b: [{ c: 1 }, { c: 2 }, 3, [{ c: 4 }]] }, n: null, x: 5, 'odd.name': 7, $d: 8 }

// The linter takes an object with a `then` for a promise.
const json = (text: string): unknown => JSON.parse(text)

const cases: readonly (readonly [unknown, string])[] = [
  ['$x', 'int 5'],
  ['$a.b.c', '[int 1, int 2]'],
  ['$a.b.0', '[]'],
  ['$x.y', 'missing'],
  ['$constructor', 'missing'],
  ['$n', 'null'],
  ['$$ROOT.x', 'int 5'],
  ['$$CURRENT.x', 'int 5'],
  ['$$NOW', 'date 1970-01-01T00:00:00.000Z'],
  ['$$REMOVE', 'missing'],
  ['text', 'string text'],
  [{ p: '$missing', q: '$x', r: {} }, '{q: int 5, r: {}}'],
  [['$missing', '$x'], '[null, int 5]'],
  ['$$nope', 'error 17276'],
  ['$', 'error 16872'],
  ['$$', 'error 9'],
  ['$$1', 'error 9'],
  ['$$a-b', 'error 9'],
  ['$a.', 'error 40353'],
  ['$a..b', 'error 15998'],
  ['$a.$b', 'error 16410'],
  ['$$CLUSTER_TIME', 'error 51144'],
  [{ $nope: 1 }, 'error 168'],
  [{ $add: [1], $x: 1 }, 'error 15983'],
  [{ a: 1, $add: [1] }, 'error 16410'],
  [{ 'a.b': 1 }, 'error 16412'],
  [{ '': 1 }, 'error 15998'],
  [{ $literal: '$x' }, 'string $x'],
  [{ $const: { $add: [1] } }, '{$add: [int 1]}'],
  [{ $let: { vars: { y: '$x' }, in: { $add: ['$$y', 1] } } }, 'int 6'],
  [{ $let: { vars: { y: 1, z: '$$y' }, in: 1 } }, 'error 17276'],
  [{ $let: { vars: { CURRENT: '$a' }, in: '$b.c' } }, '[int 1, int 2]'],
  [{ $let: { vars: { ROOT: 1 }, in: 1 } }, 'error 9'],
  [{ $let: { in: 1 } }, 'error 16876'],
  [{ $let: 1 }, 'error 16874'],
  [{ $cond: [true, 1, 2] }, 'int 1'],
  [json('{"$cond": {"if": "$n", "then": 1, "else": "$missing"}}'), 'missing'],
  [json('{"$cond": {"if": 1, "then": 1}}'), 'error 17082'],
  [{ $cond: [1, 2] }, 'error 16020'],
  [json('{"$cond": {"if": 1, "then": 1, "else": 1, "other": 1}}'), 'error 17083'],
  [{ $ifNull: ['$n', '$missing', '$x', 1] }, 'int 5'],
  [{ $ifNull: ['$n', '$missing'] }, 'missing'],
  [{ $ifNull: ['$n'] }, 'error 1257300'],
  [json('{"$switch": {"branches": [{"case": "$n", "then": 1}], "default": 2}}'), 'int 2'],
  [json('{"$switch": {"branches": [{"case": "$n", "then": 1}]}}'), 'error 40066'],
  [{ $switch: { branches: [] } }, 'error 40068'],
  [{ $switch: { branches: [{ case: 1 }] } }, 'error 40065'],
  [{ $and: [] }, 'bool true'],
  [{ $or: [] }, 'bool false'],
  [{ $and: ['$x', Number.NaN] }, 'bool true'],
  [{ $and: ['$x', { $literal: 0 }] }, 'bool false'],
  [{ $or: ['$n', '$missing', ''] }, 'bool true'],
  [{ $not: ['$n'] }, 'bool true'],
  [{ $not: [1, 2] }, 'error 16020'],
  [{ $cmp: ['$missing', null] }, 'int -1'],
  [{ $cmp: [new MinKey(), '$missing'] }, 'int -1'],
  [{ $lt: ['$x', new MaxKey()] }, 'bool true'],
  [{ $eq: ['$x', new Double(5)] }, 'bool true'],
  [{ $eq: [Long.fromString('9007199254740993'), new Double(9007199254740992)] }, 'bool false'],
  [{ $gt: ['a', 99] }, 'bool true'],
  [{ $gte: ['$x', 5] }, 'bool true'],
  [{ $lte: ['$x', 4] }, 'bool false'],
  [{ $ne: ['$n', '$missing'] }, 'bool true'],
  [{ $eq: [1] }, 'error 16020'],
  [{ $getField: 'odd.name' }, 'int 7'],
  [{ $getField: { field: { a: 1 }, input: {} } }, 'error 5654601'],
  [{ $setField: { field: 'a' } }, 'error 4161103'],
  [{ $setField: { field: { $concat: ['a', 'b'] }, input: {}, value: 1 } }, 'error 4161106'],
  [{ $unsetField: { field: { a: 1 }, input: {} } }, 'error 4161106'],
  [{ $getField: { $literal: '$d' } }, 'int 8'],
  [{ $getField: { field: 'b', input: '$a' } }, '[{c: int 1}, {c: int 2}, int 3, [{c: int 4}]]'],
  [{ $getField: { field: 'b', input: '$x' } }, 'missing'],
  [{ $getField: 5 }, 'error 5654602'],
  [{ $setField: { field: 'p.q', input: { r: 1 }, value: 2 } }, '{r: int 1, p.q: int 2}'],
  [{ $setField: { field: 'r', input: { r: 1 }, value: '$$REMOVE' } }, '{}'],
  [{ $unsetField: { field: 'r', input: { r: 1, s: 2 } } }, '{s: int 2}'],
  [{ $setField: { field: '$x', input: {}, value: 1 } }, 'error 4161108'],
  [{ $setField: { field: 'x', input: 1, value: 1 } }, 'error 4161105'],
  [{ $mergeObjects: [{ a: 1, b: 1 }, null, { b: 2 }] }, '{a: int 1, b: int 2}'],
  [{ $mergeObjects: '$n' }, '{}'],
  [{ $mergeObjects: 1 }, 'error 40400'],
  [{ $bsonSize: { a: 1 } }, 'int 12'],
  [{ $binarySize: 'é' }, 'int 2'],
  [{ $rand: 1 }, 'error 3040501'],
  [{ $toHashedIndexKey: '$x' }, 'error 238'],
  [{ $function: { body: 'f', args: [], lang: 'js' } }, 'error 238'],
  [{ $meta: 'nope' }, 'error 17308'],
  [{ $push: '$x' }, 'error 168'],
]

describe('expressions', () => {
  it.each(cases)('%j is %s', (spec, expected) => {
    expect(read(spec, doc)).toBe(expected)
  })

  it('given a variable of the scope, then its value is read at each evaluation', () => {
    const scope = { ...plainScope(), variables: new Map<string, Value>([['size', 1]]) }
    const { evaluate } = parseExpression({ $add: ['$$size', '$x'] }, scope)
    expect(spell(evaluate(envOf(doc)))).toBe('int 6')
    scope.variables.set('size', 2)
    expect(spell(evaluate(envOf(doc)))).toBe('int 7')
  })

  it('given an inner variable of the same name, then it hides the outer one and only there', () => {
    const inner = { $map: { input: [1, 2], in: { $add: ['$$this', 10] } } }
    const spec = { $map: { input: ['$x'], in: { outer: '$$this', inner, after: '$$this' } } }
    expect(read(spec, doc)).toBe('[{outer: int 5, inner: [int 11, int 12], after: int 5}]')
  })

  it('given only constants, then it is computed when it is parsed', () => {
    expect(parseExpression({ $add: [1, { $size: [[1, 2]] }] }, plainScope()).constant).toBe(true)
    expect(parseExpression({ $add: [1, '$x'] }, plainScope()).constant).toBe(false)
    expect(() => parseExpression({ $divide: [1, 0] }, plainScope())).toThrow("can't $divide by zero")
  })

  it('given a document with a text score, then $meta reads it', () => {
    expect(read({ $meta: 'textScore' }, withMeta({ a: 1 }, { textScore: 2 }))).toBe('double 2')
    expect(read({ $meta: 'textScore' }, { a: 1 })).toBe('missing')
  })

  it('given $rand, then it is a double below one, anew each time', () => {
    const { evaluate, constant } = parseExpression({ $rand: {} }, plainScope())
    const numbers = Array.from({ length: 20 }, () => Number(evaluate(envOf({}))))
    expect(constant).toBe(false)
    expect(new Set(numbers).size).toBeGreaterThan(1)
    expect(numbers.every((number) => number >= 0 && number < 1)).toBe(true)
  })
})
