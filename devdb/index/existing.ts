import { encodeKey } from '../bson/keys.ts'
import { showDoc } from '../bson/show.ts'
import { type Doc, isDoc, type Value } from '../bson/values.ts'
import { failure } from '../errors.ts'
import type { IndexDefinition } from './definition.ts'
import { isIdKey } from './indexOptions.ts'

const part = (value: Value | undefined): string => (value === undefined ? '' : encodeKey(value))

/** What makes two indexes the same one: two indexes may share a key if they differ in one of these. */
const signature = ({ spec, unique, sparse, collation }: IndexDefinition): string =>
  [
    part(spec.key),
    part(spec.partialFilterExpression),
    part(collation?.spec),
    part(spec.wildcardProjection),
    // A text index shows no paths in its key.
    isDoc(spec.weights) ? Object.keys(spec.weights).join() : '',
    unique,
    sparse,
  ].join('|')

const options = ({ spec, expireAfterSeconds }: IndexDefinition): string =>
  [expireAfterSeconds, part(spec.weights), part(spec.default_language), part(spec.language_override)].join('|')

const both = (asked: IndexDefinition, other: IndexDefinition): string =>
  `Requested index: ${showDoc(asked.spec)}, existing index: ${showDoc(other.spec)}`

const withSameName = (asked: IndexDefinition, named: IndexDefinition): IndexDefinition => {
  if (signature(named) !== signature(asked)) {
    throw failure(
      'IndexKeySpecsConflict',
      `An existing index has the same name as the requested index. When index names are not specified, they are auto generated and can cause conflicts. Please refer to our documentation. ${both(asked, named)}`,
    )
  }
  if (options(named) !== options(asked)) {
    throw failure(
      'IndexOptionsConflict',
      `An equivalent index already exists with the same name but different options. ${both(asked, named)}`,
    )
  }
  return named
}

/**
 * Whether an index asked for is there already. Conflicts as MongoDB tells them: 86 for one name with two keys (or
 * another uniqueness, sparseness, filter, collation), 85 for the same index under another name or with another expiry.
 */
export const findExisting = (
  asked: IndexDefinition,
  existing: readonly IndexDefinition[],
): IndexDefinition | undefined => {
  // The index on _id exists from the start: asking for it under any name is a no-op.
  if (isIdKey(asked.spec.key as Doc)) return existing.find(({ name }) => name === '_id_')
  const named = existing.find(({ name }) => name === asked.name)
  if (named !== undefined) return withSameName(asked, named)
  const equivalent = existing.find((other) => signature(other) === signature(asked))
  const otherText = asked.text && existing.find(({ text }) => text !== undefined)
  if (otherText !== undefined && equivalent === undefined)
    throw failure(
      'IndexOptionsConflict',
      `An equivalent index already exists with a different name and options. ${both(asked, otherText)}`,
    )
  if (equivalent === undefined) return undefined
  if (options(equivalent) === options(asked)) {
    throw failure('IndexOptionsConflict', `Index already exists with a different name: ${equivalent.name}`)
  }
  throw failure(
    'IndexOptionsConflict',
    `An equivalent index already exists with a different name and options. ${both(asked, equivalent)}`,
  )
}
