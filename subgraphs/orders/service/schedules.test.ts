import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ShopError } from '#kernel/errors.ts'
import { makeManualClock, seconds } from '#kernel/time.ts'
import { makeMemorySiblings, totalOf } from '../clients.memory.ts'
import { dueAt } from '../domain/checkout.ts'
import { requestCancel } from '../domain/compensation.ts'
import { numberOf, type Order } from '../domain/order.ts'
import { anInput } from '../domain/testing.ts'
import type { OrderModel } from '../model.ts'
import { makeChanging } from './changing.ts'
import { makeDriving } from './driving.ts'
import { makePlacing } from './placing.ts'

type Orders = Pick<
  OrderModel,
  'get' | 'update' | 'updateWithNumber' | 'lastNumber' | 'due' | 'byKey' | 'byLiveCart' | 'insert' | 'lastConfirmed'
>

const patience = seconds(10)
const buyer = { kind: 'guest', id: 'gst_1', sessionId: 'ses_1' } as const
const asker = { viewer: buyer, client: { address: '', userAgent: '' }, requestId: 'req_1' }

/** The store of orders with its guards, each read and write a turn of its own. */
const makeMemoryOrders = (turn: (what: string) => Promise<void>) => {
  const rows = new Map<string, Order>()
  const find = async (is: (order: Order) => boolean) => {
    await turn('find')
    return [...rows.values()].find(is) ?? null
  }
  const updateWithNumber: Orders['updateWithNumber'] = async (id, decide, known) => {
    for (let before = known; ; before = undefined) {
      if (!before) await turn('read')
      before ??= rows.get(id)
      if (!before) throw new ShopError('NOT_FOUND', 'There is no such order.')
      const { order } = decide(before)
      if (order === before) return before
      await turn('write')
      if (rows.get(id)?.v !== before.v) continue
      const number = numberOf(order)
      if (number && [...rows.values()].some((other) => other._id !== id && numberOf(other) === number)) return null
      const next = { ...order, v: before.v + 1 }
      rows.set(id, next)
      return next
    }
  }
  const orders: Orders = {
    updateWithNumber,
    update: async (id, decide, known) => {
      const order = await updateWithNumber(id, decide, known)
      if (!order) throw new Error('the number is taken')
      return order
    },
    get: (id) => find(({ _id }) => _id === id),
    byKey: (ownerId, key) => find((order) => order.ownerId === ownerId && order.idempotencyKey === key),
    byLiveCart: (cartId) => find(({ liveCartId }) => liveCartId === cartId),
    lastConfirmed: () => find(({ state }) => state.status === 'CONFIRMED'),
    lastNumber: async () => {
      await turn('lastNumber')
      return Math.max(0, ...[...rows.values()].map((order) => numberOf(order) ?? 0)) || null
    },
    due: async (now, limit) => {
      await turn('due')
      const due = [...rows.values()].filter((order) => (dueAt(order, patience) ?? Number.POSITIVE_INFINITY) <= now)
      return due.slice(0, limit).map(({ _id }) => _id)
    },
    insert: async (order) => {
      await turn('insert')
      const isRival = ({ idempotencyKey, liveCartId }: Order) =>
        idempotencyKey === order.idempotencyKey || (liveCartId !== null && liveCartId === order.liveCartId)
      if ([...rows.values()].some(isRival)) return false
      rows.set(order._id, order)
      return true
    },
  }
  return { orders, rows }
}

const start = (turn: (what: string) => Promise<void>) => {
  const clock = makeManualClock()
  const shop = makeMemorySiblings(turn)
  const { orders, rows } = makeMemoryOrders(turn)
  let serial = 0
  const next = (prefix: string): string => {
    serial += 1
    return `${prefix}_${serial}`
  }
  shop.stock.add('var_a', 10)
  shop.fill(buyer.id, { var_a: 2 })
  const pause = () => turn('pause')
  /** One process: nothing is shared with another one but store and siblings. */
  const makeProcess = () => {
    const { siblings } = shop
    const changing = makeChanging(orders)
    const driving = makeDriving({ orders, changing, siblings, clock })
    const accessTokens = { make: (id: string) => id, isValid: () => false }
    const placing = makePlacing({
      orders,
      siblings,
      driving,
      accessTokens,
      clock,
      ids: { next },
      hash: (text) => text,
      pause,
    })
    return {
      place: (idempotencyKey: string, token: string) =>
        placing.placeOrder(
          asker,
          buyer,
          anInput({ idempotencyKey, acknowledgedTotal: totalOf(2), payment: { provider: 'sandbox', token } }),
        ),
      job: () => driving.continueDue(),
      advance: (id: string) => driving.advance(id),
      cancel: async () => {
        const [order] = rows.values()
        if (!order) return
        await changing.change(order._id, (current) => requestCancel(current, null, clock.now()))
        await driving.drive(order._id)
      },
    }
  }
  return { clock, shop, rows, processes: [makeProcess(), makeProcess()] as const }
}

type World = ReturnType<typeof start>

/** Things that happen at once, in one process or the other. */
const acts = {
  placeSame: ({ processes }: World, at: 0 | 1, token: string) => processes[at].place('key-1', token),
  placeOther: ({ processes }: World, at: 0 | 1, token: string) => processes[at].place('key-2', token),
  cancel: ({ processes }: World, at: 0 | 1) => processes[at].cancel(),
  job: ({ processes }: World, at: 0 | 1) => processes[at].job(),
  later: async ({ clock }: World) => clock.advance(seconds(11)),
  muchLater: async ({ clock, shop, rows }: World) => {
    clock.advance(seconds(600))
    for (const id of rows.keys()) shop.stock.endHold(id)
  },
  pays: async ({ shop, rows, processes }: World, at: 0 | 1) => {
    for (const id of rows.keys()) {
      shop.payments.confirm(id)
      await processes[at].advance(id)
    }
  },
  losesHold: async ({ shop }: World) => shop.lose('hold', 'after'),
  losesAuthorize: async ({ shop }: World) => shop.lose('authorize', 'after'),
  losesClaim: async ({ shop }: World) => shop.lose('claim', 'after'),
  losesCapture: async ({ shop }: World) => shop.lose('capture', 'before'),
} as const
type Act = keyof typeof acts

const unlessRefused = (error: unknown) => {
  if (!(error instanceof ShopError)) throw error
}

const check = ({ shop, rows }: World): void => {
  const orders = [...rows.values()]
  const stock = shop.stock.rows.get('var_a')
  expect([...(stock?.holds ?? [])]).toEqual([])
  const sold = orders.filter(({ state }) => state.status === 'CONFIRMED')
  expect(sold.length).toBeLessThanOrEqual(1)
  expect(stock?.available).toBe(10 - 2 * sold.length)
  for (const order of orders) {
    const isSold = order.state.status === 'CONFIRMED'
    const payment = shop.payments.rows.get(order._id)
    expect(dueAt(order, patience)).toBeNull()
    expect(['CONFIRMED', 'CANCELED', 'PAYMENT_FAILED']).toContain(order.state.status)
    expect(payment?.charged ?? 0).toBe(isSold ? 1 : 0)
    if (!isSold) expect(['AUTHORIZED', 'CAPTURED', 'REQUIRES_ACTION']).not.toContain(payment?.status)
    expect(order.events.map(({ seq }) => seq)).toEqual(order.events.map((_, index) => index + 1))
  }
  const numbers = orders.flatMap((order) => numberOf(order) ?? []).sort()
  expect(numbers).toEqual(numbers.map((_, index) => 100_001 + index))
}

const happening = fc.record({
  act: fc.constantFrom(...(Object.keys(acts) as Act[])),
  at: fc.constantFrom(0 as const, 1 as const),
})

test('given requests, jobs, news, cancellations, lost answers and ends of holds in two processes in any interleaving, then one cart is one order, sold and charged once or not at all (C5, C6, C9, C10, C11, I2, I8, I10, I11, I15)', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.array(happening, { minLength: 1, maxLength: 6 }),
      fc.constantFrom('tok_ok', 'tok_ok', 'tok_declined', 'tok_requires_action'),
      async (s, happenings, token) => {
        const world = start(async (what) => void (await s.schedule(Promise.resolve(what), what)))
        const first = acts.placeSame(world, 0, token)
        const others = happenings.map(async ({ act, at }) => {
          await s.schedule(Promise.resolve(act), act)
          await acts[act](world, at, token)
        })
        await s.waitFor(Promise.all([first, ...others].map((each) => Promise.resolve(each).catch(unlessRefused))))
        for (let round = 0; round < 15; round++) {
          world.clock.advance(seconds(61))
          await s.waitFor(world.processes[0].job())
        }
        await s.waitAll()
        check(world)
      },
    ),
    { numRuns: 1_000 },
  )
}, 60_000)
