import { arch, cpus, hostname, release, totalmem, type } from 'node:os'
import { Double } from 'bson'
import type { Doc } from '../../bson/values.ts'
import { failure, unsupported } from '../../errors.ts'
import { booleanOption, type Command, type Server, stringOption } from '../command.ts'
import { adminOnly, long, simple } from '../simple.ts'
import { stableCommands } from '../stableApi.ts'
import { currentOperation } from './currentOperation.ts'
import { namedOptions } from './parameters.ts'

const megabyte = 1024 * 1024

const hostInfo = simple([], () => ({
  system: {
    currentTime: new Date(),
    hostname: hostname(),
    cpuAddrSize: 64,
    memSizeMB: long(Math.floor(totalmem() / megabyte)),
    memLimitMB: long(Math.floor(totalmem() / megabyte)),
    numCores: cpus().length,
    cpuArch: arch(),
    numaEnabled: false,
  },
  os: { type: type(), name: type(), version: release() },
  extra: {},
}))

const parsedOptions = ({ startup, replicaSet }: Server): Doc => ({
  net:
    startup.socket === undefined ? { bindIp: startup.host, port: startup.port } : { unixDomainSocket: startup.socket },
  ...(replicaSet !== undefined && { replication: { replSet: replicaSet } }),
  ...(startup.data !== undefined && { storage: { dbPath: startup.data } }),
})

const getCmdLineOpts = adminOnly([], ({ server }) => ({
  argv: [...server.startup.argv],
  parsed: parsedOptions(server),
}))

const warning = (server: Server, id: number, msg: string): string =>
  JSON.stringify({ t: { $date: server.startedAt.toISOString() }, s: 'W', c: 'CONTROL', id, ctx: 'initandlisten', msg })

const startupWarnings = (server: Server): string[] => {
  const access =
    'Access control is not enabled for the database. Read and write access to data and configuration is unrestricted'
  const kept = 'This server was started without a data folder: its data is gone when it stops'
  return [warning(server, 22120, access), ...(server.startup.data === undefined ? [warning(server, 22121, kept)] : [])]
}

const getLog = adminOnly([], ({ server, body }) => {
  const name = stringOption(body, 'getLog')
  if (name === '*') return { names: ['global', 'startupWarnings'] }
  if (name !== 'global' && name !== 'startupWarnings') throw failure('OperationFailed', `No log named '${name}'`)
  const log = name === 'startupWarnings' ? startupWarnings(server) : []
  return { totalLinesWritten: log.length, log }
})

const refused = (what: string): Command =>
  adminOnly([], () => {
    throw unsupported(what)
  })

const fsync = adminOnly(['lock', 'fsyncLockAcquisitionTimeoutMillis', 'async'], ({ body }) => {
  if (booleanOption(body, 'lock')) throw unsupported("the option 'lock' of fsync")
  // Every acknowledged write is on disk already.
  return { numFiles: 1 }
})

const fsyncUnlock = adminOnly([], () => {
  throw failure('IllegalOperation', 'fsyncUnlock called when not locked')
})

const profile = simple(['slowms', 'sampleRate', 'filter'], ({ body }) => {
  if (body.profile !== 0 && body.profile !== -1) throw unsupported('the profiler')
  const tuned = ['slowms', 'sampleRate', 'filter'].find((name) => body[name] !== undefined)
  if (tuned !== undefined) throw unsupported(`the option '${tuned}' of profile`)
  return { was: 0, slowms: 100, sampleRate: new Double(1) }
})

const nobody = (field: 'users' | 'roles'): Command =>
  simple(
    [
      'showCredentials',
      'showCustomData',
      'showPrivileges',
      'showAuthenticationRestrictions',
      'filter',
      'showBuiltinRoles',
    ],
    () => ({
      [field]: [],
    }),
  )

const currentOp: Command = {
  ...adminOnly([], (request) => {
    const { body } = request
    const [filter] = namedOptions(body, 'currentOp')
    if (filter !== undefined) throw unsupported(`a filter of currentOp ('${filter}')`)
    // Commands run one at a time: when this one runs, no other does.
    return { inprog: [currentOperation(request, { [request.name]: body[request.name] ?? 1 })] }
  }),
  anyOption: true,
}

const killOp = adminOnly(['op'], ({ body }) => {
  if (body.op === undefined) throw failure('NoSuchKey', 'Did not provide "op" field')
  return { info: 'attempting to kill op' }
})

const lockInfo = adminOnly([], () => ({ lockInfo: [] }))

/** `listCommands` over the table it is itself part of. */
export const listCommandsOf = (
  commands: () => Readonly<Record<string, Command>>,
): Readonly<Record<string, Command>> => ({
  listCommands: simple([], () => ({
    commands: Object.fromEntries(
      Object.keys(commands())
        .sort()
        .map((name) => [
          name,
          {
            help: '',
            requiresAuth: false,
            secondaryOk: true,
            adminOnly: false,
            apiVersions: stableCommands.has(name) ? ['1'] : [],
            deprecatedApiVersions: [],
          },
        ]),
    ),
  })),
})

export const hostCommands: Readonly<Record<string, Command>> = {
  hostInfo,
  getCmdLineOpts,
  getLog,
  fsync,
  fsyncUnlock,
  logRotate: refused('logRotate'),
  shutdown: refused('the command shutdown (send SIGTERM to the process)'),
  top: refused('the command top'),
  profile,
  usersInfo: nobody('users'),
  rolesInfo: nobody('roles'),
  currentOp,
  killOp,
  lockInfo,
  features: simple(['oidReset'], () => ({ oidMachine: process.pid })),
}
