import { afterAll, beforeAll, expect, test } from 'vitest'
import { tidewaterGoods } from '../../commands/seed/sellers.ts'
import { makeShop, Refused } from '../../examples/client/shop.ts'
import { buySomething } from '../../examples/client/story.ts'
import { startTogether } from '../shop.ts'

let shop: Awaited<ReturnType<typeof startTogether>>
beforeAll(async () => {
  // Shorter than the head start with which the example renews: every request needs a new token.
  shop = await startTogether({ ACCESS_TOKEN_SECONDS: '20' })
})
afterAll(() => shop?.stop())

test('given a frontend that copied the example, when a guest buys, then cart and order move by themselves up to the confirmation (R15)', async () => {
  const client = makeShop(shop.url)
  const lines: string[] = []
  const order = await buySomething(client, (line) => void lines.push(line))
  expect(order).toMatchObject({ status: 'CONFIRMED', number: expect.any(String), payments: [{ status: 'CAPTURED' }] })
  const reasons = lines.filter((line) => line.startsWith('cart:')).map((line) => line.split(/[ ,]+/)[1])
  // News of the prices that the seed has just set may still arrive in between.
  expect(reasons.filter((reason) => reason !== 'PRICE_CHANGED')).toEqual([
    'SNAPSHOT',
    'LINE_ADDED',
    'DESTINATION_CHANGED',
    'ORDERED',
  ])
  expect(lines.filter((line) => line.startsWith('order:'))).toEqual([
    expect.stringContaining('OrderPlaced'),
    expect.stringContaining('StockHeld'),
    expect.stringContaining('PaymentAuthorized'),
    expect.stringContaining('StockClaimed'),
    expect.stringContaining('PaymentCaptured'),
    'order: OrderConfirmed, CONFIRMED',
  ])
  client.close()
})

test('given the example, when somebody signs in with a good or a bad password, then they are in, or there is an error with a code', async () => {
  const client = makeShop(shop.url)
  await client.signIn(tidewaterGoods.email, tidewaterGoods.password)
  await expect(client.signIn(tidewaterGoods.email, 'not the password')).rejects.toThrow(Refused)
  await expect(client.signIn(tidewaterGoods.email, 'not the password')).rejects.toMatchObject({
    code: 'INVALID_CREDENTIALS',
  })
  client.close()
})
