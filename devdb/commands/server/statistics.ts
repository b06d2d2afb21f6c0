import { Double } from 'bson'
import { integerOf } from '../../bson/numbers.ts'
import { type Doc, kindOf } from '../../bson/values.ts'
import { failure } from '../../errors.ts'
import { maxConnections } from '../../listener.ts'
import { isTruthy } from '../../query/operators.ts'
import type { Collection } from '../../storage/collection.ts'
import { type Command, collectionName, type Reply, type Request, type Server } from '../command.ts'
import { integer, long, simple } from '../simple.ts'
import { operationTimeOf, term, version } from './greeting.ts'

/** Documents are in memory whole; an entry of an index is a key and a reference, about so many bytes. */
const bytesPerIndexEntry = 64

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0)

const indexSizesOf = ({ indexes, records }: Collection): [name: string, bytes: number][] =>
  indexes.map(({ definition }) => [definition.name, records.size * bytesPerIndexEntry])

const scaleOf = ({ scale }: Doc): number => {
  if (scale === undefined) return 1
  const number = integerOf(scale)
  if (number === undefined)
    throw failure(
      'TypeMismatch',
      `BSON field 'scale' is the wrong type '${kindOf(scale)}', expected types '[long, int, decimal, double']`,
    )
  if (number <= 0) throw failure('BadValue', `BSON field 'scale' value must be >= 1, actual value '${number}'`)
  return number
}

const emptyStatistics = (ns: string, scale: number): Reply => ({
  ns,
  size: 0,
  count: 0,
  numOrphanDocs: 0,
  storageSize: 0,
  totalSize: 0,
  nindexes: 0,
  totalIndexSize: 0,
  indexDetails: {},
  indexSizes: {},
  scaleFactor: scale,
})

/** The sizes of one collection in units of `scale` bytes, with the fields and types of collStats. */
export const statisticsOf = (collection: Collection, scale: number): Reply => {
  const scaled = (bytes: number) => integer(Math.floor(bytes / scale))
  const { cap } = collection.options()
  const [count, size, sizes] = [collection.records.size, collection.bytesHeld(), indexSizesOf(collection)]
  const indexBytes = sum(sizes.map(([, bytes]) => bytes))
  return {
    ns: collection.namespace,
    size: scaled(size),
    count: integer(count),
    ...(count > 0 && { avgObjSize: integer(Math.floor(size / count)) }),
    numOrphanDocs: 0,
    storageSize: scaled(size),
    freeStorageSize: 0,
    capped: cap !== undefined,
    ...(cap !== undefined && { max: integer(cap.max ?? 0), maxSize: scaled(cap.size) }),
    nindexes: collection.indexes.length,
    indexDetails: {},
    indexBuilds: [],
    totalIndexSize: scaled(indexBytes),
    totalSize: scaled(size + indexBytes),
    indexSizes: Object.fromEntries(sizes.map(([name, bytes]) => [name, scaled(bytes)])),
    scaleFactor: scale,
  }
}

const collStats = simple(['scale'], (request) => {
  const { server, database, body } = request
  const name = collectionName(request)
  const scale = scaleOf(body)
  if (server.catalog.view(database, name) !== undefined)
    throw failure('CommandNotSupportedOnView', `Namespace ${database}.${name} is a view, not a collection`)
  const collection = server.catalog.find(database, name)
  return collection === undefined ? emptyStatistics(`${database}.${name}`, scale) : statisticsOf(collection, scale)
})

const dbStats = simple(['scale', 'freeStorage'], ({ server, database, body }) => {
  const scale = scaleOf(body)
  const collections = server.catalog.inDatabase(database).map(({ collection }) => collection)
  const size = sum(collections.map(({ bytesHeld }) => bytesHeld()))
  const objects = sum(collections.map(({ records }) => records.size))
  const indexSize = sum(collections.flatMap((collection) => indexSizesOf(collection).map(([, bytes]) => bytes)))
  const scaled = (bytes: number): Double => new Double(bytes / scale)
  return {
    db: database,
    collections: long(collections.length),
    views: long(server.catalog.viewsIn(database).length),
    objects: long(objects),
    avgObjSize: new Double(objects === 0 ? 0 : size / objects),
    dataSize: scaled(size),
    storageSize: scaled(size),
    ...(isTruthy(body.freeStorage ?? false) && {
      freeStorageSize: new Double(0),
      indexFreeStorageSize: new Double(0),
      totalFreeStorageSize: new Double(0),
    }),
    indexes: long(sum(collections.map(({ indexes }) => indexes.length))),
    indexSize: scaled(indexSize),
    totalSize: scaled(size + indexSize),
    scaleFactor: long(scale),
  }
})

const replication = (server: Server): Reply | undefined => {
  if (server.replicaSet === undefined) return undefined
  const { ts, date } = operationTimeOf(server)
  const opTime = { ts, t: term }
  return {
    setName: server.replicaSet,
    setVersion: 1,
    isWritablePrimary: true,
    secondary: false,
    hosts: [server.address()],
    primary: server.address(),
    me: server.address(),
    lastWrite: { opTime, lastWriteDate: date, majorityOpTime: opTime, majorityWriteDate: date },
    rbid: 1,
  }
}

const metrics = (server: Server): Reply => {
  const { commands, collectionScans } = server.counters.read()
  const { timedOut, totalOpened, open } = server.cursors.statistics()
  const opened = { noTimeout: long(open.noTimeout), pinned: long(open.pinned), total: long(open.total) }
  return {
    commands,
    cursor: { timedOut: long(timedOut), totalOpened: long(totalOpened), open: opened },
    queryExecutor: { collectionScans: { total: collectionScans, nonTailable: collectionScans } },
  }
}

const storageEngine = ({ startup }: Server): Reply => ({
  name: 'devdb',
  supportsCommittedReads: true,
  supportsSnapshotReadConcern: true,
  readOnly: false,
  persistent: startup.data !== undefined,
})

// Each may be left out by its name and 0, as clients do that ask often.
const sections: Readonly<Record<string, (server: Server) => Reply | undefined>> = {
  asserts: () => ({ regular: 0, warning: 0, msg: 0, user: 0, tripwire: 0, rollovers: 0 }),
  connections: ({ counters }) => {
    const { current, totalCreated } = counters.read().connections
    return { current, available: maxConnections - current, totalCreated, active: current, threaded: current }
  },
  globalLock: ({ startedAt, cursors }) => ({
    totalTime: long((Date.now() - startedAt.getTime()) * 1000),
    currentQueue: { total: 0, readers: 0, writers: 0 },
    activeClients: { total: cursors.statistics().open.pinned, readers: cursors.statistics().open.pinned, writers: 0 },
  }),
  locks: () => ({}),
  network: ({ counters }) => {
    const { commands, bytesIn, bytesOut } = counters.read()
    const requests = sum(Object.values(commands).map(({ total }) => total))
    return { bytesIn: long(bytesIn), bytesOut: long(bytesOut), numRequests: long(requests) }
  },
  opcounters: ({ counters }) => counters.read().opcounters,
  repl: replication,
  storageEngine,
  mem: () => {
    const { rss, heapTotal } = process.memoryUsage()
    const megabytes = (bytes: number): number => Math.round(bytes / 1024 / 1024)
    return { bits: 64, resident: megabytes(rss), virtual: megabytes(Math.max(rss, heapTotal)), supported: true }
  },
  metrics,
}

/** Sections of mongod that devdb has nothing to tell about: asking for them, or not, is no error. */
const absentSections = [
  'wiredTiger',
  'tcmalloc',
  'transactions',
  'sharding',
  'security',
  'flowControl',
  'extra_info',
  'logicalSessionRecordCache',
  'opLatencies',
  'latchAnalysis',
  'mirroredReads',
  'electionMetrics',
  'freeMonitoring',
  'oplog',
  'tenantMigrations',
]

const serverStatus = simple([...Object.keys(sections), ...absentSections], ({ server, body }: Request) => {
  const uptime = (Date.now() - server.startedAt.getTime()) / 1000
  const reply: Reply = {
    host: server.address(),
    version,
    process: 'devdb',
    pid: long(process.pid),
    uptime: new Double(Math.floor(uptime)),
    uptimeMillis: long(Math.round(uptime * 1000)),
    uptimeEstimate: long(Math.floor(uptime)),
    localTime: new Date(),
  }
  for (const [name, read] of Object.entries(sections)) {
    const asked = body[name]
    if (asked === undefined || isTruthy(asked)) reply[name] = read(server)
  }
  return reply
})

export const statisticsCommands: Readonly<Record<string, Command>> = {
  serverStatus,
  collStats,
  collstats: collStats,
  dbStats,
  dbstats: dbStats,
}
