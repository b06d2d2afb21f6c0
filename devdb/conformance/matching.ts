import mongoose from 'mongoose'
import type { Document } from './testFile.ts'

const { Binary, BSON, Decimal128, Double, Int32, Long, ObjectId, Timestamp } = mongoose.mongo

/** What expectations may refer to. */
export type References = {
  /** The value of an entity. */
  readonly entity: (id: string) => unknown
  /** The logical session id of a session. */
  readonly lsid: (id: string) => unknown
}

type Place = { readonly references: References; readonly path: string; readonly root: boolean }

type Operator = (argument: never, actual: unknown, place: Place) => string | undefined

const isDocument = (value: unknown): value is Document =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype

/** A value in few words, for messages. */
export const brief = (value: unknown): string => {
  const text = value === undefined ? 'nothing' : BSON.EJSON.stringify(value as Document, { relaxed: true })
  return text.length > 240 ? `${text.slice(0, 240)}...` : text
}

const differ = ({ path }: Place, expected: unknown, actual: unknown): string =>
  `${path}: expected ${brief(expected)}, got ${brief(actual)}`

const isInteger = (value: unknown): boolean => Number.isInteger(value)

const types: Readonly<Record<string, (value: unknown) => boolean>> = {
  array: Array.isArray,
  binData: (value) => value instanceof Binary || Buffer.isBuffer(value),
  bool: (value) => typeof value === 'boolean',
  date: (value) => value instanceof Date,
  decimal: (value) => value instanceof Decimal128,
  double: (value) => typeof value === 'number' || value instanceof Double,
  int: (value) => isInteger(value) || value instanceof Int32,
  long: (value) => isInteger(value) || Long.isLong(value) || typeof value === 'bigint',
  maxKey: (value) => value instanceof mongoose.mongo.MaxKey,
  minKey: (value) => value instanceof mongoose.mongo.MinKey,
  null: (value) => value === null,
  number: (value) => ['double', 'long', 'decimal'].some((name) => types[name]?.(value)),
  object: isDocument,
  objectId: (value) => value instanceof ObjectId,
  regex: (value) => value instanceof RegExp || value instanceof mongoose.mongo.BSONRegExp,
  string: (value) => typeof value === 'string',
  timestamp: (value) => value instanceof Timestamp,
}

const operators: Readonly<Record<string, Operator>> = {
  $$exists: (wanted: boolean, actual, { path }) =>
    (actual !== undefined) === wanted ? undefined : `${path}: ${wanted ? 'is missing' : `is there: ${brief(actual)}`}`,
  $$type: (wanted: string | readonly string[], actual, place) =>
    [wanted].flat().some((name) => types[name]?.(actual)) ? undefined : differ(place, { $$type: wanted }, actual),
  $$unsetOrMatches: (wanted: unknown, actual, place) =>
    // The driver says null where other drivers leave a field out.
    actual === undefined || actual === null ? undefined : compare(wanted, actual, place),
  $$matchesEntity: (id: string, actual, place) => compare(place.references.entity(id), actual, place),
  $$matchesHexBytes: (hex: string, actual, place) =>
    Buffer.from(actual as Uint8Array).toString('hex') === hex ? undefined : differ(place, hex, actual),
  $$sessionLsid: (id: string, actual, place) => compare(place.references.lsid(id), actual, place),
  $$lte: (most: number, actual, place) => (Number(actual) <= most ? undefined : differ(place, { $$lte: most }, actual)),
  $$matchAsDocument: (wanted: unknown, actual, place) =>
    compare(wanted, BSON.EJSON.parse(String(actual)), { ...place, root: false }),
  $$matchAsRoot: (wanted: unknown, actual, place) => compare(wanted, actual, { ...place, root: true }),
}

const operatorOf = (expected: unknown): [Operator, unknown] | undefined => {
  if (!isDocument(expected)) return undefined
  const [[name, argument] = [], ...others] = Object.entries(expected)
  if (name === undefined || others.length > 0 || !name.startsWith('$$')) return undefined
  const operator = operators[name]
  if (operator === undefined) throw new Error(`the matching operator ${name} is unknown to this runner`)
  return [operator, argument]
}

const plain = (value: unknown): unknown => {
  if (typeof value === 'bigint' || Long.isLong(value) || value instanceof Int32 || value instanceof Double)
    return Number(value)
  return Buffer.isBuffer(value) ? new Binary(value) : value
}

/** The driver keeps sorts and index keys, whose order matters, in maps. */
const withoutMap = (value: unknown): unknown => (value instanceof Map ? Object.fromEntries(value) : value)

const sameValue = (expected: unknown, actual: unknown): boolean => {
  const [one, other] = [plain(expected), plain(actual)]
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null)
    return Object.is(one, other)
  return brief(one) === brief(other)
}

const compareFields = (expected: Document, actual: Document, place: Place): string | undefined => {
  for (const [field, value] of Object.entries(expected)) {
    const difference = compare(value, actual[field], { ...place, path: `${place.path}.${field}`, root: false })
    if (difference !== undefined) return difference
  }
  const extra = place.root ? undefined : Object.keys(actual).find((field) => !Object.hasOwn(expected, field))
  return extra === undefined ? undefined : `${place.path}.${extra}: unexpected ${brief(actual[extra])}`
}

const compareItems = (expected: readonly unknown[], actual: unknown, place: Place): string | undefined => {
  if (!Array.isArray(actual) || actual.length !== expected.length) return differ(place, expected, actual)
  for (const [index, item] of expected.entries()) {
    const difference = compare(item, actual[index], { ...place, path: `${place.path}.${index}` })
    if (difference !== undefined) return difference
  }
  return undefined
}

const compare = (expected: unknown, given: unknown, place: Place): string | undefined => {
  const actual = withoutMap(given)
  const operator = operatorOf(expected)
  if (operator !== undefined) return operator[0](operator[1] as never, actual, place)
  if (Array.isArray(expected)) return compareItems(expected, actual, place)
  if (!isDocument(expected)) return sameValue(expected, actual) ? undefined : differ(place, expected, actual)
  if (typeof actual !== 'object' || actual === null || Array.isArray(actual)) return differ(place, expected, actual)
  return compareFields(expected, actual, place)
}

/**
 * The first difference between an expectation and a value, undefined when it is met ("evaluating a match" of the unified
 * test format): fields that are not expected are allowed in root documents only, kinds of numbers are not told apart.
 */
export const mismatch = (expected: unknown, actual: unknown, references: References, path: string) =>
  compare(expected, actual, { references, path, root: true })

/** The first difference between documents that must be the same to the last field. */
export const inequality = (expected: unknown, actual: unknown, path: string): string | undefined => {
  const references = { entity: () => undefined, lsid: () => undefined }
  return compare(expected, actual, { references, path, root: false })
}
