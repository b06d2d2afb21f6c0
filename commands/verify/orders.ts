import type { Snapshot } from '../dumpState/snapshot.ts'
import { type Invariant, ofEach, repeated, sumOf } from './invariant.ts'

const pendingMs = 60_000

type Order = Snapshot['orders'][number]

const amountsOf = ({ lines, discount, shipping, tax, total, cartTotal }: Order): number[] => [
  ...lines.flatMap((line) => [line.qty, line.unit, line.discount, line.tax, line.total]),
  discount,
  shipping,
  tax,
  total,
  cartTotal,
]

const wrongSums = ({ orders }: Snapshot): string[] =>
  ofEach(orders, (order) => {
    const { id, lines, discount, shipping, tax, taxIncluded, total } = order
    if (!amountsOf(order).every((amount) => Number.isSafeInteger(amount) && amount >= 0))
      return `${id}: an amount is no whole number of minor units`
    const line = lines.find(({ qty, unit, discount: less, total: sum }) => unit * qty - less !== sum)
    if (line)
      return `${id}: the line of ${line.sku} is ${line.total}, not ${line.unit} x ${line.qty} - ${line.discount}`
    const sum = sumOf(lines, (each) => each.total) - discount + shipping + (taxIncluded ? 0 : tax)
    return sum !== total && `${id}: ${total} in all, but its parts make ${sum}`
  })

const otherTotals = ({ orders, payments }: Snapshot): string[] => {
  const paymentOf = new Map(payments.map((payment) => [payment.order, payment]))
  return ofEach(orders, ({ id, total, cartTotal }) => {
    if (total !== cartTotal) return `${id}: the buyer agreed to ${cartTotal}, the order is over ${total}`
    const payment = paymentOf.get(id)
    // The barred payment of an order that was canceled before it paid has no amount.
    const isOther = payment && payment.amount !== total && payment.state !== 'canceled'
    return isOther ? `${id}: over ${total}, its payment over ${payment.amount}` : false
  })
}

const stuckOrders = ({ takenAt, orders }: Snapshot): string[] =>
  ofEach(orders, ({ id, state, waitsForBuyer, createdAt }) => {
    const isStuck = state === 'pending' && !waitsForBuyer && createdAt < takenAt - pendingMs
    return isStuck && `${id}: pending for ${Math.round((takenAt - createdAt) / 1_000)} s`
  })

const doubleKeys = ({ orders }: Snapshot): string[] =>
  repeated(orders.map(({ buyer, key }) => `${buyer} ${key}`)).map((key) => `two orders for ${key}`)

const eventsOf = ({ events }: Snapshot) =>
  new Map(
    [...Map.groupBy(events, ({ order }) => order)].map(([order, own]) => [
      order,
      own.toSorted((a, b) => a.seq - b.seq),
    ]),
  )

const gaps = (snapshot: Snapshot): string[] =>
  ofEach([...eventsOf(snapshot)], ([order, own]) => {
    const isGapless = own.every(({ seq }, index) => seq === index + 1)
    return !isGapless && `${order}: its events are numbered ${own.map(({ seq }) => seq).join(', ')}`
  })

/** The events that move an order, and where from. Others may come at any time between. */
const moves: Readonly<Record<string, { readonly from: readonly string[]; readonly to: string }>> = {
  OrderPlaced: { from: ['nothing'], to: 'pending' },
  OrderConfirmed: { from: ['pending'], to: 'paid' },
  OrderShipped: { from: ['paid'], to: 'fulfilled' },
  PaymentFailed: { from: ['pending'], to: 'payment_failed' },
  OrderCanceled: { from: ['pending', 'paid'], to: 'canceled' },
}

/** Moves that need something before: nothing is confirmed that was not captured (I23: never shipped before paid). */
const needs: Readonly<Record<string, string>> = { OrderConfirmed: 'PaymentCaptured', PaymentCaptured: 'StockClaimed' }

const badStep = (types: readonly string[], index: number, at: string): string | null => {
  const type = types[index] ?? ''
  const need = needs[type]
  if (need && !types.slice(0, index).includes(need)) return `${type} without ${need}`
  const move = moves[type]
  return move && !move.from.includes(at) ? `${type} of an order that is ${at}` : null
}

/** Where the events of an order lead, or what is wrong with them. */
const follow = (types: readonly string[]): { readonly at: string } | { readonly wrong: string } => {
  let at = 'nothing'
  for (const [index, type] of types.entries()) {
    const wrong = badStep(types, index, at)
    if (wrong) return { wrong }
    at = moves[type]?.to ?? at
  }
  return { at }
}

const illegalMoves = (snapshot: Snapshot): string[] => {
  const own = eventsOf(snapshot)
  return ofEach(snapshot.orders, (order) => {
    const led = follow((own.get(order.id) ?? []).map(({ type }) => type))
    if ('wrong' in led) return `${order.id}: ${led.wrong}`
    // Money that went back moves an order without an event that says how much.
    const isThere = led.at === order.state || (order.state === 'refunded' && led.at === 'paid')
    return !isThere && `${order.id}: is ${order.state}, its events lead to ${led.at}`
  })
}

export const orderInvariants: readonly Invariant[] = [
  { id: 'I6', says: 'money is whole, lines and orders add up', offences: wrongSums },
  { id: 'I7', says: 'total seen = acknowledged = ordered = to be charged', offences: otherTotals },
  { id: 'I11', says: 'no order is pending for more than a minute', offences: stuckOrders },
  { id: 'I14', says: 'one key, one order', offences: doubleKeys },
  { id: 'I15', says: 'events of an order are numbered without a gap', offences: gaps },
  { id: 'I23', says: 'orders move along the declared transitions', offences: illegalMoves },
]
