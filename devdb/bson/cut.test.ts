import { Binary, BSON, Code, Decimal128, Double, Int32, Long, MaxKey, MinKey, ObjectId, Timestamp } from 'bson'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fieldDecoder, withoutFields } from './cut.ts'
import { decode } from './decode.ts'
import { getField } from './values.ts'

const everyType = {
  double: new Double(1.5),
  string: 'Zoë',
  document: { outbox: 1, inner: { a: [1, { b: null }] } },
  array: [1, 'two', { outbox: 3 }],
  binary: new Binary(Buffer.from([1, 0, 2])),
  id: new ObjectId('0123456789abcdef01234567'),
  yes: true,
  date: new Date(0),
  nothing: null,
  expression: /a.b/i,
  code: new Code('return 1'),
  scoped: new Code('return x', { x: 1 }),
  int: new Int32(7),
  stamp: Timestamp.fromBits(1, 2),
  long: Long.fromString('9007199254740993'),
  decimal: Decimal128.fromString('1.10'),
  least: new MinKey(),
  most: new MaxKey(),
}

const bytesOf = (document: object): Buffer => Buffer.from(BSON.serialize(document))

const without = (document: object, names: readonly string[]): object =>
  Object.fromEntries(Object.entries(document).filter(([name]) => !names.includes(name)))

test.each(Object.keys(everyType))(
  'given a document with every type, when %s is cut out, then the rest is byte for byte what it was',
  (name) => {
    expect(withoutFields(bytesOf(everyType), new Set([name]))).toEqual(bytesOf(without(everyType, [name])))
  },
)

test('given names that are not at the top, when they are cut out, then it is the very same buffer', () => {
  const bytes = bytesOf(everyType)
  expect(withoutFields(bytes, new Set(['outbox', 'inner', 'missing']))).toBe(bytes)
})

test('given any document and any of its fields, when they are cut out, then it is as if they had never been there', () => {
  const value = fc.oneof(
    fc.integer(),
    fc.double({ noNaN: true }),
    fc.string(),
    fc.boolean(),
    fc.constant(null),
    fc.array(fc.string()),
  )
  const name = fc.stringMatching(/^[a-z]{1,6}$/)
  fc.assert(
    fc.property(fc.dictionary(name, value), fc.array(name), fc.integer({ min: 0, max: 5 }), (document, others, own) => {
      const names = [...others, ...Object.keys(document).slice(0, own)]
      expect(withoutFields(bytesOf(document), new Set(names))).toEqual(bytesOf(without(document, names)))
    }),
  )
})

describe('some fields only', () => {
  test.each(Object.keys(everyType))(
    'given a document with every type, then %s alone is what the whole gives',
    (name) => {
      const bytes = bytesOf(everyType)
      expect(fieldDecoder([name])(bytes)).toEqual({ [name]: decode(bytes)[name] })
    },
  )

  test('given any document and any of its fields, then they are what decoding the whole gives', () => {
    const names = fc.constantFrom('a', 'ab', 'abc', 'ä', '__proto__', '0', '')
    const document = fc.dictionary(names, fc.oneof(fc.integer(), fc.string(), fc.array(fc.integer()), fc.object()))
    fc.assert(
      fc.property(document, fc.uniqueArray(names), (given, wanted) => {
        const bytes = bytesOf(given)
        const whole = decode(bytes)
        const kept = wanted.filter((name) => Object.hasOwn(whole, name)).map((name) => [name, getField(whole, name)])
        const found = fieldDecoder(wanted)(bytes)
        expect(
          wanted.filter((name) => Object.hasOwn(found, name)).map((name) => [name, getField(found, name)]),
        ).toEqual(kept)
      }),
    )
  })
})
