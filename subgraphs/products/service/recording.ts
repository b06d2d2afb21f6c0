import type { Records, ReservationRecord, SkuRecord } from '#platform/snapshot.ts'
import { byVariant } from '../domain/stock.ts'
import type { StockRow } from '../model/stock/rows.ts'
import type { StockModel } from '../model/stock/stock.ts'

const sumOf = <Row>(rows: readonly Row[], number: (row: Row) => number): number =>
  rows.reduce((sum, row) => sum + number(row), 0)

/** A variant's id stands for its SKU: two sellers may use the same one. The units of all locations count together. */
const skuOf = (sku: string, places: readonly StockRow[]): SkuRecord => ({
  sku,
  initial: places.some(({ initial }) => initial === undefined) ? null : sumOf(places, ({ initial }) => initial ?? 0),
  restocked: sumOf(places, ({ adjusted }) => adjusted ?? 0),
  onHand: sumOf(places, ({ available, reserved }) => available + reserved),
  reserved: sumOf(places, ({ reserved }) => reserved),
  sold: sumOf(places, ({ sold }) => sold ?? 0),
})

/** What an order has at one place. */
const sharesOf = ({ variantId: sku, holds, claims, restocks }: StockRow): ReservationRecord[] => {
  const back = new Set(restocks)
  const claimed = claims.map(({ orderId: order, quantity }): ReservationRecord => {
    const state = back.has(order) ? 'released' : 'claimed'
    return { id: `${sku}:${order}:sold`, sku, qty: quantity ?? null, order, state, expiresAt: null }
  })
  const held = holds.map(({ orderId: order, quantity: qty, expiresAt }): ReservationRecord => {
    return { id: `${sku}:${order}:held`, sku, qty, order, state: 'held', expiresAt }
  })
  return [...held, ...claimed]
}

/** What an order has from several places is one reservation. */
const together = (shares: readonly ReservationRecord[]): ReservationRecord[] =>
  [...Map.groupBy(shares, ({ id, state }) => `${id} ${state}`).values()].flatMap((own) => {
    const [first] = own
    const qty = own.some((share) => share.qty === null) ? null : sumOf(own, (share) => share.qty ?? 0)
    return first ? [{ ...first, qty }] : []
  })

/** The stock as it is written down, for `npm run dump-state`. */
export const makeRecording = (stock: StockModel) => async (): Promise<Records> => {
  const variants = byVariant(await stock.all())
  return {
    skus: variants.map(({ variantId, places }) => skuOf(variantId, places)),
    reservations: variants.flatMap(({ places }) => together(places.flatMap(sharesOf))),
  }
}
