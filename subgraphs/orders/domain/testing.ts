import { money, toWire } from '#kernel/money.ts'
import { minutes } from '#kernel/time.ts'
import type { Line, Order, Totals } from './order.ts'
import { type PlaceOrderInput, parsePlaceOrder, placeOrder } from './placeOrder.ts'

/** Valid values for tests; nothing else imports this file. */
export const placedAt = Date.UTC(2026, 0, 1)

const eur = (minor: number) => money(minor, 'EUR')

export const anAddress = {
  name: 'Ada Lovelace',
  line1: '12 St James\u2019s Square',
  city: 'London',
  postalCode: 'SW1Y 4JH',
  countryCode: 'GB',
}

export const anInput = (change: Partial<PlaceOrderInput> = {}): PlaceOrderInput => ({
  idempotencyKey: 'key-1',
  email: 'ada@example.test',
  shippingAddress: anAddress,
  acknowledgedTotal: toWire(eur(4_480)),
  payment: { provider: 'sandbox', token: 'tok_ok' },
  ...change,
})

export const aLine: Line = {
  id: 'line_1',
  variantId: 'var_1',
  sellerId: 'usr_seller',
  sku: 'SHIRT-M',
  title: 'Shirt / M',
  quantity: 2,
  unitPrice: eur(1_990),
  tax: eur(635),
  total: eur(3_980),
}

export const someTotals: Totals = {
  subtotal: eur(3_980),
  discount: eur(0),
  shipping: eur(500),
  tax: eur(715),
  taxIncluded: true,
  total: eur(4_480),
}

export const anOrder = (): Order =>
  placeOrder(
    {
      _id: 'ord_1',
      ownerId: 'usr_1',
      fingerprint: 'f',
      cartId: 'cart_1',
      demand: parsePlaceOrder(anInput()),
      clientAddress: '203.0.113.7',
      lines: [aLine],
      totals: someTotals,
      shippingMethod: 'Standard',
      expiresAt: placedAt + minutes(10),
    },
    placedAt,
  )
