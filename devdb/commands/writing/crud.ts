import { encode } from '../../bson/encode.ts'
import { toNumber } from '../../bson/numbers.ts'
import { show } from '../../bson/show.ts'
import { type Doc, isDoc, isNumeric, type Value } from '../../bson/values.ts'
import { failure, location } from '../../errors.ts'
import { type Command, collectionName, type Reply, type Request } from '../command.ts'
import type { StatementResult } from '../sessions/sessions.ts'
import { checkCommand, checkStruct, isSet, required, type Struct, types } from '../struct.ts'
import { checkBatch, runStatements, sumOf, withErrors } from './statements.ts'
import { runDelete, runUpdate } from './updateStatement.ts'
import { existingTarget, insertBytes } from './write.ts'

const base: Struct = { ordered: types.bool, bypassDocumentValidation: types.flag }
const insertStruct: Struct = { ...base, documents: types.objects }
const updateStruct: Struct = { ...base, updates: required(types.objects), let: types.object }
const deleteStruct: Struct = { ...base, deletes: required(types.objects), let: types.object }

const updateFields: Struct = {
  q: required(types.object),
  u: required(types.any),
  c: types.object,
  multi: types.flag,
  upsert: types.flag,
  arrayFilters: types.objects,
  hint: types.any,
  collation: types.object,
  sort: types.object,
}

const deleteFields: Struct = {
  q: required(types.object),
  limit: required(types.any),
  hint: types.any,
  collation: types.object,
}

/** All statements are checked before the first is run: a malformed one is an error of the command. */
const statementsOf = (body: Doc, name: 'updates' | 'deletes', [of, struct]: [string, Struct]): Doc[] => {
  const list = body[name]
  const statements = Array.isArray(list) ? list.filter(isDoc) : []
  for (const statement of statements) checkStruct(statement, of, struct)
  checkBatch(statements.length)
  return statements
}

const documentsOf = ({ body, documents }: Request): Buffer[] => {
  if (documents !== undefined) return documents
  if (!Array.isArray(body.documents))
    throw location(40414, "BSON field 'insert.documents' is missing but a required field")
  return body.documents.filter(isDoc).map((doc) => encode(doc))
}

const one: StatementResult = { n: 1 }

const insert: Command = {
  options: ['documents', 'ordered', 'bypassDocumentValidation'],
  retryable: true,
  run: (request) => {
    const { server, body, database } = request
    const name = collectionName(request)
    checkCommand(body, 'insert', insertStruct)
    const statements = documentsOf(request)
    checkBatch(statements.length)
    const collection = existingTarget(request, name) ?? server.catalog.create(database, name)
    const writing = { collection, bypass: isSet(body.bypassDocumentValidation) }
    const run = (bytes: Buffer): StatementResult => {
      server.counters.count('insert')
      insertBytes(writing, bytes)
      return one
    }
    const ran = runStatements(request, { statements, ordered: isSet(body.ordered, true), run })
    return withErrors({ n: sumOf(ran, 'n') }, ran)
  },
}

const update: Command = {
  options: ['updates', 'ordered', 'bypassDocumentValidation', 'let'],
  retryable: true,
  run: (request) => {
    const { server, body } = request
    collectionName(request)
    checkCommand(body, 'update', updateStruct)
    const statements = statementsOf(body, 'updates', ['update.updates', updateFields])
    const bypass = isSet(body.bypassDocumentValidation)
    const run = (statement: Doc): StatementResult => {
      server.counters.count('update')
      return runUpdate(request, statement, bypass)
    }
    const ran = runStatements(request, { statements, ordered: isSet(body.ordered, true), run })
    const upserts = ran.results.flatMap(({ index, upserted }) =>
      upserted === undefined ? [] : [{ index, _id: upserted }],
    )
    const upserted: Reply = upserts.length > 0 ? { upserted: upserts } : {}
    return withErrors({ n: sumOf(ran, 'n'), nModified: sumOf(ran, 'nModified'), ...upserted }, ran)
  },
}

const isMany = (limit: Value): boolean => {
  const number = isNumeric(limit) ? toNumber(limit) : undefined
  if (number !== 0 && number !== 1)
    throw failure('FailedToParse', `The limit field in delete objects must be 0 or 1. Got ${show(limit)}`)
  return number === 0
}

const remove: Command = {
  options: ['deletes', 'ordered', 'let', 'bypassDocumentValidation'],
  retryable: true,
  run: (request) => {
    const { server, body } = request
    collectionName(request)
    checkCommand(body, 'delete', deleteStruct)
    const statements = statementsOf(body, 'deletes', ['delete.deletes', deleteFields])
    const limits = statements.map(({ limit = null }) => isMany(limit))
    const run = (statement: Doc, index: number): StatementResult => {
      server.counters.count('delete')
      return runDelete(request, statement, limits[index] === true)
    }
    const ran = runStatements(request, { statements, ordered: isSet(body.ordered, true), run })
    return withErrors({ n: sumOf(ran, 'n') }, ran)
  },
}

export const crudCommands: Readonly<Record<string, Command>> = { insert, update, delete: remove }
