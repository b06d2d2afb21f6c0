import { describe, expect, test } from 'vitest'
import { isCurrency, money } from '#kernel/money.ts'
import { flatTaxRule, shopRules } from './rules.ts'
import { cheapest, methodsFor, type ShippingZone, shippingCost } from './shipping.ts'

const zones: readonly ShippingZone[] = [
  {
    countries: new Set(['DE']),
    methods: [
      { id: 'express', name: 'Express', rates: { EUR: { price: 900, freeFrom: 5_000 } } },
      {
        id: 'standard',
        name: 'Standard',
        rates: { EUR: { price: 500, freeFrom: null }, JPY: { price: 800, freeFrom: 0 } },
      },
    ],
  },
]

const ids = (countryCode: string, currency: string): string[] =>
  methodsFor(zones, countryCode, currency).map(({ id }) => id)

describe('methodsFor', () => {
  test('given a country of a zone, then its methods come cheapest first', () => {
    expect(ids('DE', 'EUR')).toEqual(['standard', 'express'])
  })

  test('given a currency that only one method has a price in, then only that one is offered', () => {
    expect(ids('DE', 'JPY')).toEqual(['standard'])
  })

  test('given a country outside of all zones, or a currency without prices, then there is none', () => {
    expect(ids('FR', 'EUR')).toEqual([])
    expect(ids('DE', 'KWD')).toEqual([])
  })
})

describe('shippingCost and cheapest', () => {
  test('given a subtotal from which the dearer method is free, then it is the cheapest', () => {
    const methods = methodsFor(zones, 'DE', 'EUR')
    expect(cheapest(methods, money(4_999, 'EUR'))?.id).toBe('standard')
    expect(cheapest(methods, money(5_000, 'EUR'))?.id).toBe('express')
  })

  test('given no method, then there is no cheapest', () => {
    expect(cheapest([], money(1, 'EUR'))).toBeNull()
  })

  test('given a threshold of zero, then it is always free', () => {
    const [standard] = methodsFor(zones, 'DE', 'JPY')
    expect(shippingCost(standard!, money(0, 'JPY')).minor).toBe(0)
  })
})

describe("the shop's own rules", () => {
  test.each(['DE', 'FR', 'CH', 'US', 'ZZ'])(
    'given %s, then there is a way of delivery with integer prices',
    (country) => {
      for (const currency of ['EUR', 'JPY', 'KWD', 'USD']) {
        const methods = methodsFor(shopRules.zones, country, currency)
        expect(methods).toHaveLength(2)
        expect(methods.every(({ price }) => Number.isSafeInteger(price.minor) && price.minor > 0)).toBe(true)
      }
    },
  )

  test('given every currency of the table, then it is an ISO 4217 code', () => {
    const rates = shopRules.zones.flatMap(({ methods }) => methods.flatMap((method) => Object.keys(method.rates)))
    expect(rates.every(isCurrency)).toBe(true)
  })

  test('given a name that every object has, then it is no country with tax', () => {
    expect(flatTaxRule('constructor').rate).toBe(0)
    expect(flatTaxRule('GB')).toEqual({ label: 'VAT GB 20 %', rate: 2000, included: true })
    expect(flatTaxRule('CH').label).toBe('VAT CH 8.1 %')
  })
})
