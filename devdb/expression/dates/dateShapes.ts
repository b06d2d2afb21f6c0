import { integerOf } from '../../bson/numbers.ts'
import { show } from '../../bson/show.ts'
import { fieldNames, isDoc } from '../../bson/values.ts'
import { failure, location } from '../../errors.ts'
import { type Arguments, named, orOnError } from '../named.ts'
import { isNullish, type Names, type Operator, type Operators, typeName } from '../operands.ts'
import * as calendar from './calendar.ts'
import { checkFormat, formatDate, isoFormat, localIsoFormat } from './dateFormat.ts'
import { checkParseFormat, parseDate, parseDateAs } from './dateParse.ts'
import { fromLocal, toLocal, utcOf, utcZone, type Zone, zoneOperand } from './zones.ts'

const zoneIn = (given: Arguments): Zone | null => (given.has('timezone') ? zoneOperand(given.get('timezone')) : utcZone)

const toStringNames: Names = {
  required: ['date'],
  optional: ['format', 'timezone', 'onNull'],
  notObject: () => location(18629, '$dateToString only supports an object as its argument'),
  unknown: (_name, argument) => location(18534, `Unrecognized argument to $dateToString: ${argument}`),
  missing: () => location(18628, "Missing 'date' parameter to $dateToString"),
}

type Format = { readonly code: number; readonly what: string; readonly check: (format: string) => void }

/** The format asked for; undefined where none is, null for a null one. */
const formatIn = (given: Arguments, { code, what, check }: Format): string | null | undefined => {
  if (!given.has('format')) return undefined
  const format = given.get('format')
  if (isNullish(format)) return null
  if (typeof format !== 'string') {
    throw location(
      code,
      `${what} requires that 'format' be a string, found: ${typeName(format)} with value ${show(format)}`,
    )
  }
  check(format)
  return format
}

const dateToString = named(toStringNames, (given) => {
  const date = given.get('date')
  const format = formatIn(given, { code: 18533, what: '$dateToString', check: checkFormat })
  const zone = zoneIn(given)
  if (isNullish(date)) return given.has('onNull') ? given.get('onNull') : null
  if (zone === null || format === null) return null
  return formatDate(calendar.momentOf(date), zone, format ?? (zone.isUtc ? isoFormat : localIsoFormat))
})

const fromStringNames: Names = {
  required: ['dateString'],
  optional: ['format', 'timezone', 'onNull', 'onError'],
  notObject: (_name, spec) =>
    location(40540, `$dateFromString only supports an object as an argument, found: ${typeName(spec)}`),
  unknown: (_name, argument) => location(40541, `Unrecognized argument to $dateFromString: ${argument}`),
  missing: () => location(40542, "Missing 'dateString' parameter to $dateFromString"),
}

const dateFromString = named(fromStringNames, (given) => {
  const text = given.get('dateString')
  const format = formatIn(given, { code: 40684, what: '$dateFromString', check: checkParseFormat })
  const zone = zoneIn(given)
  if (isNullish(text)) return given.has('onNull') ? given.get('onNull') : null
  return orOnError(given, () => {
    if (typeof text !== 'string') {
      throw failure(
        'ConversionFailure',
        `$dateFromString requires that 'dateString' be a string, found: ${typeName(text)} with value ${show(text)}`,
      )
    }
    if (zone === null || format === null) return null
    const own = given.has('timezone') ? zone : undefined
    return format === undefined ? parseDate(text, own) : parseDateAs(text, format, own)
  })
})

const natural = ['year', 'month', 'day']
const iso = ['isoWeekYear', 'isoWeek', 'isoDayOfWeek']
const times = ['hour', 'minute', 'second', 'millisecond']

const fromPartsNames: Names = {
  required: [],
  optional: [...natural, ...iso, ...times, 'timezone'],
  notObject: () => location(40519, '$dateFromParts only supports an object as its argument'),
  unknown: (_name, argument) => location(40518, `Unrecognized argument to $dateFromParts: ${argument}`),
  missing: () => location(40516, "$dateFromParts requires either 'year' or 'isoWeekYear' to be present"),
}

const mostPart = 32767
const mostInteger = 2 ** 63
const unbounded = ['second', 'millisecond', 'year', 'isoWeekYear']

const partIn = (given: Arguments, name: string, fallback: number): number | null => {
  if (!given.has(name)) return fallback
  const value = given.get(name)
  if (isNullish(value)) return null
  const part = integerOf(value)
  if (part === undefined || Math.abs(part) > mostInteger) {
    throw location(40515, `'${name}' must evaluate to an integer, found ${typeName(value)} with value ${show(value)}`)
  }
  if (!unbounded.includes(name) && Math.abs(part) > mostPart + (part < 0 ? 1 : 0)) {
    throw location(
      31034,
      `'${name}' must evaluate to a value in the range [-32768, 32767]; value ${part} is not in range`,
    )
  }
  return part
}

const checkYear = (name: string, year: number): void => {
  if (year >= 1 && year <= 9999) return
  throw location(
    name === 'year' ? 40523 : 31095,
    `'${name}' must evaluate to an integer in the range 1 to 9999, found ${year}`,
  )
}

const partsIn = (given: Arguments, names: readonly string[], fallbacks: readonly number[]): number[] | null => {
  const parts = names.map((name, index) => partIn(given, name, fallbacks[index] ?? 0))
  return parts.every((part) => part !== null) ? parts : null
}

const dateFromParts = named(fromPartsNames, (given) => {
  const time = partsIn(given, times, [0, 0, 0, 0])
  const zone = zoneIn(given)
  const names = given.has('year') ? natural : iso
  const days = partsIn(given, names, [1970, 1, 1])
  if (time === null || zone === null || days === null) return null
  const [year = 0, second = 1, third = 1] = days
  checkYear(names[0] ?? 'year', year)
  const [hour = 0, minute = 0, seconds = 0, milliseconds = 0] = time
  const midnight =
    names === natural ? utcOf([year, second - 1, third, 0, 0, 0, 0]) : calendar.isoMidnight(year, second, third)
  const local = midnight + hour * 3_600_000 + minute * 60_000 + seconds * 1000 + milliseconds
  if (!(Math.abs(local) < calendar.mostMilliseconds)) {
    throw failure('DurationOverflow', 'Overflow casting from a lower-precision duration to a higher-precision duration')
  }
  return new Date(fromLocal(local, zone))
})

const checkedFromParts: Operator = (spec, parser, name) => {
  if (isDoc(spec)) {
    const given = new Set(fieldNames(spec))
    if (given.has('year') && iso.some((argument) => given.has(argument))) {
      throw location(40489, '$dateFromParts does not allow mixing natural dates with ISO dates')
    }
    if (given.has('isoWeekYear') && natural.some((argument) => given.has(argument))) {
      throw location(40525, '$dateFromParts does not allow mixing ISO dates with natural dates')
    }
    const unknown = fieldNames(spec).find((argument) => !fromPartsNames.optional?.includes(argument))
    if (unknown !== undefined) throw fromPartsNames.unknown(name, unknown)
    if (!given.has('year') && !given.has('isoWeekYear')) throw fromPartsNames.missing(name, 'year')
  }
  return dateFromParts(spec, parser, name)
}

const toPartsNames: Names = {
  required: ['date'],
  optional: ['timezone', 'iso8601'],
  notObject: () => location(40524, '$dateToParts only supports an object as its argument'),
  unknown: (_name, argument) => location(40520, `Unrecognized argument to $dateToParts: ${argument}`),
  missing: () => location(40522, "Missing 'date' parameter to $dateToParts"),
}

const timeParts = (local: number) => ({
  hour: calendar.hourOf(local),
  minute: calendar.minuteOf(local),
  second: calendar.secondOf(local),
  millisecond: calendar.millisecondOf(local),
})

const dateToParts = named(toPartsNames, (given) => {
  const [date, zone] = [given.get('date'), zoneIn(given)]
  const asIso = given.has('iso8601') ? given.get('iso8601') : false
  if (zone === null || isNullish(asIso)) return null
  if (typeof asIso !== 'boolean') throw location(40521, `iso8601 must evaluate to a bool, found ${typeName(asIso)}`)
  if (isNullish(date)) return null
  const local = toLocal(calendar.momentOf(date), zone)
  if (asIso) {
    return {
      isoWeekYear: calendar.isoWeekYear(local),
      isoWeek: calendar.isoWeek(local),
      isoDayOfWeek: calendar.isoDayOfWeek(local),
      ...timeParts(local),
    }
  }
  return {
    year: calendar.yearOf(local),
    month: calendar.monthOf(local),
    day: calendar.dayOfMonth(local),
    ...timeParts(local),
  }
})

export const dateShapeOperators: Operators = {
  $dateToString: dateToString,
  $dateFromString: dateFromString,
  $dateFromParts: checkedFromParts,
  $dateToParts: dateToParts,
}
