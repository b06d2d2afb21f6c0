import { Timestamp } from 'bson'
import { integerOf } from '../bson/numbers.ts'
import { type Doc, isDoc, kindOf, type Value } from '../bson/values.ts'
import { failure } from '../errors.ts'
import { type LogicalTime, ofTimestamp } from '../storage/logicalClock.ts'
import { checkFields } from './command.ts'

export type ReadConcern = {
  readonly level: string | undefined
  readonly at: LogicalTime | undefined
  readonly given: boolean
}

const plainRead: ReadConcern = { level: undefined, at: undefined, given: false }
const levels = ['local', 'majority', 'available', 'linearizable', 'snapshot']

const momentOf = (name: string, value: Value | undefined): LogicalTime | undefined => {
  if (value === undefined) return undefined
  if (value instanceof Timestamp) return ofTimestamp(value)
  throw failure(
    'TypeMismatch',
    `BSON field 'readConcern.${name}' is the wrong type '${kindOf(value)}', expected type 'timestamp'`,
  )
}

/** Reads and checks a read concern; `now` is the logical time, which no client can be ahead of. */
export const readConcernOf = (value: Value | undefined, now: LogicalTime): ReadConcern => {
  if (value === undefined) return plainRead
  if (!isDoc(value))
    throw failure(
      'TypeMismatch',
      `BSON field 'readConcern' is the wrong type '${kindOf(value)}', expected type 'object'`,
    )
  checkFields(value, ['level', 'afterClusterTime', 'atClusterTime', 'provenance'], 'readConcern')
  const { level } = value
  if (level !== undefined && typeof level !== 'string')
    throw failure(
      'TypeMismatch',
      `BSON field 'readConcern.level' is the wrong type '${kindOf(level)}', expected type 'string'`,
    )
  if (level !== undefined && !levels.includes(level))
    throw failure('BadValue', `Enumeration value '${level}' for field 'readConcern.level' is not a valid value.`)
  const after = momentOf('afterClusterTime', value.afterClusterTime)
  const at = momentOf('atClusterTime', value.atClusterTime)
  if (after !== undefined && at !== undefined)
    throw failure('InvalidOptions', 'Specifying both atClusterTime and afterClusterTime is not allowed')
  if (at !== undefined && level !== 'snapshot')
    throw failure('InvalidOptions', 'atClusterTime field can be set only if level is equal to snapshot')
  for (const [name, time] of [
    ['afterClusterTime', after],
    ['atClusterTime', at],
  ] as const) {
    if (time !== undefined && time > now)
      throw failure('InvalidOptions', `readConcern ${name} value must not be greater than the current clusterTime.`)
  }
  return { level, at, given: Object.keys(value).length > 0 }
}

const withoutWriteConcern = new Set([
  'find',
  'count',
  'distinct',
  'getMore',
  'listCollections',
  'listDatabases',
  'listIndexes',
  'explain',
  'ping',
  'hello',
])

/**
 * Checks a write concern. One node can acknowledge for itself only: for more the answer is the writeConcernError that
 * belongs into the reply of the write, which has happened.
 */
export const writeConcernError = (name: string, value: Value | undefined, replicated: boolean): Doc | undefined => {
  if (value === undefined) return undefined
  if (!isDoc(value))
    throw failure(
      'TypeMismatch',
      `BSON field 'writeConcern' is the wrong type '${kindOf(value)}', expected type 'object'`,
    )
  if (withoutWriteConcern.has(name)) throw failure('InvalidOptions', `Command ${name} does not support writeConcern`)
  const unknown = Object.keys(value).find((field) => !writeConcernFields.has(field))
  if (unknown !== undefined) throw failure('FailedToParse', `unrecognized write concern field: ${unknown}`)
  const { w } = value
  if (w === undefined || w === 'majority') return undefined
  const count = integerOf(w)
  if (count === 0 || count === 1) return undefined
  if (typeof w !== 'string' && (count === undefined || count < 0 || count > 50))
    throw failure('FailedToParse', 'w has to be a number >= 0 and <= 50, a string, or an object of tags')
  if (!replicated) {
    throw failure(
      'BadValue',
      typeof w === 'string'
        ? `cannot use non-majority 'w' mode "${w}" when a host is not a member of a replica set`
        : "cannot use 'w' > 1 when a host is not replicated",
    )
  }
  if (typeof w === 'string') {
    return {
      code: 79,
      codeName: 'UnknownReplWriteConcern',
      errmsg: `No write concern mode named '${w}' found in replica set configuration`,
      errInfo: { writeConcern: value },
    }
  }
  return {
    code: 100,
    codeName: 'UnsatisfiableWriteConcern',
    errmsg: 'Not enough data-bearing nodes',
    errInfo: { writeConcern: value },
  }
}

const writeConcernFields = new Set(['w', 'j', 'wtimeout', 'fsync', 'provenance'])
