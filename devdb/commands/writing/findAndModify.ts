import { encode } from '../../bson/encode.ts'
import { type Doc, isDoc, type Out } from '../../bson/values.ts'
import { failure } from '../../errors.ts'
import { parseFilter } from '../../query/matcher.ts'
import { parseProjection } from '../../query/projection.ts'
import type { Scope } from '../../query/scope.ts'
import { parseSort } from '../../query/sort.ts'
import type { Filter } from '../../query/tree.ts'
import type { Collection } from '../../storage/collection.ts'
import { docOf, type StoredRecord } from '../../storage/records.ts'
import { parseUpdate } from '../../update/parse.ts'
import { parseArrayFilters } from '../../update/positions.ts'
import { checkUpsertFilter } from '../../update/upsert.ts'
import { type Command, collectionName, hintedIndex, type Reply, type Request, scopeOf } from '../command.ts'
import { checkCommand, isSet, type Struct, types } from '../struct.ts'
import { checkHint, checkSeriesUpdate } from './updateStatement.ts'
import { type Change, changeRecord, existingTarget, insertUpsert, matching, trim } from './write.ts'

const struct: Struct = {
  query: types.object,
  sort: types.object,
  fields: types.object,
  update: types.any,
  remove: types.flag,
  new: types.flag,
  upsert: types.flag,
  arrayFilters: types.objects,
  hint: types.any,
  collation: types.object,
  bypassDocumentValidation: types.flag,
  let: types.object,
}

type Show = (bytes: Buffer) => Out

const shower = ({ body }: Request, scope: Scope, filter: Filter): Show => {
  const projection = parseProjection(body.fields, scope, filter)
  if (projection === undefined) return (bytes) => bytes
  return (bytes) => encode(projection.project(docOf({ id: 0, bytes })))
}

const checkRemoval = (body: Doc): void => {
  if (body.update !== undefined) throw failure('FailedToParse', 'Cannot specify both an update and remove=true')
  if (isSet(body.upsert)) throw failure('FailedToParse', 'Cannot specify both upsert=true and remove=true ')
  if (body.arrayFilters !== undefined) throw failure('FailedToParse', 'Cannot specify arrayFilters and remove=true')
  if (isSet(body.new)) {
    throw failure(
      'FailedToParse',
      "Cannot specify both new=true and remove=true; 'remove' always returns the deleted document",
    )
  }
}

const checkOptions = ({ body }: Request): void => {
  checkCommand(body, 'findAndModify', struct)
  checkHint(body.hint)
  if (isSet(body.remove)) checkRemoval(body)
  else if (isSet(body.new) && isDoc(body.fields) && Object.keys(body.fields).some((path) => path.endsWith('.$')))
    throw failure('BadValue', 'Cannot use a positional projection and return the new document.')
  else if (body.update === undefined)
    throw failure('FailedToParse', 'Either an update or remove=true must be specified')
}

type Found = { readonly collection: Collection | undefined; readonly record: StoredRecord | undefined }

const findOne = (request: Request, scope: Scope, filter: Filter): Found => {
  const { server, body, deadline } = request
  const sort = parseSort(body.sort, scope)
  const collection = existingTarget(request, collectionName(request))
  if (collection === undefined) return { collection, record: undefined }
  const query = { filter, sort, deadline, hint: hintedIndex(collection, body.hint) }
  const [record] = matching(server, collection, query, false)
  return { collection, record }
}

const removeOne = (request: Request, scope: Scope): Reply => {
  const filter = parseFilter(request.body.query, scope)
  const show = shower(request, scope, filter)
  const { collection, record } = findOne(request, scope, filter)
  if (collection === undefined || record === undefined) return { lastErrorObject: { n: 0 }, value: null }
  const value = show(record.bytes)
  collection.remove(record)
  return { lastErrorObject: { n: 1 }, value }
}

const changeOf = ({ body }: Request, scope: Scope): Change => {
  const update = parseUpdate(body.update, false, scope)
  const filters = parseArrayFilters(body.arrayFilters, update, scope)
  return { update, filters, filter: parseFilter(body.query, scope), now: scope.now }
}

const updateOne = (request: Request, scope: Scope): Reply => {
  const { server, body, database } = request
  const change = changeOf(request, scope)
  if (isSet(body.upsert)) checkUpsertFilter(change.filter)
  const show = shower(request, scope, change.filter)
  const found = findOne(request, scope, change.filter)
  const { record } = found
  if (found.collection !== undefined) checkSeriesUpdate(found.collection, false)
  const bypass = isSet(body.bypassDocumentValidation)
  if (found.collection !== undefined && record !== undefined) {
    const before = record.bytes
    changeRecord({ collection: found.collection, bypass }, record, change)
    const value = show(isSet(body.new) ? record.bytes : before)
    trim(found.collection)
    return { lastErrorObject: { n: 1, updatedExisting: true }, value }
  }
  if (!isSet(body.upsert)) return { lastErrorObject: { n: 0, updatedExisting: false }, value: null }
  const collection = found.collection ?? server.catalog.create(database, collectionName(request))
  const { id, record: inserted } = insertUpsert({ collection, bypass }, change)
  const value = isSet(body.new) ? show(inserted.bytes) : null
  return { lastErrorObject: { n: 1, updatedExisting: false, upserted: id }, value }
}

const run = (request: Request): Reply => {
  const { server, body } = request
  server.counters.count('command')
  checkOptions(request)
  const scope = scopeOf(request)
  const isRemoval = isSet(body.remove)
  return server.catalog.history.attempt(() => (isRemoval ? removeOne(request, scope) : updateOne(request, scope)))
}

export const findAndModifyCommands: Readonly<Record<string, Command>> = {
  findAndModify: { options: Object.keys(struct), retryable: 'reply', run },
  findandmodify: { options: Object.keys(struct), retryable: 'reply', run },
}
