import { integerOf } from '../../bson/numbers.ts'
import { type Doc, isDoc, type Value } from '../../bson/values.ts'
import { failure } from '../../errors.ts'
import { isTruthy } from '../../query/operators.ts'
import type { Command, Reply, Server } from '../command.ts'
import { adminOnly, long } from '../simple.ts'

/** What can be changed while the server runs; each has an effect. */
export type Settings = {
  cursorTimeoutMillis: number
  transactionLifetimeLimitSeconds: number
  ttlMonitorEnabled: boolean
}

export const defaultSettings = (): Settings => ({
  cursorTimeoutMillis: 10 * 60 * 1000,
  transactionLifetimeLimitSeconds: 60,
  ttlMonitorEnabled: true,
})

type Parameter = {
  readonly read: (server: Server) => Value
  /** Undefined: not to be changed at run time. */
  readonly write?: (settings: Settings, value: Value) => void
}

const fixed = (value: Value): Parameter => ({ read: () => value })

const wrongType = (name: string, type: string): Error =>
  failure('BadValue', `Invalid value for parameter ${name}: expected ${type}`)

const parameters: Readonly<Record<string, Parameter>> = {
  allowDiskUseByDefault: fixed(true),
  authenticationMechanisms: fixed([]),
  cursorTimeoutMillis: {
    read: ({ settings }) => long(settings.cursorTimeoutMillis),
    write: (settings, value) => {
      const number = integerOf(value)
      if (number === undefined || number < 1) throw wrongType('cursorTimeoutMillis', 'a positive whole number')
      settings.cursorTimeoutMillis = number
    },
  },
  enableTestCommands: { read: ({ startup }) => startup.testCommands },
  featureCompatibilityVersion: fixed({ version: '8.0' }),
  localLogicalSessionTimeoutMinutes: fixed(30),
  logComponentVerbosity: fixed({ verbosity: 0 }),
  logLevel: fixed(0),
  maxBSONDepth: fixed(200),
  notablescan: fixed(false),
  quiet: fixed(false),
  requireApiVersion: fixed(false),
  transactionLifetimeLimitSeconds: {
    read: ({ settings }) => settings.transactionLifetimeLimitSeconds,
    write: (settings, value) => {
      const number = integerOf(value)
      if (number === undefined || number < 1)
        throw wrongType('transactionLifetimeLimitSeconds', 'a positive whole number')
      settings.transactionLifetimeLimitSeconds = number
    },
  },
  ttlMonitorEnabled: {
    read: ({ settings }) => settings.ttlMonitorEnabled,
    write: (settings, value) => {
      if (typeof value !== 'boolean') throw wrongType('ttlMonitorEnabled', 'a boolean')
      settings.ttlMonitorEnabled = value
    },
  },
  ttlMonitorSleepSecs: { read: ({ startup }) => Math.ceil(startup.ttlIntervalMs / 1000) },
}

const describe = ({ read, write }: Parameter, server: Server, details: boolean): Value => {
  const value = read(server)
  return details ? { value, settableAtRuntime: write !== undefined, settableAtStartup: false } : value
}

const wanted = (body: Doc): { all: boolean; details: boolean } => {
  const { getParameter: asked } = body
  if (asked === '*') return { all: true, details: false }
  if (!isDoc(asked)) return { all: false, details: false }
  const unknown = Object.keys(asked).find((name) => !['showDetails', 'allParameters'].includes(name))
  if (unknown !== undefined)
    throw failure('IDLUnknownField', `BSON field 'getParameter.${unknown}' is an unknown field.`)
  return { all: isTruthy(asked.allParameters ?? false), details: isTruthy(asked.showDetails ?? false) }
}

const generic = [
  'lsid',
  'comment',
  'maxTimeMS',
  'readConcern',
  'writeConcern',
  'txnNumber',
  'apiVersion',
  'apiStrict',
  'apiDeprecationErrors',
]

/** The options of a command that takes any name, without those every command takes. */
export const namedOptions = (body: Doc, command: string): string[] =>
  Object.keys(body).filter((name) => name !== command && !name.startsWith('$') && !generic.includes(name))

const getParameter: Command = {
  ...adminOnly([], ({ server, body }) => {
    const { all, details } = wanted(body)
    const asked = all ? Object.keys(parameters) : namedOptions(body, 'getParameter')
    const reply: Reply = {}
    for (const name of asked) {
      const parameter = Object.hasOwn(parameters, name) ? parameters[name] : undefined
      if (parameter !== undefined) reply[name] = describe(parameter, server, details)
    }
    if (Object.keys(reply).length === 0) throw failure('InvalidOptions', 'no option found to get')
    return reply
  }),
  anyOption: true,
}

const setParameter: Command = {
  ...adminOnly([], ({ server, body }) => {
    const [name, ...others] = namedOptions(body, 'setParameter')
    if (name === undefined) throw failure('InvalidOptions', 'no option found to set, use help:true to see options ')
    if (others.length > 0) throw failure('BadValue', 'devdb sets one parameter a command')
    const parameter = Object.hasOwn(parameters, name) ? parameters[name] : undefined
    if (parameter === undefined)
      throw failure(
        'InvalidOptions',
        `attempted to set unrecognized parameter [${name}], use help:true to see options `,
      )
    if (parameter.write === undefined) throw failure('IllegalOperation', `not allowed to change [${name}] at runtime`)
    const was = parameter.read(server)
    parameter.write(server.settings, body[name] ?? null)
    return { was }
  }),
  anyOption: true,
}

export const parameterCommands: Readonly<Record<string, Command>> = { getParameter, setParameter }
