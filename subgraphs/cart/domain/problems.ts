import type { ErrorCode } from '#kernel/errors.ts'
import type { CartLine } from './cart.ts'

/** What products say about a variant now. */
export interface VariantState {
  readonly isSold: boolean
  /** Units that can be bought. */
  readonly left: number
  /** Most units in one order; null: as many as a line may have. */
  readonly maxPerOrder: number | null
}

/** What pricing says about a cart: the variants without price, and whether the cart as a whole could be priced. */
export interface PricingState {
  readonly unpriced: ReadonlySet<string>
  /** Why there are no totals although all lines have prices, for example no delivery in the currency. */
  readonly refusal: string | null
}

export interface CartProblem {
  readonly code: ErrorCode
  readonly message: string
  readonly lineId: string | null
}

export interface CartFindings {
  /** To be solved before the cart can be ordered. */
  readonly problems: readonly CartProblem[]
  readonly warnings: readonly CartProblem[]
}

/** Everything that decides whether a cart can be ordered; null: the subgraph did not answer. */
export interface CartFacts {
  readonly lines: readonly CartLine[]
  readonly variants: ReadonlyMap<string, VariantState> | null
  readonly pricing: PricingState | null
}

export const beyondCap = (most: number) => ({
  code: 'LIMIT_EXCEEDED' as const,
  message: `At most ${most} of this variant in one order.`,
})

const stockProblem = (line: CartLine, demand: number, variant: VariantState | undefined): CartProblem[] => {
  if (!variant?.isSold) {
    return [{ code: 'NOT_SOLD', message: 'The variant is not for sale (any more).', lineId: line.id }]
  }
  if (demand > (variant.maxPerOrder ?? demand)) return [{ ...beyondCap(variant.maxPerOrder ?? 0), lineId: line.id }]
  if (variant.left >= demand) return []
  const message = variant.left > 0 ? `Only ${variant.left} of ${demand} units are left.` : 'No unit is left.'
  return [{ code: 'OUT_OF_STOCK', message, lineId: line.id }]
}

const stockProblems = ({ lines, variants }: CartFacts): CartProblem[] => {
  if (!variants) return []
  const byVariant = Map.groupBy(lines, ({ variantId }) => variantId)
  return lines.flatMap((line) => {
    // Demand of several lines of one variant is summed (race C4).
    const demand = (byVariant.get(line.variantId) ?? []).reduce((sum, { quantity }) => sum + quantity, 0)
    return stockProblem(line, demand, variants.get(line.variantId))
  })
}

const priceProblems = ({ lines, pricing }: CartFacts): CartProblem[] => {
  if (!pricing) {
    return [{ code: 'UNAVAILABLE', message: 'Pricing does not answer; there are no totals now.', lineId: null }]
  }
  const unpriced = lines
    .filter(({ variantId }) => pricing.unpriced.has(variantId))
    .map(({ id }) => ({
      code: 'NOT_PRICED' as const,
      message: 'The variant has no price in the currency of the cart.',
      lineId: id,
    }))
  return pricing.refusal === null
    ? unpriced
    : [...unpriced, { code: 'NOT_PRICED', message: pricing.refusal, lineId: null }]
}

/**
 * What stands against ordering a cart. That stock cannot be read now is a warning only: checkout holds the stock by itself,
 * but it cannot go on without a price.
 */
export const findingsOf = (facts: CartFacts): CartFindings => {
  if (facts.lines.length === 0) return { problems: [], warnings: [] }
  const warnings: CartProblem[] = facts.variants
    ? []
    : [{ code: 'UNAVAILABLE', message: 'Products does not answer; availability is not known now.', lineId: null }]
  return { problems: [...stockProblems(facts), ...priceProblems(facts)], warnings }
}
