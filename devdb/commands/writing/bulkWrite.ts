import { encode } from '../../bson/encode.ts'
import { integerOf } from '../../bson/numbers.ts'
import { showDoc } from '../../bson/show.ts'
import { type Doc, fieldNames, isDoc, type Out, type Value } from '../../bson/values.ts'
import { failure, location } from '../../errors.ts'
import { type Command, countOption, type Reply, type Request } from '../command.ts'
import { bulkWriteCursor } from '../place.ts'
import type { StatementResult } from '../sessions/sessions.ts'
import { checkCommand, checkStruct, isSet, required, type Struct, types } from '../struct.ts'
import { checkBatch, checkRepeatable, type Ran, runStatements } from './statements.ts'
import { runDelete, runUpdate } from './updateStatement.ts'
import { existingTarget, insertBytes } from './write.ts'

const struct: Struct = {
  ops: required(types.objects),
  nsInfo: required(types.objects),
  ordered: types.bool,
  errorsOnly: types.bool,
  bypassDocumentValidation: types.flag,
  let: types.object,
  cursor: types.object,
}

const namespaceStruct: Struct = { ns: required(types.string) }

const operations: Readonly<Record<string, Struct>> = {
  insert: { insert: required(types.number), document: required(types.object) },
  update: {
    update: required(types.number),
    filter: required(types.object),
    updateMods: required(types.any),
    constants: types.object,
    multi: types.flag,
    upsert: types.flag,
    arrayFilters: types.objects,
    hint: types.any,
    collation: types.object,
    sort: types.object,
  },
  delete: {
    delete: required(types.number),
    filter: required(types.object),
    multi: types.flag,
    hint: types.any,
    collation: types.object,
  },
}

type Operation = {
  readonly kind: string
  readonly spec: Doc
  /** The command of one statement that it stands for, on its own database and collection. */
  readonly request: Request
}

const namespacesOf = (body: Doc): [string, string][] =>
  (Array.isArray(body.nsInfo) ? body.nsInfo : []).filter(isDoc).map((info) => {
    checkStruct(info, 'bulkWrite.nsInfo', namespaceStruct)
    const namespace = String(info.ns)
    const dot = namespace.indexOf('.')
    if (dot <= 0 || dot === namespace.length - 1)
      throw failure('InvalidNamespace', `Invalid namespace specified for bulkWrite: '${namespace}'`)
    return [namespace.slice(0, dot), namespace.slice(dot + 1)]
  })

const operationOf = (request: Request, spec: Doc, namespaces: readonly [string, string][]): Operation => {
  const [kind = ''] = fieldNames(spec)
  const fields = Object.hasOwn(operations, kind) ? operations[kind] : undefined
  if (fields === undefined) throw location(40415, `BSON field 'bulkWrite.ops.${kind}' is an unknown field.`)
  checkStruct(spec, `bulkWrite.ops.${kind}`, fields)
  const [database, collection] = namespaces[integerOf(spec[kind]) ?? -1] ?? []
  if (database === undefined || collection === undefined)
    throw failure('BadValue', `BulkWrite ops entry ${showDoc(spec)} has an invalid nsInfo index.`)
  const { let: variables, txnNumber, autocommit } = request.body
  const body: Doc = { [kind]: collection, $db: database }
  if (variables !== undefined) body.let = variables
  if (txnNumber !== undefined) body.txnNumber = txnNumber
  if (autocommit !== undefined) body.autocommit = autocommit
  return { kind, spec, request: { ...request, name: kind, database, body } }
}

type Run = (operation: Operation, bypass: boolean) => StatementResult

const one: StatementResult = { n: 1 }

const insertOne: Run = ({ spec, request }, bypass) => {
  const { server, database, body } = request
  server.counters.count('insert')
  const name = String(body.insert)
  const collection = existingTarget(request, name) ?? server.catalog.create(database, name)
  insertBytes({ collection, bypass }, encode(isDoc(spec.document) ? spec.document : {}))
  return one
}

const update: Run = ({ spec, request }, bypass) => {
  request.server.counters.count('update')
  const { filter: q = null, updateMods: u = null, constants, ...rest } = spec
  return runUpdate(request, constants === undefined ? { ...rest, q, u } : { ...rest, q, u, c: constants }, bypass)
}

const remove: Run = ({ spec, request }) => {
  request.server.counters.count('delete')
  const { filter: q = null, ...rest } = spec
  return runDelete(request, { ...rest, q }, isSet(spec.multi))
}

const runs: Readonly<Record<string, Run>> = { insert: insertOne, update, delete: remove }

const succeededRow = ({ index, n, nModified, upserted }: Ran['results'][number]): Reply => ({
  ok: 1,
  idx: index,
  n,
  nModified,
  ...(upserted === undefined ? {} : { upserted: { _id: upserted } }),
})

const failedRow = ({ index, error }: Ran['errors'][number], kind: string | undefined): Reply => ({
  ok: 0,
  idx: index,
  code: error.code,
  errmsg: error.message,
  ...(error.details as { [field: string]: Out }),
  n: 0,
  ...(kind === 'update' ? { nModified: 0 } : {}),
})

const rowsOf = (list: readonly Operation[], { results, errors }: Ran, errorsOnly: boolean): Buffer[] => {
  const failed = errors.map((entry) => ({ index: entry.index, row: failedRow(entry, list[entry.index]?.kind) }))
  const succeeded = errorsOnly ? [] : results.map((result) => ({ index: result.index, row: succeededRow(result) }))
  return [...succeeded, ...failed].sort((a, b) => a.index - b.index).map(({ row }) => encode(row))
}

const totalsOf = (list: readonly Operation[], { results, errors }: Ran): Reply => {
  const of = (kind: string) => results.filter(({ index }) => list[index]?.kind === kind)
  const sum = (kind: string): number => of(kind).reduce((total, { n }) => total + n, 0)
  const updates = of('update')
  const upserts = updates.filter(({ upserted }) => upserted !== undefined).length
  return {
    nErrors: errors.length,
    nInserted: sum('insert'),
    nMatched: sum('update') - upserts,
    nModified: updates.reduce((total, { nModified = 0 }) => total + nModified, 0),
    nUpserted: upserts,
    nDeleted: sum('delete'),
  }
}

const batchSizeOf = (cursor: Value | undefined): number | undefined => {
  if (!isDoc(cursor ?? null)) return undefined
  checkStruct(cursor as Doc, 'bulkWrite.cursor', { batchSize: types.number })
  return countOption(cursor as Doc, 'batchSize')
}

/** Writes to any number of collections in one command, sent to the database `admin`. Results come through a cursor. */
const bulkWrite: Command = {
  options: Object.keys(struct),
  retryable: true,
  run: (request) => {
    const { server, body, database } = request
    if (database !== 'admin') throw failure('Unauthorized', 'bulkWrite may only be run against the admin database.')
    checkCommand(body, 'bulkWrite', struct)
    const ops = Array.isArray(body.ops) ? body.ops.filter(isDoc) : []
    checkBatch(ops.length)
    const namespaces = namespacesOf(body)
    const list = ops.map((spec) => operationOf(request, spec, namespaces))
    for (const { spec } of list) checkRepeatable(request, isSet(spec.multi))
    const bypass = isSet(body.bypassDocumentValidation)
    const run = (operation: Operation): StatementResult => runs[operation.kind]?.(operation, bypass) ?? one
    const ran = runStatements(request, { statements: list, ordered: isSet(body.ordered, true), run })
    const rows = rowsOf(list, ran, isSet(body.errorsOnly))
    const batchSize = batchSizeOf(body.cursor) ?? Number.POSITIVE_INFINITY
    const namespace = `admin.${bulkWriteCursor}`
    const cursor = server.cursors.open({ namespace, rows, batchSize, session: request.cursorSession })
    return { ...cursor, ...totalsOf(list, ran) }
  },
}

export const bulkWriteCommands: Readonly<Record<string, Command>> = { bulkWrite }
