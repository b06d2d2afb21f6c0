import { encode } from '../bson/encode.ts'
import { integerOf } from '../bson/numbers.ts'
import { type Doc, isDoc, type Out } from '../bson/values.ts'
import { failure } from '../errors.ts'
import { parseFilter } from '../query/matcher.ts'
import { parseUpdate } from '../update/parse.ts'
import { parseArrayFilters } from '../update/positions.ts'
import {
  booleanOption,
  type Command,
  checkCollation,
  checkFields,
  checkLet,
  collectionName,
  hintedIndex,
  listOption,
  type Reply,
  type Request,
} from './command.ts'
import { changeRecord, insertBytes, insertUpsert, isOrdered, matching, runStatements, withErrors } from './write.ts'

const maxBatch = 100_000

const checkBatch = (count: number): void => {
  if (count < 1 || count > maxBatch) {
    throw failure('InvalidLength', `Write batch sizes must be between 1 and ${maxBatch}. Got ${count} operations.`)
  }
}

const insert: Command = {
  options: ['documents', 'ordered', 'bypassDocumentValidation'],
  retryable: true,
  run: (request) => {
    const { server, body, database } = request
    const name = collectionName(request)
    const documents = request.documents ?? listOption(body, 'documents').map((doc) => encode(doc))
    checkBatch(documents.length)
    const collection = server.catalog.obtain(database, name)
    let inserted = 0
    const errors = runStatements(documents, isOrdered(body), (bytes) => {
      server.counters.count('insert')
      insertBytes(collection, bytes)
      inserted++
    })
    return withErrors({ n: inserted }, errors)
  },
}

const updateFields = ['q', 'u', 'multi', 'upsert', 'arrayFilters', 'hint', 'collation', 'c', 'sort']

type Tally = { matched: number; modified: number; readonly upserted: Reply[] }

const updateOne = (request: Request, statement: Doc, index: number, tally: Tally): void => {
  const { server, database, deadline } = request
  server.counters.count('update')
  checkFields(statement, updateFields, 'update.updates')
  checkCollation(statement.collation)
  if (statement.c !== undefined || statement.sort !== undefined) {
    throw failure('NotImplemented', "the options 'c' and 'sort' of an update statement are not supported by devdb")
  }
  if (!isDoc(statement.q))
    throw failure('FailedToParse', "BSON field 'update.updates.q' is missing but a required field")
  const multi = booleanOption(statement, 'multi')
  const filter = parseFilter(statement.q)
  const update = parseUpdate(statement.u, multi)
  const filters = parseArrayFilters(statement.arrayFilters, update.kind === 'operators' ? update.actions : [])
  const upsert = booleanOption(statement, 'upsert')
  const name = collectionName(request)
  const collection = upsert ? server.catalog.obtain(database, name) : server.catalog.find(database, name)
  if (collection === undefined) return
  const hint = hintedIndex(collection, statement.hint)
  const records = matching(server, collection, { filter, sort: [], hint, deadline }, multi)
  const change = { update, filters, filter }
  for (const record of records) {
    tally.matched++
    if (changeRecord(collection, record, change)) tally.modified++
  }
  if (records.length > 0 || !upsert) return
  tally.upserted.push({ index, _id: insertUpsert(collection, change).id })
  tally.matched++
}

const update: Command = {
  options: ['updates', 'ordered', 'bypassDocumentValidation', 'let'],
  retryable: true,
  run: (request) => {
    const { body } = request
    checkLet(body.let)
    const statements = listOption(body, 'updates')
    checkBatch(statements.length)
    const tally: Tally = { matched: 0, modified: 0, upserted: [] }
    const errors = runStatements(statements, isOrdered(body), (statement, index) =>
      updateOne(request, statement, index, tally),
    )
    const upserted: { upserted?: Out[] } = tally.upserted.length > 0 ? { upserted: tally.upserted } : {}
    return withErrors({ n: tally.matched, nModified: tally.modified, ...(upserted as Reply) }, errors)
  },
}

const deleteOne = (request: Request, statement: Doc): number => {
  const { server, database, deadline } = request
  server.counters.count('delete')
  checkFields(statement, ['q', 'limit', 'hint', 'collation'], 'delete.deletes')
  checkCollation(statement.collation)
  if (!isDoc(statement.q))
    throw failure('FailedToParse', "BSON field 'delete.deletes.q' is missing but a required field")
  const limit = integerOf(statement.limit)
  if (limit !== 0 && limit !== 1)
    throw failure('FailedToParse', `The limit field in delete objects must be 0 or 1. Got ${limit}`)
  const filter = parseFilter(statement.q)
  const collection = server.catalog.find(database, collectionName(request))
  if (collection === undefined) return 0
  const hint = hintedIndex(collection, statement.hint)
  const records = matching(server, collection, { filter, sort: [], hint, deadline }, limit === 0)
  for (const record of records) collection.remove(record)
  return records.length
}

const remove: Command = {
  options: ['deletes', 'ordered', 'let'],
  retryable: true,
  run: (request) => {
    checkLet(request.body.let)
    const statements = listOption(request.body, 'deletes')
    checkBatch(statements.length)
    let removed = 0
    const errors = runStatements(statements, isOrdered(request.body), (statement) => {
      removed += deleteOne(request, statement)
    })
    return withErrors({ n: removed }, errors)
  },
}

export const crudCommands: Readonly<Record<string, Command>> = { insert, update, delete: remove }
