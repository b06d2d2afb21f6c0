import { MalformedError } from '../errors.ts'
import { decodeValue } from './decode.ts'
import { type Doc, setField } from './values.ts'

const fixedSizes: Readonly<Record<number, number>> = {
  1: 8, // double
  6: 0, // undefined
  7: 12, // object id
  8: 1, // boolean
  9: 8, // date
  10: 0, // null
  16: 4, // int
  17: 8, // timestamp
  18: 8, // long
  19: 16, // decimal
  127: 0, // max key
  255: 0, // min key
}

/** The place behind the null byte of a name. Names are short: a search by the runtime would cost more than it saves. */
const cstringEnd = (bytes: Buffer, at: number): number => {
  for (let end = at; end < bytes.length; end++) if (bytes[end] === 0) return end + 1
  throw new MalformedError('BSON: a name has no end')
}

/** Where the value of an element ends. */
const valueEnd = (bytes: Buffer, type: number, at: number): number => {
  const fixed = fixedSizes[type]
  if (fixed !== undefined) return at + fixed
  switch (type) {
    case 0x02: // string
    case 0x0d: // code
    case 0x0e: // symbol
      return at + 4 + bytes.readInt32LE(at)
    case 0x03: // document
    case 0x04: // array
    case 0x0f: // code with scope
      return at + bytes.readInt32LE(at)
    case 0x05: // binary: length, subtype, bytes
      return at + 5 + bytes.readInt32LE(at)
    case 0x0b: // regular expression: pattern and options
      return cstringEnd(bytes, cstringEnd(bytes, at))
    case 0x0c: // database pointer
      return at + 4 + bytes.readInt32LE(at) + 12
    default:
      throw new MalformedError(`BSON: unknown type ${type}`)
  }
}

const isName = (bytes: Buffer, at: number, name: Buffer): boolean => {
  for (let index = 0; index < name.length; index++) if (bytes[at + index] !== name[index]) return false
  return bytes[at + name.length] === 0
}

/** Decodes these top-level fields of stored documents and no others: all that the keys of an index need. */
export const fieldDecoder = (fields: readonly string[]): ((bytes: Buffer) => Doc) => {
  const wanted = fields.map((field) => ({ field, name: Buffer.from(field) }))
  return (bytes) => {
    const doc: Doc = {}
    const end = bytes.length - 1
    for (let at = 4; at < end; ) {
      const type = bytes[at] ?? 0
      const nameEnd = cstringEnd(bytes, at + 1)
      for (const { field, name } of wanted) {
        if (isName(bytes, at + 1, name)) setField(doc, field, decodeValue(bytes, type, nameEnd))
      }
      at = valueEnd(bytes, type, nameEnd)
    }
    return doc
  }
}

/**
 * A stored document without some of its top-level fields, copied as bytes: most reads leave out a field or two, and decoding and
 * encoding whole documents for that was half the work of a list. The very same buffer when it has none of them.
 */
export const withoutFields = (bytes: Buffer, names: ReadonlySet<string>): Buffer => {
  const kept: Buffer[] = []
  let from = 4
  let at = 4
  const end = bytes.length - 1
  while (at < end) {
    const nameEnd = cstringEnd(bytes, at + 1)
    const next = valueEnd(bytes, bytes[at] ?? 0, nameEnd)
    if (names.has(bytes.toString('utf8', at + 1, nameEnd - 1))) {
      if (at > from) kept.push(bytes.subarray(from, at))
      from = next
    }
    at = next
  }
  if (from === 4) return bytes
  kept.push(bytes.subarray(from, bytes.length))
  const size = 4 + kept.reduce((sum, part) => sum + part.length, 0)
  const head = Buffer.alloc(4)
  head.writeInt32LE(size)
  return Buffer.concat([head, ...kept], size)
}
