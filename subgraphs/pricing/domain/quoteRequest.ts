import type { Problem } from '#kernel/errors.ts'
import { isCurrency } from '#kernel/money.ts'
import type { Millis } from '#kernel/time.ts'
import { maxQuantity, type PriceTerms } from './prices.ts'
import type { PricingRules } from './rules.ts'

/** Units of a variant, and its price in the currency of the quote; null when it has none. */
export interface LineToQuote {
  readonly variantId: string
  readonly quantity: number
  readonly price: PriceTerms | null
}

export interface QuoteRequest {
  readonly lines: readonly LineToQuote[]
  /** Null: not known yet, so the tax of the home country and no shipping. */
  readonly destination: { readonly countryCode: string } | null
  /** Null: the cheapest way of delivery. */
  readonly shippingMethodId: string | null
  readonly currency: string
  readonly rules: PricingRules
  readonly now: Millis
  /** Content hash of a text, for the id. */
  readonly hash: (text: string) => string
}

export const maxLines = 250

const lineProblems = (lines: readonly LineToQuote[]): Problem[] =>
  lines.flatMap(({ quantity }, i) =>
    Number.isInteger(quantity) && quantity >= 1 && quantity <= maxQuantity
      ? []
      : [
          {
            code: 'BAD_USER_INPUT' as const,
            message: `"quantity" must be between 1 and ${maxQuantity}.`,
            field: ['input', 'lines', String(i), 'quantity'],
          },
        ],
  )

/** What is wrong with the shape of a request, before any price is looked at. */
export const requestProblems = ({
  lines,
  currency,
  destination,
}: Pick<QuoteRequest, 'lines' | 'currency' | 'destination'>): Problem[] => {
  const problems = lineProblems(lines.slice(0, maxLines))
  if (lines.length < 1 || lines.length > maxLines) {
    problems.push({ code: 'BAD_USER_INPUT', message: `1 to ${maxLines} lines.`, field: ['input', 'lines'] })
  }
  if (!isCurrency(currency)) {
    const message = `"${currency.slice(0, 20)}" is not an ISO 4217 currency code.`
    problems.push({ code: 'BAD_USER_INPUT', message, field: ['input', 'currency'] })
  }
  if (destination) problems.push(...countryProblems(destination.countryCode, ['input', 'destination', 'countryCode']))
  return problems
}

export const countryProblems = (countryCode: string, field: readonly string[]): Problem[] =>
  /^[A-Z]{2}$/.test(countryCode)
    ? []
    : [{ code: 'BAD_USER_INPUT', message: 'An ISO 3166-1 alpha-2 code in capital letters is needed.', field }]

/** One problem NOT_PRICED for each line that has no price in the currency. */
export const unpricedProblems = (lines: readonly LineToQuote[], currency: string): Problem[] =>
  lines.flatMap(({ variantId, price }, i) =>
    price
      ? []
      : [
          {
            code: 'NOT_PRICED' as const,
            message: `The variant ${variantId.slice(0, 60)} has no price in ${currency}.`,
            field: ['input', 'lines', String(i), 'variantId'],
          },
        ],
  )
