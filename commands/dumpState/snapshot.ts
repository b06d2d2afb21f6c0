import type { Millis } from '#kernel/time.ts'
import type { MovementRecord, ShopRecords } from '#platform/snapshot.ts'

/** A code that takes something off, and the orders that have used it. */
export interface CouponRecord {
  readonly code: string
  /** Null: any number of times. */
  readonly maxUses: number | null
  readonly maxPerBuyer: number | null
  readonly uses: readonly { readonly order: string; readonly buyer: string }[]
}

/** What a seller has been credited with and paid; `fee` is what the platform has kept of the same sales. Minor units. */
export interface SellerRecord {
  readonly id: string
  readonly currency: string
  readonly credits: number
  readonly payouts: number
  readonly balance: number
  readonly fee: number
}

/** Everything that the shop and its payment provider have on record. Amounts are minor units, times epoch milliseconds. */
export interface Snapshot extends ShopRecords {
  readonly takenAt: Millis
  readonly psp: { readonly movements: readonly MovementRecord[] }
  readonly queue: {
    readonly waiting: number
    readonly active: number
    readonly delayed: number
    readonly failed: number
  }
  readonly coupons: readonly CouponRecord[]
  readonly sellers: readonly SellerRecord[]
}

/** Stock knows which order a unit went to, and only the order how many it wanted. */
const withQuantities = ({ reservations, orders }: ShopRecords): ShopRecords['reservations'] => {
  const wanted = new Map<string, number>()
  for (const { id, lines } of orders)
    for (const { sku, qty } of lines.flatMap(({ units }) => units))
      wanted.set(`${sku}:${id}`, (wanted.get(`${sku}:${id}`) ?? 0) + qty)
  return reservations.map((kept) => ({ ...kept, qty: kept.qty ?? wanted.get(`${kept.sku}:${kept.order}`) ?? null }))
}

/**
 * One snapshot out of what was read. Nothing in a queue is only there: it waits in its outbox until it is done, so the outboxes
 * are what is counted, and the mails that wait to be sent. There are no coupons and no payouts: their lists are empty.
 */
export const compose = (records: ShopRecords, movements: readonly MovementRecord[], takenAt: Millis): Snapshot => ({
  takenAt,
  ...records,
  reservations: withQuantities(records),
  psp: { movements },
  queue: { waiting: records.outbox.pending, active: 0, delayed: 0, failed: records.outbox.dead },
  coupons: [],
  sellers: [],
})
