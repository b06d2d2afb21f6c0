import { afterAll, beforeAll, expect, test } from 'vitest'
import { tidewaterGoods } from '../../commands/seed/sellers.ts'
import { get, type TestShop } from '../client.ts'
import { addLine, offer, orderFields, placeOrder, signIn, signUp } from '../people.ts'
import { startTogether } from '../shop.ts'

let shop: TestShop & Awaited<ReturnType<typeof startTogether>>
let seller: string
beforeAll(async () => {
  shop = await startTogether()
  seller = await signIn(shop, tidewaterGoods)
})
afterAll(() => shop?.stop())

const send = (path: string, init: RequestInit = {}) =>
  fetch(`${shop.url}${path}`, { method: 'POST', body: '{"id":"evt_x"}', ...init })

test.each<[string, string, RequestInit, number]>([
  ['nothing of a signature', '/webhooks/payments/sandbox', {}, 400],
  ['a wrong one', '/webhooks/payments/sandbox', { headers: { 'sandbox-signature': `t=1,v1=${'0'.repeat(64)}` } }, 400],
  ['an unknown provider', '/webhooks/payments/stripe', {}, 404],
  ['a name that is none', '/webhooks/payments/..%2fusers', {}, 404],
  ['a GET', '/webhooks/payments/sandbox', { method: 'GET', body: null }, 405],
  ['more than 64 kB', '/webhooks/payments/sandbox', { body: 'x'.repeat(70_000) }, 413],
])('given a webhook with %s, then it is refused with a 4xx (threat: payments)', async (_, path, init, status) => {
  expect((await send(path, init)).status).toBe(status)
})

const orderOf = (token: string, id: string) =>
  get(shop, `query ($id: ID!) { order(id: $id) { ${orderFields} } }`, { id }, token).then(({ order }) => order)

test('given the buyer acts on the page of the provider, when its webhook comes, then the waiting order is confirmed, once (C9)', async () => {
  const product = await offer(shop, seller, { stock: 3 })
  const { token } = await signUp(shop)
  await addLine(shop, token, product.variantIds[0]!)
  const payment = { provider: 'sandbox', token: 'tok_requires_action' }
  const { order } = await placeOrder(shop, token, { payment })
  expect(order.status).toBe('AWAITING_PAYMENT')
  const charge = order.payments[0].nextAction.url.split('/').at(-1)
  const headers = { 'content-type': 'application/json' }
  expect((await fetch(`${shop.provider.url}/charges/${charge}/authenticate`, { method: 'POST', headers })).status).toBe(
    200,
  )
  await expect.poll(async () => (await orderOf(token, order.id)).status, { timeout: 10_000 }).toBe('CONFIRMED')
  const { payments } = await orderOf(token, order.id)
  expect(payments).toMatchObject([{ status: 'CAPTURED', transactions: [{ kind: 'AUTHORIZE' }, { kind: 'CAPTURE' }] }])
  const booked = shop.provider.movements(0, 100).filter(({ reference }) => reference === order.id)
  expect(booked.map(({ op }) => op)).toEqual(['authorize', 'charge'])
})
