import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Clock, hours, minutes } from '../../platform/kernel/time.ts'
import { get, send } from '../client.ts'
import { addLine, orderInput, placeOrder, sendOrder, setDestination, signIn, signUp, someVariants } from '../people.ts'
import { startTogether } from '../shop.ts'
import { settled } from '../verified.ts'

let skew = 0
const clock: Clock = { now: () => Date.now() + skew }

let shop: Awaited<ReturnType<typeof startTogether>>
beforeAll(async () => {
  shop = await startTogether({}, { clock })
})
afterAll(() => shop?.stop())

const statusOf = async (token: string): Promise<number> =>
  (await send(shop, { query: '{ viewer { kind } }' }, { authorization: `Bearer ${token}` })).status

const leftOf = async (id: string): Promise<number> => (await someVariants(shop)).find((found) => found.id === id)!.left

test('given a clock that jumps an hour ahead and back, then no hold is lost or stays for ever, tokens from another hour are refused, and people buy all the while (F14, I4)', async () => {
  const [variant] = (await someVariants(shop)).filter(({ left }) => left > 5)
  const { id, left } = variant!
  const person = await signUp(shop)
  /** An order whose buyer has to act at the bank, and does not: its unit is held. */
  const begin = async (token: string): Promise<string> => {
    await addLine(shop, token, id)
    const total = await setDestination(shop, token)
    return (await sendOrder(shop, token, orderInput(total, 'tok_requires_action'))).order.id
  }
  const orderStatus = async (token: string, order: string): Promise<string> =>
    (await get(shop, 'query ($id: ID!) { order(id: $id) { status } }', { id: order }, token)).order.status

  const now = await signIn(shop, person)
  const first = await begin(now)
  expect(await leftOf(id)).toBe(left - 1)

  skew = hours(1)
  expect(await statusOf(now)).toBe(401)
  const ahead = await signIn(shop, person)
  await expect.poll(() => orderStatus(ahead, first), { timeout: 30_000 }).not.toBe('AWAITING_PAYMENT')
  await expect.poll(() => leftOf(id), { timeout: 30_000 }).toBe(left)
  const second = await begin(ahead)

  skew = 0
  expect(await statusOf(ahead)).toBe(401)
  const back = await signIn(shop, person)
  // What was held in the hour ahead is still held, both units of the cart that the first order left behind; others buy beside it.
  expect([await orderStatus(back, second), await leftOf(id)]).toEqual(['AWAITING_PAYMENT', left - 2])
  const other = await signUp(shop)
  await addLine(shop, other.token, id)
  expect((await placeOrder(shop, other.token)).order.status).toBe('CONFIRMED')

  skew = hours(1) + minutes(16)
  const later = await signIn(shop, person)
  await expect.poll(() => orderStatus(later, second), { timeout: 30_000 }).not.toBe('AWAITING_PAYMENT')
  await expect.poll(() => leftOf(id), { timeout: 30_000 }).toBe(left - 1)
  await settled(shop.snapshot)
}, 120_000)
