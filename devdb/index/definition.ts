import { encodeKey } from '../bson/keys.ts'
import { integerOf } from '../bson/numbers.ts'
import { show, showDoc } from '../bson/show.ts'
import { type Doc, isDoc, isNumeric, type Value } from '../bson/values.ts'
import { failure, unsupported } from '../errors.ts'
import { type Filter, parseFilter } from '../query/matcher.ts'
import { isTruthy } from '../query/operators.ts'
import type { IndexField } from './keys.ts'

/** An index as createIndexes asked for it. `spec` is what listIndexes answers. */
export type IndexDefinition = {
  readonly name: string
  readonly spec: Doc
  readonly fields: readonly IndexField[]
  readonly unique: boolean
  readonly sparse: boolean
  readonly partial: Filter | undefined
  readonly expireAfterSeconds: number | undefined
}

const fieldOf = ([path, direction]: [string, Value]): IndexField => {
  if (typeof direction === 'string') throw unsupported(`an index of type '${direction}' (field '${path}')`)
  if (!isNumeric(direction)) {
    throw failure(
      'CannotCreateIndex',
      `Values in v:2 index key pattern cannot be of type ${typeof direction}. Only numbers > 0, numbers < 0, and strings are allowed.`,
    )
  }
  if (path.includes('$**')) throw unsupported('a wildcard index')
  const parts = path.split('.')
  if (parts.includes('')) throw failure('CannotCreateIndex', 'Index keys cannot contain an empty field.')
  if (path.startsWith('$'))
    throw failure('CannotCreateIndex', `Index key contains an illegal field name: field name starts with '$': ${path}`)
  if (parts.some((part) => /^\d+$/.test(part)))
    throw unsupported(`an index through an array position (field '${path}')`)
  const number = Number(String(direction))
  if (number === 0 || Number.isNaN(number))
    throw failure('CannotCreateIndex', 'Values in the index key pattern cannot be 0.')
  return { path, parts, direction: number < 0 ? -1 : 1 }
}

const partialOperators = ['$eq', '$exists', '$gt', '$gte', '$lt', '$lte', '$type', '$in']

const checkPartial = (filter: Filter): void => {
  if (filter.type === 'and' || filter.type === 'or') {
    for (const child of filter.of) checkPartial(child)
  } else if (filter.type !== 'field' || !partialOperators.includes(filter.operator)) {
    throw failure('CannotCreateIndex', 'unsupported expression in partial index')
  }
}

const partialOf = (value: Value | undefined): Filter | undefined => {
  if (value === undefined) return undefined
  if (!isDoc(value)) throw failure('CannotCreateIndex', "The field 'partialFilterExpression' must be an object")
  const filter = parseFilter(value)
  checkPartial(filter)
  return filter
}

const simpleCollation = (value: Value | undefined): boolean =>
  value === undefined || (isDoc(value) && value.locale === 'simple')

const allowed = [
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
]

const expiry = (value: Value | undefined, fields: readonly IndexField[]): number | undefined => {
  if (value === undefined) return undefined
  const seconds = integerOf(value)
  if (seconds === undefined || seconds < 0 || seconds > 2_147_483_647) {
    throw failure(
      'CannotCreateIndex',
      `TTL index 'expireAfterSeconds' option must be within an acceptable range, try a different number than ${show(value)}`,
    )
  }
  if (fields.length !== 1 || fields[0]?.path === '_id') {
    throw failure('CannotCreateIndex', 'TTL indexes are single-field indexes, compound indexes do not support TTL')
  }
  return seconds
}

/** Reads one entry of createIndexes; refuses every kind and option of index that is not built here. */
export const parseIndex = (entry: Value): IndexDefinition => {
  if (!isDoc(entry)) throw failure('TypeMismatch', "BSON field 'createIndexes.indexes' entries must be objects")
  const unknown = Object.keys(entry).find((option) => !allowed.includes(option))
  if (unknown !== undefined) throw unsupported(`the index option '${unknown}'`)
  const { key, name } = entry
  if (!isDoc(key)) throw failure('FailedToParse', "The 'key' field is a required property of an index specification")
  if (Object.keys(key).length === 0) throw failure('CannotCreateIndex', 'Index keys cannot be an empty object')
  if (typeof name !== 'string')
    throw failure('FailedToParse', "The 'name' field is a required property of an index specification")
  if (name === '' || name === '*') throw failure('BadValue', `The index name '${name}' is not valid.`)
  if (!simpleCollation(entry.collation)) throw unsupported('an index with a collation')
  if (entry.hidden !== undefined && isTruthy(entry.hidden)) throw unsupported('a hidden index')
  const fields = Object.entries(key).map(fieldOf)
  const unique = isTruthy(entry.unique ?? false) || isIdKey(key)
  const sparse = isTruthy(entry.sparse ?? false)
  const partial = partialOf(entry.partialFilterExpression)
  if (sparse && partial !== undefined) {
    throw failure('CannotCreateIndex', 'cannot mix "partialFilterExpression" and "sparse" options')
  }
  const spec: Doc = { v: 2, key, name }
  if (unique && !isIdKey(key)) spec.unique = true
  if (sparse) spec.sparse = true
  if (entry.partialFilterExpression !== undefined) spec.partialFilterExpression = entry.partialFilterExpression
  if (entry.expireAfterSeconds !== undefined) spec.expireAfterSeconds = entry.expireAfterSeconds
  return { name, spec, fields, unique, sparse, partial, expireAfterSeconds: expiry(entry.expireAfterSeconds, fields) }
}

export const isIdKey = (key: Doc): boolean => Object.keys(key).join() === '_id'

const part = (value: Value | undefined): string => (value === undefined ? '' : encodeKey(value))

const signature = ({ spec, unique, sparse }: IndexDefinition): string =>
  [part(spec.key), part(spec.partialFilterExpression), unique, sparse].join('|')

/**
 * Whether an index asked for is there already. Conflicts as MongoDB tells them: 86 for one name with two keys (or
 * another uniqueness, sparseness, filter), 85 for the same index under another name or with another expiry.
 */
export const findExisting = (
  asked: IndexDefinition,
  existing: readonly IndexDefinition[],
): IndexDefinition | undefined => {
  // The index on _id exists from the start: asking for it under any name is a no-op.
  if (isIdKey(asked.spec.key as Doc)) {
    if (asked.spec.expireAfterSeconds !== undefined || asked.sparse || asked.partial !== undefined) {
      throw failure('InvalidIndexSpecificationOption', 'The field is not valid for an _id index specification.')
    }
    return existing.find(({ name }) => name === '_id_')
  }
  const named = existing.find(({ name }) => name === asked.name)
  const both = (other: IndexDefinition): string =>
    `Requested index: ${showDoc(asked.spec)}, existing index: ${showDoc(other.spec)}`
  if (named !== undefined) {
    if (signature(named) !== signature(asked)) {
      throw failure(
        'IndexKeySpecsConflict',
        `An existing index has the same name as the requested index. When index names are not specified, they are auto generated and can cause conflicts. Please refer to our documentation. ${both(named)}`,
      )
    }
    if (named.expireAfterSeconds !== asked.expireAfterSeconds) {
      throw failure(
        'IndexOptionsConflict',
        `An equivalent index already exists with the same name but different options. ${both(named)}`,
      )
    }
    return named
  }
  const equivalent = existing.find((other) => signature(other) === signature(asked))
  if (equivalent === undefined) return undefined
  if (equivalent.expireAfterSeconds === asked.expireAfterSeconds) {
    throw failure('IndexOptionsConflict', `Index already exists with a different name: ${equivalent.name}`)
  }
  throw failure(
    'IndexOptionsConflict',
    `An equivalent index already exists with a different name and options. ${both(equivalent)}`,
  )
}
