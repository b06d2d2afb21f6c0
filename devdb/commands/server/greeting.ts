import { Long, ObjectId } from 'bson'
import { maxDocumentBytes } from '../../bson/encode.ts'
import { failure } from '../../errors.ts'
import { type LogicalTime, toTimestamp } from '../../storage/logicalClock.ts'
import { maxMessageBytes } from '../../wire/framing.ts'
import { booleanOption, type Command, type Reply, type Request, type Server } from '../command.ts'
import { simple } from '../simple.ts'

/** What is spoken here is MongoDB 8.0; the wire version must agree with the version that buildInfo tells. */
export const version = '8.0.4'
const versionArray = [8, 0, 4, 0]
const maxWireVersion = 25

export const electionId = new ObjectId('7fffffff0000000000000001')

/** The one election term of a replica set with one member. */
export const term = Long.fromNumber(1)

export const operationTimeOf = (server: Server): { ts: ReturnType<typeof toTimestamp>; date: Date } => {
  const time: LogicalTime = server.catalog.history.clock.now()
  const ts = toTimestamp(time)
  return { ts, date: new Date(ts.t * 1000) }
}

const replicaFields = (server: Server): Reply => {
  const { replicaSet, address } = server
  if (replicaSet === undefined) return {}
  const { ts, date } = operationTimeOf(server)
  return {
    hosts: [address()],
    setName: replicaSet,
    setVersion: 1,
    secondary: false,
    primary: address(),
    me: address(),
    electionId,
    lastWrite: {
      opTime: { ts, t: term },
      lastWriteDate: date,
      majorityOpTime: { ts, t: term },
      majorityWriteDate: date,
    },
  }
}

const greet = (request: Request, primaryField: 'isWritablePrimary' | 'ismaster'): Reply => ({
  helloOk: true,
  [primaryField]: true,
  ...replicaFields(request.server),
  maxBsonObjectSize: maxDocumentBytes,
  maxMessageSizeBytes: maxMessageBytes,
  maxWriteBatchSize: 100_000,
  localTime: new Date(),
  logicalSessionTimeoutMinutes: 30,
  connectionId: request.connectionId,
  minWireVersion: 0,
  maxWireVersion,
  readOnly: false,
})

// No topologyVersion is told, so drivers poll instead of letting a hello wait; one who sends a version all the same
// sends that of another process, which is answered at once. Compression is not agreed to by not mentioning it.
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
  'topologyVersion',
  'maxAwaitTimeMS',
]

const hello: Command = { options: helloOptions, run: (request) => greet(request, 'isWritablePrimary') }
const legacyHello: Command = { options: [...helloOptions, 'hello'], run: (request) => greet(request, 'ismaster') }

const buildInfo = simple([], () => ({
  version,
  gitVersion: 'devdb',
  modules: [],
  allocator: 'system',
  javascriptEngine: 'none',
  sysInfo: 'deprecated',
  versionArray,
  openssl: { running: 'disabled', compiled: 'disabled' },
  buildEnvironment: { target_arch: process.arch, target_os: process.platform },
  bits: 64,
  debug: false,
  maxBsonObjectSize: maxDocumentBytes,
  storageEngines: ['devdb'],
}))

const connectionStatus = simple(['showPrivileges'], ({ body }) => ({
  authInfo: {
    authenticatedUsers: [],
    authenticatedUserRoles: [],
    ...(booleanOption(body, 'showPrivileges') && { authenticatedUserPrivileges: [] }),
  },
}))

const refuseCredentials = simple(['mechanism', 'payload', 'autoAuthorize', 'options', 'user', 'db'], () => {
  throw failure('AuthenticationFailed', 'Authentication failed. devdb has no users: connect without credentials.')
})

export const greetingCommands: Readonly<Record<string, Command>> = {
  hello,
  isMaster: legacyHello,
  ismaster: legacyHello,
  ping: simple([], () => ({})),
  buildInfo,
  buildinfo: buildInfo,
  connectionStatus,
  whatsmyuri: simple([], ({ server, connectionId }) => ({ you: server.peer(connectionId) })),
  saslStart: refuseCredentials,
  authenticate: refuseCredentials,
  logout: simple([], () => ({})),
}
