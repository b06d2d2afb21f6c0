import { ObjectId } from 'bson'
import { decode } from '../bson/decode.ts'
import { checkSize, encodeStored } from '../bson/encode.ts'
import { type Doc, kindOf, type Out, type Value } from '../bson/values.ts'
import { failure, MongoError } from '../errors.ts'
import { execute, executeOne, type Query } from '../query/executor.ts'
import type { Filter } from '../query/matcher.ts'
import type { Found } from '../query/paths.ts'
import type { Collection } from '../storage/collection.ts'
import { docOf, type StoredRecord } from '../storage/records.ts'
import { applyUpdate, upsertDocument } from '../update/apply.ts'
import type { Update } from '../update/parse.ts'
import type { ArrayFilters } from '../update/positions.ts'
import type { Reply, Server } from './command.ts'

export const checkId = (id: Value): void => {
  const kind = kindOf(id)
  if (kind === 'array' || kind === 'regex') {
    throw failure('InvalidIdField', `The '_id' value cannot be of type ${kind}`)
  }
}

/** Stores a document as it came; only a missing or displaced `_id` makes it necessary to write it anew. */
export const insertBytes = (collection: Collection, bytes: Buffer): void => {
  checkSize(bytes)
  const doc = decode(bytes)
  const idLeads = Object.keys(doc)[0] === '_id'
  if (idLeads && doc._id !== undefined) {
    checkId(doc._id)
    collection.insert(own(bytes), doc)
    return
  }
  const { _id: id = new ObjectId(), ...rest } = doc
  checkId(id)
  const complete = { _id: id, ...rest }
  collection.insert(encodeStored(complete), complete)
}

/** The bytes of a request lie in the network's buffer: what is kept gets memory of its own. */
const own = (bytes: Buffer): Buffer => {
  const copy = Buffer.allocUnsafeSlow(bytes.length)
  bytes.copy(copy)
  return copy
}

export type Change = { readonly update: Update; readonly filters: ArrayFilters; readonly filter: Filter }

/** Applies an update to one record; answers whether its bytes changed. */
export const changeRecord = (
  collection: Collection,
  record: StoredRecord,
  { update, filters, filter }: Change,
): boolean => {
  const before = docOf(record)
  const found: Found = { positions: new Map() }
  filter.match(before, found)
  const after = applyUpdate(decode(record.bytes), update, { found, filters, inserting: false, now: new Date() })
  const bytes = encodeStored(after)
  if (bytes.equals(record.bytes)) return false
  collection.replace(record, before, after, bytes)
  return true
}

export const insertUpsert = (
  collection: Collection,
  { update, filters, filter }: Change,
): { id: Value; record: StoredRecord } => {
  const doc = upsertDocument(filter, update, { filters, now: new Date() })
  const id = doc._id ?? null
  checkId(id)
  return { id, record: collection.insert(encodeStored(doc), doc) }
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

const writeError = (index: number, error: MongoError): Reply => ({
  index,
  code: error.code,
  ...(error.details as { [field: string]: Out }),
  errmsg: error.message,
})

/** Runs the statements of a write command one by one; ordered stops at the first error, unordered goes on. */
export const runStatements = <T>(
  statements: readonly T[],
  ordered: boolean,
  run: (statement: T, index: number) => void,
): Reply[] => {
  const errors: Reply[] = []
  for (const [index, statement] of statements.entries()) {
    try {
      run(statement, index)
    } catch (error) {
      if (!(error instanceof MongoError)) throw error
      errors.push(writeError(index, error))
      if (ordered) break
    }
  }
  return errors
}

export const withErrors = (reply: Reply, errors: readonly Reply[]): Reply =>
  errors.length === 0 ? reply : { ...reply, writeErrors: [...errors] }

export const isOrdered = (body: Doc): boolean => body.ordered !== false
