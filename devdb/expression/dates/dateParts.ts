import { Long, type Timestamp } from 'bson'
import { show } from '../../bson/show.ts'
import { type Doc, fieldNames, isDoc, kindOf, type Value } from '../../bson/values.ts'
import { location } from '../../errors.ts'
import type { Expression } from '../expression.ts'
import {
  constantOf,
  folded,
  isNullish,
  type Operator,
  type Operators,
  type Parser,
  typeName,
  unary,
} from '../operands.ts'
import * as calendar from './calendar.ts'
import { toLocal, utcZone, type Zone, zoneOf } from './zones.ts'

type Operands = { readonly date: Expression; readonly timezone: Expression | undefined }

const fromNamed = (spec: Doc, parser: Parser, name: string): Operands => {
  for (const argument of fieldNames(spec)) {
    if (argument !== 'date' && argument !== 'timezone') {
      throw location(40535, `unrecognized option to ${name}: "${argument}"`)
    }
  }
  if (spec.date === undefined)
    throw location(40539, `missing 'date' argument to ${name}, provided: ${name}: ${show(spec)}`)
  const timezone = spec.timezone === undefined ? undefined : parser.parse(spec.timezone)
  return { date: parser.parse(spec.date), timezone }
}

/** `{$year: date}`, `{$year: [date]}` or `{$year: {date, timezone}}`. */
const operandsOf = (spec: Value, parser: Parser, name: string): Operands => {
  if (isDoc(spec) && !fieldNames(spec)[0]?.startsWith('$')) return fromNamed(spec, parser, name)
  if (Array.isArray(spec) && spec.length !== 1) {
    throw location(40536, `${name} accepts exactly one argument if given an array, but was given ${spec.length}`)
  }
  return { date: parser.parse(Array.isArray(spec) ? (spec[0] ?? null) : spec), timezone: undefined }
}

const zoneIn = (value: Value | undefined, name: string): Zone | null => {
  if (isNullish(value)) return null
  if (typeof value === 'string') return zoneOf(value)
  throw location(
    40533,
    `${name} requires a string for the timezone argument, but was given a ${typeName(value)} (${show(value)})`,
  )
}

const part =
  (read: (local: number) => Value): Operator =>
  (spec, parser, name) => {
    const { date, timezone } = operandsOf(spec, parser, name)
    return folded([date, timezone ?? constantOf(null)], (env) => {
      const value = date.evaluate(env)
      if (isNullish(value)) return null
      const zone = timezone === undefined ? utcZone : zoneIn(timezone.evaluate(env), name)
      return zone === null ? null : read(toLocal(calendar.momentOf(value), zone))
    })
  }

const ofTimestamp = (codes: readonly [number, string], read: (stamp: Timestamp) => number): Operator =>
  unary((value) => {
    if (isNullish(value)) return null
    if (kindOf(value) === 'timestamp') return Long.fromNumber(read(value as Timestamp))
    throw location(codes[0], `Argument to ${codes[1]} must be a timestamp, but is ${typeName(value)}`)
  })

export const datePartOperators: Operators = {
  $year: part(calendar.yearOf),
  $month: part(calendar.monthOf),
  $dayOfMonth: part(calendar.dayOfMonth),
  $hour: part(calendar.hourOf),
  $minute: part(calendar.minuteOf),
  $second: part(calendar.secondOf),
  $millisecond: part(calendar.millisecondOf),
  $dayOfWeek: part(calendar.dayOfWeek),
  $dayOfYear: part(calendar.dayOfYear),
  $week: part(calendar.weekOfYear),
  $isoDayOfWeek: part(calendar.isoDayOfWeek),
  $isoWeek: part(calendar.isoWeek),
  $isoWeekYear: part((local) => Long.fromNumber(calendar.isoWeekYear(local))),
  $tsSecond: ofTimestamp([5687301, '$tsSecond'], (stamp) => stamp.getHighBitsUnsigned()),
  $tsIncrement: ofTimestamp([5687302, '$tsIncrement'], (stamp) => stamp.getLowBitsUnsigned()),
}
