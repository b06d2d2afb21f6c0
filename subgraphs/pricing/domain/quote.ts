import { refuseIfAny, ShopError } from '#kernel/errors.ts'
import { add, type Money, money, multiply, subtract, sum, toDecimal, zero } from '#kernel/money.ts'
import type { Millis } from '#kernel/time.ts'
import { unitPriceAt } from './prices.ts'
import { type QuoteRequest, requestProblems, unpricedProblems } from './quoteRequest.ts'
import { cheapest, methodsFor, type ShippingMethod, shippingCost } from './shipping.ts'
import { type TaxRule, taxes } from './tax.ts'

export interface QuoteLine {
  readonly variantId: string
  readonly quantity: number
  readonly unitPrice: Money
  readonly total: Money
  readonly tax: Money
}

export interface QuoteRow {
  readonly kind: 'LINE' | 'SHIPPING' | 'TAX'
  readonly label: string
  readonly amount: Money
  readonly variantId: string | null
}

/** A calculation: `total = subtotal - discount + shipping`, plus `tax` unless it is included. All amounts in `currency`. */
export interface Quote {
  readonly id: string
  readonly currency: string
  readonly lines: readonly QuoteLine[]
  readonly rows: readonly QuoteRow[]
  readonly subtotal: Money
  readonly discount: Money
  readonly shipping: Money
  readonly shippingMethod: ShippingMethod | null
  readonly tax: Money
  readonly taxIncluded: boolean
  readonly total: Money
  readonly expiresAt: Millis
}

const isSafe = (amount: bigint): boolean => amount <= BigInt(Number.MAX_SAFE_INTEGER)

/** Every later sum is at most subtotal + shipping + tax, and tax is less than the taxed amount: twice the sum is a safe bound. */
const refuseOverflow = (units: readonly { quantity: number; minor: number }[], shipping: number): void => {
  const subtotal = units.reduce((total, { quantity, minor }) => total + BigInt(quantity) * BigInt(minor), 0n)
  if (isSafe((subtotal + BigInt(shipping)) * 2n)) return
  throw new ShopError('LIMIT_EXCEEDED', 'The total is beyond the largest amount of the shop.', ['input', 'lines'])
}

const chooseMethod = (request: QuoteRequest, subtotal: Money): ShippingMethod | null => {
  const { destination, shippingMethodId, rules, currency } = request
  if (!destination) return null
  const methods = methodsFor(rules.zones, destination.countryCode, currency)
  if (methods.length === 0) {
    const message = `No way of delivery to ${destination.countryCode} has a price in ${currency}.`
    throw new ShopError('NOT_PRICED', message, ['input', 'destination'])
  }
  if (shippingMethodId === null) return cheapest(methods, subtotal)
  const chosen = methods.find(({ id }) => id === shippingMethodId)
  if (chosen) return chosen
  const message = `There is no such way of delivery to ${destination.countryCode} in ${currency}.`
  throw new ShopError('NOT_FOUND', message, ['input', 'shippingMethodId'])
}

interface Pieces {
  readonly lines: readonly QuoteLine[]
  readonly method: ShippingMethod | null
  readonly shipping: Money
  readonly taxRows: readonly { readonly label: string; readonly amount: Money }[]
}

const rowsOf = ({ lines, method, shipping, taxRows }: Pieces): QuoteRow[] => [
  ...lines.map(({ variantId, quantity, unitPrice, total }) => ({
    kind: 'LINE' as const,
    label: `${quantity} x ${toDecimal(unitPrice)} ${unitPrice.currency}`,
    amount: total,
    variantId,
  })),
  ...(method ? [{ kind: 'SHIPPING' as const, label: method.name, amount: shipping, variantId: null }] : []),
  ...taxRows.map((row) => ({ kind: 'TAX' as const, ...row, variantId: null })),
]

const pricedLines = ({ lines, currency }: QuoteRequest): Omit<QuoteLine, 'tax'>[] => {
  refuseIfAny(unpricedProblems(lines, currency))
  const units = lines.map((line) => ({ ...line, minor: line.price ? unitPriceAt(line.price, line.quantity) : 0 }))
  refuseOverflow(units, 0)
  return units.map(({ variantId, quantity, minor }) => {
    const unitPrice = money(minor, currency)
    return { variantId, quantity, unitPrice, total: multiply(unitPrice, quantity) }
  })
}

const withTax = (lines: readonly Omit<QuoteLine, 'tax'>[], shipping: Money, rule: TaxRule) => {
  const taxables = [...lines.map(({ total }) => total), shipping].map((amount) => ({ amount, rule }))
  const { rows, shares } = taxes(taxables, shipping.currency)
  return { taxRows: rows, lines: lines.map((line, i) => ({ ...line, tax: shares[i] ?? zero(shipping.currency) })) }
}

/** The id covers what the buyer sees, not when it was calculated: equal input and prices give an equal id. */
const contentOf = (content: Omit<Quote, 'id' | 'expiresAt'>, countryCode: string | null): string =>
  JSON.stringify([content, countryCode])

/**
 * Calculates what lines cost. Rows and lines add up to the totals to the last minor unit (promise I6).
 * @throws ShopError BAD_USER_INPUT (malformed), NOT_PRICED (a line or the delivery has no price in the currency), NOT_FOUND (way
 *   of delivery), LIMIT_EXCEEDED (beyond 2^53); fields as paths of the GraphQL query `quote`
 */
export const quote = (request: QuoteRequest): Quote => {
  refuseIfAny(requestProblems(request))
  const { currency, rules, destination, now, hash } = request
  const priced = pricedLines(request)
  const subtotal = sum(
    priced.map(({ total }) => total),
    currency,
  )
  const shippingMethod = chooseMethod(request, subtotal)
  const shipping = shippingMethod ? shippingCost(shippingMethod, subtotal) : zero(currency)
  refuseOverflow([{ quantity: 1, minor: subtotal.minor }], shipping.minor)
  const rule = rules.taxRule(destination?.countryCode ?? rules.homeCountry)
  const { lines, taxRows } = withTax(priced, shipping, rule)
  const tax = sum(
    taxRows.map(({ amount }) => amount),
    currency,
  )
  const discount = zero(currency)
  const net = add(subtract(subtotal, discount), shipping)
  const content = {
    currency,
    lines,
    rows: rowsOf({ lines, method: shippingMethod, shipping, taxRows }),
    subtotal,
    discount,
    shipping,
    shippingMethod,
    tax,
    taxIncluded: rule.included,
    total: rule.included ? net : add(net, tax),
  }
  return {
    id: hash(contentOf(content, destination?.countryCode ?? null)),
    ...content,
    expiresAt: now + rules.quoteLife,
  }
}
