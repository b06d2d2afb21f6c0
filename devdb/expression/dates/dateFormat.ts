import { location } from '../../errors.ts'
import * as calendar from './calendar.ts'
import { toLocal, type Zone } from './zones.ts'

const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]

/** The English names of the months. */
export const monthNames: readonly string[] = months

const padded = (value: number, width: number): string => String(value).padStart(width, '0')

const yearText = (year: number): string => {
  if (year >= 0 && year <= 9999) return padded(year, 4)
  throw location(
    18537,
    `Could not convert date to string: date component was outside the supported range of 0-9999: ${year}`,
  )
}

const signed = (minutes: number): string => (minutes < 0 ? '-' : '+')

const offsetText = (minutes: number): string =>
  `${signed(minutes)}${padded(Math.floor(Math.abs(minutes) / 60), 2)}${padded(Math.abs(minutes) % 60, 2)}`

type Moment = { readonly local: number; readonly offset: number }

const specifiers: Readonly<Record<string, (moment: Moment) => string>> = {
  '%': () => '%',
  B: ({ local }) => months[calendar.monthOf(local) - 1] ?? '',
  b: ({ local }) => (months[calendar.monthOf(local) - 1] ?? '').slice(0, 3),
  d: ({ local }) => padded(calendar.dayOfMonth(local), 2),
  G: ({ local }) => yearText(calendar.isoWeekYear(local)),
  H: ({ local }) => padded(calendar.hourOf(local), 2),
  j: ({ local }) => padded(calendar.dayOfYear(local), 3),
  L: ({ local }) => padded(calendar.millisecondOf(local), 3),
  M: ({ local }) => padded(calendar.minuteOf(local), 2),
  m: ({ local }) => padded(calendar.monthOf(local), 2),
  S: ({ local }) => padded(calendar.secondOf(local), 2),
  U: ({ local }) => padded(calendar.weekOfYear(local), 2),
  u: ({ local }) => String(calendar.isoDayOfWeek(local)),
  V: ({ local }) => padded(calendar.isoWeek(local), 2),
  w: ({ local }) => String(calendar.dayOfWeek(local)),
  Y: ({ local }) => yearText(calendar.yearOf(local)),
  Z: ({ offset }) => String(offset),
  z: ({ offset }) => offsetText(offset),
}

/** Throws 18535 or 18536 for a format that is no list of known specifiers and plain text. */
export const checkFormat = (format: string, known: (specifier: string) => boolean = isSpecifier): void => {
  for (const [, specifier = ''] of format.matchAll(/%(.?)/gsu)) {
    if (specifier === '') throw location(18535, "Unmatched '%' at end of format string")
    if (!known(specifier)) throw location(18536, `Invalid format character '%${specifier}' in format string`)
  }
}

const isSpecifier = (specifier: string): boolean => Object.hasOwn(specifiers, specifier)

export const isoFormat = '%Y-%m-%dT%H:%M:%S.%LZ'
export const localIsoFormat = '%Y-%m-%dT%H:%M:%S.%L'

/** The date as the format spells it on the zone's clocks; the format must have been checked. */
export const formatDate = (utc: number, zone: Zone, format: string): string => {
  const local = toLocal(utc, zone)
  const moment = { local, offset: Math.trunc((local - utc) / 60_000) }
  return format.replace(/%(.)/gsu, (_whole, specifier: string) => specifiers[specifier]?.(moment) ?? '')
}
