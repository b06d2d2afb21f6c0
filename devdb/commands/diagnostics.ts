import { ObjectId, Timestamp } from 'bson'
import type { Doc } from '../bson/values.ts'
import { unsupported } from '../errors.ts'
import { isTruthy } from '../query/operators.ts'
import { type Command, collectionName, type Reply, type Request, type Server } from './command.ts'

/** What is spoken here is MongoDB 7.0; the wire version must agree with the version that buildInfo tells. */
const version = '7.0.14'
const maxWireVersion = 21

const electionId = new ObjectId('7fffffff0000000000000001')

export const timestampOf = (date: Date): Timestamp => new Timestamp({ t: Math.floor(date.getTime() / 1000), i: 1 })

const replicaFields = ({ replicaSet, address, startedAt }: Server): Reply => {
  if (replicaSet === undefined) return {}
  const lastWrite = { ts: timestampOf(new Date()), t: 1 }
  return {
    setName: replicaSet,
    setVersion: 1,
    hosts: [address()],
    me: address(),
    primary: address(),
    secondary: false,
    electionId,
    lastWrite: { opTime: lastWrite, lastWriteDate: startedAt, majorityOpTime: lastWrite, majorityWriteDate: startedAt },
  }
}

const greet = (request: Request, primaryField: 'isWritablePrimary' | 'ismaster'): Reply => ({
  helloOk: true,
  [primaryField]: true,
  ...replicaFields(request.server),
  maxBsonObjectSize: 16 * 1024 * 1024,
  maxMessageSizeBytes: 48_000_000,
  maxWriteBatchSize: 100_000,
  localTime: new Date(),
  logicalSessionTimeoutMinutes: 30,
  connectionId: request.connectionId,
  minWireVersion: 0,
  maxWireVersion,
  readOnly: false,
})

// No topologyVersion is answered, so drivers poll and never ask a hello to wait; compression is not offered either.
const helloOptions = [
  'helloOk',
  'client',
  'compression',
  'saslSupportedMechs',
  'speculativeAuthenticate',
  'loadBalanced',
  'backpressure',
  'hostInfo',
  'forShell',
  'internalClient',
]

const hello: Command = { options: helloOptions, run: (request) => greet(request, 'isWritablePrimary') }
const legacyHello: Command = { options: [...helloOptions, 'hello'], run: (request) => greet(request, 'ismaster') }

const simple = (options: readonly string[], run: (request: Request) => Reply): Command => ({
  options,
  run: (request) => {
    request.server.counters.count('command')
    return run(request)
  },
})

const buildInfo = simple([], () => ({
  version,
  gitVersion: 'devdb',
  modules: [],
  sysInfo: 'deprecated',
  versionArray: [7, 0, 14, 0],
  bits: 64,
  debug: false,
  maxBsonObjectSize: 16 * 1024 * 1024,
  storageEngines: ['devdb'],
}))

// Sections may be switched on and off by name (`{repl: 0}`): all are cheap, so all are answered.
const sections = [
  'repl',
  'metrics',
  'locks',
  'network',
  'opcounters',
  'connections',
  'mem',
  'tcmalloc',
  'wiredTiger',
  'asserts',
]

const serverStatus = simple(sections, ({ server }) => {
  const { opcounters, commands, collectionScans, connections } = server.counters.read()
  const uptime = (Date.now() - server.startedAt.getTime()) / 1000
  return {
    host: server.address(),
    version,
    process: 'devdb',
    pid: process.pid,
    uptime,
    uptimeMillis: Math.round(uptime * 1000),
    localTime: new Date(),
    connections: { ...connections, available: 10_000 },
    opcounters,
    mem: { bits: 64, resident: Math.round(process.memoryUsage.rss() / 1024 / 1024), supported: true },
    metrics: {
      commands,
      cursor: { open: { total: server.cursors.size() } },
      queryExecutor: { collectionScans: { total: collectionScans, nonTailable: collectionScans } },
    },
    storageEngine: { name: 'devdb', persistent: true },
  }
})

const sizes = (
  collections: readonly { records: { size: number }; bytesHeld: () => number; indexes: readonly unknown[] }[],
) => ({
  count: collections.reduce((sum, { records }) => sum + records.size, 0),
  size: collections.reduce((sum, { bytesHeld }) => sum + bytesHeld(), 0),
  nindexes: collections.reduce((sum, { indexes }) => sum + indexes.length, 0),
})

const collStats = simple(['scale'], (request) => {
  const { server, database } = request
  const name = collectionName(request)
  const collection = server.catalog.find(database, name)
  const { count, size, nindexes } = sizes(collection === undefined ? [] : [collection])
  return {
    ns: `${database}.${name}`,
    count,
    size,
    storageSize: size,
    avgObjSize: count === 0 ? 0 : Math.round(size / count),
    nindexes,
    capped: false,
    scaleFactor: 1,
  }
})

const dbStats = simple(['scale', 'freeStorage'], ({ server, database }) => {
  const all = server.catalog.inDatabase(database).map(({ collection }) => collection)
  const { count, size, nindexes } = sizes(all)
  return {
    db: database,
    collections: all.length,
    views: 0,
    objects: count,
    dataSize: size,
    storageSize: size,
    indexes: nindexes,
    scaleFactor: 1,
  }
})

const parameters: Doc = { featureCompatibilityVersion: { version: '7.0' } }

const getParameter = simple(Object.keys(parameters), ({ body }) => {
  const asked = Object.keys(parameters).filter((name) => body[name] !== undefined && isTruthy(body[name]))
  if (asked.length === 0) throw unsupported('this parameter of getParameter')
  return Object.fromEntries(asked.map((name) => [name, parameters[name] ?? null]))
})

const connectionStatus = simple(['showPrivileges'], () => ({
  authInfo: { authenticatedUsers: [], authenticatedUserRoles: [], authenticatedUserPrivileges: [] },
}))

export const diagnosticCommands: Readonly<Record<string, Command>> = {
  hello,
  isMaster: legacyHello,
  ismaster: legacyHello,
  ping: simple([], () => ({})),
  buildInfo,
  buildinfo: buildInfo,
  serverStatus,
  collStats,
  dbStats,
  dbstats: dbStats,
  getParameter,
  connectionStatus,
  endSessions: simple([], () => ({})),
}
