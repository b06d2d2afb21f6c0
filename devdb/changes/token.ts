import { Timestamp } from 'bson'
import { type Doc, isDoc, kindOf, type Value } from '../bson/values.ts'
import { failure, location } from '../errors.ts'
import { type LogicalTime, ofTimestamp, toTimestamp } from '../storage/logicalClock.ts'

/**
 * A place in the history. `index` counts the changes of one commit; a token of the kind `highWater` stands behind all
 * of them, one of the kind `invalidate` behind the event that ended the stream.
 */
export type Position = {
  readonly time: LogicalTime
  readonly index: number
  readonly kind: 'highWater' | 'event' | 'invalidate'
}

const behindAll = 0xffffffff

export const highWater = (time: LogicalTime): Position => ({ time, index: behindAll, kind: 'highWater' })

const kinds = ['highWater', 'event', 'invalidate'] as const

// The first nine bytes are those of MongoDB's own tokens: tools read the time of a token from them.
const bytesOfToken = 15
const typeTimestamp = 0x82
const separator = 0x2b

/** The token of a position: `{_data: hex}`, whose text is ordered as the history is. */
export const tokenOf = ({ time, index, kind }: Position): Doc => {
  const bytes = Buffer.alloc(bytesOfToken)
  const { t, i } = toTimestamp(time)
  bytes.writeUInt8(typeTimestamp, 0)
  bytes.writeUInt32BE(t, 1)
  bytes.writeUInt32BE(i, 5)
  bytes.writeUInt8(separator, 9)
  bytes.writeUInt32BE(index, 10)
  bytes.writeUInt8(kinds.indexOf(kind), 14)
  return { _data: bytes.toString('hex').toUpperCase() }
}

/** Reads a token; throws MongoDB's errors for a malformed one (9, 40647) and 260 for one that devdb has not made. */
export const positionOf = (token: Value): Position => {
  if (!isDoc(token)) throw location(40649, `Bad resume token: expected an object, found ${kindOf(token)}`)
  const { _data: text } = token
  if (typeof text !== 'string')
    throw location(40647, `Bad resume token: _data of missing or of wrong type: ${kindOf(text ?? null)}`)
  if (!/^([0-9a-f]{2})*$/i.test(text)) throw failure('FailedToParse', 'resume token string was not a valid hex string')
  const bytes = Buffer.from(text, 'hex')
  const kind = bytes.length === bytesOfToken ? kinds[bytes.readUInt8(14)] : undefined
  if (kind === undefined || bytes[0] !== typeTimestamp || bytes[9] !== separator)
    throw failure('InvalidResumeToken', 'the resume token was not made by this server')
  const timestamp = new Timestamp({ t: bytes.readUInt32BE(1), i: bytes.readUInt32BE(5) })
  return { time: ofTimestamp(timestamp), index: bytes.readUInt32BE(10), kind }
}
