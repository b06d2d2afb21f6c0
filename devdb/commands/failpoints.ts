import { integerOf, toNumber } from '../bson/numbers.ts'
import { type Doc, isDoc, isNumeric, type Value } from '../bson/values.ts'
import { failure, location, MongoError, unsupported } from '../errors.ts'
import { type Command, checkFields, type Reply, stringOption } from './command.ts'
import { codeNameOf } from './errorLabels.ts'

/** Whether a fail point fires this time. */
type Mode = () => boolean

type FailPoint = { readonly mode: Mode; readonly data: Doc; count: number }

/** What a command has to suffer. */
export type Fate = {
  readonly close: boolean
  readonly error: MongoError | undefined
  readonly delayMs: number
  readonly writeConcernError: Doc | undefined
  readonly labels: readonly string[] | undefined
  /** It strikes a cursor at work, not the command that came for it. */
  readonly inCursor: boolean
}

const known = ['failCommand', 'onPrimaryTransactionalWrite', 'failGetMoreAfterCursorCheckout']

const counting = (kind: string, value: Value | undefined): Mode => {
  const count = integerOf(value)
  if (count === undefined || count < 0)
    throw failure('BadValue', `'${kind}' option to 'mode' must be a positive integer`)
  let asked = 0
  return () => {
    asked++
    return kind === 'skip' ? asked > count : asked <= count
  }
}

const probability = (value: Value | undefined): Mode => {
  const chance = value !== undefined && isNumeric(value) ? toNumber(value) : -1
  if (chance < 0 || chance > 1) throw failure('BadValue', 'activationProbability must be between 0.0 and 1.0')
  return () => Math.random() < chance
}

/** Undefined switches the fail point off. */
const modeOf = (value: Value | undefined): Mode | undefined => {
  if (value === 'off') return undefined
  if (value === 'alwaysOn') return () => true
  if (!isDoc(value))
    throw failure('TypeMismatch', "'mode' must be one of 'off', 'alwaysOn', 'times', 'skip' or 'activationProbability'")
  const [kind = '', ...others] = Object.keys(value)
  if (others.length > 0) throw failure('BadValue', "'mode' must have exactly one field")
  if (kind === 'times' || kind === 'skip') return counting(kind, value[kind])
  if (kind === 'activationProbability') return probability(value[kind])
  throw failure('BadValue', "'mode' must be one of 'off', 'alwaysOn', 'times', 'skip' or 'activationProbability'")
}

const dataFields: Readonly<Record<string, readonly string[]>> = {
  failCommand: [
    'failCommands',
    'errorCode',
    'errorLabels',
    'errorExtraInfo',
    'closeConnection',
    'blockConnection',
    'blockTimeMS',
    'writeConcernError',
    'appName',
    'failInternalCommands',
    'namespace',
  ],
  onPrimaryTransactionalWrite: ['failBeforeCommitExceptionCode', 'closeConnection'],
  failGetMoreAfterCursorCheckout: ['errorCode', 'closeConnection'],
}

const errorOf = (code: Value | undefined, name: string): MongoError | undefined => {
  const number = integerOf(code)
  if (number === undefined) return undefined
  return new MongoError(number, codeNameOf(number), `Failing command via '${name}' failpoint`)
}

const labelsOf = ({ errorLabels }: Doc): string[] | undefined =>
  Array.isArray(errorLabels) ? errorLabels.map(String) : undefined

/** The command, as fail points see it. */
export type Victim = { readonly name: string; readonly namespace: string; readonly appName: string | undefined }

const concerns: Readonly<Record<string, (data: Doc, victim: Victim) => boolean>> = {
  failCommand: ({ failCommands, appName, namespace }, victim) =>
    Array.isArray(failCommands) &&
    failCommands.includes(victim.name) &&
    (appName === undefined || appName === victim.appName) &&
    (namespace === undefined || namespace === victim.namespace),
  failGetMoreAfterCursorCheckout: (_data, { name }) => name === 'getMore',
}

const fateOf = (name: string, data: Doc): Fate => ({
  close: data.closeConnection === true,
  error: errorOf(data.errorCode ?? data.failBeforeCommitExceptionCode, name),
  delayMs: data.blockConnection === true ? (integerOf(data.blockTimeMS) ?? 0) : 0,
  writeConcernError: isDoc(data.writeConcernError) ? data.writeConcernError : undefined,
  labels: labelsOf(data),
  inCursor: name === 'failGetMoreAfterCursorCheckout',
})

/** Faults on demand, for the tests of drivers and applications. */
export const makeFailpoints = () => {
  const active = new Map<string, FailPoint>()

  const configure = (name: string, mode: Value | undefined, data: Doc): number => {
    if (!known.includes(name)) throw failure('FailPointSetFailed', `${name} not found`)
    checkFields(data, dataFields[name] ?? [], `configureFailPoint.data`)
    if (data.errorExtraInfo !== undefined) throw unsupported("the fail point option 'errorExtraInfo'")
    if (data.blockConnection === true && integerOf(data.blockTimeMS) === undefined)
      throw failure('InvalidOptions', "must specify 'blockTimeMS' when 'blockConnection' is true")
    const before = active.get(name)?.count ?? 0
    const parsed = modeOf(mode)
    if (parsed === undefined) active.delete(name)
    else active.set(name, { mode: parsed, data, count: 0 })
    return before
  }

  return {
    configure,
    /** What this command has to suffer; undefined nearly always. */
    strike: (victim: Victim): Fate | undefined => {
      if (active.size === 0 || victim.name === 'configureFailPoint') return undefined
      for (const [name, point] of active) {
        if (concerns[name]?.(point.data, victim) !== true || !point.mode()) continue
        point.count++
        return fateOf(name, point.data)
      }
      return undefined
    },
    /** What befalls a retryable write that has made this many single writes; by default its connection is closed. */
    strikeWrite: (writes: number): Fate | undefined => {
      const point = active.get('onPrimaryTransactionalWrite')
      for (let write = 0; point !== undefined && write < writes; write++) {
        if (!point.mode()) continue
        point.count++
        return { ...fateOf('onPrimaryTransactionalWrite', point.data), close: point.data.closeConnection !== false }
      }
      return undefined
    },
    active: (): boolean => active.size > 0,
  }
}

export type Failpoints = ReturnType<typeof makeFailpoints>

/** Undefined fail points: the server was not started for tests. */
export const failpointCommands = (failpoints: Failpoints | undefined): Readonly<Record<string, Command>> => ({
  configureFailPoint: {
    options: ['mode', 'data'],
    run: ({ server, body, database }): Reply => {
      server.counters.count('command')
      if (failpoints === undefined) throw failure('CommandNotFound', "no such command: 'configureFailPoint'")
      if (database !== 'admin')
        throw failure('Unauthorized', 'configureFailPoint may only be run against the admin database.')
      if (body.mode === undefined)
        throw location(40414, "BSON field 'configureFailPoint.mode' is missing but a required field")
      const data = body.data ?? {}
      if (!isDoc(data))
        throw failure('TypeMismatch', "BSON field 'configureFailPoint.data' is the wrong type, expected type 'object'")
      return { count: failpoints.configure(stringOption(body, 'configureFailPoint'), body.mode, data) }
    },
  },
})
