import type { Millis } from '#kernel/time.ts'
import { quoteLife } from './prices.ts'
import type { ShippingMethodRule, ShippingRate, ShippingZone } from './shipping.ts'
import type { TaxRule } from './tax.ts'

/** Everything a quote depends on besides its lines. */
export interface PricingRules {
  /** ISO 4217 code that prices are shown in when nobody asks for another. */
  readonly currency: string
  /** Decides the tax as long as the destination is not known. */
  readonly homeCountry: string
  /** How long a quote may be shown before it should be asked for again. */
  readonly quoteLife: Millis
  readonly zones: readonly ShippingZone[]
  readonly taxRule: (countryCode: string) => TaxRule
}

/**
 * Standard VAT rates in basis points. EU: European Commission, "VAT rates applied in the Member States" (Taxes in Europe
 * Database), 2026-01; distance sales to consumers are taxed where the goods arrive (Directive 2006/112/EC, article 33a).
 * Recent changes in it: EE 24 % (2025-07), FI 25.5 % (2024-09), RO 21 % (2025-08), SK 23 % (2025-01).
 */
const euRates: Readonly<Record<string, number>> = {
  AT: 2000,
  BE: 2100,
  BG: 2000,
  CY: 1900,
  CZ: 2100,
  DE: 1900,
  DK: 2500,
  EE: 2400,
  ES: 2100,
  FI: 2550,
  FR: 2000,
  GR: 2400,
  HR: 2500,
  HU: 2700,
  IE: 2300,
  IT: 2200,
  LT: 2100,
  LU: 1700,
  LV: 2100,
  MT: 1800,
  NL: 2100,
  PL: 2300,
  PT: 2300,
  RO: 2100,
  SE: 2500,
  SI: 2200,
  SK: 2300,
}

/** GB: Value Added Tax Act 1994, s. 2. CH and LI: MWSTG art. 25, since 2024. NO: Stortingets vedtak om merverdiavgift. IS: Act 50/1988. */
const otherRates: Readonly<Record<string, number>> = { CH: 810, GB: 2000, IS: 2400, LI: 810, NO: 2500 }

const rates: Readonly<Record<string, number>> = { ...euRates, ...otherRates }

/**
 * The tax of a country. Where the shop is not registered (US sales tax has no national rate and needs a nexus; other exports)
 * it collects none: the price stays the same and duties are the buyer's.
 */
export const flatTaxRule = (countryCode: string): TaxRule => {
  const rate = Object.hasOwn(rates, countryCode) ? (rates[countryCode] ?? 0) : 0
  return rate === 0
    ? { label: 'No tax', rate: 0, included: false }
    : { label: `VAT ${countryCode} ${rate / 100} %`, rate, included: true }
}

/** Currencies the shop ships in, and how many minor units of each stand for one euro cent in the table, rounded to usual prices. */
const perEuroCent: Readonly<Record<string, number>> = {
  AUD: 1.8,
  CAD: 1.6,
  CHF: 1,
  CZK: 25,
  DKK: 7.5,
  EUR: 1,
  GBP: 0.9,
  JPY: 1.6,
  KWD: 3.5,
  NOK: 12,
  PLN: 4.3,
  SEK: 11,
  USD: 1.1,
}

const ratesFrom = (euroCents: number, freeFromEuroCents: number | null): Record<string, ShippingRate> =>
  Object.fromEntries(
    Object.entries(perEuroCent).map(([currency, factor]) => [
      currency,
      {
        price: Math.round((euroCents * factor) / 10) * 10,
        freeFrom: freeFromEuroCents === null ? null : Math.round((freeFromEuroCents * factor) / 100) * 100,
      },
    ]),
  )

const method = (id: string, name: string, euroCents: number, freeFrom: number | null): ShippingMethodRule => ({
  id,
  name,
  rates: ratesFrom(euroCents, freeFrom),
})

/** The same method ids in every zone: a way of delivery chosen in the cart survives a change of the address. */
const flatZones: readonly ShippingZone[] = [
  {
    countries: new Set(['DE']),
    methods: [method('standard', 'Standard', 490, 5_000), method('express', 'Express', 1_290, null)],
  },
  {
    countries: new Set(Object.keys(euRates)),
    methods: [method('standard', 'Standard', 990, 10_000), method('express', 'Express', 2_490, null)],
  },
  {
    countries: new Set(Object.keys(otherRates)),
    methods: [method('standard', 'Standard', 1_490, 15_000), method('express', 'Express', 3_490, null)],
  },
  {
    countries: null,
    methods: [method('standard', 'Standard', 2_490, null), method('express', 'Express', 4_990, null)],
  },
]

/** The shop's own rules until they become configuration. */
export const shopRules: PricingRules = {
  currency: 'EUR',
  homeCountry: 'DE',
  quoteLife,
  zones: flatZones,
  taxRule: flatTaxRule,
}
