import type { Timestamp } from 'bson'
import { type Doc, isDoc, kindOf, type Value } from '../bson/values.ts'
import { failure, location } from '../errors.ts'
import { type LogicalTime, ofTimestamp } from '../storage/logicalClock.ts'
import { type Position, positionOf } from './token.ts'

const fullDocuments = ['default', 'updateLookup', 'whenAvailable', 'required'] as const
const beforeChanges = ['off', 'whenAvailable', 'required'] as const

/** Where a stream starts: after a position, at a moment (changes of it included), or now. */
export type Start = { readonly after: Position } | { readonly at: LogicalTime } | 'now'

export type StreamOptions = {
  readonly fullDocument: (typeof fullDocuments)[number]
  readonly fullDocumentBeforeChange: (typeof beforeChanges)[number]
  readonly showExpandedEvents: boolean
  readonly allChangesForCluster: boolean
  readonly start: Start
}

const known = [
  'fullDocument',
  'fullDocumentBeforeChange',
  'resumeAfter',
  'startAfter',
  'startAtOperationTime',
  'allChangesForCluster',
  'showExpandedEvents',
]

const choice = <T extends string>(spec: Doc, field: string, allowed: readonly [T, ...T[]]): T => {
  const value = spec[field]
  if (value === undefined) return allowed[0]
  if (typeof value !== 'string') throw wrongType(field, value, 'string')
  const chosen = allowed.find((name) => name === value)
  if (chosen === undefined)
    throw failure('BadValue', `Enumeration value '${value}' for field '$changeStream.${field}' is not a valid value.`)
  return chosen
}

const wrongType = (field: string, value: Value, expected: string): Error =>
  failure(
    'TypeMismatch',
    `BSON field '$changeStream.${field}' is the wrong type '${kindOf(value)}', expected type '${expected}'`,
  )

const flag = (spec: Doc, field: string): boolean => {
  const value = spec[field]
  if (value === undefined) return false
  if (typeof value !== 'boolean') throw wrongType(field, value, 'bool')
  return value
}

const startOf = ({ resumeAfter, startAfter, startAtOperationTime: at }: Doc): Start => {
  if (resumeAfter !== undefined && startAfter !== undefined)
    throw location(50865, "Do not specify both 'resumeAfter' and 'startAfter' in a $changeStream stage")
  if (at !== undefined && (resumeAfter ?? startAfter) !== undefined)
    throw location(40674, 'Only one type of resume option is allowed, but multiple were found.')
  if (at !== undefined) {
    if (kindOf(at) !== 'timestamp') throw wrongType('startAtOperationTime', at, 'timestamp')
    return { at: ofTimestamp(at as Timestamp) }
  }
  if (startAfter !== undefined) return { after: positionOf(startAfter) }
  if (resumeAfter === undefined) return 'now'
  const after = positionOf(resumeAfter)
  if (after.kind === 'invalidate')
    throw failure(
      'InvalidResumeToken',
      "Attempting to resume a change stream using 'resumeAfter' is not allowed from an invalidate notification.",
    )
  return { after }
}

/** Reads the specification of `$changeStream`; throws MongoDB's errors for a bad one. */
export const parseStreamOptions = (spec: Value): StreamOptions => {
  if (!isDoc(spec)) throw location(50808, `$changeStream stage expects a document as argument`)
  const unknown = Object.keys(spec).find((name) => !known.includes(name))
  if (unknown !== undefined) throw location(40415, `BSON field '$changeStream.${unknown}' is an unknown field.`)
  return {
    fullDocument: choice(spec, 'fullDocument', fullDocuments),
    fullDocumentBeforeChange: choice(spec, 'fullDocumentBeforeChange', beforeChanges),
    showExpandedEvents: flag(spec, 'showExpandedEvents'),
    allChangesForCluster: flag(spec, 'allChangesForCluster'),
    start: startOf(spec),
  }
}
