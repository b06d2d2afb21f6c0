import type { Millis } from '#kernel/time.ts'
import type { OutboxSource } from './outbox/source.ts'

/** Units of one SKU. What is at hand was not sold yet; `initial` is null where nobody has written it down. */
export interface SkuRecord {
  readonly sku: string
  readonly initial: number | null
  /** All adjustments together, also those that took units away. */
  readonly restocked: number
  readonly onHand: number
  readonly reserved: number
  readonly sold: number
}

/** Units kept for an order, sold to it, or given back. `qty` is null where only the order knows it. */
export interface ReservationRecord {
  readonly id: string
  readonly sku: string
  readonly qty: number | null
  readonly order: string
  readonly state: 'held' | 'claimed' | 'released'
  readonly expiresAt: Millis | null
}

/** Units of a variant. */
export interface UnitsRecord {
  readonly sku: string
  readonly qty: number
}

export interface LineRecord {
  readonly sku: string
  readonly qty: number
  readonly unit: number
  readonly discount: number
  readonly tax: number
  readonly total: number
  /** What it takes from the stock: of a bundle its parts. */
  readonly units: readonly UnitsRecord[]
}

export type OrderRecordState = 'pending' | 'paid' | 'fulfilled' | 'canceled' | 'refunded' | 'payment_failed'

export interface OrderRecord {
  readonly id: string
  readonly buyer: string
  /** The buyer's idempotency key. */
  readonly key: string
  readonly state: OrderRecordState
  /** It stands still until its buyer acts, or until the time for that is over. */
  readonly waitsForBuyer: boolean
  readonly currency: string
  readonly lines: readonly LineRecord[]
  readonly discount: number
  readonly shipping: number
  readonly tax: number
  readonly taxIncluded: boolean
  readonly total: number
  /** What the buyer saw in the cart and agreed to. */
  readonly cartTotal: number
  readonly createdAt: Millis
}

export interface PaymentRecord {
  readonly id: string
  readonly order: string
  readonly state: 'created' | 'authorized' | 'captured' | 'failed' | 'canceled' | 'refunded'
  readonly currency: string
  readonly amount: number
  readonly captured: number
  readonly refunded: number
}

/** An entry in the books of the payment provider. `reference` is the order, `payment` our payment. */
export interface MovementRecord {
  readonly op: 'authorize' | 'charge' | 'refund' | 'void'
  readonly amount: number
  readonly currency: string
  readonly reference: string
  readonly payment: string
}

/** What happened to an order, numbered. */
export interface EventRecord {
  readonly id: string
  readonly order: string
  readonly seq: number
  readonly type: string
}

/** A numbered fact of an order that a consumer has handled, in the order in which that was written down. */
export interface DeliveryRecord {
  readonly consumer: string
  readonly id: string
  readonly order: string
  readonly seq: number
}

/** An entry of the audit log. */
export interface AuditRecord {
  readonly id: string
  readonly action: string
  readonly target: string | null
}

/** Something done outside of the databases because of an order, such as a mail. */
export interface EffectRecord {
  readonly kind: string
  readonly key: string
  readonly order: string
  readonly type: string
}

/** What one subgraph has on record. Money is in minor units of the currency beside it, times are epoch milliseconds. */
export interface Records {
  readonly skus?: readonly SkuRecord[]
  readonly reservations?: readonly ReservationRecord[]
  readonly orders?: readonly OrderRecord[]
  readonly payments?: readonly PaymentRecord[]
  readonly events?: readonly EventRecord[]
  readonly delivered?: readonly DeliveryRecord[]
  readonly audit?: readonly AuditRecord[]
  readonly effects?: readonly EffectRecord[]
}

/** Facts in the outboxes: those on their way, and those given up. */
export interface OutboxRecord {
  readonly pending: number
  readonly dead: number
}

/** A subgraph's parts, as far as they keep records. */
export interface RecordKeeper {
  readonly records?: () => Promise<Records>
  readonly outboxes?: readonly Pick<OutboxSource, 'depth'>[]
}

export type ShopRecords = Required<Records> & { readonly outbox: OutboxRecord }

const countEvents = async (keepers: readonly RecordKeeper[]): Promise<OutboxRecord> => {
  const outboxes = keepers.flatMap(({ outboxes: own = [] }) => own)
  const depths = await Promise.all(outboxes.map((outbox) => outbox.depth()))
  const sum = (counts: readonly number[]): number => counts.reduce((all, count) => all + count, 0)
  return { pending: sum(depths.map(({ pending }) => pending)), dead: sum(depths.map(({ dead }) => dead)) }
}

/**
 * All records. They are not read at one moment, so whoever wants them to fit together lets the shop come to rest before.
 */
export const collectRecords = async (keepers: readonly RecordKeeper[]): Promise<ShopRecords> => {
  const found = await Promise.all(keepers.map(async ({ records }) => (await records?.()) ?? {}))
  return {
    skus: found.flatMap(({ skus = [] }) => skus),
    reservations: found.flatMap(({ reservations = [] }) => reservations),
    orders: found.flatMap(({ orders = [] }) => orders),
    payments: found.flatMap(({ payments = [] }) => payments),
    events: found.flatMap(({ events = [] }) => events),
    delivered: found.flatMap(({ delivered = [] }) => delivered),
    audit: found.flatMap(({ audit = [] }) => audit),
    effects: found.flatMap(({ effects = [] }) => effects),
    outbox: await countEvents(keepers),
  }
}
