import { money } from '#kernel/money.ts'
import { type Connection, type PageArgs, parsePage, toConnection } from '#kernel/page.ts'
import { ledgerTotals, type Payment } from '../domain/payment.ts'
import type { BookedSums, ComparisonModel, Difference, Place } from '../model/comparison.ts'

export interface ComparingDeps {
  readonly comparison: Pick<ComparisonModel, 'page' | 'count' | 'place'>
  readonly providerNames: readonly string[]
}

export interface DifferencePage extends Connection<Difference> {
  readonly count: () => Promise<number>
}

const kinds = ['authorized', 'captured', 'released', 'refunded'] as const

/** The sums as money. */
export const toSums = (booked: BookedSums) => {
  const of = (kind: (typeof kinds)[number]) => money(booked[kind], booked.currency)
  return { authorized: of('authorized'), captured: of('captured'), released: of('released'), refunded: of('refunded') }
}

/** What our ledger says of a payment. */
export const sumsOf = (payment: Payment) => toSums({ ...ledgerTotals(payment), currency: payment.amount.currency })

/** What the comparison of the books has found, for administrators. */
export const makeComparing = ({ comparison, providerNames }: ComparingDeps) => ({
  /** @throws ShopError BAD_USER_INPUT */
  differences: async (args: PageArgs & { readonly mended: boolean }): Promise<DifferencePage> => {
    const page = parsePage(args, 'number')
    const items = await comparison.page(args.mended, page)
    const connection = toConnection(items, page, ({ foundAt, _id }) => ({ value: foundAt, id: _id }))
    return { ...connection, count: () => comparison.count(args.mended) }
  },

  places: (): Promise<Place[]> => Promise.all(providerNames.map(comparison.place)),
})

export type Comparing = ReturnType<typeof makeComparing>
