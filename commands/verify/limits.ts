import type { Snapshot } from '../dumpState/snapshot.ts'
import { type Invariant, ofEach, repeated, sumOf } from './invariant.ts'

const overused = ({ coupons }: Snapshot): string[] =>
  coupons.flatMap(({ code, maxUses, maxPerBuyer, uses }) => [
    ...(maxUses !== null && uses.length > maxUses ? [`${code}: used ${uses.length} times, not ${maxUses}`] : []),
    ...repeated(uses.map(({ order }) => order)).map((order) => `${code}: used twice by ${order}`),
    ...ofEach(
      [...Map.groupBy(uses, ({ buyer }) => buyer)],
      ([buyer, own]) =>
        maxPerBuyer !== null && own.length > maxPerBuyer && `${code}: used ${own.length} times by ${buyer}`,
    ),
  ])

const wrongBalances = ({ sellers }: Snapshot): string[] =>
  ofEach(
    sellers,
    ({ id, credits, payouts, balance }) =>
      credits - payouts !== balance && `${id}: ${credits} credited, ${payouts} paid, ${balance} left`,
  )

/** Shops without sellers' accounts have no shares to compare. */
const wrongShares = ({ sellers, payments }: Snapshot): string[] => {
  const byCurrency = [...Map.groupBy(sellers, ({ currency }) => currency)]
  return ofEach(byCurrency, ([currency, own]) => {
    const kept = sumOf(
      payments.filter((payment) => payment.currency === currency),
      ({ captured, refunded }) => captured - refunded,
    )
    const shared = sumOf(own, ({ credits, fee }) => credits + fee)
    return kept !== shared && `${currency}: ${kept} taken from buyers, ${shared} shared`
  })
}

export const limitInvariants: readonly Invariant[] = [
  { id: 'I20', says: 'no coupon is used more often than it may be', offences: overused },
  {
    id: 'I21',
    says: 'credits of sellers - payouts = balance; fee + share = taken',
    offences: (snapshot) => [...wrongBalances(snapshot), ...wrongShares(snapshot)],
  },
]
