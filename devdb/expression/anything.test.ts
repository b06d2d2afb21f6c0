import { Binary, BSONRegExp, Code, Decimal128, Double, Long, MaxKey, MinKey, ObjectId, Timestamp } from 'bson'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decode } from '../bson/decode.ts'
import { encode } from '../bson/encode.ts'
import type { Value } from '../bson/values.ts'
import { MongoError } from '../errors.ts'
import { plainScope } from '../query/scope.ts'
import { envOf, parseExpression } from './expression.ts'
import { operators } from './operators.ts'
import { caseless, spell } from './testing.ts'

const pool: readonly Value[] = [
  null,
  true,
  0,
  -1,
  2147483647,
  1.5,
  Number.NaN,
  Number.NEGATIVE_INFINITY,
  new Double(-0),
  new Double(3),
  Long.MAX_VALUE,
  Long.MIN_VALUE,
  Decimal128.fromString('-1.10'),
  Decimal128.fromString('9.999999999999999999999999999999999E+6144'),
  Decimal128.fromString('1E-6176'),
  Decimal128.fromString('NaN'),
  Decimal128.fromString('-Infinity'),
  '',
  'text',
  '👍é',
  '2024-02-29T01:02:03Z',
  'Europe/Berlin',
  'day',
  'week',
  '%Y-%m-%d',
  'approximate',
  '$missing',
  '$a.b',
  '$$ROOT',
  [],
  [1, 'a', null],
  [[1, 2], { k: 'x', v: 1 }],
  {},
  { a: 1, b: { c: 2 } },
  { type: 'binData', subtype: 4 },
  new Date(0),
  new Date(8.64e15),
  new Date(-8.64e15),
  new ObjectId('5f0000000000000000000000'),
  new Timestamp({ t: 4294967295, i: 1 }),
  new Binary(Buffer.from([1, 2, 255]), 0),
  new BSONRegExp('a(b)?', 'i'),
  new Code('f'),
  new MinKey(),
  new MaxKey(),
]

const argumentNames = [
  ...[
    'input',
    'in',
    'as',
    'cond',
    'limit',
    'initialValue',
    'sortBy',
    'n',
    'field',
    'value',
    'vars',
    'find',
    'p',
    'method',
  ],
  ...['replacement', 'chars', 'regex', 'options', 'to', 'onError', 'onNull', 'format', 'date', 'timezone', 'unit'],
  ...[
    'startDate',
    'endDate',
    'amount',
    'binSize',
    'startOfWeek',
    'dateString',
    'year',
    'month',
    'isoWeekYear',
    'iso8601',
  ],
  ...['inputs', 'defaults', 'useLongestLength', 'if', 'then', 'else', 'branches', 'default'],
]

const operand = fc.constantFrom(...pool)
const named = fc.dictionary(fc.constantFrom(...argumentNames), operand, {
  minKeys: 1,
  maxKeys: 5,
  noNullPrototype: true,
})
const operands: fc.Arbitrary<Value> = fc.oneof(operand, fc.array(operand, { maxLength: 4 }), named)

/** The result, encoded and decoded again; or the error's code. Anything but MongoDB's errors is thrown on. */
const outcome = (spec: Value, scope = plainScope(new Date(0))): string => {
  try {
    const result = parseExpression(spec, scope).evaluate(envOf({ a: [{ b: 1 }] }))
    return result === undefined ? 'missing' : spell(decode(encode({ result })).result)
  } catch (error) {
    if (error instanceof MongoError) return `error ${error.code}`
    throw error
  }
}

const repeatable = [...operators.keys()].filter((name) => name !== '$rand')

// These look at how their operand is written, not only at what it comes to.
const literal = ['$literal', '$const', '$getField']
const evaluating = repeatable.filter((name) => !literal.includes(name))

describe('any expression', () => {
  it.each(repeatable)('given any operands, then %s answers a BSON value or an error of MongoDB', (name) => {
    fc.assert(
      fc.property(operands, (spec) => {
        expect(outcome({ [name]: spec })).toBe(outcome({ [name]: spec }))
        outcome({ [name]: spec }, caseless)
      }),
      { numRuns: 60 },
    )
  })

  it.each(evaluating)(
    'given operands out of a field, then %s comes to what it comes to when they are constants',
    (name) => {
      fc.assert(
        fc.property(
          operand.filter((value) => typeof value !== 'string'),
          (value) => {
            const constant = { [name]: [{ $literal: value }] }
            const field = { [name]: ['$v'] }
            const read = (spec: Value): string => {
              try {
                return spell(parseExpression(spec, plainScope()).evaluate(envOf({ v: value })))
              } catch (error) {
                if (error instanceof MongoError) return `error ${error.code}`
                throw error
              }
            }
            expect(read(field)).toBe(read(constant))
          },
        ),
        { numRuns: 60 },
      )
    },
  )
})
