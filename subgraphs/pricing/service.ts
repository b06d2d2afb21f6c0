import { isShopError, type Problem, refuseIfAny, ShopError } from '#kernel/errors.ts'
import { type Ids, isId } from '#kernel/id.ts'
import { isSame, type Money, money, parseMoney, type WireMoney } from '#kernel/money.ts'
import type { Clock } from '#kernel/time.ts'
import { actDone } from '#platform/audit.ts'
import { actsFor, isService, type Viewer } from '#platform/auth.ts'
import type { Asker } from '#platform/context.ts'
import type { Offer, ProductsClient } from './clients.ts'
import { honouredQuote, type PricedLine } from './domain/honouring.ts'
import { type PriceTerms, priceAfter, readPrice, type StatedPrice, unitPriceAt } from './domain/prices.ts'
import { type Quote, quote } from './domain/quote.ts'
import { countryProblems, requestProblems } from './domain/quoteRequest.ts'
import type { PricingRules } from './domain/rules.ts'
import { methodsFor, type ShippingMethod } from './domain/shipping.ts'
import type { PriceChange, PriceDocument, PriceModel } from './model/prices.ts'

export interface PricingDeps {
  readonly prices: PriceModel
  readonly products: ProductsClient
  readonly rules: PricingRules
  readonly clock: Clock
  readonly ids: Ids
  /** Content hash of a text, for the ids of quotes. */
  readonly hash: (text: string) => string
}

/** The arguments of `quote`. */
export interface QuoteArgs {
  readonly lines: readonly { readonly variantId: string; readonly quantity: number }[]
  readonly destination?: { readonly countryCode: string } | null
  readonly shippingMethodId?: string | null
  readonly currency?: string | null
}

export interface QuoteAttempt {
  readonly quote: Quote | null
  /** For each line in order; null where there is none in the currency. */
  readonly unitPrices: readonly (Money | null)[]
  readonly userErrors: readonly Problem[]
}

export type StatedVariantPrice = StatedPrice & { readonly variantId: string }

export const maxPrices = 250

interface Wanted {
  readonly variantId: string
  readonly currency: string
  readonly terms: PriceTerms
}

const at = (index: number, part: string): string[] => ['input', 'prices', String(index), part]

/** Runs a check and returns its refusal as problems. */
const problemsOf = <T>(run: () => T): { value: T | null; problems: readonly Problem[] } => {
  try {
    return { value: run(), problems: [] }
  } catch (error) {
    if (isShopError(error)) return { value: null, problems: error.problems }
    throw error
  }
}

const readAll = (stated: readonly StatedVariantPrice[]): Wanted[] => {
  if (stated.length < 1 || stated.length > maxPrices) {
    throw new ShopError('BAD_USER_INPUT', `1 to ${maxPrices} prices.`, ['input', 'prices'])
  }
  const seen = new Set<string>()
  const problems: Problem[] = []
  const wanted = stated.flatMap((price, i) => {
    const { variantId } = price
    const key = `${variantId} ${price.amount.currencyCode}`
    if (!isId('var', variantId)) {
      problems.push({ code: 'BAD_USER_INPUT', message: 'This is not an id of a variant.', field: at(i, 'variantId') })
    }
    if (seen.has(key)) {
      const message = 'The variant has two prices in this currency.'
      problems.push({ code: 'BAD_USER_INPUT', message, field: at(i, 'variantId') })
    }
    seen.add(key)
    const read = problemsOf(() => readPrice(price, ['input', 'prices', String(i)]))
    problems.push(...read.problems)
    return read.value ? [{ variantId, ...read.value }] : []
  })
  refuseIfAny(problems)
  return wanted
}

const ownershipProblems = (
  wanted: readonly Wanted[],
  offers: ReadonlyMap<string, Offer>,
  viewer: Viewer,
): Problem[] => {
  return wanted.flatMap(({ variantId }, i): Problem[] => {
    const seller = offers.get(variantId)?.sellerId
    if (seller !== undefined && (viewer.kind === 'service' || actsFor(viewer, seller))) return []
    // Another seller's looks like one that does not exist: it may be a draft.
    return [{ code: 'NOT_FOUND', message: 'There is no such variant.', field: at(i, 'variantId') }]
  })
}

/** What is to be written so that the wanted prices hold; nothing for variants where they hold already. */
const changesFor =
  (wanted: readonly Wanted[], offers: ReadonlyMap<string, Offer>, now: number) =>
  (current: ReadonlyMap<string, PriceDocument>): PriceChange[] =>
    [...Map.groupBy(wanted, ({ variantId }) => variantId)].flatMap(([variantId, prices]) => {
      const before = current.get(variantId)?.byCurrency ?? {}
      const next = prices.map(({ currency, terms }) => [currency, priceAfter(before[currency], terms, now)] as const)
      const changed = next.filter(([currency, price]) => price !== before[currency])
      if (changed.length === 0) return []
      return [
        {
          variantId,
          sellerId: offers.get(variantId)?.sellerId ?? '',
          byCurrency: { ...before, ...Object.fromEntries(changed) },
          currencies: changed.map(([currency]) => currency),
        },
      ]
    })

export const makePricing = ({ prices, products, rules, clock, ids, hash }: PricingDeps) => {
  const linesWithPrices = async ({ lines }: QuoteArgs, currency: string): Promise<PricedLine[]> => {
    const found = await prices.byIds([...new Set(lines.map(({ variantId }) => variantId))])
    return lines.map((line) => ({ ...line, price: found.get(line.variantId)?.byCurrency[currency] ?? null }))
  }

  const prepare = async (args: QuoteArgs) => {
    const currency = args.currency ?? rules.currency
    const shape = {
      destination: args.destination ?? null,
      shippingMethodId: args.shippingMethodId ?? null,
      currency,
      rules,
      now: clock.now(),
      hash,
    }
    refuseIfAny(requestProblems({ ...shape, lines: args.lines.map((line) => ({ ...line, price: null })) }))
    return { ...shape, lines: await linesWithPrices(args, currency) }
  }

  /** Without the prices of variants that the viewer may not know yet: what is not for sale looks like what does not exist. */
  const asSeenBy = async (viewer: Viewer, lines: readonly PricedLine[]): Promise<PricedLine[]> => {
    const offers = await products.offers([...new Set(lines.map(({ variantId }) => variantId))])
    const isSeen = ({ sellerId, isSold }: Offer): boolean => isSold || actsFor(viewer, sellerId)
    return lines.map((line) => {
      const offer = offers.get(line.variantId)
      return offer && isSeen(offer) ? line : { ...line, price: null }
    })
  }

  return {
    /**
     * What lines cost now; nothing is reserved.
     * @throws ShopError see `quote` of the domain; UNAVAILABLE (products away)
     */
    quote: async (args: QuoteArgs, viewer: Viewer): Promise<Quote> => {
      const request = await prepare(args)
      return quote({ ...request, lines: await asSeenBy(viewer, request.lines) })
    },

    /**
     * The same for the cart, which also wants to know what stands in the way, and for orders, which ask for the quote that the buyer has
     * agreed to: while it is valid it is given again, whatever prices have become.
     * @throws ShopError BAD_USER_INPUT, FORBIDDEN
     */
    tryQuote: async (args: QuoteArgs, viewer: Viewer, acknowledgedTotal?: WireMoney | null): Promise<QuoteAttempt> => {
      if (!isService(viewer, 'cart', 'orders')) throw new ShopError('FORBIDDEN', 'This is for other subgraphs.')
      const request = await prepare(args)
      const { value, problems } = problemsOf(() => quote(request))
      const unitPrices = request.lines.map(({ price, quantity }) =>
        price ? money(unitPriceAt(price, quantity), request.currency) : null,
      )
      const acknowledged = acknowledgedTotal ? parseMoney(acknowledgedTotal, ['acknowledgedTotal']) : null
      const isOther = value !== null && acknowledged !== null && !isSame(value.total, acknowledged)
      const honoured = isOther ? honouredQuote(request, acknowledged) : null
      return { quote: honoured ?? value, unitPrices, userErrors: problems }
    },

    /** Ways of delivery in the shop's currency, cheapest first. @throws ShopError BAD_USER_INPUT (country) */
    shippingMethods: (destination: { readonly countryCode: string }): ShippingMethod[] => {
      refuseIfAny(countryProblems(destination.countryCode, ['destination', 'countryCode']))
      return methodsFor(rules.zones, destination.countryCode, rules.currency)
    },

    /**
     * Sets prices of own variants; all or, when one is refused, none.
     * @throws ShopError BAD_USER_INPUT, NOT_FOUND (no such variant, or another seller's), UNAVAILABLE (products away)
     */
    setPrices: async (asker: Asker, stated: readonly StatedVariantPrice[]) => {
      const wanted = readAll(stated)
      const variantIds = [...new Set(wanted.map(({ variantId }) => variantId))]
      const offers = await products.offers(variantIds)
      refuseIfAny(ownershipProblems(wanted, offers, asker.viewer))
      const changed = new Set<string>()
      const decide = changesFor(wanted, offers, clock.now())
      // One entry in the log for all of them, under the first.
      const act = actDone(asker, 'PRICES_SET', variantIds[0] ?? null, ids.next('evt'))
      const decideAndCount = (current: ReadonlyMap<string, PriceDocument>) => {
        const changes = decide(current)
        for (const { variantId, currencies } of changes)
          for (const code of currencies) changed.add(`${variantId} ${code}`)
        return changes
      }
      await prices.updateMany(variantIds, decideAndCount, act)
      return { variantIds, changed: changed.size }
    },
  }
}

export type Pricing = ReturnType<typeof makePricing>
