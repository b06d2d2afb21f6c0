import { ObjectId } from 'bson'
import { decode } from '../../bson/decode.ts'
import { checkSize, encodeStored } from '../../bson/encode.ts'
import { copyDoc, type Doc, fieldNames, isDoc, kindOf, type Value } from '../../bson/values.ts'
import { failure } from '../../errors.ts'
import { execute, executeOne, type Query } from '../../query/executor.ts'
import type { Found } from '../../query/paths.ts'
import type { Filter } from '../../query/tree.ts'
import { checkNames } from '../../storage/catalog.ts'
import type { Collection } from '../../storage/collection.ts'
import { docOf, type StoredRecord } from '../../storage/records.ts'
import { applyUpdate, idFirst } from '../../update/apply.ts'
import type { Update } from '../../update/parse.ts'
import type { ArrayFilters } from '../../update/positions.ts'
import { fillTimestamps, hasUnsetTimestamp } from '../../update/timestamps.ts'
import { upsertDocument } from '../../update/upsert.ts'
import type { Request, Server } from '../command.ts'
import { checkDocument } from './validation.ts'

const badIds = ['array', 'regex', 'undefined']

/** The first name with a dollar in front, at any depth. */
const dollarName = (value: Value): string | undefined => {
  if (Array.isArray(value)) return value.map(dollarName).find((name) => name !== undefined)
  if (!isDoc(value)) return undefined
  const names = Object.entries(value).map(([name, inner]) => (name.startsWith('$') ? name : dollarName(inner)))
  return names.find((name) => name !== undefined)
}

export const checkId = (id: Value): void => {
  const kind: string = kindOf(id)
  if (badIds.includes(kind)) throw failure('InvalidIdField', `The '_id' value cannot be of type ${kind}`)
  const dollar = dollarName(id)
  if (dollar !== undefined)
    throw failure(
      'DollarPrefixedFieldName',
      `_id fields may not contain '$'-prefixed fields: ${dollar} is not valid for storage.`,
    )
}

const notOnView = (namespace: string): Error =>
  failure('CommandNotSupportedOnView', `Namespace ${namespace} is a view, not a collection`)

/** The collection to change; undefined when there is none. A view is refused (166), a name none may have too (73). */
export const existingTarget = ({ server, database }: Request, name: string): Collection | undefined => {
  const collection = server.catalog.find(database, name)
  if (collection !== undefined) return collection
  if (server.catalog.view(database, name) !== undefined) throw notOnView(`${database}.${name}`)
  checkNames(database, name)
  return undefined
}

/** Writes to one collection, as one command makes them: `bypass` leaves the validator out. */
export type Writing = { readonly collection: Collection; readonly bypass: boolean }

/** A capped collection drops its oldest documents. Not in the midst of an update, which may still hold one of them. */
export const trim = (collection: Collection): void => {
  const { cap } = collection.options()
  if (cap === undefined) return
  const { size, max = Number.POSITIVE_INFINITY } = cap
  while (collection.records.size > 1 && (collection.bytesHeld() > size || collection.records.size > max)) {
    const { value: oldest } = collection.records.values().next()
    if (oldest === undefined) return
    collection.remove(oldest)
  }
}

const checkFits = (collection: Collection, bytes: Buffer): void => {
  const { cap } = collection.options()
  if (cap !== undefined && bytes.length > cap.size) throw failure('BadValue', 'object to insert exceeds cappedMaxSize')
}

const checkMeasurement = (collection: Collection, doc: Doc): void => {
  const { timeSeries } = collection.options()
  if (timeSeries === undefined || doc[timeSeries.timeField] instanceof Date) return
  throw failure('BadValue', `'${timeSeries.timeField}' must be present and contain a valid BSON UTC datetime value`)
}

const store = ({ collection, bypass }: Writing, bytes: Buffer, doc: Doc): StoredRecord => {
  checkDocument(collection, { after: doc, bypass })
  checkMeasurement(collection, doc)
  checkFits(collection, bytes)
  const record = collection.insert(bytes, doc)
  trim(collection)
  return record
}

/** Stores a document as it came; only an `_id` or a timestamp the server must fill in makes it necessary to write it anew. */
export const insertBytes = (writing: Writing, bytes: Buffer): void => {
  checkSize(bytes)
  const doc = decode(bytes)
  const { _id: id = new ObjectId() } = doc
  checkId(id)
  if (fieldNames(doc)[0] === '_id' && !hasUnsetTimestamp(doc)) {
    store(writing, own(bytes), doc)
    return
  }
  const complete = idFirst(id, fillTimestamps(doc, new Date()))
  store(writing, encodeStored(complete), complete)
}

/** The bytes of a request lie in the network's buffer: what is kept gets memory of its own. */
const own = (bytes: Buffer): Buffer => {
  const copy = Buffer.allocUnsafeSlow(bytes.length)
  bytes.copy(copy)
  return copy
}

export type Change = {
  readonly update: Update
  readonly filters: ArrayFilters
  readonly filter: Filter
  readonly now: Date
}

/** Applies an update to one record; answers whether its bytes changed. */
export const changeRecord = ({ collection, bypass }: Writing, record: StoredRecord, change: Change): boolean => {
  const { update, filters, filter, now } = change
  const before = docOf(record)
  const found: Found = { positions: new Map() }
  if (update.kind === 'operators' && update.positional) filter.match(before, found)
  const after = applyUpdate(copyDoc(before), update, { found, filters, inserting: false, now })
  const bytes = encodeStored(after)
  if (bytes.equals(record.bytes)) return false
  checkDocument(collection, { before, after, bypass })
  collection.replace(record, before, after, bytes, update.kind === 'replacement' ? 'replace' : 'update')
  return true
}

/** Inserts what an upsert makes of its filter and its update. */
export const insertUpsert = (writing: Writing, change: Change): { id: Value; record: StoredRecord } => {
  const { update, filters, filter, now } = change
  const doc = upsertDocument(filter, update, { filters, now })
  const id = doc._id ?? null
  checkId(id)
  return { id, record: store(writing, encodeStored(doc), doc) }
}

const noteScan = (server: Server, plan: { kind: string }): void => {
  if (plan.kind === 'collection') server.counters.collectionScan()
}

/** All matches, collected before the first is written: an update must not meet its own results again. */
export const matching = (server: Server, collection: Collection, query: Query, multi: boolean): StoredRecord[] => {
  if (!multi) {
    const { plan, record } = executeOne(collection, query)
    noteScan(server, plan)
    return record === undefined ? [] : [record]
  }
  const { plan, rows } = execute(collection, query)
  noteScan(server, plan)
  return [...rows]
}
