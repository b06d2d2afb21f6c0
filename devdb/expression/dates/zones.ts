import type { Value } from '../../bson/values.ts'
import { location } from '../../errors.ts'
import { remembering } from '../../remembering.ts'
import { isNullish, typeName } from '../operands.ts'

/** A time zone: how many milliseconds its clocks are ahead of UTC at a moment. */
export type Zone = { readonly isUtc: boolean; readonly offsetAt: (utc: number) => number }

const fixedZone = (offset: number): Zone => ({ isUtc: offset === 0, offsetAt: () => offset })

export const utcZone = fixedZone(0)

const minute = 60_000
const day = 86_400_000

const offsetForm = /^([+-])(\d\d)(?::?(\d\d))?$/

const partsOf = (format: Intl.DateTimeFormat, utc: number): number => {
  const part: Record<string, number> = {}
  for (const { type, value } of format.formatToParts(utc)) part[type] = Number(value)
  const { year = 1970, month = 1, day: date = 1, hour = 0, minute: minutes = 0, second = 0 } = part
  return utcOf([year, month - 1, date, hour, minutes, second, 0])
}

/** The moment of UTC parts (the month from 0); unlike Date.UTC it takes the years below 100 as they are. */
export const utcOf = (parts: readonly [number, number, number, number, number, number, number]): number => {
  const [year, month, date, hours, minutes, seconds, milliseconds] = parts
  const moment = new Date(0)
  moment.setUTCFullYear(year, month, date)
  moment.setUTCHours(hours, minutes, seconds, milliseconds)
  return moment.getTime()
}

const olsonZone = (id: string): Zone => {
  const options: Intl.DateTimeFormatOptions = {
    timeZone: id,
    calendar: 'iso8601',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }
  const format = new Intl.DateTimeFormat('en-US', options)
  return {
    isUtc: ['UTC', 'GMT', 'Etc/UTC'].includes(id),
    offsetAt: (utc) => partsOf(format, utc) - Math.floor(utc / 1000) * 1000,
  }
}

const zones = remembering<Zone>(500)

const makeZone = (id: string): Zone => {
  const [, sign, hours, minutes = '0'] = offsetForm.exec(id) ?? []
  if (hours !== undefined) return fixedZone((sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * minute)
  const unknown = location(40485, `unrecognized time zone identifier: "${id}"`)
  if (id === '' || /^[+-]/.test(id)) throw unknown
  try {
    return olsonZone(id)
  } catch {
    throw unknown
  }
}

/** The zone of an Olson identifier or an offset such as +05:30; throws 40485 for any other text. */
export const zoneOf = (id: string): Zone => zones(id, makeZone)

/** The zone an operand names; null where the operand is null or missing, which makes the whole result null. */
export const zoneOperand = (value: Value | undefined): Zone | null => {
  if (isNullish(value)) return null
  if (typeof value === 'string') return zoneOf(value)
  throw location(40517, `timezone must evaluate to a string, found ${typeName(value)}`)
}

/** The reading of the zone's clocks, as if it were UTC. */
export const toLocal = (utc: number, zone: Zone): number => utc + zone.offsetAt(utc)

/**
 * The moment at which the zone's clocks read `local`: the first one when they do so twice, and when they skip it the
 * moment they would have read it had they not been put forward.
 */
export const fromLocal = (local: number, zone: Zone): number => {
  const before = local - zone.offsetAt(local - day)
  if (toLocal(before, zone) === local) return before
  const after = local - zone.offsetAt(local + day)
  return toLocal(after, zone) === local ? after : before
}
