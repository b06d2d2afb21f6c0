import { BSON, BSONSymbol, Code } from 'bson'
import { describe, expect, it } from 'vitest'
import { decode } from './decode.ts'
import { encode } from './encode.ts'
import { compare } from './order.ts'
import { type Doc, fieldNames, fieldsOf, kindOf, setField, type Value } from './values.ts'

const hex = (text: string): Buffer => Buffer.from(text, 'hex')

describe('deprecated types', () => {
  it.each([
    ['undefined', '0800000006610000'],
    ['symbol', '0e0000000e610002000000780000'],
    ['dbPointer', '1a0000000c610002000000620056e1fc72e0c917e9c471416100'],
    ['javascriptWithScope', '170000000f61000f000000020000007800050000000000'],
  ])('given %s, then it survives a round trip', (kind, bytes) => {
    const doc = decode(hex(bytes))
    expect([kindOf(doc.a ?? null), encode(doc).toString('hex')]).toEqual([kind, bytes])
  })

  it('given all types, then they order as MongoDB orders them', () => {
    const pointer = decode(hex('1a0000000c610002000000620056e1fc72e0c917e9c471416100')).a as Value
    const values: Value[] = [
      { _bsontype: 'Undefined' },
      null,
      1,
      'a',
      {},
      [],
      pointer,
      new Code('x'),
      new Code('x', {}),
    ]
    expect([...values].reverse().sort(compare)).toEqual(values)
    expect(compare('x', new BSONSymbol('x'))).toBe(0)
  })
})

describe('names that look like integers', () => {
  it('given such a document, when it is decoded and encoded, then its fields keep their order', () => {
    const bytes = Buffer.from(
      BSON.serialize(
        new Map<string, unknown>([
          ['b', 1],
          ['2', 1],
          ['a', 1],
          ['1', 1],
        ]),
      ),
    )
    const doc = decode(bytes)
    expect(fieldNames(doc)).toEqual(['b', '2', 'a', '1'])
    expect(encode(doc).equals(bytes)).toBe(true)
    expect(encode({ ...doc, c: 1 }).equals(encode(decode(encode({ ...doc, c: 1 }))))).toBe(true)
  })

  it('given fields that are set and deleted, then new ones come last', () => {
    const doc: Doc = { b: 1 }
    setField(doc, '5', 1)
    setField(doc, 'a', 1)
    setField(doc, '3', 1)
    setField(doc, '5', 2)
    delete doc.a
    expect(fieldsOf(doc)).toEqual([
      ['b', 1],
      ['5', 2],
      ['3', 1],
    ])
  })

  it('given the order of fields, then documents compare by it', () => {
    const [a, b]: Doc[] = [{}, {}]
    for (const name of ['x', '1']) setField(a as Doc, name, 1)
    for (const name of ['1', 'x']) setField(b as Doc, name, 1)
    expect(compare(a as Doc, b as Doc)).toBeGreaterThan(0)
  })
})

describe('strictness', () => {
  it.each([
    ['bytes that are no UTF-8 in a string', '0e00000002610002000000e90000', 22],
    ['bytes that are no UTF-8 in a name', '080000000ae90000', 22],
  ])('given %s, then it is refused with %i', (_what, bytes, code) => {
    expect(() => decode(hex(bytes))).toThrow(expect.objectContaining({ code }))
  })

  it('given a replacement character, then it is a character like others', () => {
    expect(decode(encode({ '\ufffd': '\ufffd' }))).toEqual({ '\ufffd': '\ufffd' })
  })

  it.each([
    ['a boolean of 2', '090000000861000200'],
    ['a code whose lengths disagree', '170000000f610010000000020000007800050000000000'],
    ['an old binary whose length disagrees', '13000000057800060000000203000000ffff00'],
  ])('given %s, then the bytes are malformed', (_what, bytes) => {
    expect(() => decode(hex(bytes))).toThrow(/^BSON/)
  })
})
