import { toNumber } from '../bson/numbers.ts'
import { show, showDoc } from '../bson/show.ts'
import { type Doc, isDoc, isNumeric, kindOf, type Value } from '../bson/values.ts'
import { failure, unsupported } from '../errors.ts'
import { isTruthy } from '../query/operators.ts'

const known = [
  'v',
  'key',
  'name',
  'unique',
  'sparse',
  'partialFilterExpression',
  'expireAfterSeconds',
  'background',
  'collation',
  'ns',
  'hidden',
  'weights',
  'default_language',
  'language_override',
  'textIndexVersion',
  'wildcardProjection',
  'prepareUnique',
]

const notBuilt = [
  '2dsphereIndexVersion',
  'bits',
  'min',
  'max',
  'bucketSize',
  'coarsestIndexedLevel',
  'finestIndexedLevel',
  'storageEngine',
  'dropDups',
  'clustered',
]

const flags = ['unique', 'sparse', 'background', 'hidden', 'prepareUnique']

const forText = ['weights', 'default_language', 'language_override', 'textIndexVersion']

const checkFlag = (name: string, value: Value | undefined): void => {
  if (value === undefined || typeof value === 'boolean') return
  if (name === 'hidden') throw failure('TypeMismatch', `The field 'hidden' must be a bool, but got ${kindOf(value)}`)
  if (isNumeric(value)) return
  throw failure(
    'TypeMismatch',
    `The field '${name}' has value ${name}: ${show(value)}, which is not convertible to bool`,
  )
}

const checkVersion = (entry: Doc): void => {
  if (entry.v === undefined) return
  if (!isNumeric(entry.v)) throw failure('TypeMismatch', `The field 'v' must be a number, but got ${kindOf(entry.v)}`)
  const version = toNumber(entry.v)
  if (version === 1) throw unsupported('an index of version 1')
  if (version !== 2)
    throw failure(
      'CannotCreateIndex',
      `Invalid index specification ${showDoc(entry)}; cannot create an index with v=${version}`,
    )
}

const checkName = (name: Value | undefined): string => {
  if (name === undefined)
    throw failure('FailedToParse', "The 'name' field is a required property of an index specification")
  if (typeof name !== 'string')
    throw failure('TypeMismatch', `The field 'name' must be a string, but got ${kindOf(name)}`)
  if (name === '') throw failure('CannotCreateIndex', 'index name cannot be empty')
  if (name === '*') throw failure('BadValue', `The index name '${name}' is not valid.`)
  return name
}

const checkKey = (key: Value | undefined): Doc => {
  if (key === undefined)
    throw failure('FailedToParse', "The 'key' field is a required property of an index specification")
  if (!isDoc(key)) throw failure('TypeMismatch', `The field 'key' must be an object, but got ${kindOf(key)}`)
  if (Object.keys(key).length === 0) throw failure('CannotCreateIndex', 'Index keys cannot be an empty object')
  if (Object.keys(key).length > 32) throw failure('CannotCreateIndex', 'Index keys cannot have more than 32 fields')
  return key
}

/** The index on `_id` alone, in either direction. */
export const isIdKey = (key: Doc): boolean => {
  const [path, ...others] = Object.keys(key)
  const direction = key._id
  return path === '_id' && others.length === 0 && direction !== undefined && isNumeric(direction)
}

const checkId = (entry: Doc, key: Doc): void => {
  if (!isIdKey(key)) return
  const odd = Object.keys(entry).find((name) => !['key', 'name', 'ns', 'v', 'collation', 'background'].includes(name))
  if (odd === 'hidden') throw failure('BadValue', "can't hide _id index")
  if (odd !== undefined)
    throw failure(
      'InvalidIndexSpecificationOption',
      `The field '${odd}' is not valid for an _id index specification. Specification: ${showDoc(entry)}`,
    )
}

/** Checks names and types of an entry of createIndexes, with MongoDB's codes (2, 9, 14, 67, 197; 238 for what is not built). */
export const checkIndexEntry = (entry: Value): { readonly entry: Doc; readonly key: Doc; readonly name: string } => {
  if (!isDoc(entry)) throw failure('TypeMismatch', "BSON field 'createIndexes.indexes' entries must be objects")
  for (const option of Object.keys(entry)) {
    if (notBuilt.includes(option)) throw unsupported(`the index option '${option}'`)
    if (!known.includes(option))
      throw failure(
        'InvalidIndexSpecificationOption',
        `The field '${option}' is not valid for an index specification. Specification: ${showDoc(entry)}`,
      )
  }
  const key = checkKey(entry.key)
  const name = checkName(entry.name)
  for (const flag of flags) checkFlag(flag, entry[flag])
  if (isDoc(entry.collation ?? null) && Object.keys(entry.collation as Doc).length === 0)
    throw failure('BadValue', "The field 'collation' cannot be an empty object.")
  checkVersion(entry)
  checkId(entry, key)
  if (isTruthy(entry.sparse ?? false) && entry.partialFilterExpression !== undefined)
    throw failure('CannotCreateIndex', 'cannot mix "partialFilterExpression" and "sparse" options')
  const isText = Object.values(key).includes('text')
  const misplaced = isText ? undefined : forText.find((option) => entry[option] !== undefined)
  if (misplaced !== undefined)
    throw failure('CannotCreateIndex', `the option '${misplaced}' is only for text indexes: ${showDoc(entry)}`)
  return { entry, key, name }
}

/** The seconds of a TTL index; it must have one field, and not `_id`. */
export const expiryOf = (value: Value | undefined, key: Doc): number | undefined => {
  if (value === undefined) return undefined
  if (!isNumeric(value))
    throw failure(
      'CannotCreateIndex',
      `TTL index 'expireAfterSeconds' option must be numeric, but received a type of '${kindOf(value)}'. Index spec: ${showDoc(key)}`,
    )
  const seconds = Math.trunc(toNumber(value))
  if (!(seconds >= 0 && seconds <= 2_147_483_647)) {
    throw failure(
      'CannotCreateIndex',
      `TTL index 'expireAfterSeconds' option must be within an acceptable range, try a different number than ${show(value)}`,
    )
  }
  const [only = '', ...others] = Object.keys(key)
  if (others.length > 0 || only === '_id')
    throw failure(
      'CannotCreateIndex',
      `TTL indexes are single-field indexes, compound indexes do not support TTL. Index spec: ${showDoc(key)}`,
    )
  if (only.includes('$**')) throw failure('CannotCreateIndex', "Index type 'wildcard' cannot be a TTL index")
  if (typeof key[only] === 'string') throw unsupported(`an expiry on an index of type '${String(key[only])}'`)
  return seconds
}
