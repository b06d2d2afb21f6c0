import type { Snapshot } from '../../commands/dumpState/snapshot.ts'

/** What a client asked for, and how it went. `unknown`: no answer came, so it may have happened or not. */
export interface Operation {
  readonly what: 'place' | 'cancel' | 'act'
  /** The idempotency key of the order. */
  readonly key: string
  readonly beganAt: number
  readonly tookMs: number
  readonly outcome: 'ok' | 'fail' | 'unknown'
  /** The order that the answer named. */
  readonly order: string | null
  /** Its status in the answer, or the code of the refusal. */
  readonly told: string
  /** The code of the refusal that came with it; absent: there was none. */
  readonly code?: string
}

type Order = Snapshot['orders'][number]

/** States that an order may have after a client was told a status: nothing told is taken back, except by a cancellation. */
const after: Readonly<Record<string, readonly Order['state'][]>> = {
  CONFIRMED: ['paid', 'canceled', 'refunded'],
  CANCELED: ['canceled'],
  PAYMENT_FAILED: ['payment_failed'],
}

const contradicts = ({ what, key, order: id, told }: Operation, orders: ReadonlyMap<string, Order>): string[] => {
  if (id === null) return []
  const order = orders.get(id)
  if (!order) return [`I13 ${what} ${key}: ${id} was told and does not exist`]
  const allowed = after[told]
  return allowed && !allowed.includes(order.state) ? [`I13 ${what} ${key}: told ${told}, is ${order.state}`] : []
}

/** A confirmed order that nobody canceled is still confirmed. */
const lostConfirmations = (history: readonly Operation[], orders: ReadonlyMap<string, Order>): string[] => {
  const canceled = new Set(history.flatMap(({ what, key }) => (what === 'cancel' ? [key] : [])))
  return history.flatMap(({ key, order: id, told }) => {
    const state = id === null ? undefined : orders.get(id)?.state
    return told === 'CONFIRMED' && !canceled.has(key) && state !== undefined && state !== 'paid'
      ? [`I13 ${key}: confirmed to its client, is ${state}, and nobody canceled it`]
      : []
  })
}

const severalOrders = (history: readonly Operation[]): string[] =>
  [...Map.groupBy(history, ({ key }) => key)].flatMap(([key, own]) => {
    const ids = new Set(own.flatMap(({ order }) => order ?? []))
    return ids.size > 1 ? [`I14 ${key}: answered with ${[...ids].join(' and ')}`] : []
  })

/** What clients were told against what there is (I13, I14). */
export const contradictions = (history: readonly Operation[], snapshot: Pick<Snapshot, 'orders'>): string[] => {
  const orders = new Map(snapshot.orders.map((order) => [order.id, order]))
  return [
    ...history.flatMap((operation) => contradicts(operation, orders)),
    ...lostConfirmations(history, orders),
    ...severalOrders(history),
  ]
}
