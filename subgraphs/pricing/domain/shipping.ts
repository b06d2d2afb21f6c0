import { type Money, money, zero } from '#kernel/money.ts'

/** What a way of delivery costs in one currency, in minor units; `freeFrom` is the subtotal from which it is free. */
export interface ShippingRate {
  readonly price: number
  readonly freeFrom: number | null
}

/** A group of countries with common rates; `null` means every country that no earlier zone names. */
export interface ShippingZone {
  readonly countries: ReadonlySet<string> | null
  readonly methods: readonly ShippingMethodRule[]
}

export interface ShippingMethodRule {
  readonly id: string
  readonly name: string
  /** By ISO 4217 code. A currency that is absent has no price: the method is not offered in it. */
  readonly rates: Readonly<Record<string, ShippingRate>>
}

/** A way of delivery as offered in one currency. */
export interface ShippingMethod {
  readonly id: string
  readonly name: string
  readonly price: Money
  readonly freeFrom: Money | null
}

const offered = (rule: ShippingMethodRule, currency: string): ShippingMethod[] => {
  const rate = rule.rates[currency]
  if (!rate) return []
  const freeFrom = rate.freeFrom === null ? null : money(rate.freeFrom, currency)
  return [{ id: rule.id, name: rule.name, price: money(rate.price, currency), freeFrom }]
}

/** The ways of delivery to a country in a currency, cheapest first, equal prices in the order of the table; empty when there are none. */
export const methodsFor = (zones: readonly ShippingZone[], countryCode: string, currency: string): ShippingMethod[] => {
  const zone = zones.find(({ countries }) => countries === null || countries.has(countryCode))
  return (zone?.methods ?? []).flatMap((rule) => offered(rule, currency)).sort((a, b) => a.price.minor - b.price.minor)
}

/** What a way of delivery costs for a subtotal in the same currency: nothing from `freeFrom` on. */
export const shippingCost = (method: ShippingMethod, subtotal: Money): Money =>
  method.freeFrom !== null && subtotal.minor >= method.freeFrom.minor ? zero(subtotal.currency) : method.price

/** The cheapest way of delivery for a subtotal, free ones first; equal costs: the earlier one. Null when there is none. */
export const cheapest = (methods: readonly ShippingMethod[], subtotal: Money): ShippingMethod | null =>
  methods.reduce<ShippingMethod | null>(
    (best, method) =>
      best === null || shippingCost(method, subtotal).minor < shippingCost(best, subtotal).minor ? method : best,
    null,
  )
