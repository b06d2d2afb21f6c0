import type { Binary, BSONRegExp, BSONSymbol, Code, Decimal128, Double, Long, ObjectId, Timestamp } from 'bson'
import { failure } from '../errors.ts'
import { type DbPointer, type Doc, fieldsOf, type Kind, kindOf, type Out, type Value } from './values.ts'

export const maxDocumentBytes = 16 * 1024 * 1024

type Writer = { bytes: Buffer; at: number }

const room = (writer: Writer, count: number): number => {
  const start = writer.at
  const needed = start + count
  if (needed > writer.bytes.length) {
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, writer.bytes.length * 2))
    writer.bytes.copy(grown, 0, 0, start)
    writer.bytes = grown
  }
  writer.at = needed
  return start
}

const byte = (writer: Writer, value: number): void => {
  // First the room, then the buffer: growing replaces it.
  const start = room(writer, 1)
  writer.bytes[start] = value
}

const int32 = (writer: Writer, value: number): void => {
  const start = room(writer, 4)
  writer.bytes.writeInt32LE(value, start)
}

const text = (writer: Writer, value: string): void => {
  // Three bytes for each UTF-16 unit is the most UTF-8 can need.
  const start = room(writer, value.length * 3 + 1)
  const written = writer.bytes.write(value, start, 'utf8')
  writer.bytes[start + written] = 0
  writer.at = start + written + 1
}

const cstring = (writer: Writer, value: string): void => {
  if (value.includes('\0')) throw failure('BadValue', 'a field name or pattern must not contain a null byte')
  text(writer, value)
}

const string = (writer: Writer, value: string): void => {
  const start = room(writer, 4)
  text(writer, value)
  writer.bytes.writeInt32LE(writer.at - start - 4, start)
}

const long = (writer: Writer, { low, high }: Long | Timestamp): void => {
  const start = room(writer, 8)
  writer.bytes.writeInt32LE(low, start)
  writer.bytes.writeInt32LE(high, start + 4)
}

const double = (writer: Writer, value: number): void => {
  const start = room(writer, 8)
  writer.bytes.writeDoubleLE(value, start)
}

const blob = (writer: Writer, value: Uint8Array): void => {
  const start = room(writer, value.length)
  writer.bytes.set(value, start)
}

const element = (writer: Writer, type: number, name: string): void => {
  byte(writer, type)
  cstring(writer, name)
}

const types: Readonly<Record<Kind, number>> = {
  double: 0x01,
  string: 0x02,
  object: 0x03,
  array: 0x04,
  binData: 0x05,
  undefined: 0x06,
  objectId: 0x07,
  bool: 0x08,
  date: 0x09,
  null: 0x0a,
  regex: 0x0b,
  dbPointer: 0x0c,
  javascript: 0x0d,
  symbol: 0x0e,
  javascriptWithScope: 0x0f,
  int: 0x10,
  timestamp: 0x11,
  long: 0x12,
  decimal: 0x13,
  minKey: 0xff,
  maxKey: 0x7f,
}

const field = (writer: Writer, name: string, value: Out): void => {
  if (Buffer.isBuffer(value)) {
    element(writer, types.object, name)
    blob(writer, value)
    return
  }
  const kind = kindOf(value as Value)
  element(writer, types[kind], name)
  payload(writer, kind, value)
}

const payload = (writer: Writer, kind: Kind, value: Out): void => {
  switch (kind) {
    case 'string':
      string(writer, value as string)
      break
    case 'int':
      int32(writer, value as number)
      break
    case 'double':
      double(writer, typeof value === 'number' ? value : (value as Double).value)
      break
    case 'long':
    case 'timestamp':
      long(writer, value as Long | Timestamp)
      break
    case 'bool':
      byte(writer, value === true ? 1 : 0)
      break
    case 'object':
      document(writer, fieldsOf(value as Doc))
      break
    case 'array':
      array(writer, value as Out[])
      break
    case 'objectId':
      blob(writer, (value as ObjectId).id)
      break
    case 'date':
      date(writer, (value as Date).getTime())
      break
    case 'decimal':
      blob(writer, (value as Decimal128).bytes)
      break
    case 'regex':
      cstring(writer, (value as BSONRegExp).pattern)
      cstring(writer, (value as BSONRegExp).options)
      break
    case 'binData':
      binary(writer, value as Binary)
      break
    case 'javascript':
      string(writer, (value as Code).code)
      break
    case 'javascriptWithScope':
      scopedCode(writer, value as Code)
      break
    case 'symbol':
      string(writer, (value as BSONSymbol).value)
      break
    case 'dbPointer':
      string(writer, (value as DbPointer).namespace)
      blob(writer, (value as DbPointer).id.id)
      break
    // null, undefined, MinKey and MaxKey are their type alone.
  }
}

const date = (writer: Writer, milliseconds: number): void => {
  // An invalid Date has no BSON form; mongod cannot hold one either.
  if (!Number.isFinite(milliseconds)) throw failure('BadValue', 'a date is out of range')
  const start = room(writer, 8)
  writer.bytes.writeBigInt64LE(BigInt(milliseconds), start)
}

const binary = (writer: Writer, { position, sub_type: subtype, buffer }: Binary): void => {
  int32(writer, position)
  byte(writer, subtype)
  blob(writer, buffer.subarray(0, position))
}

const scopedCode = (writer: Writer, { code, scope }: Code): void => {
  const start = room(writer, 4)
  string(writer, code)
  document(writer, fieldsOf((scope ?? {}) as Doc))
  writer.bytes.writeInt32LE(writer.at - start, start)
}

const closed = (writer: Writer, start: number): void => {
  byte(writer, 0)
  writer.bytes.writeInt32LE(writer.at - start, start)
}

const document = (writer: Writer, entries: readonly [string, Out | undefined][]): void => {
  const start = room(writer, 4)
  for (const [name, value] of entries) if (value !== undefined) field(writer, name, value)
  closed(writer, start)
}

const array = (writer: Writer, values: readonly Out[]): void => {
  const start = room(writer, 4)
  values.forEach((value, index) => {
    field(writer, String(index), value)
  })
  closed(writer, start)
}

const scratch: Writer = { bytes: Buffer.allocUnsafeSlow(64 * 1024), at: 0 }
const scratchLimit = 1024 * 1024

/**
 * Encodes a document behind `headroom` free bytes (a message header goes there). Without headroom the result has memory
 * of its own: stored documents live long and must not pin a pool. A message is soon gone: a pool's slice is cheaper.
 */
export const encode = (doc: { [field: string]: Out | undefined }, headroom = 0): Buffer => {
  scratch.at = headroom
  document(scratch, fieldsOf(doc as Doc))
  const result = headroom > 0 ? Buffer.allocUnsafe(scratch.at) : Buffer.allocUnsafeSlow(scratch.at)
  scratch.bytes.copy(result, 0, 0, scratch.at)
  if (scratch.bytes.length > scratchLimit) scratch.bytes = Buffer.allocUnsafeSlow(64 * 1024)
  return result
}

/** Encodes a document to be stored; refuses what is larger than MongoDB stores. */
export const encodeStored = (doc: { [field: string]: Out | undefined }): Buffer => {
  const bytes = encode(doc)
  checkSize(bytes)
  return bytes
}

export const checkSize = (bytes: Buffer): void => {
  if (bytes.length > maxDocumentBytes) {
    throw failure(
      'BSONObjectTooLarge',
      `BSONObj size: ${bytes.length} (0x${bytes.length.toString(16).toUpperCase()}) is invalid. Size must be between 0 and 16793600(16MB)`,
    )
  }
}
