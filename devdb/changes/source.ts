import { encode } from '../bson/encode.ts'
import type { Doc, Value } from '../bson/values.ts'
import type { RowSource } from '../commands/reading/rows.ts'
import { failure } from '../errors.ts'
import type { LogicalTime } from '../storage/logicalClock.ts'
import type { Oplog } from '../storage/oplog.ts'
import type { Entry } from './entry.ts'
import { type Around, type Event, eventOf, invalidateEvent } from './event.ts'
import type { Start } from './options.ts'
import { highWater, type Position, tokenOf } from './token.ts'
import { invalidates, isWatched, type Watched } from './watched.ts'

type Options = {
  readonly oplog: Oplog
  readonly watched: Watched
  readonly around: Around
  /** The stages behind `$changeStream`: the bytes of what they make of an event, undefined when they drop it. */
  readonly shape: (event: Event) => Buffer | undefined
  readonly now: LogicalTime
  readonly onNews: RowSource['onNews']
}

const lost = (): Error =>
  failure(
    'ChangeStreamHistoryLost',
    'Resume of change stream was not possible, as the resume point may no longer be in the oplog.',
  )

const isBehind = ({ time, index }: Entry, position: Position): boolean =>
  time > position.time || (time === position.time && index > position.index)

const afterPosition = (oplog: Oplog, position: Position): number => {
  if (position.time < oplog.knownSince()) throw lost()
  const next = oplog.find((entry) => isBehind(entry, position))
  if (position.kind === 'highWater') return next
  const entry = oplog.at(next - 1)
  const known = entry !== 'lost' && entry?.time === position.time && entry.index === position.index
  // The oldest moment that is known may be that of an entry no longer kept.
  if (!known && position.time > oplog.knownSince())
    throw failure('ChangeStreamFatalError', 'cannot resume stream; the resume token was not found.')
  return next
}

/** The number of the first entry of a stream; throws 286 when that is no longer kept, 280 when it never was. */
export const startNumber = (oplog: Oplog, start: Start): number => {
  if (start === 'now') return oplog.end()
  if ('after' in start) return afterPosition(oplog, start.after)
  if (start.at < oplog.knownSince()) throw lost()
  return oplog.find(({ time }) => time >= start.at)
}

const startPosition = (start: Start, now: LogicalTime): Position => {
  if (start === 'now') return highWater(now)
  return 'after' in start ? start.after : highWater(Math.min(start.at - 1, now))
}

/** The events of a stream as rows of a cursor; throws 286 when it has fallen behind what is kept. */
export const eventRows = (start: Start, { oplog, watched, around, shape, now, onNews }: Options): RowSource => {
  const expanded = around.options.showExpandedEvents
  let number = startNumber(oplog, start)
  let position = startPosition(start, now)
  let before = position
  let ending: Entry | undefined
  let ended = false
  let returned: Buffer | undefined

  const endRow = (entry: Entry): Buffer | undefined => {
    ending = undefined
    ended = true
    position = { time: entry.time, index: entry.index, kind: 'invalidate' }
    return shape(invalidateEvent(entry))
  }

  const next = (): Buffer | undefined => {
    if (ending !== undefined) return endRow(ending)
    while (!ended) {
      const entry = oplog.at(number)
      if (entry === 'lost') throw lost()
      if (entry === undefined) return undefined
      number++
      if (!isWatched(entry, watched, expanded)) {
        position = highWater(entry.time)
        continue
      }
      position = { time: entry.time, index: entry.index, kind: 'event' }
      if (invalidates(entry, watched)) ending = entry
      const row = shape(eventOf(entry, around))
      if (row !== undefined) return row
      if (ending !== undefined) return endRow(ending)
    }
    return undefined
  }

  return {
    take: () => {
      if (returned !== undefined) {
        const row = returned
        returned = undefined
        return row
      }
      before = position
      return next()
    },
    back: (row) => {
      returned = row
    },
    exhausted: () => ended && returned === undefined,
    onNews,
    heldBytes: () => returned?.length ?? 0,
    close: () => {
      ended = true
      returned = undefined
    },
    resumeToken: () => tokenOf(returned === undefined ? position : before),
    survivesDrop: true,
  }
}

const isSameToken = (event: Doc, token: Value | undefined): boolean =>
  token !== undefined && event._id !== undefined && encode({ v: event._id }).equals(encode({ v: token }))

/** Throws 280 when a stage has changed the token of an event: nobody could resume from it. */
export const checkToken = (shaped: Doc, token: Doc): void => {
  if (isSameToken(shaped, token)) return
  throw failure(
    'ChangeStreamFatalError',
    `Encountered an event whose _id field, which contains the resume token, was modified by the pipeline. Modifying the _id field of an event makes it impossible to resume the stream from that point. Only transformations that retain the unmodified _id field are allowed. Expected: { _id: { _data: "${token._data}" } } but found: ${shaped._id === undefined ? '{}' : '{ _id: another value }'}`,
  )
}
