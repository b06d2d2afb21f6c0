import { describe, expect, test } from 'vitest'
import { minutes, seconds } from '#kernel/time.ts'
import { liveClock } from '../../tests/lateness.ts'
import type { Loss } from './clients.memory.ts'
import { buyer, expectSold, expectUntouched, start } from './testing.ts'

describe('an order that waits', () => {
  test('given the buyer has to act, when the payment is authorised, then the order goes on', async () => {
    const shop = await start()
    const { order: placed, userErrors } = await shop.order(buyer, { token: 'tok_requires_action' })
    expect(userErrors).toEqual([])
    expect(placed?.status).toBe('AWAITING_PAYMENT')
    expect(placed?.checkout.steps[1]).toMatchObject({ name: 'AUTHORIZE_PAYMENT', status: 'ACTION_REQUIRED' })
    shop.shop.payments.confirm(placed!.id)
    await shop.tell('PaymentAuthorized', placed!.id)
    await shop.tell('PaymentAuthorized', placed!.id)
    await shop.tell('PaymentAuthorized', 'ord_unknown')
    const replay = await shop.order(buyer, { token: 'tok_requires_action' })
    expect(replay).toMatchObject({ order: { status: 'CONFIRMED', number: '100001' }, userErrors: [] })
    expectSold(shop, placed!.id)
  })

  test('given the news of the payment was lost, then the job asks for it', async () => {
    const shop = await start()
    const { order: placed } = await shop.order(buyer, { token: 'tok_requires_action' })
    shop.shop.payments.confirm(placed!.id)
    shop.clock.advance(seconds(61))
    await shop.work()
    expectSold(shop, placed!.id)
  })

  test('given the buyer never acts, then the order fails when its hold ends (I4, I11)', async () => {
    const shop = await start()
    const { order: placed } = await shop.order(buyer, { token: 'tok_requires_action' })
    shop.clock.advance(minutes(10))
    await shop.work()
    expectUntouched(shop, placed!.id)
    const replay = await shop.order(buyer, { token: 'tok_requires_action' })
    expect(replay).toMatchObject({ order: { status: 'PAYMENT_FAILED' }, userErrors: [{ code: 'PAYMENT_EXPIRED' }] })
  })

  const losses = ['hold', 'authorize', 'claim', 'capture', 'close'].flatMap((command) =>
    (['before', 'after'] as const).map((loss): [string, Loss] => [command, loss]),
  )
  test.each(losses)(
    'given no answer of %s (%s it took effect), then the order is kept and the job confirms it exactly once (I11, I13, R3)',
    async (command, loss) => {
      const shop = await start()
      shop.shop.lose(command, loss)
      const told = await shop.order(buyer)
      const expected =
        command === 'close'
          ? []
          : [{ code: command === 'authorize' || command === 'capture' ? 'PAYMENT_PENDING' : 'UNAVAILABLE' }]
      expect(told.userErrors).toMatchObject(expected)
      await shop.work()
      shop.clock.advance(seconds(11))
      await shop.work()
      expectSold(shop, told.order!.id)
      const [row] = await shop.rows()
      expect(row).toMatchObject({ state: { status: 'CONFIRMED', number: 100_001 }, dueAt: null })
      expect(row?.steps.every(({ status }: { status: string }) => status === 'DONE')).toBe(true)
      expect(shop.shop.carts.get(buyer.id)?.orderedAs).toBe(told.order?.id)
    },
  )

  test('given the provider is away, then the order waits and says so, and goes on when the buyer asks again, or by itself (F5)', async () => {
    const shop = await start()
    const { provider } = shop.shop.payments
    const seen = ({ order }: Awaited<ReturnType<typeof shop.order>>) => [
      order?.status,
      order?.checkout.steps[1]?.reason,
    ]
    provider.isAway = true
    const told = await shop.order(buyer)
    expect(told.userErrors).toMatchObject([{ code: 'PAYMENT_UNAVAILABLE' }])
    expect(seen(told)).toEqual(['AWAITING_PAYMENT', 'PAYMENT_UNAVAILABLE'])
    expect(told.order?.checkout.steps[1]?.status).toBe('RUNNING')
    expect((await shop.order(buyer)).userErrors).toMatchObject([{ code: 'PAYMENT_UNAVAILABLE' }])
    provider.isAway = false
    expect(seen(await shop.order(buyer))).toEqual(['CONFIRMED', null])
    expectSold(shop, told.order!.id)
  })

  test('given the provider is away, then the job tries again, the buyer may cancel, and nobody waits longer than the hold (F5, I11)', async () => {
    const shop = await start()
    const { provider } = shop.shop.payments
    provider.isAway = true
    const canceled = await shop.order(buyer)
    expect((await shop.cancelOrder(buyer, { id: canceled.order!.id })).order?.status).toBe('CANCELED')
    expectUntouched(shop, canceled.order!.id)
    const waiting = await shop.order(buyer, { idempotencyKey: 'key-2' })
    shop.clock.advance(seconds(11))
    await shop.work()
    expect((await shop.rows())[1]?.steps[1].attempt).toBe(2)
    shop.clock.advance(minutes(10))
    await shop.work()
    const late = await shop.order(buyer, { idempotencyKey: 'key-2' })
    expect(late).toMatchObject({
      order: { id: waiting.order?.id, status: 'PAYMENT_FAILED' },
      userErrors: [{ code: 'PAYMENT_EXPIRED' }],
    })
    expectUntouched(shop, waiting.order!.id)
  })

  test('given an order that its provider has left open, when it is asked for again and the provider hangs, then the buyer hears within a moment that nobody knows yet (F5)', async () => {
    const shop = await start()
    shop.shop.lose('authorize', 'before')
    const { order: told } = await shop.order(buyer)
    const hanging = shop.shop.stop('authorize')
    const waited = liveClock()
    const again = shop.order(buyer)
    await hanging.reached
    expect(await again).toMatchObject({ order: { id: told?.id }, userErrors: [{ code: 'PAYMENT_PENDING' }] })
    expect(waited()).toBeLessThan(2_500)
    hanging.letGo()
    await expect.poll(async () => (await shop.rows())[0]?.state.status).toBe('CONFIRMED')
  })

  test('given no answer, when the client repeats the request, then the same order goes on', async () => {
    const shop = await start()
    shop.shop.lose('authorize', 'after')
    const first = await shop.order(buyer)
    const second = await shop.order(buyer)
    expect(second).toMatchObject({ order: { id: first.order?.id, status: 'CONFIRMED' }, userErrors: [] })
    expectSold(shop, second.order!.id)
  })

  test.each([
    ['cancel', 'before'],
    ['cancel', 'after'],
    ['release', 'before'],
  ] as const)('given no answer of %s (%s) on the way back, then the job finishes it', async (command, loss) => {
    const shop = await start()
    shop.shop.lose(command, loss)
    const told = await shop.order(buyer, { token: 'tok_declined' })
    expect(told.userErrors).toMatchObject([{ code: 'PAYMENT_DECLINED' }])
    shop.clock.advance(seconds(11))
    await shop.work()
    expectUntouched(shop, told.order!.id)
    expect((await shop.rows())[0]?.state.status).toBe('PAYMENT_FAILED')
  })
})
