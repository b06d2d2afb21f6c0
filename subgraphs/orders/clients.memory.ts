import { type Problem, ShopError } from '#kernel/errors.ts'
import { money, multiply, sum } from '#kernel/money.ts'
import type { PaymentAnswer, ProvedBuyer, Siblings } from './clients/ports.ts'
import { demandOf, type Order, type Part } from './domain/order.ts'

/**
 * The siblings of orders in memory, for its tests only: each command is idempotent by order and keeps the rules of the real
 * one. `lose` makes the next call of a command go unanswered, before or after it took effect.
 */
export type Loss = 'before' | 'after'

interface Cart {
  readonly id: string
  readonly lines: { variantId: string; quantity: number }[]
  orderedAs: string | null
}

interface StockRow {
  available: number
  readonly holds: Map<string, number>
  readonly claims: Map<string, number>
  readonly restocked: Set<string>
  /** Orders that are over. */
  readonly ended: Set<string>
}

interface PaymentRow {
  status: string
  charged: number
  readonly token: string
}

const seller = 'usr_01ARZ3NDEKTSV4RRFFQ69G5FS1'
const unitPrice = money(1_990, 'EUR')
const shipping = money(490, 'EUR')

const away = () => new ShopError('UNAVAILABLE', 'The service does not answer; try again.')

/** What such a cart of so many units costs. */
export const totalOf = (units: number) => ({
  amount: ((units * unitPrice.minor + shipping.minor) / 100).toFixed(2),
  currencyCode: 'EUR',
})

/** A command on its way that a test lets wait: `reached` settles when it is sent, `letGo` lets it arrive. */
interface Gate {
  readonly reach: () => void
  readonly opened: Promise<void>
}

/** A turn of the event loop, as any real call takes: so that concurrent requests do interleave. */
const turnOfTheLoop = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** `travel`: how a command or an answer gets over the line. */
const makeLine = (travel: (command: string) => Promise<void>) => {
  const losses = new Map<string, Loss>()
  const gates = new Map<string, Gate>()
  const calls: string[] = []
  const over = async <T>(command: string, act: () => T): Promise<T> => {
    calls.push(command)
    const [loss, gate] = [losses.get(command), gates.get(command)]
    losses.delete(command)
    gates.delete(command)
    gate?.reach()
    await gate?.opened
    await travel(command)
    if (loss === 'before') throw away()
    const answer = act()
    if (loss === 'after') throw away()
    return answer
  }
  /** Stops the next command of this name on its way. */
  const stop = (command: string) => {
    const { promise: reached, resolve: reach } = Promise.withResolvers<void>()
    const { promise: opened, resolve: letGo } = Promise.withResolvers<void>()
    gates.set(command, { reach, opened })
    return { reached, letGo }
  }
  return { over, calls, stop, lose: (command: string, loss: Loss) => losses.set(command, loss) }
}

const outOfStock = (variantId: string): Problem => ({
  code: 'OUT_OF_STOCK',
  message: 'None left.',
  field: ['input', 'lines', variantId],
})

const makeStock = () => {
  const rows = new Map<string, StockRow>()
  const rowOf = (variantId: string): StockRow => {
    const empty = { available: 0, holds: new Map(), claims: new Map(), restocked: new Set(), ended: new Set() }
    const row = rows.get(variantId) ?? (empty as StockRow)
    rows.set(variantId, row)
    return row
  }
  const each = (order: Order, act: (row: StockRow, quantity: number) => void): Problem[] => {
    for (const { variantId, quantity } of demandOf(order)) act(rowOf(variantId), quantity)
    return []
  }
  /** Takes units for every line or for none; a line that has them already is content. */
  const take = (order: Order, has: (row: StockRow) => boolean, act: (row: StockRow, quantity: number) => void) => {
    const open = demandOf(order).filter(({ variantId }) => !has(rowOf(variantId)))
    const missing = open.filter(({ variantId, quantity }) => {
      const row = rowOf(variantId)
      return row.ended.has(order._id) || row.available + (row.holds.get(order._id) ?? 0) < quantity
    })
    if (missing.length > 0) return missing.map(({ variantId }) => outOfStock(variantId))
    for (const { variantId, quantity } of open) act(rowOf(variantId), quantity)
    return []
  }
  const giveBack = (row: StockRow, orderId: string): void => {
    row.available += row.holds.get(orderId) ?? 0
    row.holds.delete(orderId)
  }
  return {
    rows,
    add: (variantId: string, units: number) => {
      rowOf(variantId).available += units
    },
    /** What the sweeper does when the time of a hold is over. */
    endHold: (orderId: string) => {
      for (const row of rows.values()) giveBack(row, orderId)
    },
    hold: (order: Order): Problem[] =>
      take(
        order,
        ({ holds, claims }) => holds.has(order._id) || claims.has(order._id),
        (row, quantity) => {
          row.available -= quantity
          row.holds.set(order._id, quantity)
        },
      ),
    claim: (order: Order): Problem[] =>
      take(
        order,
        ({ claims, restocked }) => claims.has(order._id) && !restocked.has(order._id),
        (row, quantity) => {
          giveBack(row, order._id)
          row.available -= quantity
          row.claims.set(order._id, quantity)
        },
      ),
    release: (order: Order): Problem[] =>
      each(order, (row) => {
        giveBack(row, order._id)
        row.ended.add(order._id)
      }),
    restock: (order: Order): Problem[] =>
      each(order, (row, quantity) => {
        if (!row.claims.has(order._id) || row.restocked.has(order._id)) return
        row.restocked.add(order._id)
        row.available += quantity
      }),
  }
}

const declined: Problem = {
  code: 'PAYMENT_DECLINED',
  message: 'The provider refused: card_declined.',
  field: ['input', 'token'],
}

const unavailable: Problem = { code: 'PAYMENT_UNAVAILABLE', message: 'Nothing was charged.' }

const firstStatus: Readonly<Record<string, string>> = {
  tok_ok: 'AUTHORIZED',
  tok_requires_action: 'REQUIRES_ACTION',
}

const makePayments = () => {
  const rows = new Map<string, PaymentRow>()
  const provider = { isAway: false }
  const answer = (row: PaymentRow): PaymentAnswer => ({
    status: row.status,
    problems: row.status === 'DECLINED' ? [declined] : [],
  })
  return {
    rows,
    provider,
    confirm: (orderId: string) => {
      const row = rows.get(orderId)
      if (row?.status === 'REQUIRES_ACTION') row.status = 'AUTHORIZED'
    },
    authorize: (order: Order): PaymentAnswer => {
      if (provider.isAway) return { status: 'PENDING', problems: [unavailable] }
      const { token } = order.payment
      const row = rows.get(order._id) ?? { status: firstStatus[token] ?? 'DECLINED', charged: 0, token }
      rows.set(order._id, row)
      if (row.status === 'VOIDED')
        return { status: row.status, problems: [{ code: 'ILLEGAL_STATE', message: 'Voided.' }] }
      return answer(row)
    },
    capture: (orderId: string): PaymentAnswer => {
      const row = rows.get(orderId)
      if (row?.status === 'AUTHORIZED') {
        row.status = 'CAPTURED'
        row.charged += 1
      }
      return row ? answer(row) : { status: null, problems: [{ code: 'NOT_FOUND', message: 'No payment.' }] }
    },
    cancel: (orderId: string): PaymentAnswer => {
      const row = rows.get(orderId) ?? { status: 'PENDING', charged: 0, token: '' }
      rows.set(orderId, row)
      if (row.status === 'CAPTURED') {
        row.status = 'REFUNDED'
        row.charged -= 1
      } else if (row.status !== 'DECLINED' && row.status !== 'REFUNDED') row.status = 'VOIDED'
      return { status: row.status, problems: [] }
    },
  }
}

export const makeMemorySiblings = (travel = turnOfTheLoop as (command: string) => Promise<void>) => {
  const line = makeLine(travel)
  const stock = makeStock()
  const payments = makePayments()
  const carts = new Map<string, Cart>()
  const unsold = new Set<string>()
  const sellers = new Map<string, string>()
  const limits = new Map<string, number>()
  const bundles = new Map<string, readonly Part[]>()
  const proved = new Map<string, ProvedBuyer>()
  let serial = 0

  const siblings: Siblings = {
    carts: {
      forCheckout: (ownerId) =>
        line.over('cart', () => {
          const cart = carts.get(ownerId)
          if (!cart || cart.orderedAs !== null) return null
          return { id: cart.id, currency: 'EUR', shippingMethodId: null, lines: structuredClone(cart.lines) }
        }),
      close: (cartId, orderId) =>
        line.over('close', () => {
          const cart = [...carts.values()].find(({ id }) => id === cartId)
          if (cart) cart.orderedAs ??= orderId
          return cart ? [] : [{ code: 'NOT_FOUND' as const, message: 'No cart.' }]
        }),
    },
    catalogue: {
      variants: (ids) =>
        line.over('variants', () =>
          ids.map((id) => ({
            sku: `SKU-${id.slice(-1)}`,
            title: 'M',
            product: { title: 'Shirt' },
            sellerId: sellers.get(id) ?? seller,
            isSold: !unsold.has(id),
            maxPerOrder: limits.get(id) ?? null,
            parts: bundles.get(id) ?? [],
          })),
        ),
    },
    prices: {
      quote: ({ lines }) =>
        line.over('quote', () => {
          const priced = lines.map(({ quantity }) => ({
            unitPrice,
            tax: money(0, 'EUR'),
            total: multiply(unitPrice, quantity),
          }))
          const subtotal = sum(
            priced.map(({ total }) => total),
            'EUR',
          )
          const total = money(subtotal.minor + shipping.minor, 'EUR')
          const none = money(0, 'EUR')
          const totals = { subtotal, discount: none, shipping, tax: none, taxIncluded: true, total }
          return { quote: { ...totals, lines: priced, shippingMethod: 'Standard' }, problems: [] }
        }),
    },
    stock: {
      hold: (order) => line.over('hold', () => stock.hold(order)),
      claim: (order) => line.over('claim', () => stock.claim(order)),
      release: (order) => line.over('release', () => stock.release(order)),
      restock: (order) => line.over('restock', () => stock.restock(order)),
    },
    payments: {
      providers: () => line.over('providers', () => ['sandbox']),
      authorize: (order) => line.over('authorize', () => payments.authorize(order)),
      capture: (orderId) => line.over('capture', () => payments.capture(orderId)),
      cancel: (orderId) => line.over('cancel', () => payments.cancel(orderId)),
    },
    buyers: { proved: (accountId) => line.over('proved', () => proved.get(accountId) ?? null) },
  }

  return {
    siblings,
    seller,
    stock,
    payments,
    carts,
    unsold,
    /** Who sells a variant; `seller` where nobody is named. */
    sellers,
    /** Most units of a variant in one order. */
    limits,
    /** What bundles are made of. */
    bundles,
    proved,
    calls: line.calls,
    lose: line.lose,
    stop: line.stop,
    /** Gives an owner a cart with units of variants. */
    fill: (ownerId: string, units: Readonly<Record<string, number>>) => {
      const lines = Object.entries(units).map(([variantId, quantity]) => ({ variantId, quantity }))
      serial += 1
      carts.set(ownerId, { id: `cart_${serial}`, lines, orderedAs: null })
    },
  }
}
