import type { Address } from '#kernel/address.ts'
import type { Problem } from '#kernel/errors.ts'
import type { Money } from '#kernel/money.ts'
import type { Millis } from '#kernel/time.ts'

export type OrderStatus =
  | 'AWAITING_PAYMENT'
  | 'CONFIRMED'
  | 'PARTIALLY_REFUNDED'
  | 'REFUNDED'
  | 'PAYMENT_FAILED'
  | 'CANCELED'

/** Where an order stands, with what only that state has. A number once given stays with the order. */
export type OrderState =
  | { readonly status: 'AWAITING_PAYMENT' }
  | { readonly status: 'CONFIRMED' | 'PARTIALLY_REFUNDED' | 'REFUNDED'; readonly number: number }
  | { readonly status: 'PAYMENT_FAILED' }
  | { readonly status: 'CANCELED'; readonly number: number | null }

/** The declared graph: an order moves along these edges and no other (I23). */
export const transitions: Readonly<Record<OrderStatus, readonly OrderStatus[]>> = {
  AWAITING_PAYMENT: ['CONFIRMED', 'PAYMENT_FAILED', 'CANCELED'],
  CONFIRMED: ['PARTIALLY_REFUNDED', 'REFUNDED', 'CANCELED'],
  PARTIALLY_REFUNDED: ['REFUNDED', 'CANCELED'],
  REFUNDED: [],
  PAYMENT_FAILED: [],
  CANCELED: [],
}

export const stepNames = [
  'HOLD_STOCK',
  'AUTHORIZE_PAYMENT',
  'CLAIM_STOCK',
  'CAPTURE_PAYMENT',
  'CONFIRM',
  'CLOSE_CART',
] as const
export type StepName = (typeof stepNames)[number]

export type StepStatus = 'PENDING' | 'RUNNING' | 'ACTION_REQUIRED' | 'DONE' | 'REFUSED' | 'COMPENSATED'

export interface Step {
  readonly name: StepName
  readonly status: StepStatus
  readonly attempt: number
  readonly reason: string | null
}

export type UndoName = 'CANCEL_PAYMENT' | 'RELEASE_STOCK' | 'RESTOCK_STOCK'

export interface UndoStep {
  readonly name: UndoName
  readonly isDone: boolean
  readonly attempt: number
  readonly reason: string | null
}

/** The way back: begun once, never abandoned. The order moves to `to` when every step is done. */
export interface Undo {
  readonly to: 'PAYMENT_FAILED' | 'CANCELED'
  readonly reason: string | null
  readonly steps: readonly UndoStep[]
}

/** What happened, numbered 1, 2, 3 ... without a gap (I15). */
export interface OrderEvent {
  readonly seq: number
  readonly event: EventName
  readonly at: Millis
}

export type EventName =
  | 'OrderPlaced'
  | 'StockHeld'
  | 'PaymentActionRequired'
  | 'PaymentAuthorized'
  | 'StockClaimed'
  | 'PaymentCaptured'
  | 'OrderConfirmed'
  | 'PaymentRefunded'
  | 'PaymentFailed'
  | 'OrderCanceled'
  | 'OrderClaimed'

/** What an order is to be paid with, and who pays, as far as payments need it. Only the provider's name outlives the authorisation. */
export interface MeansOfPayment {
  readonly provider: string
  /** Of the provider; empty once nobody needs it any more. */
  readonly token: string
  /** Where the order came from, so that trying out cards is slowed down; absent when it is not known, or not needed any more. */
  readonly clientAddress?: string
}

/** Money that went back to the buyer. `id` is that of the fact, so that it counts once (R7). */
export interface Refund {
  readonly id: string
  readonly amount: Money
}

/** Units of a variant that a bundle is made of. */
export interface Part {
  readonly variantId: string
  readonly quantity: number
}

/** A line as it was when the order was placed. */
export interface Line {
  readonly id: string
  readonly variantId: string
  readonly sellerId: string
  readonly sku: string
  readonly title: string
  readonly quantity: number
  readonly unitPrice: Money
  readonly tax: Money
  readonly total: Money
  /** Of a bundle, as it was: what is held, sold and given back. */
  readonly parts?: readonly Part[]
}

export interface Totals {
  readonly subtotal: Money
  readonly discount: Money
  readonly shipping: Money
  readonly tax: Money
  readonly taxIncluded: boolean
  readonly total: Money
}

export interface Order {
  readonly _id: string
  readonly v: number
  /** Who placed it: an account or a guest. */
  readonly ownerId: string
  /** The account that the order of a guest belongs to since its owner has proved to be the buyer. */
  readonly claimedBy?: string
  readonly idempotencyKey: string
  readonly fingerprint: string
  readonly cartId: string
  /** The cart while this order lives: null once the order failed or was canceled, so that a kept cart can be ordered again. */
  readonly liveCartId: string | null
  readonly email: string
  readonly shippingAddress: Address
  readonly billingAddress: Address
  readonly shippingMethod: string
  readonly lines: readonly Line[]
  readonly totals: Totals
  /** What the buyer saw in the cart and agreed to: the same as the total (I7). Absent in orders from before it was kept. */
  readonly acknowledgedTotal?: Money
  readonly payment: MeansOfPayment
  readonly state: OrderState
  readonly steps: readonly Step[]
  readonly undo: Undo | null
  /** Why there is no confirmed order: told again to every repetition of the request. */
  readonly refusals: readonly Problem[]
  readonly events: readonly OrderEvent[]
  /** Absent while no money went back. */
  readonly refunds?: readonly Refund[]
  /** When the hold on the stock ends, and with it the patience for an open payment. */
  readonly expiresAt: Millis
  readonly placedAt: Millis
  readonly updatedAt: Millis
}

/** Paid and sold, whether or not money went back since. */
export const soldStates = ['CONFIRMED', 'PARTIALLY_REFUNDED', 'REFUNDED'] as const satisfies readonly OrderStatus[]

const sold: ReadonlySet<OrderStatus> = new Set(soldStates)

export const isSold = ({ state }: Pick<Order, 'state'>): boolean => sold.has(state.status)

export const nextStates = (order: Pick<Order, 'state'>): readonly OrderStatus[] => transitions[order.state.status]

/** Moves an order along the declared graph; another move is a fault of this code, not a refusal. */
export const moveTo = (order: Order, state: OrderState): Order => {
  if (!nextStates(order).includes(state.status))
    throw new Error(`an order does not go from ${order.state.status} to ${state.status}`)
  return { ...order, state }
}

export const addEvent = (order: Order, event: EventName, at: Millis): Order => ({
  ...order,
  events: [...order.events, { seq: order.events.length + 1, event, at }],
  updatedAt: at,
})

/** The authorisation was answered, or will never be asked for: what it needed is of no use to the shop, only to a thief. */
export const forgetMeans = (order: Order): Order => ({
  ...order,
  payment: { provider: order.payment.provider, token: '' },
})

/** Number of the last event. */
export const seqOf = (order: Pick<Order, 'events'>): number => order.events.at(-1)?.seq ?? 0

export const numberOf = ({ state }: Pick<Order, 'state'>): number | null => ('number' in state ? state.number : null)

/** What a line takes from the stock: of a bundle its parts. */
export const unitsOf = ({
  variantId,
  quantity,
  parts,
}: Pick<Line, 'variantId' | 'quantity' | 'parts'>): readonly Part[] =>
  parts?.map((part) => ({ ...part, quantity: part.quantity * quantity })) ?? [{ variantId, quantity }]

/** The units that an order needs of each variant, bundles and lines of the same variant summed (C4). */
export const demandOf = ({ lines }: Pick<Order, 'lines'>): { variantId: string; quantity: number }[] => {
  const demand = new Map<string, number>()
  for (const { variantId, quantity } of lines.flatMap(unitsOf))
    demand.set(variantId, (demand.get(variantId) ?? 0) + quantity)
  return [...demand].map(([variantId, quantity]) => ({ variantId, quantity }))
}

/** Ids of those who sell something in it, each once. */
export const sellersOf = (order: Pick<Order, 'lines'>): readonly string[] => [
  ...new Set(order.lines.map((line) => line.sellerId)),
]
