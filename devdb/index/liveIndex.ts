import { show } from '../bson/show.ts'
import type { Doc, Value } from '../bson/values.ts'
import { failure } from '../errors.ts'
import type { StoredRecord } from '../storage/records.ts'
import type { IndexDefinition } from './definition.ts'
import { type IndexKey, indexKeys } from './keys.ts'
import { makeSortedKeys } from './sortedKeys.ts'

/** An index with its content. A change is first prepared (which may refuse), then applied (which cannot fail). */
export const makeLiveIndex = (definition: IndexDefinition, namespace: string) => {
  const entries = makeSortedKeys()
  // Once an array was seen on a field the planner must be careful with it for good, as in MongoDB.
  const multikey = definition.fields.map(() => false)

  const keysOf = (doc: Doc): readonly IndexKey[] => {
    if (definition.partial?.match(doc) === false) return []
    const found = indexKeys(doc, definition.fields)
    if (definition.sparse && !found.present) return []
    found.multikey.forEach((seen, field) => {
      if (seen) multikey[field] = true
    })
    return found.keys
  }

  const duplicate = ({ values }: IndexKey): Error => {
    const keyValue: Record<string, Value> = {}
    definition.fields.forEach(({ path }, index) => {
      keyValue[path] = values[index] ?? null
    })
    const shown = Object.entries(keyValue).map(([path, value]) => `${path}: ${show(value)}`)
    return failure(
      'DuplicateKey',
      `E11000 duplicate key error collection: ${namespace} index: ${definition.name} dup key: { ${shown.join(', ')} }`,
      { keyPattern: definition.spec.key, keyValue },
    )
  }

  /** What changes from `before` to `after`; throws DuplicateKey (11000). The record is undefined before its insert. */
  const prepare = (before: Doc | undefined, after: Doc | undefined, record: StoredRecord | undefined) => {
    const old = before === undefined ? [] : keysOf(before)
    const fresh = after === undefined ? [] : keysOf(after)
    const kept = new Set(fresh.map(({ key }) => key))
    const known = new Set(old.map(({ key }) => key))
    const added = fresh.filter(({ key }) => !known.has(key))
    if (definition.unique) {
      const taken = added.find(({ key }) => entries.other(key, record) !== undefined)
      if (taken !== undefined) throw duplicate(taken)
    }
    const removed = old.filter(({ key }) => !kept.has(key))
    return (target: StoredRecord): void => {
      for (const { key } of removed) entries.remove(key, target)
      for (const { key } of added) entries.insert(key, target)
    }
  }

  return { definition, entries, multikey: multikey as readonly boolean[], prepare }
}

export type LiveIndex = ReturnType<typeof makeLiveIndex>
