import type { Snapshot } from '../dumpState/snapshot.ts'

const line = {
  sku: 'var_1',
  qty: 2,
  unit: 1_000,
  discount: 0,
  tax: 319,
  total: 2_000,
  units: [{ sku: 'var_1', qty: 2 }],
}

/** An order over 2 x 10.00 with 5.00 of shipping. */
const order = {
  id: 'ord_1',
  buyer: 'usr_1',
  key: 'key-1',
  state: 'paid',
  waitsForBuyer: false,
  currency: 'EUR',
  lines: [line],
  discount: 0,
  shipping: 500,
  tax: 399,
  taxIncluded: true,
  total: 2_500,
  cartTotal: 2_500,
  createdAt: 2_000_000,
} as const

const events = (id: string, types: readonly string[]) =>
  types.map((type, index) => ({ id: `${id}:${index + 1}`, order: id, seq: index + 1, type }))

const way = ['OrderPlaced', 'StockHeld', 'PaymentAuthorized', 'StockClaimed', 'PaymentCaptured', 'OrderConfirmed']

const moved = (reference: string, op: Snapshot['psp']['movements'][number]['op'], amount = 2_500) => ({
  op,
  amount,
  currency: 'EUR',
  reference,
  payment: reference.replace('ord', 'pay'),
})

/** A shop at rest with one order that is paid, one that waits for its buyer, and one that was canceled: all promises hold. */
export const atRest: Snapshot = {
  takenAt: 2_500_000,
  skus: [{ sku: 'var_1', initial: 10, restocked: 5, onHand: 13, reserved: 2, sold: 2 }],
  reservations: [
    { id: 'var_1:ord_1:sold', sku: 'var_1', qty: 2, order: 'ord_1', state: 'claimed', expiresAt: null },
    { id: 'var_1:ord_2:held', sku: 'var_1', qty: 2, order: 'ord_2', state: 'held', expiresAt: 2_600_000 },
    { id: 'var_1:ord_3:sold', sku: 'var_1', qty: 2, order: 'ord_3', state: 'released', expiresAt: null },
  ],
  orders: [
    order,
    { ...order, id: 'ord_2', key: 'key-2', state: 'pending', waitsForBuyer: true },
    { ...order, id: 'ord_3', key: 'key-3', state: 'canceled' },
  ],
  payments: [
    { id: 'pay_1', order: 'ord_1', state: 'captured', currency: 'EUR', amount: 2_500, captured: 2_500, refunded: 0 },
    { id: 'pay_2', order: 'ord_2', state: 'created', currency: 'EUR', amount: 2_500, captured: 0, refunded: 0 },
    {
      id: 'pay_3',
      order: 'ord_3',
      state: 'refunded',
      currency: 'EUR',
      amount: 2_500,
      captured: 2_500,
      refunded: 2_500,
    },
  ],
  psp: {
    movements: [
      moved('ord_1', 'authorize'),
      moved('ord_1', 'charge'),
      moved('ord_3', 'authorize'),
      moved('ord_3', 'charge'),
      moved('ord_3', 'refund'),
    ],
  },
  events: [
    ...events('ord_1', way),
    ...events('ord_2', ['OrderPlaced', 'StockHeld', 'PaymentActionRequired']),
    ...events('ord_3', [...way, 'OrderCanceled']),
  ],
  audit: ['ord_1', 'ord_2', 'ord_3'].map((target) => ({ id: `evt_${target}`, action: 'ORDER_PLACED', target })),
  delivered: [
    { consumer: 'mails', id: 'evt_1', order: 'ord_1', seq: 1 },
    { consumer: 'mails', id: 'evt_2', order: 'ord_1', seq: 6 },
    { consumer: 'mails', id: 'evt_3', order: 'ord_2', seq: 1 },
    { consumer: 'mails', id: 'evt_4', order: 'ord_3', seq: 1 },
    { consumer: 'mails', id: 'evt_5', order: 'ord_3', seq: 6 },
  ],
  effects: [{ kind: 'mail', key: 'ord_1:OrderConfirmed', order: 'ord_1', type: 'OrderConfirmed' }],
  outbox: { pending: 0, dead: 0 },
  queue: { waiting: 0, active: 0, delayed: 0, failed: 0 },
  coupons: [{ code: 'SPRING', maxUses: 2, maxPerBuyer: 1, uses: [{ order: 'ord_1', buyer: 'usr_1' }] }],
  sellers: [{ id: 'sel_1', currency: 'EUR', credits: 2_250, payouts: 1_000, balance: 1_250, fee: 250 }],
}
