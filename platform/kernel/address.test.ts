import { describe, expect, test } from 'vitest'
import { addressProblems, countryCount, isSameAddress, type StatedAddress, toAddress } from './address.ts'

const stated: StatedAddress = { name: ' Ada Lovelace ', line1: '12 St James Square', city: 'London', countryCode: 'GB' }
const fieldsOf = (changes: Partial<StatedAddress>): string[] =>
  addressProblems({ ...stated, ...changes }, ['input', 'shippingAddress']).map(({ field }) => field?.join('.') ?? '')

describe('addressProblems', () => {
  test('given a complete address, then there is none', () => {
    expect(fieldsOf({ postalCode: 'SW1Y 4LB', line2: null })).toEqual([])
  })

  test.each(['XX', 'ZZ', 'UK', 'EU', 'gb', 'GBR', '', 'G'])(
    'given the country "%s", then it is named',
    (countryCode) => {
      expect(fieldsOf({ countryCode })).toEqual(['input.shippingAddress.countryCode'])
    },
  )

  test.each(['name', 'line1', 'city'])('given an empty %s, then it is named', (part) => {
    expect(fieldsOf({ [part]: '  ' })).toEqual([`input.shippingAddress.${part}`])
  })

  test.each(['name', 'line1', 'line2', 'city', 'region', 'postalCode', 'phone'])(
    'given 201 characters or a line break in %s, then it is named',
    (part) => {
      expect(fieldsOf({ [part]: 'x'.repeat(200) })).toEqual([])
      expect(fieldsOf({ [part]: 'x'.repeat(201) })).toEqual([`input.shippingAddress.${part}`])
      expect(fieldsOf({ [part]: 'a\r\nBcc: b' })).toEqual([`input.shippingAddress.${part}`])
    },
  )

  test('given several wrong parts, then all are named', () => {
    expect(fieldsOf({ name: '', countryCode: '?' })).toHaveLength(2)
  })

  test('given ISO 3166-1, then all 249 countries are known', () => {
    expect(countryCount).toBe(249)
  })
})

describe('toAddress', () => {
  test('given blanks around texts, then they are trimmed, and empty parts are null', () => {
    expect(toAddress({ ...stated, phone: ' ' })).toEqual({
      name: 'Ada Lovelace',
      line1: '12 St James Square',
      line2: null,
      city: 'London',
      region: null,
      postalCode: null,
      countryCode: 'GB',
      phone: null,
    })
  })
})

describe('isSameAddress', () => {
  test('given equal content, another city, or none', () => {
    const address = toAddress(stated)
    expect(isSameAddress(address, { ...address })).toBe(true)
    expect(isSameAddress(address, { ...address, city: 'Leeds' })).toBe(false)
    expect(isSameAddress(address, null)).toBe(false)
    expect(isSameAddress(null, null)).toBe(true)
  })
})
