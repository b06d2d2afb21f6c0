import fc from 'fast-check'
import { type GraphQLScalarType, parseValue } from 'graphql'
import { expect, test } from 'vitest'
import { sharedScalars } from './scalars.ts'

const { DateTime, Decimal, CurrencyCode } = sharedScalars

const accepted = (scalar: GraphQLScalarType, text: string) => {
  const [value, literal] = [scalar.parseValue(text), scalar.parseLiteral(parseValue(JSON.stringify(text)))]
  expect(literal).toEqual(value)
  return value
}

const refused = (scalar: GraphQLScalarType, values: readonly unknown[]): void => {
  for (const value of values) {
    expect(() => scalar.parseValue(value), String(value).slice(0, 50)).toThrow(
      expect.objectContaining({ extensions: { code: 'BAD_USER_INPUT' } }),
    )
  }
  for (const literal of ['1', '1.5', 'true', 'null', 'NAME', '["a"]', '{ a: "b" }']) {
    expect(() => scalar.parseLiteral(parseValue(literal)), literal).toThrow(`${scalar.name} must be a string.`)
  }
}

const notText = [1, 1.5, true, null, undefined, {}, ['2026-01-01T00:00:00Z'], Number.NaN]

test('given a moment with a time zone, when it is read, then it is milliseconds in UTC', () => {
  const noon = Date.UTC(2026, 10, 22, 12)
  for (const text of [
    '2026-11-22T12:00:00.000Z',
    '2026-11-22T12:00Z',
    '2026-11-22T13:00:00+01:00',
    '2026-11-22T06:30:00-05:30',
  ]) {
    expect(accepted(DateTime, text)).toBe(noon)
  }
  expect(accepted(DateTime, '2026-11-22T12:00:00.123456789Z')).toBe(noon + 123)
  expect(accepted(DateTime, '2028-02-29T00:00:00Z')).toBe(Date.UTC(2028, 1, 29))
})

test('given something else, when it is read as a moment, then it is refused', () => {
  const never = [
    '2026-02-30T00:00:00Z',
    '2027-02-29T00:00:00Z',
    '2026-04-31T23:59:59+02:00',
    '2026-00-01T00:00:00Z',
    '2026-13-01T00:00:00Z',
  ]
  const hours = ['2026-01-01T25:00:00Z', '2026-01-01T10:60:00Z', '2026-01-01T10:00:00+25:00']
  const shapes = [
    '',
    'now',
    '2026-11-22',
    '2026-11-22T12:00:00',
    '22.11.2026 12:00Z',
    '1795348800000',
    ' 2026-11-22T12:00:00Z',
    '2026-11-22T12:00:00Z\n',
    '+012026-11-22T12:00:00Z',
  ]
  refused(DateTime, [...never, ...hours, ...shapes, 'x'.repeat(100_000), ...notText])
})

test('given any moment, when it is written and read, then it is the same', () => {
  fc.assert(
    fc.property(fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }), (date) => {
      expect(DateTime.parseValue(DateTime.serialize(date.getTime()))).toBe(date.getTime())
      expect(DateTime.serialize(date)).toBe(date.toISOString())
    }),
  )
})

test('given a decimal, when it is read, then it stays the text it was: no float comes near it (R1)', () => {
  for (const text of ['0', '12.34', '-12.34', '9007199254740993', '0.10', '0.00000001']) {
    expect(accepted(Decimal, text)).toBe(text)
    expect(Decimal.serialize(text)).toBe(text)
  }
  refused(Decimal, [
    '',
    '.5',
    '1.',
    '1e3',
    '+1',
    '1,5',
    'NaN',
    'Infinity',
    '1.123456789',
    '1'.repeat(17),
    '１２',
    '1\n',
    ...notText,
  ])
})

test('given a currency code, when it is read, then only codes of ISO 4217 pass', () => {
  for (const text of ['EUR', 'JPY', 'KWD']) expect(accepted(CurrencyCode, text)).toBe(text)
  refused(CurrencyCode, ['', 'eur', 'EURO', 'XYZ', '€', 'EUR\n', 'x'.repeat(100_000), ...notText])
  expect(() => CurrencyCode.parseValue('x'.repeat(100_000))).toThrow(/^.{0,60}$/)
})
