import type { Binary, BSONRegExp, Code, Decimal128, Double, Long, MaxKey, MinKey, ObjectId, Timestamp } from 'bson'

/**
 * A decoded BSON value. int32 and fractional doubles are plain numbers; a double that would encode as int32 stays a
 * `Double`, int64 stays a `Long`: so each value encodes to the very bytes it came from. A missing field is `undefined`.
 */
export type Value =
  | null
  | boolean
  | number
  | string
  | Date
  | Long
  | Double
  | Decimal128
  | ObjectId
  | Binary
  | BSONRegExp
  | Timestamp
  | MinKey
  | MaxKey
  | Code
  | Value[]
  | Doc

export type Doc = { [field: string]: Value }

/** What replies are made of: values, or bytes of a stored document that are sent untouched; undefined is left out. */
export type Out = Value | Buffer | Out[] | { [field: string]: Out | undefined }

export type Kind =
  | 'minKey'
  | 'null'
  | 'int'
  | 'long'
  | 'double'
  | 'decimal'
  | 'string'
  | 'object'
  | 'array'
  | 'binData'
  | 'objectId'
  | 'bool'
  | 'date'
  | 'timestamp'
  | 'regex'
  | 'javascript'
  | 'maxKey'

const tagged: Readonly<Record<string, Kind>> = {
  ObjectId: 'objectId',
  Long: 'long',
  Double: 'double',
  Decimal128: 'decimal',
  Binary: 'binData',
  BSONRegExp: 'regex',
  Timestamp: 'timestamp',
  MinKey: 'minKey',
  MaxKey: 'maxKey',
  Code: 'javascript',
}

export const isInt32 = (value: number): boolean => (value | 0) === value && !Object.is(value, -0)

/** The BSON type, under the alias that `$type` uses. */
export const kindOf = (value: Value): Kind => {
  switch (typeof value) {
    case 'string':
      return 'string'
    case 'number':
      return isInt32(value) ? 'int' : 'double'
    case 'boolean':
      return 'bool'
    default: {
      if (value === null) return 'null'
      if (Array.isArray(value)) return 'array'
      if (value instanceof Date) return 'date'
      const tag = (value as { _bsontype?: string })._bsontype
      return tag === undefined ? 'object' : (tagged[tag] ?? 'object')
    }
  }
}

export const isDoc = (value: Value | undefined): value is Doc => value !== undefined && kindOf(value) === 'object'

export const isNumeric = (value: Value): value is number | Long | Double | Decimal128 => {
  const kind = kindOf(value)
  return kind === 'int' || kind === 'double' || kind === 'long' || kind === 'decimal'
}

/** The number of each type, as `$type` accepts it. */
export const typeNumbers: Readonly<Record<Kind, number>> = {
  double: 1,
  string: 2,
  object: 3,
  array: 4,
  binData: 5,
  objectId: 7,
  bool: 8,
  date: 9,
  null: 10,
  regex: 11,
  javascript: 13,
  int: 16,
  timestamp: 17,
  long: 18,
  decimal: 19,
  minKey: -1,
  maxKey: 127,
}

/** `__proto__` as a field name must become a field, not a prototype. */
export const setField = (doc: Doc, field: string, value: Value): void => {
  if (field === '__proto__') {
    Object.defineProperty(doc, field, { value, enumerable: true, configurable: true, writable: true })
  } else {
    doc[field] = value
  }
}

/** Own fields only: a path such as `constructor` must not find what every object inherits. */
export const getField = (doc: Doc, field: string): Value | undefined =>
  Object.hasOwn(doc, field) ? doc[field] : undefined
