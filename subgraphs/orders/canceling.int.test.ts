import { describe, expect, test } from 'vitest'
import { seconds } from '#kernel/time.ts'
import { anonymous } from '#platform/auth.ts'
import { buyer, expectUntouched, guest, seller, start, stranger } from './testing.ts'

describe('canceling', () => {
  test('given a confirmed order, then money and units go back once, and again changes nothing', async () => {
    const shop = await start()
    const { order: placed } = await shop.order(buyer)
    const input = { id: placed?.id, reason: 'changed my mind' }
    const told = await shop.cancelOrder(buyer, input)
    expect(told).toMatchObject({ order: { status: 'CANCELED', number: '100001', nextStates: [] }, userErrors: [] })
    expect(await shop.cancelOrder(buyer, input)).toEqual(told)
    expectUntouched(shop, placed!.id)
    expect(shop.shop.payments.rows.get(placed!.id)?.status).toBe('REFUNDED')
    expect((await shop.order(buyer)).userErrors).toMatchObject([{ code: 'ILLEGAL_STATE' }])
  })

  test('given an order that waits for its buyer, then the hold ends and the cart can be ordered again', async () => {
    const shop = await start()
    const { order: placed } = await shop.order(buyer, { token: 'tok_requires_action' })
    expect((await shop.order(buyer, { idempotencyKey: 'key-2' })).userErrors).toMatchObject([
      { code: 'CART_ALREADY_ORDERED' },
    ])
    await shop.cancelOrder(buyer, { id: placed?.id })
    expectUntouched(shop, placed!.id)
    expect((await shop.order(buyer, { idempotencyKey: 'key-3' })).order?.status).toBe('CONFIRMED')
  })

  test('given money does not go back at once, then the client is told, and the job goes on', async () => {
    const shop = await start()
    const { order: placed } = await shop.order(buyer)
    shop.shop.lose('cancel', 'before')
    expect(await shop.cancelOrder(buyer, { id: placed?.id })).toMatchObject({
      order: { status: 'CONFIRMED' },
      userErrors: [{ code: 'IN_PROGRESS' }],
    })
    shop.clock.advance(seconds(11))
    await shop.work()
    expectUntouched(shop, placed!.id)
  })

  test('given others or a failed order, then it is refused', async () => {
    const { order, cancelOrder } = await start()
    const failed = await order(buyer, { token: 'tok_declined' })
    expect((await cancelOrder(buyer, { id: failed.order?.id })).userErrors).toMatchObject([{ code: 'ILLEGAL_STATE' }])
    const { order: placed, accessToken } = await order(buyer, { idempotencyKey: 'key-2' })
    for (const viewer of [stranger, guest, anonymous, seller])
      expect((await cancelOrder(viewer, { id: placed?.id })).userErrors).toMatchObject([
        { code: 'NOT_FOUND', field: ['input', 'id'] },
      ])
    const long = { id: placed?.id, reason: 'x'.repeat(201) }
    expect((await cancelOrder(buyer, long)).userErrors).toMatchObject([{ field: ['input', 'reason'] }])
    expect((await cancelOrder(anonymous, { id: placed?.id, accessToken })).order?.status).toBe('CANCELED')
  })
})
