import { isShopError } from '#kernel/errors.ts'
import { isSame, type Money } from '#kernel/money.ts'
import type { Millis } from '#kernel/time.ts'
import { type CurrencyPrice, isQuoted, termsBefore } from './prices.ts'
import { type Quote, quote } from './quote.ts'
import type { LineToQuote, QuoteRequest } from './quoteRequest.ts'

/** A line with all that is known of its price. */
export interface PricedLine extends LineToQuote {
  readonly price: CurrencyPrice | null
}

export interface HonouringRequest extends QuoteRequest {
  readonly lines: readonly PricedLine[]
}

/** When a price of these lines changed while quotes from before are still valid, last first. */
const changesOf = (lines: readonly PricedLine[], now: Millis): Millis[] => {
  const moments = lines.flatMap(({ price }) => (price?.past ?? []).map(({ until }) => until))
  return [...new Set(moments)].filter((moment) => isQuoted(moment, now)).sort((a, b) => b - a)
}

/** More than a shop changes prices within 15 minutes; each costs one calculation. */
const maxTries = 50

const quoteBefore = (request: HonouringRequest, moment: Millis): Quote | null => {
  const lines = request.lines.map((line) => ({ ...line, price: line.price && termsBefore(line.price, moment) }))
  try {
    return quote({ ...request, lines, now: moment - 1 })
  } catch (error) {
    if (isShopError(error)) return null
    throw error
  }
}

/**
 * The quote that a buyer was shown, though prices have changed since: one that was given for these lines within its life and comes to
 * the total that the buyer acknowledged. Null when there was none (C8).
 */
export const honouredQuote = (request: HonouringRequest, acknowledged: Money): Quote | null => {
  for (const moment of changesOf(request.lines, request.now).slice(0, maxTries)) {
    const given = quoteBefore(request, moment)
    if (given && isSame(given.total, acknowledged)) return given
  }
  return null
}
