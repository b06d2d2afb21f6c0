import { allocate, type Money, money, proportion, sum } from '#kernel/money.ts'

/** The tax of a country. */
export interface TaxRule {
  /** For buyers, for example `VAT DE 19 %`. */
  readonly label: string
  /** In basis points: 19 % = 1900. */
  readonly rate: number
  /** True when prices contain the tax, false when it is added to them. */
  readonly included: boolean
}

/** An amount that is taxed with one rule. */
export interface Taxable {
  readonly amount: Money
  readonly rule: TaxRule
}

export interface TaxRow {
  readonly label: string
  readonly amount: Money
}

/** Tax of an amount, rounded once: contained in it (`rate / (100 % + rate)`) or to be added to it. */
export const taxOf = ({ amount, rule }: Taxable): Money =>
  money(
    rule.included
      ? proportion(amount.minor, rule.rate, 10_000 + rule.rate)
      : proportion(amount.minor, rule.rate, 10_000),
    amount.currency,
  )

const groupKey = ({ rate, included, label }: TaxRule): string => JSON.stringify([rate, included, label])

/**
 * Tax per rate, and the share of every taxable in it. A row is computed once on the sum of its rate, then allocated by largest
 * remainder, so that the shares always add up to the rows (promise I6): rounding each line by itself would not.
 * Rules without tax give no row and zero shares.
 */
export const taxes = (taxables: readonly Taxable[], currency: string): { rows: TaxRow[]; shares: Money[] } => {
  const groups = Map.groupBy(taxables.entries(), ([, { rule }]) => groupKey(rule))
  const shares = taxables.map(() => money(0, currency))
  const rows = [...groups.values()].flatMap((members) => {
    const rule = members[0]?.[1].rule
    if (!rule || rule.rate === 0) return []
    const amounts = members.map(([, { amount }]) => amount)
    const amount = taxOf({ amount: sum(amounts, currency), rule })
    const parts = allocate(
      amount,
      amounts.map(({ minor }) => minor),
    )
    for (const [i, [index]] of members.entries()) shares[index] = parts[i] ?? money(0, currency)
    return [{ label: rule.label, amount }]
  })
  return { rows, shares }
}
