import type { Binary, BSONRegExp, BSONSymbol, Code, Decimal128, Double, Long, ObjectId, Timestamp } from 'bson'
import { exactOf, subtractExact, toNumber } from './numbers.ts'
import { type DbPointer, type Doc, fieldsOf, type Kind, kindOf, type Value } from './values.ts'

/**
 * Values as strings of bytes (one UTF-16 unit each, 0..255) that compare as MongoDB orders the values: one encoding
 * serves indexes, sorting, `$in`, `$group` and uniqueness, so they cannot disagree. Equal values of different number
 * types have one key; no two different values share one.
 */
const tags: Readonly<Record<Kind, number>> = {
  minKey: 10,
  undefined: 20,
  null: 30,
  int: 40,
  double: 40,
  long: 40,
  decimal: 40,
  string: 50,
  symbol: 50,
  object: 60,
  array: 70,
  binData: 80,
  objectId: 90,
  bool: 100,
  date: 110,
  timestamp: 120,
  regex: 130,
  dbPointer: 135,
  javascript: 140,
  javascriptWithScope: 145,
  maxKey: 250,
}

// The neutral second byte keeps 0x00 and 0xff away from the place behind a bare tag, where bounds are cut.
const prefixes = Object.fromEntries(
  Object.entries(tags).map(([kind, tag]) => [kind, `${String.fromCharCode(tag)}\x80`]),
)

/** An empty array sorts and is indexed below null, as undefined is. */
export const emptyArrayKey = '\x14\x80'
export const nullKey = '\x1e\x80'

const scratch = Buffer.alloc(8)
const bytesOf = (buffer: Uint8Array): string =>
  Buffer.from(buffer.buffer, buffer.byteOffset, buffer.byteLength).toString('latin1')

const doubleKey = (value: number): string => {
  if (Number.isNaN(value)) return '\0\0\0\0\0\0\0\0'
  scratch.writeDoubleBE(value === 0 ? 0 : value)
  if (value < 0) for (let index = 0; index < 8; index++) scratch[index] = 255 - (scratch[index] ?? 0)
  else scratch[0] = (scratch[0] ?? 0) | 0x80
  return scratch.toString('latin1')
}

const previousDouble = (value: number): number => {
  if (value === Number.POSITIVE_INFINITY) return Number.MAX_VALUE
  if (value === 0) return -Number.MIN_VALUE
  scratch.writeDoubleBE(value)
  scratch.writeBigInt64BE(scratch.readBigInt64BE() + (value > 0 ? -1n : 1n))
  return scratch.readDoubleBE()
}

/** Digits of a positive exact number that compare as text. */
const digitsKey = (coefficient: bigint, exponent: number): string => {
  const digits = coefficient.toString()
  const power = exponent + digits.length + 0x8000
  return `\x01${String.fromCharCode(power >> 8, power & 255)}${digits.replace(/0+$/, '')}\0`
}

export const invert = (key: string): string => {
  const bytes = Buffer.from(key, 'latin1')
  for (let index = 0; index < bytes.length; index++) bytes[index] = 255 - (bytes[index] ?? 0)
  return bytes.toString('latin1')
}

/** The double at or below the value, then the exact remainder: int64 and decimal128 beyond 53 bits stay distinct. */
const wideKey = (value: Long | Decimal128): string => {
  const nearest = toNumber(value)
  if (Number.isNaN(nearest)) return `${doubleKey(nearest)}\0`
  const exact = exactOfFinite(value)
  if (exact === undefined) return `${doubleKey(nearest)}\0`
  if (nearest === Number.NEGATIVE_INFINITY) {
    return doubleKey(nearest) + invert(digitsKey(-exact.coefficient, exact.exponent)).replace(/^./s, '\x01')
  }
  let floor = nearest
  let rest = Number.isFinite(floor) ? subtractExact(exact, exactOf(floor)) : undefined
  if (rest === undefined || rest.coefficient < 0n) {
    floor = previousDouble(floor)
    rest = subtractExact(exact, exactOf(floor))
  }
  return doubleKey(floor) + (rest.coefficient === 0n ? '\0' : digitsKey(rest.coefficient, rest.exponent))
}

const exactOfFinite = (value: Long | Decimal128) =>
  kindOf(value) === 'decimal' && !/\d/.test(value.toString()) ? undefined : exactOf(value)

const isAscii = (text: string): boolean => {
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    if (unit === 0 || unit > 127) return false
  }
  return true
}

/** The bytes of a string up to, but without, its end mark: what all strings with this prefix begin with. */
export const stringPrefixKey = (text: string): string =>
  `2\x80${isAscii(text) ? text : Buffer.from(text, 'utf8').toString('latin1').replaceAll('\0', '\0\xff')}`

const cstringKey = (text: string): string => `${stringPrefixKey(text).slice(2)}\0\x01`

const length4 = (length: number): string =>
  String.fromCharCode((length >>> 24) & 255, (length >>> 16) & 255, (length >>> 8) & 255, length & 255)

const documentKey = (doc: Doc): string => {
  let key = ''
  for (const [name, value] of fieldsOf(doc)) {
    const inner = encodeKey(value)
    key += inner.slice(0, 1) + cstringKey(name) + inner
  }
  return `${key}\0`
}

const bodyOf = (kind: Kind, value: Value): string => {
  switch (kind) {
    case 'string':
      return cstringKey(value as string)
    case 'int':
    case 'double':
      return `${doubleKey(toNumber(value as number | Double))}\0`
    case 'long':
    case 'decimal':
      return wideKey(value as Long | Decimal128)
    case 'objectId':
      return bytesOf((value as ObjectId).id)
    case 'date':
      return doubleKey((value as Date).getTime())
    case 'bool':
      return value === true ? '\x02' : '\x01'
    case 'object':
      return documentKey(value as Doc)
    case 'array':
      return `${(value as Value[]).map(encodeKey).join('')}\0`
    case 'binData': {
      const { position, sub_type: subtype, buffer } = value as Binary
      return length4(position) + String.fromCharCode(subtype) + bytesOf(buffer.subarray(0, position))
    }
    case 'timestamp': {
      const { high, low } = value as Timestamp
      return length4(high) + length4(low)
    }
    case 'regex':
      return cstringKey((value as BSONRegExp).pattern) + cstringKey((value as BSONRegExp).options)
    case 'symbol':
      return cstringKey((value as BSONSymbol).value)
    case 'javascript':
      return cstringKey((value as Code).code)
    case 'javascriptWithScope':
      return cstringKey((value as Code).code) + documentKey((value as Code).scope as Doc)
    case 'dbPointer': {
      const { namespace, id } = value as DbPointer
      return length4(Buffer.byteLength(namespace)) + cstringKey(namespace) + bytesOf(id.id)
    }
    default:
      return ''
  }
}

/** Where the type of a value stands in the order of types. */
export const typeTag = (value: Value): number => tags[kindOf(value)]

export const encodeKey = (value: Value): string => {
  const kind = kindOf(value)
  return prefixes[kind] + bodyOf(kind, value)
}

/** The first byte of every key of this type and the byte behind its last: the bracket of a range query. */
export const bracketOf = (value: Value): [string, string] => {
  const tag = tags[kindOf(value)]
  return [String.fromCharCode(tag), String.fromCharCode(tag + 1)]
}
