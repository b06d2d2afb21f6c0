import { isShopError, type Problem, refuseIfAny } from '#kernel/errors.ts'
import { isCurrency, parseMoney, type WireMoney } from '#kernel/money.ts'
import { days, type Millis, minutes } from '#kernel/time.ts'

/** A lower unit price that holds from a quantity on, in minor units. */
export interface Tier {
  readonly minQuantity: number
  readonly minor: number
}

/** A unit price and since when it has been in force. */
export interface PricePoint {
  readonly minor: number
  readonly from: Millis
}

/** What the seller states about a price, in minor units. */
export interface PriceTerms {
  readonly minor: number
  readonly compareAt: number | null
  readonly tiers: readonly Tier[]
}

/** Terms that no longer hold, and until when they did. */
export interface PastTerms extends Omit<PriceTerms, 'compareAt'> {
  readonly until: Millis
}

/** The price of one variant in one currency; the last entry of `history` is the price in force. */
export interface CurrencyPrice extends PriceTerms {
  readonly history: readonly PricePoint[]
  /** What quotes that are still valid were made of, oldest first; absent: nothing. */
  readonly past?: readonly PastTerms[]
}

/** All prices of one variant, by ISO 4217 code. */
export type PricesByCurrency = Readonly<Record<string, CurrencyPrice>>

/** The price of a variant as a client states it (GraphQL `VariantPriceInput`). */
export interface StatedPrice {
  readonly amount: WireMoney
  readonly compareAt?: WireMoney | null
  readonly tiers?: readonly { readonly minQuantity: number; readonly amount: WireMoney }[]
}

/** 999 units of it stay below 2^53 minor units, so that a line never overflows. */
export const maxUnitPrice = 1_000_000_000_000
export const maxQuantity = 999
export const maxTiers = 10
/** Bound of the stored history: a price that changes more often than this within 30 days is merged, see `compacted`. */
export const maxHistory = 100

/** How long a quote may be shown before it should be asked for again; an order at its total is honoured as long. */
export const quoteLife = minutes(15)
/** A price that changes more often than this while quotes are valid is not honoured at its oldest values. */
const maxPast = 20

/** EU Directive 98/6/EC, article 6a (2): the period that a price reduction is compared with. */
const reductionPeriod = days(30)

/**
 * The price that holds after the seller stated new terms; the very same object when nothing changes.
 * The unit price is remembered with the time from which it holds.
 */
export const priceAfter = (current: CurrencyPrice | undefined, terms: PriceTerms, now: Millis): CurrencyPrice => {
  if (!current) return { ...terms, history: [{ minor: terms.minor, from: now }] }
  if (isSameTerms(current, terms)) return current
  const past = pastAfter(current, now)
  if (current.minor === terms.minor) return { ...terms, history: current.history, past }
  // A clock that goes back must not reorder the history.
  const from = Math.max(now, current.history.at(-1)?.from ?? now)
  return { ...terms, history: bounded([...current.history, { minor: terms.minor, from }], now), past }
}

/** Whether a quote that was made before this moment may still be shown. */
export const isQuoted = (until: Millis, now: Millis): boolean => until > now - quoteLife

const pastAfter = ({ minor, tiers, past = [] }: CurrencyPrice, now: Millis): readonly PastTerms[] =>
  [...past, { minor, tiers, until: now }].filter(({ until }) => isQuoted(until, now)).slice(-maxPast)

/** The terms just before a moment of the last 15 minutes. */
export const termsBefore = (price: CurrencyPrice, moment: Millis): PriceTerms => {
  const then = price.past?.find(({ until }) => until >= moment)
  return then ? { minor: then.minor, tiers: then.tiers, compareAt: null } : price
}

export const isSameTerms = (a: PriceTerms, b: PriceTerms): boolean =>
  a.minor === b.minor &&
  a.compareAt === b.compareAt &&
  a.tiers.length === b.tiers.length &&
  a.tiers.every((tier, i) => tier.minQuantity === b.tiers[i]?.minQuantity && tier.minor === b.tiers[i]?.minor)

/** Points that were in force at some moment of the 30 days before `now`: a point ends when its successor begins. */
const recent = (history: readonly PricePoint[], now: Millis): PricePoint[] =>
  history.filter((_, i) => (history[i + 1]?.from ?? Number.POSITIVE_INFINITY) > now - reductionPeriod)

const bounded = (history: readonly PricePoint[], now: Millis): PricePoint[] => compacted(recent(history, now))

/**
 * Merges the two oldest points until the history fits. The lower of both stands for the time of both, so that
 * `lowestIn30Days` may come out lower than it was, never higher: a reduction is never overstated.
 */
const compacted = (history: PricePoint[]): PricePoint[] => {
  const [first, second, ...rest] = history
  if (history.length <= maxHistory || !first || !second) return history
  return compacted([{ minor: Math.min(first.minor, second.minor), from: first.from }, ...rest])
}

/** The lowest unit price of the last 30 days in minor units, the present one included (EU Directive 98/6/EC, article 6a). */
export const lowestIn30Days = (price: CurrencyPrice, now: Millis): number =>
  Math.min(price.minor, ...recent(price.history, now).map((point) => point.minor))

/** The price of one unit in minor units when `quantity` units are bought in one line. */
export const unitPriceAt = (price: PriceTerms, quantity: number): number =>
  price.tiers.findLast((tier) => tier.minQuantity <= quantity)?.minor ?? price.minor

const amountProblems = (minor: number, field: readonly string[]): Problem[] => {
  if (minor >= 0 && minor <= maxUnitPrice) return []
  const message = `A price must be between 0 and ${maxUnitPrice} minor units.`
  return [{ code: 'BAD_USER_INPUT', message, field: [...field, 'amount'] }]
}

/** The amount in minor units of `currency`, or what is wrong with it. */
const readAmount = (input: WireMoney, currency: string, field: readonly string[]): number | Problem[] => {
  if (isCurrency(input.currencyCode) && input.currencyCode !== currency) {
    const message = `All amounts of one price must be in ${currency}.`
    return [{ code: 'BAD_USER_INPUT', message, field: [...field, 'currencyCode'] }]
  }
  try {
    const { minor } = parseMoney(input, field)
    const problems = amountProblems(minor, field)
    return problems.length > 0 ? problems : minor
  } catch (error) {
    if (isShopError(error)) return [...error.problems]
    throw error
  }
}

const tierProblems = (tiers: readonly Tier[], minor: number, field: readonly string[]): Problem[] =>
  tiers.flatMap((tier, i) => {
    const before = tiers[i - 1] ?? { minQuantity: 1, minor }
    const at = (name: string): string[] => [...field, String(i), name]
    const problems: Problem[] = []
    if (
      !Number.isInteger(tier.minQuantity) ||
      tier.minQuantity > maxQuantity ||
      tier.minQuantity <= before.minQuantity
    ) {
      const message = `"minQuantity" must rise from tier to tier, from 2 to ${maxQuantity}.`
      problems.push({ code: 'BAD_USER_INPUT', message, field: at('minQuantity') })
    }
    if (tier.minor >= before.minor) {
      problems.push({
        code: 'BAD_USER_INPUT',
        message: 'A tier must be cheaper than the one before.',
        field: at('amount'),
      })
    }
    return problems
  })

/**
 * Reads a stated price. A `compareAt` that is not above the price says nothing to buyers and is dropped, as catalogues often
 * repeat the price there.
 * @returns the currency and the terms in it, tiers sorted as given
 * @throws ShopError BAD_USER_INPUT naming every wrong part below `field`
 */
export const readPrice = (stated: StatedPrice, field: readonly string[]): { currency: string; terms: PriceTerms } => {
  const currency = stated.amount.currencyCode
  const problems: Problem[] = []
  const take = (input: WireMoney, path: readonly string[]): number => {
    const read = readAmount(input, currency, path)
    if (typeof read === 'number') return read
    problems.push(...read)
    return 0
  }
  const minor = take(stated.amount, [...field, 'amount'])
  const compareAt = stated.compareAt ? take(stated.compareAt, [...field, 'compareAt']) : 0
  const statedTiers = stated.tiers ?? []
  if (statedTiers.length > maxTiers) {
    const message = `At most ${maxTiers} tiers.`
    problems.push({ code: 'BAD_USER_INPUT', message, field: [...field, 'tiers'] })
  }
  const tiers = statedTiers.slice(0, maxTiers).map((tier, i) => ({
    minQuantity: tier.minQuantity,
    minor: take(tier.amount, [...field, 'tiers', String(i), 'amount']),
  }))
  refuseIfAny(problems)
  refuseIfAny(tierProblems(tiers, minor, [...field, 'tiers']))
  return { currency, terms: { minor, compareAt: compareAt > minor ? compareAt : null, tiers } }
}
