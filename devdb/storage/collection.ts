import { fieldDecoder } from '../bson/cut.ts'
import { decode } from '../bson/decode.ts'
import type { Doc } from '../bson/values.ts'
import { failure } from '../errors.ts'
import { changedIndex, type IndexChange, type IndexDefinition, parseIndex } from '../index/definition.ts'
import { findExisting } from '../index/existing.ts'
import { allKeyFields } from '../index/keyFields.ts'
import { type LiveIndex, makeLiveIndex } from '../index/liveIndex.ts'
import type { CatalogKind } from './change.ts'
import type { CollectionOptions } from './collectionOptions.ts'
import type { History } from './history.ts'
import { docOf, docOfBytes, makeRecords, type Records, type StoredRecord } from './records.ts'
import type { Store } from './store.ts'

type Options = {
  readonly id: number
  readonly namespace: string
  readonly history: History
  readonly options: CollectionOptions
  /** Writes the catalogue's entry of this collection. */
  readonly persist: (store: Store) => void
}

/** Reads of records what the keys of indexes need: for one pass over many, past the cache of whole documents. */
const readerOf = (definitions: readonly IndexDefinition[]): ((record: StoredRecord) => Doc) => {
  const fields = allKeyFields(definitions)
  const read = fields === undefined ? decode : fieldDecoder(fields)
  return ({ bytes }) => read(bytes)
}

type Switch = { readonly kind: CatalogKind; readonly description?: unknown; apply: () => void; revert: () => void }

/** Measurements of a time series may share an `_id`. */
const idIndexOf = ({ spec, timeSeries }: CollectionOptions): IndexDefinition => {
  const asked: Doc = { key: { _id: 1 }, name: '_id_' }
  if (spec.collation !== undefined) asked.collation = spec.collation
  const definition = parseIndex(asked)
  return timeSeries === undefined ? definition : { ...definition, unique: false }
}

/**
 * A collection: its documents in natural order and its indexes. Each method is one atomic step, and part of the unit of
 * work under way; those that change something throw Conflict when a transaction holds what they meet.
 */
export type Collection = {
  readonly id: number
  readonly namespace: string
  readonly indexes: readonly LiveIndex[]
  readonly records: Records
  readonly bytesHeld: () => number
  readonly options: () => CollectionOptions
  readonly configure: (changedOptions: CollectionOptions) => void
  /** Takes documents that are on disk already. */
  readonly load: (stored: Iterable<StoredRecord>) => void
  /** Takes an index of a collection that holds no documents yet. */
  readonly loadIndex: (definition: IndexDefinition) => void
  /** Throws DuplicateKey (11000), as replace does. */
  readonly insert: (bytes: Buffer, doc: Doc) => StoredRecord
  /** `kind` is what change streams tell of: whether the whole document was replaced or fields of it updated. */
  readonly replace: (record: StoredRecord, before: Doc, after: Doc, bytes: Buffer, kind?: 'update' | 'replace') => void
  readonly remove: (record: StoredRecord) => void
  /** Switches one record from one state to another in memory only: how units are reverted and applied again. */
  readonly shift: (record: StoredRecord, from: Buffer | undefined, to: Buffer | undefined) => void
  /** Builds an index over what is there; throws DuplicateKey and leaves no trace when it cannot. */
  readonly createIndex: (definition: IndexDefinition) => boolean
  readonly dropIndex: (name: string) => void
  /** Gives an index another expiry, or hides it or shows it again; answers the definition before. */
  readonly changeIndex: (name: string, change: IndexChange) => IndexDefinition
}

export const makeCollection = ({ id, namespace, history, options: asked, persist }: Options): Collection => {
  const records = makeRecords()
  const indexes: LiveIndex[] = [makeLiveIndex(idIndexOf(asked), namespace)]
  let options = asked
  let nextRecord = 1
  let bytesHeld = 0

  const place = (record: StoredRecord, doc: Doc): void => {
    const applies = indexes.map((index) => index.prepare(undefined, doc, undefined))
    for (const apply of applies) apply(record)
    records.add(record)
    bytesHeld += record.bytes.length
    nextRecord = Math.max(nextRecord, record.id + 1)
  }

  /** What was accepted once needs no check; the indexes sort all they were given at their first use. */
  const take = (record: StoredRecord, doc: Doc): void => {
    for (const index of indexes) index.load(doc, record)
    records.add(record)
    bytesHeld += record.bytes.length
    nextRecord = Math.max(nextRecord, record.id + 1)
  }

  const displace = (record: StoredRecord, doc: Doc): void => {
    for (const index of indexes) index.prepare(doc, undefined, record)(record)
    records.delete(record)
    bytesHeld -= record.bytes.length
  }

  const rewrite = (
    record: StoredRecord,
    { before, after, bytes }: { before: Doc; after: Doc; bytes: Buffer },
  ): void => {
    const applies = indexes.map((index) => index.prepare(before, after, record))
    for (const apply of applies) apply(record)
    bytesHeld += bytes.length - record.bytes.length
    record.bytes = bytes
  }

  const change = ({ kind, description, apply, revert }: Switch): void => {
    history.touch(collection)
    apply()
    history.record({ kind, namespace, collection, description, apply, revert, persist })
  }

  const collection: Collection = {
    id,
    namespace,
    indexes,
    records,
    bytesHeld: () => bytesHeld,
    options: () => options,
    configure: (changedOptions) => {
      const former = options
      const set = (to: CollectionOptions) => () => {
        options = to
      }
      change({ kind: 'modify', description: { former }, apply: set(changedOptions), revert: set(former) })
    },

    load: (stored) => {
      const read = readerOf(indexes.map(({ definition }) => definition))
      for (const record of stored) take(record, read(record))
    },

    loadIndex: (definition) => {
      const existing = indexes.map((index) => index.definition)
      if (findExisting(definition, existing) === undefined) indexes.push(makeLiveIndex(definition, namespace))
    },

    insert: (bytes, doc) => {
      const record = { id: nextRecord, bytes }
      place(record, doc)
      history.record({ kind: 'insert', collection, namespace, record, before: undefined, after: bytes })
      return record
    },

    replace: (record, before, after, bytes, kind = 'update') => {
      history.touch(record)
      const former = record.bytes
      rewrite(record, { before, after, bytes })
      history.record({ kind, collection, namespace, record, before: former, after: bytes })
    },

    remove: (record) => {
      history.touch(record)
      displace(record, docOf(record))
      history.record({ kind: 'delete', collection, namespace, record, before: record.bytes, after: undefined })
    },

    shift: (record, from, to) => {
      if (to === undefined) displace(record, docOf(record))
      else if (from !== undefined) rewrite(record, { before: docOfBytes(from), after: docOfBytes(to), bytes: to })
      else {
        record.bytes = to
        place(record, docOfBytes(to))
      }
    },

    createIndex: (definition) => {
      const existing = indexes.map((index) => index.definition)
      if (findExisting(definition, existing) !== undefined) return false
      if (indexes.length >= 64) throw failure('CannotCreateIndex', `add index fails, too many indexes for ${namespace}`)
      const index = makeLiveIndex(definition, namespace)
      index.build(records.values(), readerOf([definition]))
      change({
        kind: 'createIndexes',
        description: definition.spec,
        apply: () => indexes.push(index),
        revert: () => indexes.splice(indexes.indexOf(index), 1),
      })
      return true
    },

    changeIndex: (name, wanted) => {
      const index = indexes.find(({ definition }) => definition.name === name)
      if (index === undefined) throw failure('IndexNotFound', `cannot find index ${name} for ns ${namespace}`)
      const former = index.definition
      const changed = changedIndex(former, wanted)
      const set = (to: IndexDefinition) => () => index.redefine(to)
      change({ kind: 'modify', description: { index: former.spec }, apply: set(changed), revert: set(former) })
      return former
    },

    dropIndex: (name) => {
      const at = indexes.findIndex((index) => index.definition.name === name)
      if (at < 0) throw failure('IndexNotFound', `index not found with name [${name}]`)
      if (name === '_id_') throw failure('InvalidOptions', 'cannot drop _id index')
      const [index] = indexes.slice(at, at + 1) as [LiveIndex]
      change({
        kind: 'dropIndexes',
        description: index.definition.spec,
        apply: () => indexes.splice(at, 1),
        revert: () => indexes.splice(at, 0, index),
      })
    },
  }
  return collection
}
