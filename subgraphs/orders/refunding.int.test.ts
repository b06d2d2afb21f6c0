import { describe, expect, test } from 'vitest'
import { buyer, start } from './testing.ts'

const amount = (text: string) => ({ amount: text, currencyCode: 'EUR' })

describe('an order whose money goes back by the wish of support', () => {
  test('given news of a part and of the rest, each told twice, then each counts once', async () => {
    const { order, hear, rows, ask } = await start()
    const { order: placed } = await order(buyer)
    const tell = (id: string, text: string) =>
      hear('PaymentRefunded', { orderId: placed?.id, paymentId: 'pay_1', amount: amount(text) }, id)
    const status = async () => (await ask(buyer, `{ order(id: "${placed?.id}") { status nextStates } }`)).data?.order
    for (const _ of [1, 2]) await tell('evt_1', '10.00')
    expect(await status()).toEqual({ status: 'PARTIALLY_REFUNDED', nextStates: ['REFUNDED', 'CANCELED'] })
    for (const _ of [1, 2]) await tell('evt_2', '34.70')
    expect(await status()).toEqual({ status: 'REFUNDED', nextStates: [] })
    expect((await rows())[0]?.events.at(-1)).toMatchObject({ event: 'PaymentRefunded' })
    await hear('PaymentRefunded', { orderId: 'ord_unknown', paymentId: 'pay_2', amount: amount('1.00') })
  })

  test('given a canceled order, then news of its money change nothing (C11)', async () => {
    const { order, cancelOrder, hear, rows } = await start()
    const { order: placed } = await order(buyer)
    await cancelOrder(buyer, { id: placed?.id })
    const [before] = await rows()
    await hear('PaymentRefunded', { orderId: placed?.id, paymentId: 'pay_1', amount: amount('44.70') })
    expect((await rows())[0]).toEqual(before)
  })
})
