import { show, showDoc } from '../bson/show.ts'
import type { Doc, Value } from '../bson/values.ts'
import { failure } from '../errors.ts'
import type { StoredRecord } from '../storage/records.ts'
import type { IndexDefinition } from './definition.ts'
import { type IndexKeys, indexKeys, keyValues } from './keys.ts'
import { makeSortedKeys } from './sortedKeys.ts'
import { textKeys } from './textIndex.ts'
import { wildcardKeys } from './wildcard.ts'

type Apply = (record: StoredRecord) => void

const none: readonly string[] = []

const nothing: Apply = () => undefined

const hex = (value: Value | undefined): Value =>
  typeof value === 'string' ? `0x${Buffer.from(value, 'utf8').toString('hex')}` : (value ?? null)

/** E11000 as drivers read it; strings of an index with a collation are shown as the keys they are compared by. */
const duplicateKey = (
  definition: IndexDefinition,
  namespace: string,
  values: readonly (Value | undefined)[],
): Error => {
  const { collation, fields, name, spec } = definition
  const keyValue: Doc = {}
  for (const [at, { path }] of fields.entries()) {
    const value = values[at] ?? null
    const folded = collation !== undefined && typeof value === 'string' ? collation.equalityKey(value) : value
    keyValue[path] = collation === undefined ? value : hex(folded)
  }
  const shown = Object.entries(keyValue).map(([path, value]) => `${path}: ${show(value)}`)
  const under = collation === undefined ? '' : ` collation: ${showDoc(collation.spec)}`
  return failure(
    'DuplicateKey',
    `E11000 duplicate key error collection: ${namespace} index: ${name}${under} dup key: { ${shown.join(', ')} }`,
    { keyPattern: spec.key, keyValue, ...(collation === undefined ? {} : { collation: collation.spec }) },
  )
}

/** An index with its content. A change is first prepared (which may refuse), then applied (which cannot fail). */
export const makeLiveIndex = (initial: IndexDefinition, namespace: string) => {
  let definition = initial
  let guarded = initial.unique || initial.prepareUnique
  const { fields, text, wildcard, collation, partial, sparse, unique } = initial
  const entries = makeSortedKeys()
  // Once an array was seen on a field the planner must be careful with it for good, as in MongoDB.
  const multikey = fields.map(() => false)
  const multikeyPaths = new Set<string>()

  const found = (doc: Doc): IndexKeys => {
    if (text !== undefined) return textKeys(doc, text)
    if (wildcard === undefined) return indexKeys(doc, fields, collation)
    const { keys, multikeyPaths: paths } = wildcardKeys(doc, wildcard, collation)
    for (const path of paths) multikeyPaths.add(path)
    return { keys, multikey: undefined, present: true }
  }

  const keysOf = (doc: Doc | undefined): readonly string[] => {
    if (doc === undefined || partial?.match(doc) === false) return none
    const { keys, multikey: arrays, present } = found(doc)
    // Also of a document a sparse index leaves out: an empty array on the path matches conditions that no key tells of.
    arrays?.forEach((seen, field) => {
      if (seen) multikey[field] = true
    })
    return sparse && !present ? none : keys
  }

  const refuse = (key: string, doc: Doc): never => {
    throw duplicateKey(definition, namespace, keyValues(doc, { key, fields, collation }))
  }

  const checkUnique = (keys: readonly string[], doc: Doc | undefined, own: StoredRecord | undefined): void => {
    if (!guarded || doc === undefined) return
    const taken = keys.find((key) => entries.other(key, own) !== undefined)
    if (taken !== undefined) refuse(taken, doc)
  }

  /** What changes from `before` to `after`; throws DuplicateKey (11000). The record is undefined before its insert. */
  const prepare = (before: Doc | undefined, after: Doc | undefined, record: StoredRecord | undefined): Apply => {
    const [old, fresh] = [keysOf(before), keysOf(after)]
    if (old.length === 1 && fresh.length === 1 && old[0] === fresh[0]) return nothing
    const added = old.length === 0 ? fresh : fresh.filter((key) => !old.includes(key))
    const removed = fresh.length === 0 ? old : old.filter((key) => !fresh.includes(key))
    checkUnique(added, after, record)
    return (target) => {
      for (const key of removed) entries.remove(key, target)
      for (const key of added) entries.insert(key, target)
    }
  }

  /** Takes a document without looking for duplicates: for documents that were accepted before. */
  const load = (doc: Doc, record: StoredRecord): void => {
    for (const key of keysOf(doc)) entries.append(key, record)
  }

  /** Fills an index that is empty yet; throws DuplicateKey when two documents share a unique key. */
  const build = (records: Iterable<StoredRecord>, docOf: (record: StoredRecord) => Doc): void => {
    for (const record of records) load(docOf(record), record)
    const repeated = unique ? entries.repeated() : undefined
    if (repeated !== undefined) refuse(repeated.key, docOf(repeated.record))
  }

  return {
    get definition(): IndexDefinition {
      return definition
    },
    entries,
    multikey: multikey as readonly boolean[],
    /** Of a wildcard index: whether an array was seen at the path or above it. */
    isMultikeyPath: (path: string): boolean =>
      [...multikeyPaths].some((array) => path === array || path.startsWith(`${array}.`)),
    isMultikey: (): boolean => text !== undefined || multikey.includes(true) || multikeyPaths.size > 0,
    prepare,
    /** The keys a document has in it. */
    keysOf,
    load,
    build,
    /** Gives it another expiry, hides it or makes it unique: nothing that its keys depend on. */
    redefine: (changed: IndexDefinition): void => {
      definition = changed
      guarded = changed.unique || changed.prepareUnique
    },
  }
}

export type LiveIndex = ReturnType<typeof makeLiveIndex>
