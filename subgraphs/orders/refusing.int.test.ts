import { describe, expect, test } from 'vitest'
import { anonymous } from '#platform/auth.ts'
import { buyer, expectUntouched, start, stranger } from './testing.ts'

describe('an order that is refused', () => {
  test('given a decline, then everything is taken back, the answer is kept, and the cart can be ordered again (I10)', async () => {
    const shop = await start()
    const told = await shop.order(buyer, { token: 'tok_declined' })
    expect(told.order).toMatchObject({ status: 'PAYMENT_FAILED', number: null, nextStates: [] })
    expect(told.userErrors).toMatchObject([
      {
        code: 'PAYMENT_DECLINED',
        message: expect.stringContaining('card_declined'),
        field: ['input', 'payment', 'token'],
      },
    ])
    expectUntouched(shop, told.order!.id)
    expect(await shop.order(buyer, { token: 'tok_declined' })).toEqual(told)
    const again = await shop.order(buyer, { idempotencyKey: 'key-2' })
    expect(again).toMatchObject({ order: { status: 'CONFIRMED', number: '100001' }, userErrors: [] })
  })

  test('given too little stock, then each variant is named and nothing is charged', async () => {
    const { order, shop } = await start()
    shop.fill(buyer.id, { var_a: 1, var_b: 1, var_c: 1 })
    const told = await order(buyer, { units: 3 })
    expect(told.order?.status).toBe('PAYMENT_FAILED')
    expect(told.userErrors.map(({ code, message }) => [code, /var_\w/.exec(message)?.[0]])).toEqual([
      ['OUT_OF_STOCK', 'var_b'],
      ['OUT_OF_STOCK', 'var_c'],
    ])
    expect(shop.calls).not.toContain('authorize')
  })

  test('given more of a variant than an order may have, over all its lines, then LIMIT_EXCEEDED, and nothing is written', async () => {
    const { order, shop, rows } = await start()
    shop.limits.set('var_a', 2)
    expect((await order(buyer)).order?.status).toBe('CONFIRMED')
    shop.fill(buyer.id, { var_a: 3 })
    const refused = await order(buyer, { idempotencyKey: 'key-2', units: 3 })
    expect(refused).toMatchObject({ order: null, userErrors: [{ code: 'LIMIT_EXCEEDED', field: null }] })
    expect(await rows()).toHaveLength(1)
  })

  test('given a bundle beside a part of it, then what both need of the part is summed, and it is the bundle that is named (C4)', async () => {
    const { order, shop, left, cancelOrder } = await start()
    shop.bundles.set('var_kit', [
      { variantId: 'var_a', quantity: 4 },
      { variantId: 'var_b', quantity: 1 },
    ])
    shop.stock.add('var_b', 9)
    shop.fill(buyer.id, { var_kit: 2, var_a: 3 })
    const refused = await order(buyer, { units: 5 })
    expect(refused.order?.status).toBe('PAYMENT_FAILED')
    expect(refused.userErrors).toMatchObject([{ code: 'OUT_OF_STOCK', message: expect.stringContaining('SKU-t') }])
    expect([left(), left('var_b')]).toEqual([10, 9])
    shop.fill(buyer.id, { var_kit: 2, var_a: 2 })
    const { order: placed } = await order(buyer, { idempotencyKey: 'key-2', units: 4 })
    expect([placed?.status, left(), left('var_b')]).toEqual(['CONFIRMED', 0, 7])
    shop.bundles.set('var_kit', [{ variantId: 'var_b', quantity: 9 }])
    await cancelOrder(buyer, { id: placed?.id })
    expect([left(), left('var_b')]).toEqual([10, 9])
  })

  test('given a request that cannot become an order, then nothing is written', async () => {
    const { order, shop, rows } = await start()
    expect((await order(buyer, { units: 3 })).userErrors).toMatchObject([
      { code: 'PRICE_CHANGED', field: ['input', 'acknowledgedTotal'], message: expect.stringContaining('44.70 EUR') },
    ])
    expect(
      (await order(buyer, { acknowledgedTotal: { amount: '44.70', currencyCode: 'USD' } })).userErrors,
    ).toMatchObject([{ code: 'CURRENCY_MISMATCH', field: ['input', 'acknowledgedTotal', 'currencyCode'] }])
    expect((await order(buyer, { email: 'x' })).userErrors).toMatchObject([{ field: ['input', 'email'] }])
    expect((await order(buyer, { payment: { provider: 'nobody', token: 'tok_ok' } })).userErrors).toMatchObject([
      { code: 'BAD_USER_INPUT', field: ['input', 'payment', 'provider'] },
    ])
    shop.unsold.add('var_a')
    expect((await order(buyer)).userErrors).toMatchObject([{ code: 'NOT_SOLD' }])
    expect((await order(stranger)).userErrors).toMatchObject([{ code: 'CART_EMPTY' }])
    expect((await order(anonymous)).userErrors).toMatchObject([{ code: 'UNAUTHENTICATED' }])
    shop.lose('cart', 'before')
    expect((await order(buyer)).userErrors).toMatchObject([{ code: 'UNAVAILABLE' }])
    expect(await rows()).toEqual([])
  })
})
