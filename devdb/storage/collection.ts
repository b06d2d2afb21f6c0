import type { Doc } from '../bson/values.ts'
import { failure } from '../errors.ts'
import { findExisting, type IndexDefinition, parseIndex } from '../index/definition.ts'
import { type LiveIndex, makeLiveIndex } from '../index/liveIndex.ts'
import { docOf, type StoredRecord } from './records.ts'
import type { Store } from './store.ts'

type Options = { readonly id: number; readonly namespace: string; readonly store: Store; readonly changed: () => void }

/** A collection: its documents in natural order and its indexes. Each method is one atomic step. */
export const makeCollection = ({ id, namespace, store, changed }: Options) => {
  const records = new Map<number, StoredRecord>()
  const indexes: LiveIndex[] = [makeLiveIndex(parseIndex({ key: { _id: 1 }, name: '_id_' }), namespace)]
  let nextRecord = 1
  let bytesHeld = 0

  const place = (record: StoredRecord, doc: Doc): void => {
    const applies = indexes.map((index) => index.prepare(undefined, doc, undefined))
    for (const apply of applies) apply(record)
    records.set(record.id, record)
    bytesHeld += record.bytes.length
    nextRecord = Math.max(nextRecord, record.id + 1)
  }

  return {
    id,
    namespace,
    indexes: indexes as readonly LiveIndex[],
    records: records as ReadonlyMap<number, StoredRecord>,
    bytesHeld: () => bytesHeld,

    /** Takes a document that is on disk already. */
    load: (record: StoredRecord): void => place(record, docOf(record)),

    insert: (bytes: Buffer, doc: Doc): StoredRecord => {
      const record = { id: nextRecord, bytes }
      place(record, doc)
      store.put(id, record.id, bytes)
      return record
    },

    replace: (record: StoredRecord, before: Doc, after: Doc, bytes: Buffer): void => {
      const applies = indexes.map((index) => index.prepare(before, after, record))
      for (const apply of applies) apply(record)
      bytesHeld += bytes.length - record.bytes.length
      record.bytes = bytes
      store.put(id, record.id, bytes)
    },

    remove: (record: StoredRecord): void => {
      const doc = docOf(record)
      for (const index of indexes) index.prepare(doc, undefined, record)(record)
      records.delete(record.id)
      bytesHeld -= record.bytes.length
      store.remove(id, record.id)
    },

    /** Builds an index over what is there; throws DuplicateKey and leaves no trace when it cannot. */
    createIndex: (definition: IndexDefinition): boolean => {
      const existing = indexes.map((index) => index.definition)
      if (findExisting(definition, existing) !== undefined) return false
      if (indexes.length >= 64) throw failure('CannotCreateIndex', `add index fails, too many indexes for ${namespace}`)
      const index = makeLiveIndex(definition, namespace)
      for (const record of records.values()) index.prepare(undefined, docOf(record), undefined)(record)
      indexes.push(index)
      changed()
      return true
    },

    dropIndex: (name: string): void => {
      const at = indexes.findIndex((index) => index.definition.name === name)
      if (at < 0) throw failure('IndexNotFound', `index not found with name [${name}]`)
      if (name === '_id_') throw failure('InvalidOptions', 'cannot drop _id index')
      indexes.splice(at, 1)
      changed()
    },
  }
}

export type Collection = ReturnType<typeof makeCollection>
