import { contextOf } from '../../aggregate/context.ts'
import { parsePipeline } from '../../aggregate/pipeline.ts'
import { runStages } from '../../aggregate/source.ts'
import type { Stage } from '../../aggregate/stage.ts'
import { decode } from '../../bson/decode.ts'
import { encode, maxDocumentBytes } from '../../bson/encode.ts'
import { type Doc, isDoc, type Value } from '../../bson/values.ts'
import type { Entry } from '../../changes/entry.ts'
import { type Event, nameParts } from '../../changes/event.ts'
import { withStreamLabels } from '../../changes/labels.ts'
import { parseStreamOptions, type StreamOptions } from '../../changes/options.ts'
import { checkToken, eventRows } from '../../changes/source.ts'
import type { Watched } from '../../changes/watched.ts'
import { failure, location, unsupported } from '../../errors.ts'
import { executeOne } from '../../query/executor.ts'
import { parseFilter } from '../../query/matcher.ts'
import type { Oplog } from '../../storage/oplog.ts'
import { uuidOf } from '../catalogue/namespaces.ts'
import { checkFields, countOption, type Reply, type Request, type Server, scopeOf } from '../command.ts'

/** Whether the pipeline is that of a change stream: then it is no query of stored documents. */
export const isChangeStream = (pipeline: Value | undefined): boolean => {
  const [first] = Array.isArray(pipeline) ? pipeline : []
  return isDoc(first) && Object.hasOwn(first, '$changeStream')
}

const permitted: ReadonlySet<string> = new Set([
  '$match',
  '$project',
  '$addFields',
  '$set',
  '$unset',
  '$replaceRoot',
  '$replaceWith',
  '$redact',
])

const checkPlaces = (stages: readonly Value[]): void => {
  const names = stages.map((stage) => (isDoc(stage) ? Object.keys(stage)[0] : undefined))
  if (names.includes('$changeStream'))
    throw location(40602, '$changeStream is only valid as the first stage in a pipeline')
  if (names.includes('$changeStreamSplitLargeEvent')) throw unsupported('the stage $changeStreamSplitLargeEvent')
}

const oplogOf = ({ oplog }: Server): Oplog => {
  if (oplog === undefined) throw location(40573, 'The $changeStream stage is only supported on replica sets')
  return oplog
}

const internalDatabases: ReadonlySet<string> = new Set(['admin', 'config', 'local'])

const watchedOf = ({ server, body, database }: Request, { allChangesForCluster }: StreamOptions): Watched => {
  const { aggregate: name } = body
  const collection = typeof name === 'string' ? name : undefined
  const namespace = collection === undefined ? database : `${database}.${collection}`
  if (allChangesForCluster) {
    if (database === 'admin' && collection === undefined) return { database: undefined, collection: undefined }
    throw failure(
      'InvalidOptions',
      `A $changeStream with 'allChangesForCluster:true' may only be opened on the 'admin' database, and with no collection name; found ${namespace}`,
    )
  }
  if (internalDatabases.has(database))
    throw failure('InvalidNamespace', `$changeStream may not be opened on the internal ${database} database`)
  if (collection?.startsWith('system.'))
    throw failure('InvalidNamespace', `$changeStream may not be opened on the internal ${namespace} collection`)
  if (collection !== undefined && server.catalog.view(database, collection) !== undefined)
    throw failure('CommandNotSupportedOnView', `Namespace ${namespace} is a view, not a collection`)
  return { database, collection }
}

const checkReadConcern = ({ readConcern }: Doc): void => {
  const level = isDoc(readConcern) ? readConcern.level : undefined
  if (level !== undefined && level !== 'majority')
    throw failure('InvalidOptions', `$changeStream cannot run with a readConcern other than 'majority', not '${level}'`)
}

const checkCommand = ({ body }: Request): number | undefined => {
  if (body.autocommit !== undefined)
    throw failure('OperationNotSupportedInTransaction', '$changeStream cannot be used in a transaction')
  if (body.explain !== undefined) throw unsupported('explain of a change stream')
  checkReadConcern(body)
  if (!isDoc(body.cursor))
    throw failure('FailedToParse', "The 'cursor' option is required, except for aggregate with the explain argument")
  checkFields(body.cursor, ['batchSize'], 'aggregate.cursor')
  return countOption(body.cursor, 'batchSize')
}

const parseStages = (request: Request, stages: readonly Value[]): readonly Stage[] => {
  checkPlaces(stages)
  const scope = scopeOf(request)
  // Without a collation of its own strings compare by their bytes here, whatever the collection's default.
  const collation = request.body.collation === undefined ? undefined : scope.collation
  const parsed = parsePipeline([...stages], { ...scope, collation })
  for (const { name } of parsed)
    if (!permitted.has(name)) throw failure('IllegalOperation', `${name} is not permitted in a $changeStream pipeline`)
  return parsed
}

// An event holds a document and a little around it; with the document before the change as well it may be too large.
const maxEventBytes = maxDocumentBytes + 16 * 1024

const checked = (bytes: Buffer): Buffer => {
  if (bytes.length <= maxEventBytes) return bytes
  throw failure(
    'BSONObjectTooLarge',
    `BSONObj size: ${bytes.length} (0x${bytes.length.toString(16).toUpperCase()}) is invalid. Size must be between 0 and ${maxEventBytes}(16MB)`,
  )
}

/** What the stages behind make of an event; without any its documents are sent as the bytes they are. */
const shapeOf = (request: Request, stages: readonly Value[]): ((event: Event) => Buffer | undefined) => {
  if (stages.length === 0) return (event) => checked(encode(event))
  const parsed = parseStages(request, stages)
  const context = contextOf(request)
  return (event) => {
    const [shaped] = runStages([decode(encode(event))], parsed, context)
    if (shaped === undefined) return undefined
    checkToken(shaped, event._id as Doc)
    return checked(encode(shaped))
  }
}

const lookupIn =
  ({ server }: Request) =>
  (entry: Entry, id: Value): Buffer | undefined => {
    const { db, coll = '' } = nameParts(entry.namespace)
    const collection = server.catalog.find(db, coll)
    if (collection === undefined || collection.id !== entry.collection) return undefined
    return executeOne(collection, { filter: parseFilter({ _id: { $eq: id } }), sort: [] }).record?.bytes
  }

const open = (request: Request): Reply => {
  const { server, body, database, cursorSession: session } = request
  const oplog = oplogOf(server)
  const [first, ...stages] = body.pipeline as Doc[]
  const options = parseStreamOptions(first?.$changeStream ?? null)
  const batchSize = checkCommand(request)
  const watched = watchedOf(request, options)
  const around = { options, lookup: lookupIn(request), uuidOf: (id: number) => uuidOf({ id }) }
  const shape = shapeOf(request, stages)
  oplog.persist()
  const { onNews } = server.news
  const now = server.catalog.history.clock.now()
  const source = eventRows(options.start, { oplog, watched, around, shape, now, onNews })
  const name = typeof body.aggregate === 'string' ? body.aggregate : '$cmd.aggregate'
  return server.cursors.openLive({ namespace: `${database}.${name}`, source, awaitData: true, batchSize, session })
}

/** Opens a change stream; throws MongoDB's errors, 40573 on a standalone server. */
export const openChangeStream = (request: Request): Reply => {
  try {
    return open(request)
  } catch (error) {
    throw withStreamLabels(error)
  }
}
