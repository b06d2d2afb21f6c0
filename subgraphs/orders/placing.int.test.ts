import { describe, expect, test } from 'vitest'
import { minutes, seconds } from '#kernel/time.ts'
import { startSubgraph } from '#platform/runningSubgraph.ts'
import { liveClock } from '../../tests/lateness.ts'
import { buyer, expectSold, guest, start } from './testing.ts'

describe('placing an order', () => {
  test('given a cart and a good token, then the order is confirmed, sold, paid, numbered, and the cart closed', async () => {
    const shop = await start()
    const told = await shop.order(buyer)
    expect(told.userErrors).toEqual([])
    expect(told.order).toMatchObject({
      number: '100001',
      status: 'CONFIRMED',
      nextStates: ['PARTIALLY_REFUNDED', 'REFUNDED', 'CANCELED'],
    })
    expect(told.order?.checkout.steps.every(({ status, attempt }) => status === 'DONE' && attempt === 1)).toBe(true)
    expect(told.order?.timeline.map(({ event }) => event).at(-1)).toBe('OrderConfirmed')
    expectSold(shop, told.order!.id)
    expect(shop.shop.carts.get(buyer.id)?.orderedAs).toBe(told.order?.id)
    expect(shop.shop.calls).toEqual([
      'cart',
      'providers',
      'variants',
      'quote',
      'hold',
      'authorize',
      'claim',
      'capture',
      'close',
    ])
    const [row] = await shop.rows()
    expect(row?.outbox.map(({ type }: { type: string }) => type)).toEqual(['OrderPlaced', 'ActDone', 'OrderConfirmed'])
  })

  test('given the order is read later, then titles, prices and addresses are as they were', async () => {
    const { order, ask } = await start()
    const { order: placed } = await order(buyer)
    const query = `{ order(id: "${placed?.id}") {
      email shippingMethod lines { sku title quantity unitPrice { amount } total { amount } variant { id } }
      totals { subtotal { amount } shipping { amount } total { amount currencyCode } taxIncluded }
      shippingAddress { city countryCode } billingAddress { city } placedAt } }`
    expect((await ask(buyer, query)).data).toEqual({
      order: {
        email: 'ada@example.test',
        shippingMethod: 'Standard',
        lines: [
          {
            sku: 'SKU-a',
            title: 'Shirt / M',
            quantity: 2,
            unitPrice: { amount: '19.90' },
            total: { amount: '39.80' },
            variant: { id: 'var_a' },
          },
        ],
        totals: {
          subtotal: { amount: '39.80' },
          shipping: { amount: '4.90' },
          total: { amount: '44.70', currencyCode: 'EUR' },
          taxIncluded: true,
        },
        shippingAddress: { city: 'London', countryCode: 'GB' },
        billingAddress: { city: 'London' },
        placedAt: '2040-01-01T00:00:00.000Z',
      },
    })
  })

  test('C5: given 20 requests with one key at once, then there is one order, one charge, and 20 equal answers (I14)', async () => {
    const shop = await start()
    const told = await Promise.all(Array.from({ length: 20 }, () => shop.order(buyer)))
    expect(new Set(told.map(({ order }) => order?.id)).size).toBe(1)
    expect(told.map(({ order, userErrors }) => [order?.status, userErrors.length])).toEqual(
      Array(20).fill(['CONFIRMED', 0]),
    )
    expectSold(shop, told[0]!.order!.id)
    expect(await shop.rows()).toHaveLength(1)
  })

  test('given a request that is under way for more than 3 s, when it is repeated, then it is told so, and the first one goes on', async () => {
    const shop = await start()
    const slow = shop.shop.stop('authorize')
    const first = shop.order(buyer)
    await slow.reached
    const began = performance.now()
    const second = await shop.order(buyer)
    expect(second).toMatchObject({ order: { status: 'AWAITING_PAYMENT' }, userErrors: [{ code: 'IN_PROGRESS' }] })
    expect(performance.now() - began).toBeGreaterThan(2_900)
    slow.letGo()
    expect((await first).order?.id).toBe(second.order?.id)
    await expect.poll(async () => (await shop.rows())[0]?.state.status).toBe('CONFIRMED')
    expect((await shop.order(buyer)).userErrors).toEqual([])
    expectSold(shop, second.order!.id)
  })

  test('given a payment that takes its time, then the buyer hears of the order within 6 s, who asks again is told the same at once, and it goes on (F5)', async () => {
    const shop = await start()
    const slow = shop.shop.stop('authorize')
    const waited = liveClock()
    const told = await shop.order(buyer)
    expect(waited()).toBeLessThan(8_000)
    expect(told).toMatchObject({ order: { status: 'AWAITING_PAYMENT' }, userErrors: [{ code: 'PAYMENT_PENDING' }] })
    shop.clock.advance(seconds(6))
    const waitedAgain = liveClock()
    expect(await shop.order(buyer)).toEqual(told)
    expect(waitedAgain()).toBeLessThan(2_500)
    slow.letGo()
    await expect.poll(async () => (await shop.rows())[0]?.state.status).toBe('CONFIRMED')
    expectSold(shop, told.order!.id)
  })

  test('given a request that is under way in another process, when it is repeated, then it waits for it without asking anybody again, 3 s at most (I14)', async () => {
    const shop = await start()
    const other = await shop.another()
    const slow = shop.shop.stop('authorize')
    const first = shop.order(buyer)
    await slow.reached
    expect((await other.order(buyer)).userErrors).toMatchObject([{ code: 'IN_PROGRESS' }])
    const patient = other.order(buyer)
    slow.letGo()
    const id = (await first).order?.id
    expect(await patient).toMatchObject({ order: { id, status: 'CONFIRMED' }, userErrors: [] })
    expect(shop.shop.calls.filter((command) => command === 'authorize')).toHaveLength(1)
  })

  test('given whoever drove an order is gone, when the request is repeated 3 s later, then it goes on here', async () => {
    const shop = await start()
    const other = await shop.another()
    const lost = shop.shop.stop('authorize')
    const first = shop.order(buyer)
    await lost.reached
    shop.clock.advance(seconds(3))
    expect((await other.order(buyer)).order?.status).toBe('CONFIRMED')
    lost.letGo()
    await first
  })

  test('C6: given 20 keys for one cart at once, then there is one order, and the others are told of it', async () => {
    const shop = await start()
    const told = await Promise.all(
      Array.from({ length: 20 }, (_, index) => shop.order(buyer, { idempotencyKey: `key-${index}` })),
    )
    const winners = told.filter(({ userErrors }) => userErrors.length === 0)
    expect(winners).toHaveLength(1)
    const id = winners[0]?.order?.id
    for (const { order, userErrors } of told.filter((each) => each !== winners[0])) {
      expect(userErrors).toMatchObject([{ code: 'CART_ALREADY_ORDERED' }])
      expect(order?.id).toBe(id)
    }
    expectSold(shop, id!)
    const late = await shop.order(buyer, { idempotencyKey: 'late' })
    expect(late).toMatchObject({ order: { id }, userErrors: [{ code: 'CART_ALREADY_ORDERED' }] })
    shop.clock.advance(minutes(11))
    expect((await shop.order(buyer, { idempotencyKey: 'later' })).userErrors).toMatchObject([{ code: 'CART_EMPTY' }])
  })

  test('C7: given the same key, then other input is refused without effect, and another buyer is independent', async () => {
    const { order, shop, rows } = await start()
    const first = await order(buyer)
    expect((await order(buyer, { email: 'eve@example.test' })).userErrors).toMatchObject([
      { code: 'IDEMPOTENCY_KEY_REUSED', field: ['input', 'idempotencyKey'] },
    ])
    expect(await rows()).toHaveLength(1)
    shop.fill(guest.id, { var_a: 2 })
    const other = await order(guest)
    expect(other.order).toMatchObject({ status: 'CONFIRMED', number: '100002' })
    expect(other.order?.id).not.toBe(first.order?.id)
  })

  test('given many confirmations in two processes at once, then the numbers have no gap and no double', async () => {
    const { order, shop, subgraph, definition, deps, rows } = await start()
    const second = await startSubgraph(definition, deps)
    const buyers = Array.from({ length: 12 }, (_, index) => ({ ...guest, id: `gst_${index}` }))
    for (const { id } of buyers) shop.fill(id, { var_b: 1 })
    shop.stock.add('var_b', 12)
    const placed = await Promise.all(buyers.map((viewer) => order(viewer, { units: 1, token: 'tok_requires_action' })))
    const ids = placed.map((told) => told.order!.id)
    for (const id of ids) shop.payments.confirm(id)
    const follow = (id: string, index: number) => {
      const [consumer] = (index % 2 === 0 ? subgraph : second).parts.consumers ?? []
      const event = { id: 'evt_1', at: new Date(0), aggregateId: 'pay_1', type: 'PaymentAuthorized' }
      return consumer?.on.PaymentAuthorized?.({ ...event, payload: { orderId: id } })
    }
    await Promise.all(ids.map(follow))
    await second.stop()
    const numbers = (await rows()).map((row) => row.state.number).sort()
    expect(numbers).toEqual(Array.from({ length: 12 }, (_, index) => 100_001 + index))
  })
})
