import { failure } from '../../errors.ts'
import { isoMidnight } from './calendar.ts'
import { checkFormat, monthNames } from './dateFormat.ts'
import { isOffset, zonePattern, zoneSpelled } from './zoneNames.ts'
import { fromLocal, utcOf, type Zone } from './zones.ts'

/** What a text says of a date; what it leaves out is the first of its kind, or zero. */
type Fields = Partial<Record<FieldName, number>> & { readonly zone?: string }

type FieldName =
  | 'year'
  | 'month'
  | 'date'
  | 'hour'
  | 'minute'
  | 'second'
  | 'millisecond'
  | 'dayOfYear'
  | 'isoYear'
  | 'isoWeek'
  | 'isoDay'

const conversion = (message: string): Error => failure('ConversionFailure', message)

const monthOfName = (name: string): number =>
  monthNames.findIndex((month) => month.slice(0, 3).toLowerCase() === name.slice(0, 3).toLowerCase()) + 1

const daysIn = (year: number, month: number): number => new Date(utcOf([year, month, 0, 0, 0, 0, 0])).getUTCDate()

const inRange = (value: number | undefined, least: number, most: number): boolean =>
  value === undefined || (value >= least && value <= most)

const isPossible = ({ year = 2000, month, date, hour, minute, second, dayOfYear, isoWeek, isoDay }: Fields): boolean =>
  inRange(month, 1, 12) &&
  inRange(date, 1, daysIn(year, month ?? 1)) &&
  inRange(hour, 0, 23) &&
  inRange(minute, 0, 59) &&
  inRange(second, 0, 59) &&
  inRange(dayOfYear, 1, 366) &&
  inRange(isoWeek, 1, 53) &&
  inRange(isoDay, 1, 7)

const localOf = (fields: Fields): number => {
  const { year = 1970, month = 1, date = 1, hour = 0, minute = 0, second = 0, millisecond = 0 } = fields
  const time = ((hour * 60 + minute) * 60 + second) * 1000 + millisecond
  if (fields.isoYear !== undefined) return isoMidnight(fields.isoYear, fields.isoWeek ?? 1, fields.isoDay ?? 1) + time
  if (fields.dayOfYear !== undefined) return utcOf([year, 0, fields.dayOfYear, 0, 0, 0, 0]) + time
  return utcOf([year, month - 1, date, 0, 0, 0, 0]) + time
}

const parseFailure = (text: string, reason: string): Error =>
  conversion(`Error parsing date string '${text}'; 0: ${reason}`)

const dateOf = (text: string, fields: Fields, zone: Zone | undefined): Date => {
  if (!isPossible(fields)) throw parseFailure(text, `Invalid date or time '${text}'`)
  if (fields.zone === undefined)
    return new Date(zone === undefined ? localOf(fields) : fromLocal(localOf(fields), zone))
  if (zone !== undefined) {
    const given = isOffset(fields.zone) ? 'GMT offset' : `time zone information ('${fields.zone}')`
    throw conversion(`you cannot pass in a date/time string with ${given} together with a timezone argument`)
  }
  const own = zoneSpelled(fields.zone)
  if (own === undefined) throw parseFailure(text, 'The timezone could not be found in the database')
  return new Date(fromLocal(localOf(fields), own))
}

const clock = String.raw`(?<hour>\d{1,2})[:.](?<minute>\d{2})(?:[:.](?<second>\d{2})(?:[.,](?<fraction>\d{1,9}))?)?(?:\s*(?<half>[ap])\.?m\.?)?`
const time = String.raw`(?:(?:T|\s+)(?:${clock}|(?<hours>\d{1,2})\s*(?<side>[ap])\.?m\.?|(?<word>noon|midnight)))?`
const zonePart = String.raw`\s*(?<zone>${zonePattern})?`
const name = String.raw`(?<name>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?`

/** The forms of a date that are read without a format: ISO 8601 and what people commonly write in English. */
const forms: readonly RegExp[] = [
  String.raw`(?<year>\d{4})-(?<month>\d{1,2})-(?<date>\d{1,2})`,
  String.raw`(?<year>\d{4})(?<month>\d{2})(?<date>\d{2})`,
  String.raw`(?<year>\d{4})/(?<month>\d{1,2})/(?<date>\d{1,2})`,
  String.raw`(?<month>\d{1,2})/(?<date>\d{1,2})/(?<year>\d{4}|\d{2})`,
  String.raw`(?<date>\d{1,2})[-.](?<month>\d{1,2})[-.](?<year>\d{4})`,
  String.raw`(?<year>\d{4})-${name}-(?<date>\d{1,2})`,
  String.raw`(?:[a-z]{3,9},?\s+)?${name}\s+(?<date>\d{1,2})(?:st|nd|rd|th)?,?\s+(?<year>\d{4})`,
  String.raw`(?:[a-z]{3,9},?\s+)?(?<date>\d{1,2})(?:st|nd|rd|th)?[\s-]+${name}[\s,-]+(?<year>\d{4})`,
  String.raw`(?<year>\d{4})-?W(?<isoWeek>\d{2})-?(?<isoDay>\d)?`,
].map((form) => new RegExp(`^\\s*${form}${time}${zonePart}\\s*$`, 'i'))

const numberOf = (text: string | undefined): number | undefined => (text === undefined ? undefined : Number(text))

type Groups = Readonly<Record<string, string | undefined>>

/** Two digits are a year from 1970 to 2069. */
const yearIn = (text: string | undefined): number | undefined => {
  if (text?.length !== 2) return numberOf(text)
  return Number(text) + (Number(text) < 70 ? 2000 : 1900)
}

const hourIn = ({ hour, hours, half, side, word }: Groups): number | undefined => {
  if (word !== undefined) return /noon/i.test(word) ? 12 : 0
  const told = half ?? side
  if (told === undefined) return numberOf(hour)
  return (Number(hour ?? hours) % 12) + (/p/i.test(told) ? 12 : 0)
}

const fieldsOfGroups = (groups: Groups): Fields => {
  const { fraction, zone } = groups
  const year = yearIn(groups.year)
  return {
    ...(groups.isoWeek === undefined ? { year } : { isoYear: year }),
    month: groups.name === undefined ? numberOf(groups.month) : monthOfName(groups.name),
    date: numberOf(groups.date),
    isoWeek: numberOf(groups.isoWeek),
    isoDay: numberOf(groups.isoDay),
    hour: hourIn(groups),
    minute: numberOf(groups.minute),
    second: numberOf(groups.second),
    millisecond: fraction === undefined ? undefined : Math.floor(Number(`0.${fraction}`) * 1000 + 1e-6),
    zone,
  }
}

const incomplete = /^\s*(?:\d{4}-\d{1,2}\s*$|\d{1,2}:\d{2}|[a-z]{3,9}\.?\s+\d{1,2}(?:st|nd|rd|th)?\s*$)/i

/** Reads a date without a format; `zone` is the one asked for. Throws ConversionFailure. */
export const parseDate = (text: string, zone?: Zone): Date => {
  for (const form of forms) {
    const groups = form.exec(text)?.groups
    if (groups !== undefined) return dateOf(text, fieldsOfGroups(groups), zone)
  }
  if (incomplete.test(text)) {
    throw conversion(`an incomplete date/time string has been found, with elements missing: "${text}"`)
  }
  throw parseFailure(text, `Unexpected character '${text[0] ?? ''}'`)
}

const specifiers: Readonly<Record<string, string>> = {
  '%': '%',
  B: `(?<B>${monthNames.join('|')})`,
  b: `(?<b>${monthNames.map((month) => month.slice(0, 3)).join('|')})`,
  d: String.raw`(?<d>\d{1,2})`,
  G: String.raw`(?<G>\d{1,4})`,
  H: String.raw`(?<H>\d{1,2})`,
  j: String.raw`(?<j>\d{1,3})`,
  L: String.raw`(?<L>\d{1,3})`,
  M: String.raw`(?<M>\d{1,2})`,
  m: String.raw`(?<m>\d{1,2})`,
  S: String.raw`(?<S>\d{1,2})`,
  u: String.raw`(?<u>\d)`,
  V: String.raw`(?<V>\d{1,2})`,
  Y: String.raw`(?<Y>\d{4})`,
  Z: String.raw`(?<Z>[+-]?\d{1,4})`,
  z: String.raw`\s*(?<z>${zonePattern})`,
}

const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`)

const patternOf = (format: string): RegExp => {
  const source = format.replace(/%(.)|([^%]+)/gsu, (_whole, specifier?: string, plain?: string) =>
    specifier === undefined ? literal(plain ?? '') : (specifiers[specifier] ?? ''),
  )
  try {
    return new RegExp(`^${source}$`, 'i')
  } catch {
    throw conversion(`Error parsing date format '${format}': a part is given twice`)
  }
}

const offsetOfMinutes = (minutes: number): string => {
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60]
  return `${minutes < 0 ? '-' : '+'}${String(hours).padStart(2, '0')}${String(rest).padStart(2, '0')}`
}

/** Throws 18535 or 18536 for a format `parseDateAs` cannot follow. */
export const checkParseFormat = (format: string): void =>
  checkFormat(format, (specifier) => Object.hasOwn(specifiers, specifier))

const given = (groups: Groups, specifiers: string): boolean =>
  [...specifiers].some((specifier) => groups[specifier] !== undefined)

const checkUnmixed = (text: string, groups: Groups): void => {
  if (!given(groups, 'GVu')) return
  if (given(groups, 'YmdjBb')) throw parseFailure(text, 'Mixing of ISO dates with natural dates is not allowed')
  if (groups.G === undefined) throw parseFailure(text, 'The parsed date was invalid')
}

/** Reads a date as the format says, which must have been checked. Throws ConversionFailure. */
export const parseDateAs = (text: string, format: string, zone?: Zone): Date => {
  const groups = patternOf(format).exec(text)?.groups
  if (groups === undefined) throw parseFailure(text, `Format literal not found '${text[0] ?? ''}'`)
  checkUnmixed(text, groups)
  if (groups.Y === undefined && groups.G === undefined) {
    throw conversion(`an incomplete date/time string has been found, with elements missing: "${text}"`)
  }
  const month = groups.B ?? groups.b
  const fields: Fields = {
    year: numberOf(groups.Y),
    month: month === undefined ? numberOf(groups.m) : monthOfName(month),
    date: numberOf(groups.d),
    hour: numberOf(groups.H),
    minute: numberOf(groups.M),
    second: numberOf(groups.S),
    millisecond: numberOf(groups.L?.padEnd(3, '0')),
    dayOfYear: numberOf(groups.j),
    isoYear: numberOf(groups.G),
    isoWeek: numberOf(groups.V),
    isoDay: numberOf(groups.u),
    zone: groups.Z === undefined ? groups.z : offsetOfMinutes(Number(groups.Z)),
  }
  return dateOf(text, fields, zone)
}
