import { Long } from 'bson'
import { toNumber } from '../../bson/numbers.ts'
import { show } from '../../bson/show.ts'
import { isNumeric, kindOf, type Value } from '../../bson/values.ts'
import { failure, location } from '../../errors.ts'
import { type Arguments, named } from '../named.ts'
import { isNullish, type Names, type Operator, type Operators, typeName } from '../operands.ts'
import { addMonths, day, isDatelike, midnightOf, momentOf, monthOf, yearOf } from './calendar.ts'
import { fromLocal, toLocal, utcOf, utcZone, type Zone, zoneOperand } from './zones.ts'

const units = ['year', 'quarter', 'month', 'week', 'day', 'hour', 'minute', 'second', 'millisecond'] as const

type Unit = (typeof units)[number]

const lengths: Readonly<Partial<Record<Unit, number>>> = {
  week: 7 * day,
  day,
  hour: 3_600_000,
  minute: 60_000,
  second: 1000,
  millisecond: 1,
}

const monthsIn: Readonly<Partial<Record<Unit, number>>> = { year: 12, quarter: 3, month: 1 }

const isUnit = (text: string): text is Unit => (units as readonly string[]).includes(text)

const unitOf = (value: Value, name: string, [code, wrong]: readonly [number, (text: string) => Error]): Unit => {
  if (typeof value !== 'string')
    throw location(code, `${name} requires 'unit' to be a string, but got ${typeName(value)}`)
  if (!isUnit(value)) throw wrong(value)
  return value
}

const unknownUnit = (text: string): Error => failure('FailedToParse', `unknown time unit value: ${text}`)

const zoneIn = (given: Arguments): Zone =>
  (given.has('timezone') ? zoneOperand(given.get('timezone')) : null) ?? utcZone

/** A null operand makes the result null before any other operand is found to be wrong. */
const isNullIn = (given: Arguments, argument: string): boolean => given.has(argument) && isNullish(given.get(argument))

const days = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday']

/** The day a week begins on, 0 for Sunday. */
const weekStart = (given: Arguments, name: string): number => {
  if (!given.has('startOfWeek')) return 0
  const value = given.get('startOfWeek')
  if (typeof value !== 'string') {
    throw location(5439015, `${name} requires 'startOfWeek' to be a string, but got ${typeName(value)}`)
  }
  const text = value.toLowerCase()
  const index = days.findIndex((name) => name === text || name.slice(0, 3) === text)
  if (index >= 0) return index
  throw location(5439016, `${name} parameter 'startOfWeek' value cannot be recognized as a day of a week: ${value}`)
}

const names = (base: number, required: readonly string[], optional: readonly string[]): Names => ({
  required,
  optional,
  notObject: (name, spec) =>
    location(base, `${name} expects an object as its argument.found input type:${typeName(spec)}`),
  unknown: (name, argument) => location(base + 1, `Unrecognized argument to ${name}: ${argument}`),
  missing: (name, argument) =>
    location(base + 2 + required.indexOf(argument), `Missing '${argument}' parameter to ${name}`),
})

const addNames: Names = {
  ...names(5166400, ['startDate', 'unit', 'amount'], ['timezone']),
  missing: (name) => location(5166402, `${name} requires startDate, unit, and amount to be present`),
}

const amountOf = (value: Value, name: string): number => {
  const amount = isNumeric(value) ? toNumber(value) : Number.NaN
  if (Number.isInteger(amount)) return amount
  throw location(5166405, `${name} expects integer amount of time units`)
}

const shifted = (utc: number, zone: Zone, [unit, amount]: readonly [Unit, number]): number => {
  const months = monthsIn[unit]
  if (months !== undefined) return fromLocal(addMonths(toLocal(utc, zone), amount * months), zone)
  const step = amount * (lengths[unit] ?? 0)
  return unit === 'week' || unit === 'day' ? fromLocal(toLocal(utc, zone) + step, zone) : utc + step
}

const adding = (sign: 1 | -1): Operator =>
  named(addNames, (given, name) => {
    const [start, unit, amount] = [given.get('startDate'), given.get('unit'), given.get('amount')]
    if (isNullish(start) || isNullish(unit) || isNullish(amount) || isNullIn(given, 'timezone')) return null
    const zone = zoneIn(given)
    if (!isDatelike(start)) throw location(5166403, `${name} requires startDate to be convertible to a date`)
    const step = [unitOf(unit, name, [5166404, unknownUnit]), amountOf(amount, name) * sign] as const
    const result = new Date(shifted(momentOf(start), zone, step))
    if (Number.isNaN(result.getTime())) throw location(5166406, `${name} overflowed`)
    return result
  })

const boundaries = (unit: Unit, local: number, start: number): number => {
  if (unit === 'year') return yearOf(local)
  if (unit === 'quarter') return yearOf(local) * 4 + Math.floor((monthOf(local) - 1) / 3)
  if (unit === 'month') return yearOf(local) * 12 + monthOf(local)
  // The first of January 1970 was a Thursday.
  if (unit === 'week') return Math.floor((Math.floor(local / day) + 4 - start) / 7)
  return Math.floor(local / (lengths[unit] ?? 1))
}

const difference = (
  from: number,
  to: number,
  { unit, zone, start }: { unit: Unit; zone: Zone; start: number },
): number => {
  const [first, last] = [zone.offsetAt(from), zone.offsetAt(to)]
  const crossed = boundaries(unit, to + last, start) - boundaries(unit, from + first, start)
  // Clocks put forward or back between the two do not count as hours gone by.
  const moved = ['hour', 'minute', 'second', 'millisecond'].includes(unit) ? (last - first) / (lengths[unit] ?? 1) : 0
  return crossed - Math.trunc(moved)
}

const diffNames: Names = {
  ...names(5166301, ['startDate', 'endDate', 'unit'], ['timezone', 'startOfWeek']),
}

const isNullInWeek = (given: Arguments, unit: Value): boolean =>
  isNullIn(given, 'timezone') || (unit === 'week' && isNullIn(given, 'startOfWeek'))

const dateDiff = named(diffNames, (given, name) => {
  const [from, to, unit] = [given.get('startDate'), given.get('endDate'), given.get('unit')]
  if (isNullish(from) || isNullish(to) || isNullish(unit) || isNullInWeek(given, unit)) return null
  const zone = zoneIn(given)
  const [first, last] = [needDate(from, 'startDate', name), needDate(to, 'endDate', name)]
  const wanted = unitOf(unit, name, [5439013, badUnit(name)])
  const start = wanted === 'week' ? weekStart(given, name) : 0
  return Long.fromNumber(difference(first, last, { unit: wanted, zone, start }))
})

const badUnit = (name: string) => (text: string) =>
  location(5439014, `${name} parameter 'unit' value cannot be recognized as a time unit: ${text}`)

const needDate = (value: Value, argument: string, name: string): number => {
  if (isDatelike(value)) return momentOf(value)
  throw location(
    name === '$dateDiff' ? 5166307 : 5439012,
    `${name} requires '${argument}' to be a date, but got ${typeName(value)}`,
  )
}

const truncNames: Names = {
  ...names(5439007, ['date', 'unit'], ['binSize', 'timezone', 'startOfWeek']),
}

const binSizeOf = (value: Value, name: string): number => {
  const size = isNumeric(value) ? toNumber(value) : Number.NaN
  if (!Number.isInteger(size)) {
    throw location(
      5439017,
      `${name} requires 'binSize' to be a 64-bit integer, but got value '${show(value)}' of type ${kindOf(value)}`,
    )
  }
  if (size <= 0) throw location(5439018, `${name} requires 'binSize' to be greater than 0, but got value ${size}`)
  return size
}

const floorTo = (value: number, size: number): number => Math.floor(value / size) * size

// Bins are counted from the first of January 2000, a Saturday.
const reference = utcOf([2000, 0, 1, 0, 0, 0, 0])

const truncated = (
  utc: number,
  zone: Zone,
  { unit, size, start }: { unit: Unit; size: number; start: number },
): number => {
  const local = toLocal(utc, zone)
  const months = monthsIn[unit]
  if (months !== undefined) {
    const since = (yearOf(local) - 2000) * 12 + monthOf(local) - 1
    return fromLocal(addMonths(reference, floorTo(since, months * size)), zone)
  }
  const origin = unit === 'week' ? reference + ((start + 1) % 7) * day : reference
  const bin =
    origin +
    floorTo((unit === 'day' || unit === 'week' ? midnightOf(local) : local) - origin, size * (lengths[unit] ?? 1))
  return unit === 'day' || unit === 'week' ? fromLocal(bin, zone) : bin - (local - utc)
}

const dateTrunc = named(truncNames, (given, name) => {
  const [date, unit] = [given.get('date'), given.get('unit')]
  const bins = given.has('binSize') ? given.get('binSize') : 1
  if (isNullish(date) || isNullish(unit) || isNullish(bins) || isNullInWeek(given, unit)) return null
  const zone = zoneIn(given)
  const moment = needDate(date, 'date', name)
  const wanted = unitOf(unit, name, [5439013, badUnit(name)])
  const start = wanted === 'week' ? weekStart(given, name) : 0
  return new Date(truncated(moment, zone, { unit: wanted, size: binSizeOf(bins, name), start }))
})

export const dateArithmeticOperators: Operators = {
  $dateAdd: adding(1),
  $dateSubtract: adding(-1),
  $dateDiff: dateDiff,
  $dateTrunc: dateTrunc,
}
