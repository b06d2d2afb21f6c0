import type {
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

// Interfaces, not type aliases: those would count as documents, for an alias may be read through an index signature.
/** The deprecated type undefined, a value of its own: `undefined` itself means a missing field. */
export interface BsonUndefined {
  readonly _bsontype: 'Undefined'
}

/** The deprecated reference to a document of another collection. */
export interface DbPointer {
  readonly _bsontype: 'DBPointer'
  readonly namespace: string
  readonly id: ObjectId
}

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
  | BSONSymbol
  | BsonUndefined
  | DbPointer
  | Value[]
  | Doc

export type Doc = { [field: string]: Value }

/** What replies are made of: values, or bytes of a stored document that are sent untouched; undefined is left out. */
export type Out = Value | Buffer | Out[] | { [field: string]: Out | undefined }

export type Kind =
  | 'minKey'
  | 'undefined'
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
  | 'javascriptWithScope'
  | 'symbol'
  | 'dbPointer'
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
  BSONSymbol: 'symbol',
  Undefined: 'undefined',
  DBPointer: 'dbPointer',
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
      if (tag === undefined) return 'object'
      if (tag === 'Code' && (value as Code).scope !== null) return 'javascriptWithScope'
      return tagged[tag] ?? 'object'
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
  undefined: 6,
  objectId: 7,
  bool: 8,
  date: 9,
  null: 10,
  regex: 11,
  dbPointer: 12,
  javascript: 13,
  symbol: 14,
  javascriptWithScope: 15,
  int: 16,
  timestamp: 17,
  long: 18,
  decimal: 19,
  minKey: -1,
  maxKey: 127,
}

const order = Symbol('order')

type Ordered = Doc & { [order]?: readonly string[] }

/** Names that may look like array indexes: JavaScript would move those to the front of an object. */
export const startsWithDigit = (field: string): boolean => {
  const unit = field.charCodeAt(0)
  return unit >= 48 && unit <= 57
}

/** Fixes the order of the fields where JavaScript's own is not it; a spread carries it on, for it is a symbol's value. */
export const keepOrder = (doc: Doc, names: readonly string[]): void => {
  const ordered: Ordered = doc
  ordered[order] = [...new Set(names)]
}

/** The names of the fields in the document's order, which is `Object.keys` unless a name looks like an integer. */
export const fieldNames = (doc: Doc): string[] => {
  const kept = (doc as Ordered)[order]
  if (kept === undefined) return Object.keys(doc)
  return [...new Set([...kept.filter((name) => Object.hasOwn(doc, name)), ...Object.keys(doc)])]
}

/** Names and values in the document's order: `Object.entries` unless a name looks like an integer. */
export const fieldsOf = (doc: Doc): [string, Value][] =>
  (doc as Ordered)[order] === undefined ? Object.entries(doc) : fieldNames(doc).map((name) => [name, doc[name] ?? null])

/** Sets a field, a new one behind all others. `__proto__` must become a field, not a prototype. */
export const setField = (doc: Doc, field: string, value: Value): void => {
  if (field === '__proto__') {
    Object.defineProperty(doc, field, { value, enumerable: true, configurable: true, writable: true })
    return
  }
  if (startsWithDigit(field) && !Object.hasOwn(doc, field)) keepOrder(doc, [...fieldNames(doc), field])
  doc[field] = value
}

/** Own fields only: a path such as `constructor` must not find what every object inherits. */
export const getField = (doc: Doc, field: string): Value | undefined =>
  Object.hasOwn(doc, field) ? doc[field] : undefined

const copyValue = (value: Value): Value => {
  if (Array.isArray(value)) return value.map(copyValue)
  return isDoc(value) ? copyDoc(value) : value
}

/** A copy that may be changed, with the documents and arrays in it; other values are shared, nobody changes those. */
export const copyDoc = (doc: Doc): Doc => {
  const copy = { ...doc }
  for (const name in copy) {
    const value = copy[name]
    if (typeof value === 'object' && value !== null) setField(copy, name, copyValue(value))
  }
  return copy
}
