import { expect, test } from 'vitest'
import { seconds } from '#kernel/time.ts'
import { ensureIndexes } from '#platform/mongo.ts'
import { makeTestDeps } from '../../tests/subgraph.ts'
import { confirm, recordStep } from './domain/checkout.ts'
import type { Order } from './domain/order.ts'
import { anOrder, placedAt } from './domain/testing.ts'
import { makeOrderModel } from './model.ts'

const start = async () => {
  const deps = await makeTestDeps('orders')
  const orders = makeOrderModel(deps.database, deps, seconds(10))
  await ensureIndexes([orders.model] as never)
  return orders
}

const another = (change: Partial<Order>): Order => ({
  ...anOrder(),
  _id: 'ord_2',
  idempotencyKey: 'key-2',
  liveCartId: 'cart_2',
  ...change,
})

const confirmed = (order: Order, number: number): Order => {
  const steps = ['HOLD_STOCK', 'AUTHORIZE_PAYMENT', 'CLAIM_STOCK', 'CAPTURE_PAYMENT'] as const
  const paid = steps.reduce((current, step) => recordStep(current, step, { kind: 'done' }, placedAt), order)
  return confirm(paid, number, placedAt)
}

test.each<[string, Partial<Order>, boolean]>([
  ['the same key of the same buyer', { idempotencyKey: 'key-1' }, false],
  ['the same key of another buyer', { idempotencyKey: 'key-1', ownerId: 'usr_2' }, true],
  ['the same living cart', { liveCartId: 'cart_1' }, false],
  ['another key and another cart', {}, true],
])('given an order, when another comes with %s, then the indexes decide (I14, C6)', async (_, change, isTaken) => {
  const orders = await start()
  expect(await orders.insert(anOrder(), [])).toBe(true)
  expect(await orders.insert(another(change), [])).toBe(isTaken)
})

test('given two orders without a living cart and without a number, then neither is in the way of the other', async () => {
  const orders = await start()
  await orders.insert({ ...anOrder(), liveCartId: null }, [])
  expect(await orders.insert(another({ liveCartId: null }), [])).toBe(true)
})

test('given a number is taken, then another order does not get it and stays as it was', async () => {
  const orders = await start()
  await orders.insert(anOrder(), [])
  await orders.insert(another({}), [])
  const give = (id: string, number: number) =>
    orders.updateWithNumber(id, (order) => ({ order: confirmed(order, number), events: [] }))
  expect(await orders.lastNumber()).toBeNull()
  expect(await give('ord_1', 100_001)).toMatchObject({ state: { status: 'CONFIRMED', number: 100_001 } })
  expect(await give('ord_2', 100_001)).toBeNull()
  expect((await orders.get('ord_2'))?.state).toEqual({ status: 'AWAITING_PAYMENT' })
  expect(await give('ord_2', 100_002)).not.toBeNull()
  expect(await orders.lastNumber()).toBe(100_002)
})

test('given orders that stand still, then they are due after the patience, and finished ones never', async () => {
  const orders = await start()
  await orders.insert(anOrder(), [])
  await orders.insert(another({ updatedAt: placedAt - 1 }), [])
  expect(await orders.due(placedAt + seconds(10) - 2, 10)).toEqual([])
  expect(await orders.due(placedAt + seconds(10), 10)).toEqual(['ord_2', 'ord_1'])
  expect(await orders.due(placedAt + seconds(10), 1)).toEqual(['ord_2'])
  await orders.update('ord_1', (order) => {
    const open = confirmed(order, 100_001)
    return { order: recordStep(open, 'CLOSE_CART', { kind: 'done' }, placedAt), events: [] }
  })
  expect(await orders.due(placedAt + seconds(100), 10)).toEqual(['ord_2'])
})

test('given numbered facts that have reached their consumers, then that is on record, in order and once, and no part of the order (I16, I17)', async () => {
  const orders = await start()
  const fact = (seq: number) => ({ id: `evt_${seq}`, type: 'OrderPlaced', payload: { orderId: 'ord_1', seq } })
  await orders.insert(anOrder(), [fact(1), fact(2), { id: 'evt_act', type: 'ActDone', payload: {} }])
  const [first, second, act] = (await orders.outbox.pending(10)).map((event) => ({ ...event, to: ['mails', 'books'] }))
  await orders.outbox.done([first!])
  await orders.outbox.done([first!])
  await orders.outbox.done([second!, act!])
  const told = (consumer: string, seq: number) => ({ consumer, id: `evt_${seq}`, seq })
  expect(await orders.deliveries()).toEqual([
    { _id: 'ord_1', delivered: [told('mails', 1), told('books', 1), told('mails', 2), told('books', 2)] },
  ])
  expect(await orders.get('ord_1')).not.toHaveProperty('delivered')
  expect(await orders.outbox.pending(10)).toEqual([])
})
