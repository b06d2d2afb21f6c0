import { afterAll, beforeAll, expect, test } from 'vitest'
import { tidewaterGoods } from '../../commands/seed/sellers.ts'
import { type Answer, ask, get, send, type TestShop } from '../client.ts'
import { addLine, guest, offer, placeOrder, signIn, signUp, someVariants } from '../people.ts'
import { startTogether } from '../shop.ts'
import { until } from '../until.ts'

let shop: Awaited<ReturnType<typeof startTogether>>
beforeAll(async () => {
  shop = await startTogether()
})
afterAll(() => shop?.stop())

const statusOf = async (token: string): Promise<number> =>
  (await send(shop, { query: '{ viewer { kind } }' }, { authorization: `Bearer ${token}` })).status

const accountOf = async (of: TestShop, token: string): Promise<string> =>
  (await get(of, '{ viewer { id } }', {}, token)).viewer.id

test('given a buyer with an order, when the account is closed, then it is out, and the order stays without the buyer', async () => {
  const seller = await signIn(shop, tidewaterGoods)
  const person = await signUp(shop)
  await addLine(shop, person.token, (await offer(shop, seller)).variantIds[0]!)
  const { order, accessToken } = await placeOrder(shop, person.token)
  const { closeAccount } = await get(
    shop,
    'mutation ($input: CloseAccountInput!) { closeAccount(input: $input) { closed userErrors { code } } }',
    { input: { password: person.password } },
    person.token,
  )
  expect(closeAccount).toEqual({ closed: true, userErrors: [] })
  await until(
    1_100,
    () => statusOf(person.token),
    (status) => status === 401,
  )
  const document = `query ($id: ID!, $accessToken: String) { order(id: $id, accessToken: $accessToken) {
    status totals { total { amount } } email shippingAddress { name line1 countryCode } billingAddress { name } } }`
  const after = await until(
    10_000,
    async (): Promise<Answer> => (await get(shop, document, { id: order.id, accessToken })).order,
    ({ email }) => email !== 'ada@example.com',
  )
  expect(after).toEqual({
    status: 'CONFIRMED',
    totals: { total: { amount: order.totals.total.amount } },
    email: 'erased@closed.invalid',
    shippingAddress: { name: 'erased', line1: 'erased', countryCode: 'DE' },
    billingAddress: { name: 'erased' },
  })
})

test('given a guest who ordered, signed up and filled a cart, when the data is exported, then orders and cart come from their own parts of the shop, and without the password nothing does', async () => {
  const visitor = await guest(shop)
  const [first, second] = await someVariants(shop)
  await addLine(shop, visitor, first!.id)
  const asGuest = await placeOrder(shop, visitor)
  const person = await signUp(shop, visitor)
  await addLine(shop, person.token, first!.id)
  const asUser = await placeOrder(shop, person.token)
  await addLine(shop, person.token, second!.id, 2)
  const document = `mutation ($input: ExportMyDataInput!) { exportMyData(input: $input) {
    json data { orders { id email shippingAddress { city } lines { sku } payments { status } } cart { lines { quantity variant { sku } } } }
    userErrors { code } } }`
  const refused = await get(shop, document, { input: { password: 'a wrong password' } }, person.token)
  expect(refused.exportMyData).toEqual({ json: null, data: null, userErrors: [{ code: 'INVALID_CREDENTIALS' }] })
  const { exportMyData } = await get(shop, document, { input: { password: person.password } }, person.token)
  expect(JSON.parse(exportMyData.json).account.email).toBe(person.email)
  const order = { email: 'ada@example.com', shippingAddress: { city: 'Berlin' }, lines: [{ sku: first!.sku }] }
  expect(exportMyData.data).toEqual({
    orders: [asUser, asGuest].map(({ order: { id } }) => ({ ...order, id, payments: [{ status: 'CAPTURED' }] })),
    cart: { lines: [{ quantity: 2, variant: { sku: second!.sku } }] },
  })
})

test('given an administrator, when an account is banned over the graph, then it is out within a second and the log shows who did it', async () => {
  const [root, other] = [await signUp(shop), await signUp(shop)]
  const call = shop.callAs('admin')
  await call('users', {
    query: 'mutation ($input: MakeAdminInput!) { makeAdmin(input: $input) { accountId } }',
    variables: { input: { email: root.email } },
  })
  const [admin, id] = [await signIn(shop, root), await accountOf(shop, other.token)]
  expect(await statusOf(other.token)).toBe(200)
  const ban = 'mutation ($id: ID!) { banAccount(input: { id: $id }) { account { bannedAt } userErrors { code } } }'
  const { banAccount } = await get(shop, ban, { id }, admin)
  expect(banAccount).toEqual({ account: { bannedAt: expect.any(String) }, userErrors: [] })
  await until(
    1_100,
    () => statusOf(other.token),
    (status) => status === 401,
  )
  const log =
    'query ($id: String!) { auditLog(first: 1, filter: { target: $id, action: ACCOUNT_BANNED }) { nodes { actorId address } } }'
  const nodes = await until(
    10_000,
    async (): Promise<Answer[]> => (await get(shop, log, { id }, admin)).auditLog.nodes,
    (found) => found.length > 0,
  )
  expect(nodes).toEqual([{ actorId: await accountOf(shop, admin), address: '127.0.0.1' }])
})

test('given a buyer, when a shop is opened, then the same access token sells within a second', async () => {
  const person = await signUp(shop)
  const open = 'mutation { becomeSeller(input: { shopName: "Looms" }) { viewer { roles } userErrors { code } } }'
  expect((await get(shop, open, {}, person.token)).becomeSeller.userErrors).toEqual([])
  const create =
    'mutation ($input: CreateProductInput!) { createProduct(input: $input) { product { seller { shopName } } } }'
  const input = { title: 'Scarf', vendor: 'Looms', variants: [{ sku: 'LOOM-1' }] }
  const created = await until(
    1_500,
    async (): Promise<Answer> =>
      (await ask(shop, create, { input }, person.token)).data?.createProduct?.product ?? null,
    (product) => product !== null,
  )
  expect(created).toEqual({ seller: { shopName: 'Looms' } })
})
