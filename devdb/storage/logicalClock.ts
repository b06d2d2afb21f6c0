import { Timestamp } from 'bson'

/**
 * A moment of the logical clock as one exact number: seconds since 1970 above, a counter within the second below.
 * Two moments compare as numbers do; `toTimestamp` gives the form of the protocol.
 */
export type LogicalTime = number

const perSecond = 2 ** 21

/** MongoDB refuses to be carried further than this into the future by a client. */
const maxDriftSeconds = 365 * 24 * 60 * 60

const ofWall = (milliseconds: number): LogicalTime => Math.floor(milliseconds / 1000) * perSecond + 1

export const toTimestamp = (time: LogicalTime): Timestamp =>
  new Timestamp({ t: Math.floor(time / perSecond), i: time % perSecond })

export const ofTimestamp = (timestamp: Timestamp): LogicalTime =>
  timestamp.t * perSecond + Math.min(timestamp.i, perSecond - 1)

/** The clock writes are numbered by: it follows the wall clock, but never goes back and never repeats a moment. */
export const makeClock = (wall: () => number = Date.now) => {
  let last = ofWall(wall())
  return {
    /** The moment of the latest write. */
    now: (): LogicalTime => last,
    tick: (): LogicalTime => {
      last = Math.max(last + 1, ofWall(wall()))
      return last
    },
    /** Takes over a later moment that was seen elsewhere; answers false when it is too far ahead to be believed. */
    advance: (time: LogicalTime): boolean => {
      if (time > ofWall(wall() + maxDriftSeconds * 1000)) return false
      last = Math.max(last, time)
      return true
    },
  }
}

export type Clock = ReturnType<typeof makeClock>
