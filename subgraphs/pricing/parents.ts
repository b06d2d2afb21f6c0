import type * as kernel from '#kernel/money.ts'
import type { RequestContext } from '#platform/context.ts'
import type * as quotes from './domain/quote.ts'
import type * as shipping from './domain/shipping.ts'
import type { Loaders } from './loaders.ts'
import type * as service from './service.ts'

export type Context = RequestContext<Loaders>

export type Money = kernel.Money

export interface ProductVariant {
  readonly id: string
}

export type Quote = quotes.Quote
export type QuoteLine = quotes.QuoteLine
export type QuoteRow = quotes.QuoteRow
export type QuoteAttempt = service.QuoteAttempt
export type ShippingMethod = shipping.ShippingMethod
