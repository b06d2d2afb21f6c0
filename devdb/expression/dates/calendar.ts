import type { ObjectId, Timestamp } from 'bson'
import { kindOf, type Value } from '../../bson/values.ts'
import { location } from '../../errors.ts'
import { typeName } from '../operands.ts'
import { utcOf } from './zones.ts'

export const day = 86_400_000

/** JavaScript's dates end here, MongoDB's 30,000 times later. */
export const mostMilliseconds = 8.64e15

/** The parts of a moment, read as the clocks of its zone show them: every function takes local milliseconds. */
const at = (local: number): Date => new Date(local)

export const yearOf = (local: number): number => at(local).getUTCFullYear()
export const monthOf = (local: number): number => at(local).getUTCMonth() + 1
export const dayOfMonth = (local: number): number => at(local).getUTCDate()
export const hourOf = (local: number): number => at(local).getUTCHours()
export const minuteOf = (local: number): number => at(local).getUTCMinutes()
export const secondOf = (local: number): number => at(local).getUTCSeconds()
export const millisecondOf = (local: number): number => at(local).getUTCMilliseconds()

/** From 1 for Sunday. */
export const dayOfWeek = (local: number): number => at(local).getUTCDay() + 1

/** From 1 for Monday. */
export const isoDayOfWeek = (local: number): number => at(local).getUTCDay() || 7

export const midnightOf = (local: number): number => Math.floor(local / day) * day

const newYear = (year: number): number => utcOf([year, 0, 1, 0, 0, 0, 0])

export const dayOfYear = (local: number): number => (midnightOf(local) - newYear(yearOf(local))) / day + 1

/** Weeks begin on Sundays; the days before the first Sunday of a year are week 0. */
export const weekOfYear = (local: number): number => Math.floor((dayOfYear(local) + 7 - dayOfWeek(local)) / 7)

const thursdayOf = (local: number): number => midnightOf(local) + (4 - isoDayOfWeek(local)) * day

export const isoWeekYear = (local: number): number => yearOf(thursdayOf(local))

export const isoWeek = (local: number): number => Math.floor((dayOfYear(thursdayOf(local)) - 1) / 7) + 1

/** The midnight of a day given by ISO week parts, which may lie outside their usual ranges. */
export const isoMidnight = (year: number, week: number, weekday: number): number => {
  const fourth = utcOf([year, 0, 4, 0, 0, 0, 0])
  return fourth + ((week - 1) * 7 + weekday - isoDayOfWeek(fourth)) * day
}

/** Months added with the day of the month kept, or the last one where a month is too short. */
export const addMonths = (local: number, months: number): number => {
  const date = at(local)
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth() + months]
  const last = new Date(utcOf([year, month + 1, 0, 0, 0, 0, 0])).getUTCDate()
  return utcOf([year, month, Math.min(date.getUTCDate(), last), 0, 0, 0, 0]) + (local - midnightOf(local))
}

/** The moment in a date, timestamp or ObjectId; 16006 for other types. */
export const momentOf = (value: Value | undefined): number => {
  if (value instanceof Date) return value.getTime()
  const kind = typeName(value)
  if (kind === 'timestamp') return (value as Timestamp).getHighBitsUnsigned() * 1000
  if (kind === 'objectId') return (value as ObjectId).getTimestamp().getTime()
  throw location(16006, `can't convert from BSON type ${kind} to Date`)
}

export const isDatelike = (value: Value | undefined): boolean =>
  value !== undefined && ['date', 'timestamp', 'objectId'].includes(kindOf(value))
