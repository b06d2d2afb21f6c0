import type { Records, ReservationRecord, SkuRecord } from '#platform/snapshot.ts'
import type { StockModel, StockRow } from '../model/stock.ts'

/** A variant's id stands for its SKU: two sellers may use the same one. */
const skuOf = ({ _id, initial, adjusted, sold, available, reserved }: StockRow): SkuRecord => ({
  sku: _id,
  initial: initial ?? null,
  restocked: adjusted ?? 0,
  onHand: available + reserved,
  reserved,
  sold: sold ?? 0,
})

const reservationsOf = ({ _id: sku, holds, claims, restocks }: StockRow): ReservationRecord[] => {
  const back = new Set(restocks)
  const claimed = claims.map((order): ReservationRecord => {
    const state = back.has(order) ? 'released' : 'claimed'
    return { id: `${sku}:${order}:sold`, sku, qty: null, order, state, expiresAt: null }
  })
  const held = holds.map(({ orderId: order, quantity: qty, expiresAt }): ReservationRecord => {
    return { id: `${sku}:${order}:held`, sku, qty, order, state: 'held', expiresAt }
  })
  return [...held, ...claimed]
}

/** The stock as it is written down, for `npm run dump-state`. */
export const makeRecording = (stock: StockModel) => async (): Promise<Records> => {
  const rows = await stock.all()
  return { skus: rows.map(skuOf), reservations: rows.flatMap(reservationsOf) }
}
