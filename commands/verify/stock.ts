import type { Snapshot } from '../dumpState/snapshot.ts'
import { byId, type Invariant, isLiving, isSold, ofEach, repeated, sumOf } from './invariant.ts'

/** The sweeper runs every 5 s; a minute is the promise (I4). */
const graceMs = 60_000

const negativeStock = ({ skus }: Snapshot): string[] =>
  ofEach(skus, ({ sku, onHand, reserved, sold, initial, restocked }) => {
    const existed = initial === null ? Number.POSITIVE_INFINITY : initial + restocked
    const isFine = onHand >= 0 && reserved >= 0 && reserved <= onHand && sold >= 0 && sold <= existed
    return !isFine && `${sku}: ${onHand} on hand, ${reserved} reserved, ${sold} sold of ${existed}`
  })

/** Units on hand against those written down, and those against what orders say. */
const lostUnits = ({ skus, orders, reservations }: Snapshot): string[] => {
  const claimed = new Set(
    reservations.filter(({ state }) => state === 'claimed').map(({ sku, order }) => `${sku}:${order}`),
  )
  // A sold order counts by itself; one on its way counts when its units are gone already.
  const counts = ({ sku, order }: { sku: string; order: (typeof orders)[number] }): boolean =>
    isSold(order) || (order.state === 'pending' && claimed.has(`${sku}:${order.id}`))
  const soldOf = Map.groupBy(
    orders
      .flatMap((order) => order.lines.flatMap(({ units }) => units.map((taken) => ({ ...taken, order }))))
      .filter(counts),
    ({ sku }) => sku,
  )
  return ofEach(skus, ({ sku, initial, restocked, onHand }) => {
    const sold = sumOf(soldOf.get(sku) ?? [], ({ qty }) => qty)
    // Nobody wrote down what a variant had at first before shops did so: nothing to compare with.
    if (initial === null || onHand + sold === initial + restocked) return false
    return `${sku}: ${onHand} on hand + ${sold} in orders, but there were ${initial} + ${restocked}`
  })
}

const wrongCounters = ({ skus, reservations }: Snapshot): string[] => {
  const held = Map.groupBy(
    reservations.filter(({ state }) => state === 'held'),
    ({ sku }) => sku,
  )
  return ofEach(skus, ({ sku, reserved }) => {
    const sum = sumOf(held.get(sku) ?? [], ({ qty }) => qty ?? 0)
    return sum !== reserved && `${sku}: ${reserved} reserved, holds of ${sum}`
  })
}

const staleHolds = ({ takenAt, orders, reservations }: Snapshot): string[] => {
  const orderOf = byId(orders)
  return ofEach(
    reservations.filter(({ state }) => state === 'held'),
    ({ id, order, expiresAt }) => {
      if (expiresAt !== null && expiresAt < takenAt - graceMs) return `${id}: held since long after its end`
      const state = orderOf.get(order)?.state ?? 'missing'
      return state !== 'pending' && `${id}: held for an order that is ${state}`
    },
  )
}

const orphanClaims = ({ orders, reservations }: Snapshot): string[] => {
  const orderOf = byId(orders)
  return ofEach(
    reservations.filter(({ state }) => state === 'claimed'),
    ({ id, order: orderId }) => {
      const order = orderOf.get(orderId)
      return !(order && isLiving(order)) && `${id}: sold to an order that is ${order?.state ?? 'missing'}`
    },
  )
}

const doubleHolds = ({ reservations }: Snapshot): string[] =>
  repeated(reservations.filter(({ state }) => state !== 'released').map(({ sku, order }) => `${sku}:${order}`)).map(
    (pair) => `${pair} holds or owns units twice`,
  )

export const stockInvariants: readonly Invariant[] = [
  { id: 'I1', says: 'stock is never negative, no more is sold than there was', offences: negativeStock },
  { id: 'I2', says: 'on hand + sold = initial + restocked', offences: lostUnits },
  { id: 'I3', says: 'reserved = the sum of the holds', offences: wrongCounters },
  { id: 'I4', says: 'no hold after its end, none for an order that is over', offences: staleHolds },
  {
    id: 'I5',
    says: 'nothing is sold without a living order, or twice',
    offences: (snapshot) => [...orphanClaims(snapshot), ...doubleHolds(snapshot)],
  },
]
