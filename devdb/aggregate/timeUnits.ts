import { failure } from '../errors.ts'
import { addMonths } from '../expression/dates/calendar.ts'

const milliseconds = {
  millisecond: 1,
  second: 1000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 7 * 86_400_000,
} as const

const months = { month: 1, quarter: 3, year: 12 } as const

export type FixedUnit = keyof typeof milliseconds
export type TimeUnit = FixedUnit | keyof typeof months

const isFixed = (unit: TimeUnit): unit is FixedUnit => Object.hasOwn(milliseconds, unit)

/** Throws FailedToParse (9) for a name that is no unit of time. */
export const parseTimeUnit = (name: string): TimeUnit => {
  if (!Object.hasOwn(milliseconds, name) && !Object.hasOwn(months, name))
    throw failure('FailedToParse', `unknown time unit value: ${name}`)
  return name as TimeUnit
}

/** The length of a unit that always has the same; undefined for a month and longer. */
export const lengthOf = (unit: TimeUnit): number | undefined => (isFixed(unit) ? milliseconds[unit] : undefined)

/** In UTC. A day that the month has not becomes the month's last one. */
export const addUnits = (date: Date, unit: TimeUnit, count: number): Date =>
  new Date(
    isFixed(unit) ? date.getTime() + count * milliseconds[unit] : addMonths(date.getTime(), count * months[unit]),
  )
