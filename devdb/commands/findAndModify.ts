import { encode } from '../bson/encode.ts'
import type { Out } from '../bson/values.ts'
import { failure } from '../errors.ts'
import { parseFilter } from '../query/matcher.ts'
import { parseProjection } from '../query/projection.ts'
import { parseSort } from '../query/sort.ts'
import type { Collection } from '../storage/collection.ts'
import { docOf, type StoredRecord } from '../storage/records.ts'
import { parseUpdate } from '../update/parse.ts'
import { parseArrayFilters } from '../update/positions.ts'
import {
  booleanOption,
  type Command,
  checkCollation,
  checkLet,
  collectionName,
  hintedIndex,
  type Reply,
  type Request,
} from './command.ts'
import { changeRecord, insertUpsert, matching } from './write.ts'

type Show = (bytes: Buffer) => Out

const shower = (request: Request): Show => {
  const projection = parseProjection(request.body.fields ?? request.body.projection)
  if (projection === undefined) return (bytes) => bytes
  return (bytes) => encode(projection.project(docOf({ id: 0, bytes })))
}

const removeOne = (collection: Collection, record: StoredRecord | undefined, show: Show): Reply => {
  if (record === undefined) return { lastErrorObject: { n: 0 }, value: null }
  const value = show(record.bytes)
  collection.remove(record)
  return { lastErrorObject: { n: 1 }, value }
}

const checkOptions = ({ body }: Request, removes: boolean): void => {
  checkCollation(body.collation)
  checkLet(body.let)
  if (removes && body.update !== undefined)
    throw failure('FailedToParse', 'Cannot specify both an update and remove=true')
  if (removes && booleanOption(body, 'upsert'))
    throw failure('FailedToParse', 'Cannot specify both upsert=true and remove=true')
  if (removes && booleanOption(body, 'new')) {
    throw failure(
      'FailedToParse',
      "Cannot specify both new=true and remove=true; 'remove' always returns the deleted document",
    )
  }
  if (!removes && body.update === undefined)
    throw failure('FailedToParse', 'Either an update or remove=true must be specified')
}

const run = (request: Request): Reply => {
  const { server, body, database, deadline } = request
  server.counters.count('command')
  const removes = booleanOption(body, 'remove')
  checkOptions(request, removes)
  const show = shower(request)
  const filter = parseFilter(body.query)
  const sort = parseSort(body.sort)
  const update = removes ? undefined : parseUpdate(body.update, false)
  const filters = parseArrayFilters(body.arrayFilters, update?.kind === 'operators' ? update.actions : [])
  const upsert = booleanOption(body, 'upsert')
  const name = collectionName(request)
  const collection = upsert ? server.catalog.obtain(database, name) : server.catalog.find(database, name)
  const none = update === undefined ? { n: 0 } : { n: 0, updatedExisting: false }
  if (collection === undefined) return { lastErrorObject: none, value: null }
  const query = { filter, sort, deadline, hint: hintedIndex(collection, body.hint) }
  const [record] = matching(server, collection, query, false)
  if (update === undefined) return removeOne(collection, record, show)
  const wantsNew = booleanOption(body, 'new')
  const change = { update, filters, filter }
  if (record !== undefined) {
    const before = record.bytes
    changeRecord(collection, record, change)
    return { lastErrorObject: { n: 1, updatedExisting: true }, value: show(wantsNew ? record.bytes : before) }
  }
  if (!upsert) return { lastErrorObject: none, value: null }
  const { id, record: inserted } = insertUpsert(collection, change)
  const value = wantsNew ? show(inserted.bytes) : null
  return { lastErrorObject: { n: 1, updatedExisting: false, upserted: id }, value }
}

const options = [
  'query',
  'update',
  'remove',
  'new',
  'fields',
  'projection',
  'sort',
  'upsert',
  'arrayFilters',
  'hint',
  'collation',
  'bypassDocumentValidation',
  'let',
]

export const findAndModifyCommands: Readonly<Record<string, Command>> = {
  findAndModify: { options, retryable: true, run },
  findandmodify: { options, retryable: true, run },
}
