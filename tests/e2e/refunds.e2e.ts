import { afterAll, beforeAll, expect, test } from 'vitest'
import { tidewaterGoods } from '../../commands/seed/sellers.ts'
import { type Answer, get } from '../client.ts'
import { addLine, offer, placeOrder, signIn, signUp } from '../people.ts'
import { startTogether } from '../shop.ts'

type Shop = Awaited<ReturnType<typeof startTogether>>

let shop: Shop
let support: string
beforeAll(async () => {
  shop = await startTogether()
  const person = await signUp(shop)
  const query = 'mutation ($input: MakeAdminInput!) { makeAdmin(input: $input) { userErrors { code } } }'
  await shop.callAs('admin')<Answer>('users', { query, variables: { input: { email: person.email } } })
  support = await signIn(shop, person)
})
afterAll(() => shop?.stop())

const euros = (amount: string) => ({ amount, currencyCode: 'EUR' })

/** A confirmed order of 10.00 EUR and delivery, and what may be done with it. */
const anOrder = async () => {
  const product = await offer(shop, await signIn(shop, tidewaterGoods), { stock: 5 })
  const { token } = await signUp(shop)
  await addLine(shop, token, product.variantIds[0]!)
  const { order } = await placeOrder(shop, token)
  const change = async (query: string, input: object, by: string): Promise<Answer> =>
    Object.values(await get(shop, query, { input }, by))[0]
  return {
    total: order.totals.total.amount as string,
    refund: (amount: string, key: string) =>
      change(
        'mutation ($input: RefundPaymentInput!) { refundPayment(input: $input) { payment { status } userErrors { code } } }',
        { paymentId: order.payments[0].id, amount: euros(amount), idempotencyKey: key },
        support,
      ),
    cancel: () =>
      change(
        'mutation ($input: CancelOrderInput!) { cancelOrder(input: $input) { order { status } userErrors { code } } }',
        { id: order.id },
        token,
      ),
    read: async () =>
      (
        await get(
          shop,
          'query ($id: ID!) { order(id: $id) { status nextStates timeline { event } payments { captured { amount } refunded { amount } } } }',
          { id: order.id },
          token,
        )
      ).order as Answer,
    left: async () =>
      (
        await get(
          shop,
          'query ($slug: String!) { product(slug: $slug) { variants { availability { left } } } }',
          product,
        )
      ).product.variants[0].availability.left as number,
  }
}

const becomes = (read: () => Promise<Answer>, status: string) =>
  expect.poll(async () => (await read()).status, { timeout: 10_000, interval: 20 }).toBe(status)

test('given a confirmed order, when support gives a part back and then the rest, then the order says so, and cannot be canceled any more', async () => {
  const { refund, read, cancel, total, left } = await anOrder()
  for (const _ of [1, 2]) expect((await refund('4.00', 'part')).userErrors).toEqual([])
  await becomes(read, 'PARTIALLY_REFUNDED')
  expect(await read()).toMatchObject({
    nextStates: ['REFUNDED', 'CANCELED'],
    payments: [{ captured: { amount: total }, refunded: { amount: '4.00' } }],
  })
  await refund((Number(total) - 4).toFixed(2), 'rest')
  await becomes(read, 'REFUNDED')
  expect(await cancel()).toMatchObject({ order: { status: 'REFUNDED' }, userErrors: [{ code: 'ILLEGAL_STATE' }] })
  expect([(await read()).nextStates, await left()]).toEqual([[], 4])
})

test('given support refunds while the buyer cancels, then the order ends canceled, and all that was paid goes back, not a cent more (C11)', async () => {
  const { refund, read, cancel, total, left } = await anOrder()
  await Promise.all([cancel(), ...Array.from({ length: 10 }, (_, index) => refund('2.00', `key ${index}`))])
  await expect
    .poll(async () => (await read()).payments[0].refunded.amount, { timeout: 15_000, interval: 50 })
    .toBe(total)
  await becomes(read, 'CANCELED')
  expect(await left()).toBe(5)
  expect((await read()).payments[0].captured.amount).toBe(total)
})
