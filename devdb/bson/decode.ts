import { isUtf8 } from 'node:buffer'
import {
  Binary,
  BSONRegExp,
  BSONSymbol,
  Code,
  Decimal128,
  Double,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
} from 'bson'
import { failure, MalformedError } from '../errors.ts'
import {
  type BsonUndefined,
  type DbPointer,
  type Doc,
  isInt32,
  keepOrder,
  startsWithDigit,
  type Value,
} from './values.ts'

const maxDepth = 200

type Cursor = { readonly bytes: Buffer; at: number; readonly end: number }

const need = (cursor: Cursor, count: number): number => {
  const start = cursor.at
  if (count < 0 || start + count > cursor.end) throw new MalformedError('BSON: a value runs past its document')
  cursor.at = start + count
  return start
}

const int32 = (cursor: Cursor): number => cursor.bytes.readInt32LE(need(cursor, 4))

/** A replacement character in the text stands for itself, or for bytes that are no UTF-8: only then they are looked at. */
const text = (bytes: Buffer, start: number, end: number): string => {
  const decoded = bytes.toString('utf8', start, end)
  if (decoded.includes('\ufffd') && !isUtf8(bytes.subarray(start, end)))
    throw failure('InvalidBSON', 'a string in the BSON is not valid UTF-8')
  return decoded
}

const cstring = (cursor: Cursor): string => {
  const stop = cursor.bytes.indexOf(0, cursor.at)
  if (stop < 0 || stop >= cursor.end) throw new MalformedError('BSON: a name has no end')
  const name = text(cursor.bytes, cursor.at, stop)
  cursor.at = stop + 1
  return name
}

const string = (cursor: Cursor): string => {
  const length = int32(cursor)
  if (length < 1) throw new MalformedError('BSON: a string has no end')
  const start = need(cursor, length)
  if (cursor.bytes[start + length - 1] !== 0) throw new MalformedError('BSON: a string has no end')
  return text(cursor.bytes, start, start + length - 1)
}

const long = (cursor: Cursor): Long => {
  const start = need(cursor, 8)
  return Long.fromBits(cursor.bytes.readInt32LE(start), cursor.bytes.readInt32LE(start + 4))
}

const double = (cursor: Cursor): number | Double => {
  const value = cursor.bytes.readDoubleLE(need(cursor, 8))
  return isInt32(value) ? new Double(value) : value
}

const binary = (cursor: Cursor): Binary => {
  const length = int32(cursor)
  const subtype = cursor.bytes[need(cursor, 1)] ?? 0
  const start = need(cursor, length)
  // The old binary subtype repeats its length inside.
  if (subtype === 2 && (length < 4 || cursor.bytes.readInt32LE(start) !== length - 4))
    throw new MalformedError('BSON: binary data of subtype 2 has a wrong length')
  return new Binary(Buffer.from(cursor.bytes.subarray(start, start + length)), subtype)
}

const boolean = (cursor: Cursor): boolean => {
  const byte = cursor.bytes[need(cursor, 1)] ?? 0
  if (byte > 1) throw new MalformedError('BSON: a boolean is neither 0 nor 1')
  return byte === 1
}

/** The flags MongoDB knows; the class of the bson package throws an error of its own on others. */
const expression = (pattern: string, flags: string): BSONRegExp => {
  if (/[^imxslu]/.test(flags)) throw failure('BadValue', `invalid flag in regex options: ${flags.slice(0, 20)}`)
  return new BSONRegExp(pattern, flags)
}

/** Moves over one embedded document and answers a cursor on its elements. */
const embedded = (cursor: Cursor): Cursor => {
  const start = cursor.at
  const length = int32(cursor)
  const end = start + length
  if (length < 5 || end > cursor.end) throw new MalformedError('BSON: a document is longer than its place')
  if (cursor.bytes[end - 1] !== 0) throw new MalformedError('BSON: a document has no end')
  cursor.at = end
  return { bytes: cursor.bytes, at: start + 4, end: end - 1 }
}

const undefinedValue: BsonUndefined = { _bsontype: 'Undefined' }

const objectId = (cursor: Cursor): ObjectId => {
  const start = need(cursor, 12)
  return new ObjectId(Uint8Array.prototype.slice.call(cursor.bytes, start, start + 12))
}

const dbPointer = (cursor: Cursor): DbPointer => {
  const namespace = string(cursor)
  return { _bsontype: 'DBPointer', namespace, id: objectId(cursor) }
}

const scopedCode = (cursor: Cursor, depth: number): Code => {
  const start = cursor.at
  const length = int32(cursor)
  const code = string(cursor)
  const scope = fields(embedded(cursor), depth + 1)
  if (cursor.at !== start + length) throw new MalformedError('BSON: code and scope do not fill their length')
  return new Code(code, scope)
}

const value = (type: number, cursor: Cursor, depth: number): Value => {
  switch (type) {
    case 0x01:
      return double(cursor)
    case 0x02:
      return string(cursor)
    case 0x03:
      return fields(embedded(cursor), depth + 1)
    case 0x04:
      return elements(embedded(cursor), depth + 1)
    case 0x05:
      return binary(cursor)
    case 0x07:
      return objectId(cursor)
    case 0x08:
      return boolean(cursor)
    case 0x09:
      return new Date(long(cursor).toNumber())
    case 0x0a:
      return null
    case 0x0b:
      return expression(cstring(cursor), cstring(cursor))
    case 0x0d:
      return new Code(string(cursor))
    case 0x10:
      return int32(cursor)
    case 0x11:
      return new Timestamp(long(cursor))
    case 0x12:
      return long(cursor)
    case 0x13: {
      const start = need(cursor, 16)
      return new Decimal128(Uint8Array.prototype.slice.call(cursor.bytes, start, start + 16))
    }
    case 0xff:
      return new MinKey()
    case 0x7f:
      return new MaxKey()
    case 0x06:
      return undefinedValue
    case 0x0c:
      return dbPointer(cursor)
    case 0x0e:
      return new BSONSymbol(string(cursor))
    case 0x0f:
      return scopedCode(cursor, depth)
    default:
      throw new MalformedError(`BSON: unknown type ${type}`)
  }
}

const checkDepth = (depth: number): void => {
  if (depth > maxDepth) throw failure('Overflow', `BSONObj exceeded maximum nested object depth: ${maxDepth}`)
}

const place = (doc: Doc, name: string, found: Value): void => {
  if (name === '__proto__')
    Object.defineProperty(doc, name, { value: found, enumerable: true, configurable: true, writable: true })
  else doc[name] = found
}

const fields = (cursor: Cursor, depth: number): Doc => {
  checkDepth(depth)
  const doc: Doc = {}
  let names: string[] | undefined
  while (cursor.at < cursor.end) {
    const type = cursor.bytes[need(cursor, 1)] ?? 0
    const name = cstring(cursor)
    if (names === undefined && startsWithDigit(name)) names = Object.keys(doc)
    names?.push(name)
    // The classes of the bson package carry this property: as a field it would let a client forge them.
    if (name === '_bsontype') throw failure('BadValue', "the field name '_bsontype' is not supported by devdb")
    place(doc, name, value(type, cursor, depth))
  }
  if (names !== undefined) keepOrder(doc, names)
  return doc
}

const elements = (cursor: Cursor, depth: number): Value[] => {
  checkDepth(depth)
  const array: Value[] = []
  while (cursor.at < cursor.end) {
    const type = cursor.bytes[need(cursor, 1)] ?? 0
    const stop = cursor.bytes.indexOf(0, cursor.at)
    if (stop < 0 || stop >= cursor.end) throw new MalformedError('BSON: a name has no end')
    cursor.at = stop + 1
    array.push(value(type, cursor, depth))
  }
  return array
}

const whole = (bytes: Buffer): Cursor => {
  const outer: Cursor = { bytes, at: 0, end: bytes.length }
  const inner = embedded(outer)
  if (outer.at !== bytes.length) throw new MalformedError('BSON: bytes follow the document')
  return inner
}

/** Decodes one document that fills `bytes`; throws MalformedError on anything that is not BSON. */
export const decode = (bytes: Buffer): Doc => fields(whole(bytes), 0)

/** Decodes the value of one top-level element of a document that was accepted before. */
export const decodeValue = (bytes: Buffer, type: number, at: number): Value =>
  value(type, { bytes, at, end: bytes.length - 1 }, 0)

/**
 * Decodes a command, but leaves the documents of its `documents` array as bytes: an insert stores them as they came.
 */
export const decodeCommand = (bytes: Buffer): { body: Doc; documents?: Buffer[] } => {
  const cursor = whole(bytes)
  const body: Doc = {}
  const found: { documents?: Buffer[] } = {}
  while (cursor.at < cursor.end) {
    const type = cursor.bytes[need(cursor, 1)] ?? 0
    const name = cstring(cursor)
    if (name === 'documents' && type === 0x04) found.documents = documentSlices(embedded(cursor))
    else place(body, name, value(type, cursor, 0))
  }
  return { body, ...found }
}

const documentSlices = (cursor: Cursor): Buffer[] => {
  const slices: Buffer[] = []
  while (cursor.at < cursor.end) {
    const type = cursor.bytes[need(cursor, 1)]
    cstring(cursor)
    if (type !== 0x03)
      throw failure('TypeMismatch', "BSON field 'insert.documents' is the wrong type, expected 'object'")
    const start = cursor.at
    embedded(cursor)
    slices.push(cursor.bytes.subarray(start, cursor.at))
  }
  return slices
}
