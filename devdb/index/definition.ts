import { type Collation, parseCollation } from '../bson/collation.ts'
import { showDoc } from '../bson/show.ts'
import { type Doc, isDoc, kindOf, type Value } from '../bson/values.ts'
import { failure, unsupported } from '../errors.ts'
import { parseFilter } from '../query/matcher.ts'
import { isTruthy } from '../query/operators.ts'
import { plainScope } from '../query/scope.ts'
import type { Filter } from '../query/tree.ts'
import { checkIndexEntry, expiryOf, isIdKey } from './indexOptions.ts'
import { plainFields, textIndexOf } from './keyPattern.ts'
import type { IndexField } from './keys.ts'
import type { TextIndex } from './textIndex.ts'
import { parseWildcard, type Wildcard } from './wildcard.ts'

/** An index as createIndexes asked for it. `spec` is what listIndexes answers. */
export type IndexDefinition = {
  readonly name: string
  readonly spec: Doc
  /** Empty for a text or wildcard index. */
  readonly fields: readonly IndexField[]
  readonly text: TextIndex | undefined
  readonly wildcard: Wildcard | undefined
  readonly collation: Collation | undefined
  readonly unique: boolean
  /** New duplicates are refused; those that were there when collMod asked for it stay. */
  readonly prepareUnique: boolean
  readonly sparse: boolean
  /** No query uses it; it is kept up, and a unique one still refuses duplicates. */
  readonly hidden: boolean
  readonly partial: Filter | undefined
  readonly expireAfterSeconds: number | undefined
}

const partialOperators = ['$eq', '$exists', '$gt', '$gte', '$lt', '$lte', '$type', '$in']

const checkPartial = (filter: Filter): void => {
  if (filter.type === 'and' || filter.type === 'or') {
    for (const child of filter.of) checkPartial(child)
  } else if (filter.type !== 'field' || !partialOperators.includes(filter.operator)) {
    throw failure('CannotCreateIndex', 'unsupported expression in partial index')
  }
}

const partialOf = (value: Value | undefined, collation: Collation | undefined): Filter | undefined => {
  if (value === undefined) return undefined
  if (!isDoc(value))
    throw failure('TypeMismatch', `The field 'partialFilterExpression' must be an object, but got ${kindOf(value)}`)
  const filter = parseFilter(value, { ...plainScope(), collation })
  checkPartial(filter)
  return filter
}

const wildcardOf = ({ wildcardProjection: projection, unique, sparse }: Doc, key: Doc): Wildcard | undefined => {
  const [path] = Object.keys(key).filter((name) => name === '$**' || name.endsWith('.$**'))
  if (path === undefined || typeof key[path] === 'string') {
    if (projection !== undefined)
      throw failure('BadValue', `The field 'wildcardProjection' is only allowed in an 'wildcard' index`)
    return undefined
  }
  if (path.indexOf('$') < path.length - '$**'.length)
    throw failure('CannotCreateIndex', `Index key contains an illegal field name: ${path}`)
  if (Object.keys(key).length > 1) throw unsupported('a compound wildcard index')
  const [field] = plainFields({ path: key[path] ?? 1 }, false)
  if (field?.direction === -1)
    throw failure('CannotCreateIndex', 'A numeric value in a $** index key pattern must be positive.')
  if (isTruthy(unique ?? false) || isTruthy(sparse ?? false))
    throw failure(
      'CannotCreateIndex',
      `Index type 'wildcard' does not support the ${unique ? 'unique' : 'sparse'} option`,
    )
  if (projection === undefined) return parseWildcard(path, 1, undefined)
  if (!isDoc(projection)) throw failure('TypeMismatch', "The field 'wildcardProjection' must be a non-empty object")
  if (Object.keys(projection).length === 0)
    throw failure('FailedToParse', "The 'wildcardProjection' field can't be an empty object")
  if (path !== '$**')
    throw failure('FailedToParse', `The field 'wildcardProjection' is only allowed when 'key' is {"$**": ±1}`)
  return parseWildcard(path, 1, projection)
}

type Kind = { readonly fields: readonly IndexField[]; readonly text?: TextIndex; readonly wildcard?: Wildcard }

/** What stays of the entry in the catalogue: normalised where MongoDB does, otherwise in the order it was given. */
const specOf = (entry: Doc, extra: Doc): Doc => {
  const { v: _v, key, name, ns: _ns, unique, hidden, collation: _collation, ...rest } = entry
  const spec: Doc = { v: 2, key: key ?? null, name: name ?? null }
  if (unique !== undefined && isTruthy(unique)) spec.unique = true
  if (rest.sparse !== undefined) rest.sparse = isTruthy(rest.sparse)
  if (hidden === true) spec.hidden = true
  return { ...spec, ...rest, ...extra }
}

/**
 * Reads one entry of createIndexes; refuses every kind and option of index that is not built here. Without a collation
 * of its own the index has the default one of its collection.
 */
export const parseIndex = (asked: Value, defaultCollation?: Value): IndexDefinition => {
  const { entry, key, name } = checkIndexEntry(asked)
  const collation = parseCollation(entry.collation ?? defaultCollation)
  const flagged = isTruthy(entry.unique ?? false)
  const unique = flagged || isIdKey(key)
  const wildcard = wildcardOf(entry, key)
  const isText = Object.values(key).includes('text')
  if (isText && collation !== undefined)
    throw failure('CannotCreateIndex', `Index type 'text' does not support collation: ${showDoc(collation.spec)}`)
  if (isText && flagged) throw unsupported('a unique text index')
  const { text, spec: textSpec = {} } = isText ? textIndexOf(entry, key) : {}
  const kind: Kind =
    text !== undefined
      ? { fields: [], text }
      : wildcard
        ? { fields: [], wildcard }
        : { fields: plainFields(key, unique) }
  return {
    text: undefined,
    wildcard: undefined,
    ...kind,
    name,
    spec: specOf(entry, { ...textSpec, ...(collation === undefined ? {} : { collation: collation.spec }) }),
    collation,
    unique,
    prepareUnique: isTruthy(entry.prepareUnique ?? false),
    sparse: isTruthy(entry.sparse ?? false),
    hidden: entry.hidden === true,
    partial: partialOf(entry.partialFilterExpression, collation),
    expireAfterSeconds: expiryOf(entry.expireAfterSeconds, key),
  }
}

/** What collMod may change of an index. */
export type IndexChange = {
  readonly expireAfterSeconds?: Value
  readonly hidden?: boolean
  readonly unique?: boolean
  readonly prepareUnique?: boolean
}

/** The definition after a collMod; throws as parseIndex does (a compound index cannot get an expiry). */
export const changedIndex = ({ spec }: IndexDefinition, change: IndexChange): IndexDefinition => {
  const { expireAfterSeconds, hidden, unique, prepareUnique } = change
  const changed: Doc = { ...spec }
  if (expireAfterSeconds !== undefined) changed.expireAfterSeconds = expireAfterSeconds
  if (hidden === false) delete changed.hidden
  else if (hidden === true) changed.hidden = true
  if (prepareUnique === false || unique === true) delete changed.prepareUnique
  else if (prepareUnique === true) changed.prepareUnique = true
  if (unique === true) changed.unique = true
  return parseIndex(changed)
}
