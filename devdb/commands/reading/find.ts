import { Long } from 'bson'
import { findInView, type OpenView, openView } from '../../aggregate/viewReading.ts'
import { withoutFields } from '../../bson/cut.ts'
import { encode } from '../../bson/encode.ts'
import { integerOf } from '../../bson/numbers.ts'
import { type Doc, isDoc, isInt32 } from '../../bson/values.ts'
import { failure, location } from '../../errors.ts'
import { type Execution, execute } from '../../query/executor.ts'
import { parseFilter } from '../../query/matcher.ts'
import { type Projection, parseProjection } from '../../query/projection.ts'
import { keyReader } from '../../query/returnKey.ts'
import { parseSort } from '../../query/sort.ts'
import type { Collection } from '../../storage/collection.ts'
import { docOfBytes, type StoredRecord } from '../../storage/records.ts'
import { type Command, collectionName, hintedIndex, type Reply, type Request, scopeOf } from '../command.ts'
import { checkCommand, isSet, type Struct, types } from '../struct.ts'
import { openTailable } from './tailable.ts'

const struct: Struct = {
  filter: types.object,
  projection: types.object,
  sort: types.object,
  hint: types.any,
  skip: types.number,
  limit: types.number,
  batchSize: types.number,
  singleBatch: types.flag,
  min: types.object,
  max: types.object,
  returnKey: types.flag,
  showRecordId: types.flag,
  tailable: types.flag,
  awaitData: types.flag,
  oplogReplay: types.flag,
  noCursorTimeout: types.flag,
  allowPartialResults: types.flag,
  allowDiskUse: types.flag,
  collation: types.object,
  let: types.object,
}

export const findOptions: readonly string[] = Object.keys(struct)

/** A count that may not be negative, as MongoDB's command definitions check it. */
const countOf = (body: Doc, name: 'skip' | 'limit' | 'batchSize'): number | undefined => {
  const value = body[name]
  if (value === undefined || value === null) return undefined
  const count = typeof value === 'number' && isInt32(value) ? value : (integerOf(value) ?? 0)
  if (count < 0) throw location(51024, `BSON field '${name}' value must be >= 0, actual value '${count}'`)
  return count
}

const checkTailing = (body: Doc): void => {
  if (isSet(body.awaitData) && !isSet(body.tailable))
    throw failure('FailedToParse', "Cannot set 'awaitData' without also setting 'tailable'")
}

const checkHint = ({ hint }: Doc): void => {
  if (hint !== undefined && hint !== null && typeof hint !== 'string' && !isDoc(hint))
    throw failure('FailedToParse', 'Hint must be a string or an object')
}

type Parsed = {
  readonly query: Omit<Parameters<typeof execute>[1], 'hint'>
  readonly projection: Projection | undefined
}

/** A bound as given; the empty document counts as none. */
const boundOf = (value: Doc[string] | undefined): Doc | undefined =>
  value !== undefined && isDoc(value) && Object.keys(value).length > 0 ? value : undefined

const parse = (request: Request, body: Doc): Parsed => {
  checkCommand(body, 'find', struct)
  checkHint(body)
  checkTailing(body)
  const scope = scopeOf({ ...request, body })
  const filter = parseFilter(body.filter, scope)
  const wanted = parseProjection(body.projection, scope, filter)
  // MongoDB checks a projection beside returnKey and then ignores it.
  const projection = isSet(body.returnKey) ? undefined : wanted
  const [min, max] = [boundOf(body.min), boundOf(body.max)]
  const query = {
    filter,
    sort: parseSort(body.sort, scope),
    skip: countOf(body, 'skip') ?? 0,
    limit: countOf(body, 'limit') || Number.POSITIVE_INFINITY,
    deadline: request.deadline,
    ...(min === undefined && max === undefined ? {} : { range: { min, max } }),
    ...(body.allowDiskUse === undefined ? {} : { allowDiskUse: isSet(body.allowDiskUse) }),
    ...(projection?.fields === undefined ? {} : { fields: projection.fields }),
  }
  return { query, projection }
}

const begin = (request: Request, body: Doc, { query }: Parsed, collection: Collection): Execution => {
  const hint = hintedIndex(collection, body.hint)
  const execution = execute(collection, hint === undefined ? query : { ...query, hint })
  if (execution.plan.kind === 'collection') request.server.counters.collectionScan()
  return execution
}

/** Starts the query of a find; undefined when the collection is not there (its filter is checked all the same). */
export const startFind = (request: Request, body: Doc, collection: Collection | undefined): Execution | undefined => {
  const parsed = parse(request, body)
  return collection === undefined ? undefined : begin(request, body, parsed, collection)
}

const bytesOf = function* ({ rows }: Execution): Generator<Buffer> {
  for (const { bytes } of rows) yield bytes
}

const projected = function* (
  { rows, docOf }: Execution,
  { withoutFields: left, project }: Projection,
): Generator<Buffer> {
  for (const record of rows) yield left ? withoutFields(record.bytes, left) : encode(project(docOf(record)))
}

const numbered = function* ({ rows, docOf }: Execution, projection: Projection | undefined): Generator<Buffer> {
  for (const record of rows) {
    const doc = projection === undefined ? docOf(record) : projection.project(docOf(record))
    yield encode({ ...doc, $recordId: recordId(record) })
  }
}

const keysOf = ({ rows, plan }: Execution): Iterable<Buffer> => {
  const keyOf = keyReader(plan)
  return rows.map((record) => encode(keyOf(record)))
}

const recordId = ({ id }: StoredRecord): Long => Long.fromNumber(id)

/**
 * A projection that needs nothing but the stored bytes: an open cursor then holds what the store holds anyway, and
 * projects a row only when it is sent.
 */
const lazily = ({ withoutFields: left, fields, project }: Projection): ((bytes: Buffer) => Buffer) | undefined => {
  if (left !== null) return (bytes) => withoutFields(bytes, left)
  return fields === undefined ? undefined : (bytes) => encode(project(docOfBytes(bytes)))
}

const openingOf = (execution: Execution, projection: Projection | undefined, body: Doc) => {
  if (isSet(body.returnKey)) return { rows: keysOf(execution) }
  if (isSet(body.showRecordId)) return { rows: numbered(execution, projection) }
  if (projection === undefined) return { rows: bytesOf(execution), stored: true }
  const project = execution.covered ? undefined : lazily(projection)
  return project === undefined
    ? { rows: projected(execution, projection) }
    : { rows: bytesOf(execution), project, stored: true }
}

const viewRows = function* (docs: Iterable<Doc>, projection: Projection | undefined): Generator<Buffer> {
  for (const doc of docs) yield encode(projection === undefined ? doc : projection.project(doc))
}

/** A view has no records: the documents come out of its pipeline. */
const openFindOfView = (request: Request, view: OpenView, { projection }: Parsed): Reply => {
  const { server, body, database, cursorSession: session } = request
  return server.cursors.open({
    namespace: `${database}.${collectionName(request)}`,
    rows: viewRows(findInView(view, request), projection),
    batchSize: countOf(body, 'batchSize'),
    session,
    singleBatch: isSet(body.singleBatch),
  })
}

const run: Command['run'] = (request) => {
  const { server, body, database, cursorSession: session } = request
  const name = collectionName(request)
  server.counters.count('query')
  const parsed = parse(request, body)
  const batchSize = countOf(body, 'batchSize')
  const collection = server.catalog.find(database, name)
  const view = collection === undefined ? openView(request, name, scopeOf(request)) : undefined
  if (view !== undefined) return openFindOfView(request, view, parsed)
  if (isSet(body.tailable)) return openTailable(request, { ...parsed, batchSize, collection })
  const execution = collection && begin(request, body, parsed, collection)
  return server.cursors.open({
    namespace: `${database}.${name}`,
    ...(execution === undefined ? { rows: [] } : openingOf(execution, parsed.projection, body)),
    batchSize,
    session,
    noTimeout: isSet(body.noCursorTimeout),
    singleBatch: isSet(body.singleBatch),
  })
}

export const findCommands: Readonly<Record<string, Command>> = {
  find: { options: findOptions, run },
}
