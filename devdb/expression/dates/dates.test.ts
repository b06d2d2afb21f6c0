import { Long, ObjectId, Timestamp } from 'bson'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { read } from '../testing.ts'

const d = new Date('2024-12-31T23:30:45.123Z')
const stamp = new Timestamp({ t: 100, i: 7 })
const berlin = { date: '$d', timezone: 'Europe/Berlin' }
const iso = (text: string) => new Date(text)

const cases: readonly (readonly [unknown, string])[] = [
  [{ $year: '$d' }, 'int 2024'],
  [{ $year: berlin }, 'int 2025'],
  [{ $year: ['$d'] }, 'int 2024'],
  [{ $month: '$d' }, 'int 12'],
  [{ $dayOfMonth: berlin }, 'int 1'],
  [{ $hour: berlin }, 'int 0'],
  [{ $hour: { date: '$d', timezone: '+05:30' } }, 'int 5'],
  [{ $hour: { date: '$d', timezone: '-0530' } }, 'int 18'],
  [{ $minute: '$d' }, 'int 30'],
  [{ $second: '$d' }, 'int 45'],
  [{ $millisecond: '$d' }, 'int 123'],
  [{ $dayOfWeek: '$d' }, 'int 3'],
  [{ $dayOfYear: '$d' }, 'int 366'],
  [{ $week: '$d' }, 'int 52'],
  [{ $week: iso('2023-01-01T00:00:00Z') }, 'int 1'],
  [{ $week: iso('2022-01-01T00:00:00Z') }, 'int 0'],
  [{ $isoWeek: '$d' }, 'int 1'],
  [{ $isoWeekYear: '$d' }, 'long 2025'],
  [{ $isoDayOfWeek: iso('2024-12-29T00:00:00Z') }, 'int 7'],
  [{ $year: new ObjectId('5f0000000000000000000000') }, 'int 2020'],
  [{ $year: stamp }, 'int 1970'],
  [{ $year: null }, 'null'],
  [{ $year: { date: '$d', timezone: '$missing' } }, 'null'],
  [{ $year: '2024' }, 'error 16006'],
  [{ $year: { date: '$d', timezone: 'Nowhere/Else' } }, 'error 40485'],
  [{ $year: { date: '$d', timezone: 5 } }, 'error 40533'],
  [{ $year: { date: '$d', other: 5 } }, 'error 40535'],
  [{ $year: { timezone: 'UTC' } }, 'error 40539'],
  [{ $year: ['$d', 1] }, 'error 40536'],
  [{ $tsSecond: stamp }, 'long 100'],
  [{ $tsIncrement: stamp }, 'long 7'],
  [{ $tsSecond: '$d' }, 'error 5687301'],
  [{ $dateToString: { date: '$d' } }, 'string 2024-12-31T23:30:45.123Z'],
  [{ $dateToString: berlin }, 'string 2025-01-01T00:30:45.123'],
  [
    { $dateToString: { ...berlin, format: '%Y/%m/%d %H:%M:%S.%L %z %Z %j %U %V %G %u %w %b %B %%' } },
    'string 2025/01/01 00:30:45.123 +0100 60 001 00 01 2025 3 4 Jan January %',
  ],
  [{ $dateToString: { date: null, onNull: 'none' } }, 'string none'],
  [{ $dateToString: { date: '$d', format: '%q' } }, 'error 18536'],
  [{ $dateToString: { date: '$d', format: '%' } }, 'error 18535'],
  [{ $dateToString: { date: '$d', format: 1 } }, 'error 18533'],
  [{ $dateToString: { date: '$d', other: 1 } }, 'error 18534'],
  [{ $dateToString: { format: '%Y' } }, 'error 18628'],
  [{ $dateFromString: { dateString: '2017-02-08T12:10:40.787Z' } }, 'date 2017-02-08T12:10:40.787Z'],
  [{ $dateFromString: { dateString: '2017-02-08' } }, 'date 2017-02-08T00:00:00.000Z'],
  [{ $dateFromString: { dateString: '2017-02-08 12:10:40+0200' } }, 'date 2017-02-08T10:10:40.000Z'],
  [{ $dateFromString: { dateString: 'Feb 8, 2017 1:02:03' } }, 'date 2017-02-08T01:02:03.000Z'],
  [
    { $dateFromString: { dateString: '2017-02-08T12:10:40', timezone: 'America/New_York' } },
    'date 2017-02-08T17:10:40.000Z',
  ],
  [{ $dateFromString: { dateString: '2017-02-08T12:10:40Z', timezone: 'America/New_York' } }, 'error 241'],
  [{ $dateFromString: { dateString: '15-06-2018', format: '%d-%m-%Y' } }, 'date 2018-06-15T00:00:00.000Z'],
  [{ $dateFromString: { dateString: '2018 24 5', format: '%G %V %u' } }, 'date 2018-06-15T00:00:00.000Z'],
  [{ $dateFromString: { dateString: '2018-02-30' } }, 'error 241'],
  [{ $dateFromString: { dateString: '2018-06-15T11:56.02.8' } }, 'date 2018-06-15T11:56:02.800Z'],
  [{ $dateFromString: { dateString: 'June 5th, 2018 11am' } }, 'date 2018-06-05T11:00:00.000Z'],
  [{ $dateFromString: { dateString: 'June 5, 2018 12:30 pm EST' } }, 'date 2018-06-05T17:30:00.000Z'],
  [{ $dateFromString: { dateString: '6/5/18' } }, 'date 2018-06-05T00:00:00.000Z'],
  [{ $dateFromString: { dateString: '05-06-2018' } }, 'date 2018-06-05T00:00:00.000Z'],
  [{ $dateFromString: { dateString: '2018-Jun-05 noon' } }, 'date 2018-06-05T12:00:00.000Z'],
  [{ $dateFromString: { dateString: '2018-06-05T12:00:00 GMT+0545' } }, 'date 2018-06-05T06:15:00.000Z'],
  [{ $dateFromString: { dateString: '2018-06-05 12:00:00 L' } }, 'date 2018-06-05T01:00:00.000Z'],
  [{ $dateFromString: { dateString: '2018-06-05 12:00:00 XYZ' } }, 'error 241'],
  [{ $dateFromString: { dateString: '2018-06-05 12:00:00 Europe/Berlin' } }, 'error 241'],
  [{ $dateFromString: { dateString: '5.6.2018 CEST', format: '%d.%m.%Y%z' } }, 'date 2018-06-04T22:00:00.000Z'],
  [{ $dateFromString: { dateString: '12/31/2018', format: '%m/%d/%G' } }, 'error 241'],
  [{ $dateFromString: { dateString: 'week 5', format: 'week %V' } }, 'error 241'],
  [{ $dateFromString: { dateString: 'someday' } }, 'error 241'],
  [{ $dateFromString: { dateString: 'someday', onError: 0 } }, 'int 0'],
  [{ $dateFromString: { dateString: 5 } }, 'error 241'],
  [{ $dateFromString: { dateString: null, onNull: 1 } }, 'int 1'],
  [{ $dateFromString: { dateString: 'x', format: 1 } }, 'error 40684'],
  [{ $dateFromString: { format: '%Y' } }, 'error 40542'],
  [{ $dateFromParts: { year: 2024, month: 14, day: 0, hour: -1 } }, 'date 2025-01-30T23:00:00.000Z'],
  [{ $dateFromParts: { isoWeekYear: 2025, isoWeek: 1, isoDayOfWeek: 2 } }, 'date 2024-12-31T00:00:00.000Z'],
  [{ $dateFromParts: { year: 2024, timezone: 'America/New_York' } }, 'date 2024-01-01T05:00:00.000Z'],
  [{ $dateFromParts: { year: null } }, 'null'],
  [{ $dateFromParts: { year: 10000 } }, 'error 40523'],
  [{ $dateFromParts: { year: 2024, month: 40000 } }, 'error 31034'],
  [{ $dateFromParts: { year: 2024.5 } }, 'error 40515'],
  [{ $dateFromParts: { month: 1 } }, 'error 40516'],
  [{ $dateFromParts: { other: 1 } }, 'error 40518'],
  [{ $dateFromParts: { year: 1970, millisecond: 1e17 } }, 'error 159'],
  [{ $dateFromParts: { year: 1970, millisecond: 1e20 } }, 'error 40515'],
  [{ $dateFromParts: { year: 1, isoWeek: 1 } }, 'error 40489'],
  [{ $dateFromParts: { isoWeekYear: 1, month: 1 } }, 'error 40525'],
  [
    { $dateToParts: berlin },
    '{year: int 2025, month: int 1, day: int 1, hour: int 0, minute: int 30, second: int 45, millisecond: int 123}',
  ],
  [
    { $dateToParts: { date: '$d', iso8601: true } },
    '{isoWeekYear: int 2025, isoWeek: int 1, isoDayOfWeek: int 2, hour: int 23, minute: int 30, second: int 45, millisecond: int 123}',
  ],
  [{ $dateToParts: { date: '$d', iso8601: 1 } }, 'error 40521'],
  [{ $dateAdd: { startDate: iso('2024-01-31T12:00:00Z'), unit: 'month', amount: 1 } }, 'date 2024-02-29T12:00:00.000Z'],
  [{ $dateAdd: { startDate: iso('2024-02-29T00:00:00Z'), unit: 'year', amount: 1 } }, 'date 2025-02-28T00:00:00.000Z'],
  [
    { $dateSubtract: { startDate: iso('2024-05-31T00:00:00Z'), unit: 'quarter', amount: 1 } },
    'date 2024-02-29T00:00:00.000Z',
  ],
  [{ $dateAdd: { startDate: '$d', unit: 'millisecond', amount: Long.fromNumber(5) } }, 'date 2024-12-31T23:30:45.128Z'],
  // Over the start of summer time a day is 23 hours, 24 hours are more than a day.
  [
    { $dateAdd: { startDate: iso('2024-03-30T11:00:00Z'), unit: 'day', amount: 1, timezone: 'Europe/Berlin' } },
    'date 2024-03-31T10:00:00.000Z',
  ],
  [
    { $dateAdd: { startDate: iso('2024-03-30T11:00:00Z'), unit: 'hour', amount: 24, timezone: 'Europe/Berlin' } },
    'date 2024-03-31T11:00:00.000Z',
  ],
  [{ $dateAdd: { startDate: null, unit: 'day', amount: 1 } }, 'null'],
  [{ $dateAdd: { startDate: 5, unit: 'day', amount: 1 } }, 'error 5166403'],
  [{ $dateAdd: { startDate: '$d', unit: 'eon', amount: 1 } }, 'error 9'],
  [{ $dateAdd: { startDate: '$d', unit: 'day', amount: 1.5 } }, 'error 5166405'],
  [{ $dateAdd: { startDate: '$d', unit: 'day' } }, 'error 5166402'],
  [
    { $dateDiff: { startDate: iso('2023-12-31T23:59:59Z'), endDate: iso('2024-01-01T00:00:00Z'), unit: 'year' } },
    'long 1',
  ],
  [
    { $dateDiff: { startDate: iso('2024-01-01T00:00:00Z'), endDate: iso('2023-12-31T23:59:59Z'), unit: 'day' } },
    'long -1',
  ],
  [
    { $dateDiff: { startDate: iso('2024-12-28T00:00:00Z'), endDate: iso('2024-12-29T00:00:00Z'), unit: 'week' } },
    'long 1',
  ],
  [
    {
      $dateDiff: {
        startDate: iso('2024-12-28T00:00:00Z'),
        endDate: iso('2024-12-29T00:00:00Z'),
        unit: 'week',
        startOfWeek: 'mon',
      },
    },
    'long 0',
  ],
  [
    {
      $dateDiff: {
        startDate: iso('2024-03-31T00:30:00Z'),
        endDate: iso('2024-03-31T01:30:00Z'),
        unit: 'hour',
        timezone: 'Europe/Berlin',
      },
    },
    'long 1',
  ],
  [{ $dateDiff: { startDate: 1, endDate: '$d', unit: 'day' } }, 'error 5166307'],
  [{ $dateDiff: { startDate: 1, endDate: null, unit: 'eon', timezone: 'nowhere' } }, 'null'],
  [{ $dateDiff: { startDate: '$d', endDate: '$d', unit: 'eon' } }, 'error 5439014'],
  [{ $dateDiff: { startDate: '$d', endDate: '$d', unit: 'week', startOfWeek: 'x' } }, 'error 5439016'],
  [{ $dateDiff: { startDate: '$d', unit: 'day' } }, 'error 5166304'],
  [{ $dateTrunc: { date: '$d', unit: 'month' } }, 'date 2024-12-01T00:00:00.000Z'],
  [{ $dateTrunc: { date: '$d', unit: 'year', binSize: 10 } }, 'date 2020-01-01T00:00:00.000Z'],
  [{ $dateTrunc: { date: '$d', unit: 'quarter', timezone: 'Europe/Berlin' } }, 'date 2024-12-31T23:00:00.000Z'],
  [{ $dateTrunc: { date: '$d', unit: 'week', startOfWeek: 'monday' } }, 'date 2024-12-30T00:00:00.000Z'],
  [{ $dateTrunc: { date: '$d', unit: 'week' } }, 'date 2024-12-29T00:00:00.000Z'],
  [{ $dateTrunc: { date: '$d', unit: 'minute', binSize: 15 } }, 'date 2024-12-31T23:30:00.000Z'],
  [{ $dateTrunc: { date: '$d', unit: 'day', timezone: 'Asia/Kolkata' } }, 'date 2024-12-31T18:30:00.000Z'],
  [{ $dateTrunc: { date: '$d', unit: 'day', binSize: 0 } }, 'error 5439018'],
  [{ $dateTrunc: { date: 'x', unit: 'day' } }, 'error 5439012'],
  [{ $dateTrunc: { date: '$d' } }, 'error 5439010'],
  [{ $dateTrunc: { date: 1, unit: 'week', startOfWeek: null, timezone: 1 } }, 'null'],
  [{ $dateTrunc: { date: '$d', unit: 'year', startOfWeek: null } }, 'date 2024-01-01T00:00:00.000Z'],
]

describe('dates', () => {
  it.each(cases)('%j is %s', (spec, expected) => {
    expect(read(spec, { d })).toBe(expected)
  })

  it('given any date and zone, when taken apart and put together, then it is the same date', () => {
    const date = fc.date({ min: new Date('1980-01-01'), max: new Date('2060-01-01'), noInvalidDate: true })
    const timezone = fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', '+13:45')
    // The hour in which clocks are put back is read twice; the first reading is meant.
    const ambiguous = (text: string) => [1, 2].includes(Number(/int (\d+), minute/.exec(text)?.[1]))
    fc.assert(
      fc.property(date, timezone, (value, zone) => {
        const parts = { $dateToParts: { date: value, timezone: zone } }
        if (ambiguous(read(parts).replaceAll('hour: ', ''))) return
        const get = (field: string) => ({ $getField: { field, input: parts } })
        const names = ['year', 'month', 'day', 'hour', 'minute', 'second', 'millisecond']
        const fields = Object.fromEntries(names.map((name) => [name, get(name)]))
        expect(read({ $dateFromParts: { ...fields, timezone: zone } })).toBe(`date ${value.toISOString()}`)
      }),
    )
  })
})
