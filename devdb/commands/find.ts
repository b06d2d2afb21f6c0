import { Long } from 'bson'
import { withoutFields } from '../bson/cut.ts'
import { encode } from '../bson/encode.ts'
import { type Doc, kindOf, type Value } from '../bson/values.ts'
import { failure, unsupported } from '../errors.ts'
import { type Execution, execute } from '../query/executor.ts'
import { parseFilter } from '../query/matcher.ts'
import { isTruthy } from '../query/operators.ts'
import { type Projection, parseProjection } from '../query/projection.ts'
import { parseSort } from '../query/sort.ts'
import type { Collection } from '../storage/collection.ts'
import { docOf, type StoredRecord } from '../storage/records.ts'
import {
  booleanOption,
  type Command,
  checkCollation,
  checkLet,
  collectionName,
  countOption,
  hintedIndex,
  type Request,
  stringOption,
} from './command.ts'

const notBuilt = ['tailable', 'awaitData', 'oplogReplay', 'showRecordId', 'returnKey', 'min', 'max']

export const findOptions = [
  'filter',
  'sort',
  'projection',
  'skip',
  'limit',
  'batchSize',
  'singleBatch',
  'hint',
  'collation',
  'let',
  'noCursorTimeout',
  'allowPartialResults',
  'allowDiskUse',
  ...notBuilt,
]

/** Starts the query of a find; undefined when the collection is not there (its filter is checked all the same). */
export const startFind = (
  { server, deadline }: Request,
  body: Doc,
  collection: Collection | undefined,
): Execution | undefined => {
  const refused = notBuilt.find((name) => body[name] !== undefined && isTruthy(body[name]))
  if (refused !== undefined) throw unsupported(`the option '${refused}' of find`)
  checkCollation(body.collation)
  checkLet(body.let)
  const query = {
    filter: parseFilter(body.filter),
    sort: parseSort(body.sort),
    skip: countOption(body, 'skip'),
    limit: countOption(body, 'limit') || undefined,
    deadline,
  }
  if (collection === undefined) return undefined
  const execution = execute(collection, { ...query, hint: hintedIndex(collection, body.hint) })
  if (execution.plan.kind === 'collection') server.counters.collectionScan()
  return execution
}

const run = (request: Request) => {
  const { server, body, database } = request
  const name = collectionName(request)
  server.counters.count('query')
  const projection = parseProjection(body.projection)
  const rows = startFind(request, body, server.catalog.find(database, name))?.rows ?? []
  return server.cursors.open({
    namespace: `${database}.${name}`,
    rows: projection === undefined ? bytesOf(rows) : projected(rows, projection),
    batchSize: countOption(body, 'batchSize'),
    singleBatch: booleanOption(body, 'singleBatch'),
  })
}

const bytesOf = function* (rows: Iterable<StoredRecord>): Generator<Buffer> {
  for (const { bytes } of rows) yield bytes
}

const projected = function* (
  rows: Iterable<StoredRecord>,
  { withoutFields: left, project }: Projection,
): Generator<Buffer> {
  for (const record of rows) yield left ? withoutFields(record.bytes, left) : encode(project(docOf(record)))
}

const longOf = (value: Value | undefined): Long => {
  if (value === undefined || kindOf(value) !== 'long') {
    const number = typeof value === 'number' ? value : undefined
    if (number === undefined) throw failure('TypeMismatch', "a cursor id must be of type 'long'")
    return Long.fromNumber(number)
  }
  return value as Long
}

const getMore: Command = {
  options: ['collection', 'batchSize', 'term', 'lastKnownCommittedOpTime'],
  run: ({ server, body, database }) => {
    server.counters.count('getmore')
    const namespace = `${database}.${stringOption(body, 'collection')}`
    return server.cursors.more(longOf(body.getMore), namespace, countOption(body, 'batchSize') || undefined)
  },
}

const killCursors: Command = {
  options: ['cursors'],
  run: ({ server, body }) => {
    const ids = (Array.isArray(body.cursors) ? body.cursors : []).map(longOf)
    const cursorsKilled = ids.filter((id) => server.cursors.kill(id))
    const cursorsNotFound = ids.filter((id) => !cursorsKilled.includes(id))
    return { cursorsKilled, cursorsNotFound, cursorsAlive: [], cursorsUnknown: [] }
  },
}

export const findCommands: Readonly<Record<string, Command>> = {
  find: { options: findOptions, run },
  getMore,
  killCursors,
}
