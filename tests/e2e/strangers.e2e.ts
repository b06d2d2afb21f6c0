import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { lanternHouse, tidewaterGoods } from '../../commands/seed/sellers.ts'
import { callHeader, type Viewer } from '../../platform/auth.ts'
import { type Answer, ask, connect, get, type Result, send, type TestShop } from '../client.ts'
import { addLine, guest, offer, placeOrder, signIn, signUp, unitsLeft } from '../people.ts'
import { modes } from '../shop.ts'

const codesOf = (payload: Answer): string[] => payload.userErrors.map(({ code }: Answer) => code)

/** The places for which the gateway refused an operation as a whole. */
const refusedPlaces = ({ data, errors }: Result<Answer>): string[] => {
  expect(data ?? null).toBeNull()
  return (errors ?? []).map(({ path, extensions }) => {
    expect(extensions.code).toBe('UNAUTHORIZED_FIELD_OR_TYPE')
    return path?.join('.') ?? ''
  })
}

/** The headers with which a subgraph would believe that the caller is an administrator, if they were signed. */
const asAdmin = (id = 'usr_01JD0000000000000T1DEWATER'): Record<string, string> => {
  const viewer: Viewer = { kind: 'user', id, sessionId: 'ses_1', roles: ['ADMIN'] }
  return {
    [callHeader.viewer]: Buffer.from(JSON.stringify(viewer)).toString('base64url'),
    [callHeader.time]: String(Date.now()),
    [callHeader.nonce]: 'req_01ARZ3NDEKTSV4RRFFQ69G5FAV',
    [callHeader.signature]: 'c2lnbmF0dXJl',
  }
}

describe.each(modes)('strangers, %s', (_, start) => {
  let shop: TestShop
  let seller: string
  let otherSeller: string
  beforeAll(async () => {
    shop = await start()
    seller = await signIn(shop, tidewaterGoods)
    otherSeller = await signIn(shop, lanternHouse)
  })
  afterAll(() => shop?.stop())

  /** A confirmed order of one unit. */
  const orderOf = async (token: string): Promise<Answer> => {
    const product = await offer(shop, seller)
    await addLine(shop, token, product.variantIds[0]!)
    const placed = await placeOrder(shop, token)
    expect(placed.userErrors).toEqual([])
    return { ...placed, product }
  }

  const orderDocument =
    'query ($id: ID!, $accessToken: String) { order(id: $id, accessToken: $accessToken) { id email payments { id } shippingAddress { line1 } } }'

  const watchFailure = async (id: string, token?: string, accessToken?: string): Promise<string> => {
    const socket = connect(shop, token)
    const failure = await socket
      .watch(
        'subscription ($id: ID!, $accessToken: String) { orderUpdated(id: $id, accessToken: $accessToken) { seq } }',
        { id, accessToken },
      )
      .next()
      .then(
        () => ({ code: 'no error' }),
        (error) => error,
      )
    await socket.close()
    return failure.code
  }

  test("given somebody's order, when strangers ask for it, watch it, cancel it or touch its payment, then it is not there for them", async () => {
    const { token } = await signUp(shop)
    const { order } = await orderOf(token)
    const paymentId = order.payments[0].id
    const strangers = [(await signUp(shop)).token, await guest(shop), otherSeller, undefined]

    for (const stranger of strangers) {
      const seen = await get(
        shop,
        'query ($id: ID!, $paymentId: ID!) { order(id: $id) { id } payment(id: $paymentId) { id } }',
        { id: order.id, paymentId },
        stranger,
      )
      expect(seen).toEqual({ order: null, payment: null })
      expect(await watchFailure(order.id, stranger)).toBe('NOT_FOUND')
      const { cancelOrder } = await get(
        shop,
        'mutation ($id: ID!) { cancelOrder(input: { id: $id }) { order { id } userErrors { code } } }',
        { id: order.id },
        stranger,
      )
      expect(cancelOrder).toEqual({ order: null, userErrors: [{ code: 'NOT_FOUND' }] })
      const confirmed = await ask(
        shop,
        'mutation ($id: ID!) { confirmPayment(input: { paymentId: $id }) { payment { id } userErrors { code } } }',
        { id: paymentId },
        stranger,
      )
      if (stranger)
        expect(confirmed.data.confirmPayment).toEqual({ payment: null, userErrors: [{ code: 'NOT_FOUND' }] })
      else expect(refusedPlaces(confirmed)).toEqual(['confirmPayment'])
      const refunded = await ask(
        shop,
        `mutation ($id: ID!) { refundPayment(input: { paymentId: $id, amount: { amount: "1.00", currencyCode: "EUR" }, idempotencyKey: "k" }) {
          payment { id } userErrors { code } } }`,
        { id: paymentId },
        stranger,
      )
      expect(refusedPlaces(refunded)).toEqual(['refundPayment'])
    }
    const own = await get(shop, '{ orders(first: 5) { nodes { status payments { status } } } }', {}, token)
    expect(own.orders.nodes).toEqual([{ status: 'CONFIRMED', payments: [{ status: 'CAPTURED' }] }])
  })

  test("given an order of a seller's product, when that seller looks at it, then the order is there but not its payment, and cannot be canceled", async () => {
    const { order } = await orderOf((await signUp(shop)).token)
    const { order: seen } = await get(shop, orderDocument, { id: order.id }, seller)
    expect(seen).toMatchObject({ id: order.id, payments: [] })
    const { cancelOrder } = await get(
      shop,
      'mutation ($id: ID!) { cancelOrder(input: { id: $id }) { userErrors { code } } }',
      { id: order.id },
      seller,
    )
    expect(codesOf(cancelOrder)).toEqual(['NOT_FOUND'])
  })

  test("given a guest's order, when it is asked for with its access token it is there, and with any other token it is not", async () => {
    const { order, accessToken } = await orderOf(await guest(shop))
    const other = await orderOf(await guest(shop))
    const seen = async (id: string, token?: string) =>
      (await get(shop, orderDocument, { id, accessToken: token })).order?.id ?? null
    expect(await seen(order.id, accessToken)).toBe(order.id)
    for (const wrong of [
      undefined,
      '',
      'x',
      other.accessToken,
      `${accessToken}x`,
      accessToken.slice(0, -1),
      accessToken.toUpperCase(),
    ]) {
      expect(await seen(order.id, wrong), String(wrong)).toBeNull()
      expect(await watchFailure(order.id, undefined, wrong), String(wrong)).toBe('NOT_FOUND')
    }
    expect(await seen(other.order.id, accessToken)).toBeNull()
    const cancel = async (token: string) =>
      (
        await get(
          shop,
          'mutation ($input: CancelOrderInput!) { cancelOrder(input: $input) { order { status } userErrors { code } } }',
          { input: { id: order.id, accessToken: token } },
        )
      ).cancelOrder
    expect(await cancel(other.accessToken)).toEqual({ order: null, userErrors: [{ code: 'NOT_FOUND' }] })
    const socket = connect(shop)
    const live = socket.watch(
      'subscription ($id: ID!, $accessToken: String) { orderUpdated(id: $id, accessToken: $accessToken) { event order { id } } }',
      { id: order.id, accessToken },
    )
    expect((await live.next()).orderUpdated).toEqual({ event: 'Snapshot', order: { id: order.id } })
    expect(await cancel(accessToken)).toEqual({ order: { status: 'CANCELED' }, userErrors: [] })
    await socket.close()
  })

  test("given a seller's draft, when others look for it, then only its seller finds it", async () => {
    const draft = await offer(shop, seller, { published: false })
    const { token } = await signUp(shop)
    const find = (viewer?: string) =>
      get(
        shop,
        `query ($id: ID!, $slug: String!, $title: String!) {
          byId: product(id: $id) { id } bySlug: product(slug: $slug) { id }
          search(query: $title, first: 5) { nodes { id } } products(first: 100) { nodes { id } } }`,
        { id: draft.productId, slug: draft.slug, title: draft.title },
        viewer,
      )
    const drafts = (viewer?: string) =>
      ask(shop, '{ products(first: 100, filter: { status: DRAFT }) { nodes { id } } }', {}, viewer)
    for (const viewer of [undefined, token, otherSeller]) {
      const found = await find(viewer)
      expect([found.byId, found.bySlug]).toEqual([null, null])
      expect(JSON.stringify(found)).not.toContain(draft.productId)
    }
    for (const viewer of [undefined, token]) {
      expect((await drafts(viewer)).errors?.[0]?.extensions.code).toBe('FORBIDDEN')
    }
    expect((await drafts(otherSeller)).data.products.nodes).not.toContainEqual({ id: draft.productId })
    expect((await addLine(shop, token, draft.variantIds[0]!)).userErrors[0].code).toMatch(/^(NOT_SOLD|NOT_FOUND)$/)
    const own = await find(seller)
    expect([own.byId, own.bySlug]).toEqual([{ id: draft.productId }, { id: draft.productId }])
    expect((await drafts(seller)).data.products.nodes).toContainEqual({ id: draft.productId })
  })

  test('given a product, when buyers, guests, visitors or another seller try to change it, its stock or its prices, then it stays as it was', async () => {
    const product = await offer(shop, seller, { stock: 7 })
    const state = () =>
      get(
        shop,
        'query ($id: ID!) { product(id: $id) { title updatedAt variants { availability { left } price { amount { amount } } } } }',
        { id: product.productId },
      )
    const before = await state()
    const attempts = `mutation ($id: ID!, $variantId: ID!) {
      createProduct(input: { title: "Mine", variants: [{ sku: "MINE" }] }) { product { id } userErrors { code } }
      updateProduct(input: { id: $id, title: "Mine now" }) { product { id } userErrors { code } }
      publishProduct(input: { id: $id }) { product { id } userErrors { code } }
      adjustStock(input: { variantId: $variantId, delta: 1000, reason: "gift", idempotencyKey: "k" }) { variant { id } userErrors { code } }
      setPrices(input: { prices: [{ variantId: $variantId, amount: { amount: "0.01", currencyCode: "EUR" } }] }) { changed userErrors { code } }
    }`
    const variables = { id: product.productId, variantId: product.variantIds[0] }
    for (const viewer of [undefined, await guest(shop), (await signUp(shop)).token]) {
      const refused = await ask(shop, attempts, variables, viewer)
      expect(refusedPlaces(refused)).toEqual([
        'createProduct',
        'updateProduct',
        'publishProduct',
        'adjustStock',
        'setPrices',
      ])
    }
    const { createProduct: _own, ...refused } = await get(shop, attempts, variables, otherSeller)
    for (const payload of Object.values<Answer>(refused)) {
      expect(payload.userErrors[0].code).toMatch(/^(FORBIDDEN|NOT_FOUND)$/)
    }
    expect(await state()).toEqual(before)
    expect(await unitsLeft(shop, product.slug)).toBe(7)
  })

  test('given operations between subgraphs, when a client sends them, then the graph does not know them', async () => {
    for (const operation of [
      '{ jwks }',
      '{ sessionStates(ids: ["ses_1"]) { active } }',
      '{ variants(ids: ["var_1"]) { id } }',
      '{ cartForCheckout(ownerId: "usr_1") { id } }',
      '{ tryQuote(input: { lines: [] }) { unitPrices { amount } } }',
      '{ products(first: 1) { nodes { variants { sellerId isSold } } } }',
      'mutation { holdStock(input: { orderId: "ord_1", lines: [], expiresAt: "2030-01-01T00:00:00.000Z" }) { done } }',
      'mutation { claimStock(input: { orderId: "ord_1", lines: [] }) { done } }',
      'mutation { releaseStock(input: { orderId: "ord_1", lines: [] }) { done } }',
      'mutation { restockStock(input: { orderId: "ord_1", lines: [] }) { done } }',
      'mutation { closeCart(input: { cartId: "crt_1", orderId: "ord_1" }) { cart { id } } }',
      'mutation { authorizePayment(input: { orderId: "ord_1", ownerId: "usr_1", amount: { amount: "1.00", currencyCode: "EUR" }, provider: "sandbox", token: "tok_ok" }) { payment { id } } }',
      'mutation { capturePayment(input: { orderId: "ord_1" }) { payment { id } } }',
      'mutation { cancelPayment(input: { orderId: "ord_1" }) { payment { id } } }',
      'mutation { ensureAccount(input: { email: "a@b.example", password: "long enough for all", name: "A", roles: [ADMIN] }) { accountId } }',
      'mutation { importProducts(input: { sellerId: "usr_1", products: [] }) { products { handle } } }',
      '{ _service { sdl } }',
      '{ _entities(representations: [{ __typename: "Order", id: "ord_1" }]) { __typename } }',
    ]) {
      const { data, errors } = await ask(shop, operation, {}, seller)
      expect(data ?? null, operation).toBeNull()
      expect(errors?.[0]?.extensions.code, operation).toBe('GRAPHQL_VALIDATION_FAILED')
    }
    const { __schema } = await get(shop, '{ __schema { types { name } } }')
    const names = __schema.types.map(({ name }: Answer) => name)
    for (const hidden of ['SessionState', 'HoldStockInput', 'AuthorizePaymentInput', '_Service', '_Any', '_Entity']) {
      expect(names).not.toContain(hidden)
    }
  })

  test('given a client that sends the headers with which the gateway signs, then they change nothing: the token alone says who it is (R10)', async () => {
    const { token } = await signUp(shop)
    const { order } = await orderOf(token)
    const whoAmI = async (headers: Record<string, string>) =>
      JSON.parse((await send(shop, { query: '{ viewer { kind roles } }' }, headers)).text).data.viewer
    expect(await whoAmI(asAdmin())).toEqual({ kind: 'ANONYMOUS', roles: [] })
    expect(await whoAmI({ ...asAdmin(), authorization: `Bearer ${token}` })).toEqual({ kind: 'USER', roles: ['BUYER'] })
    const { text } = await send(shop, { query: orderDocument, variables: { id: order.id } }, asAdmin())
    expect(JSON.parse(text)).toMatchObject({ data: { order: null } })
  })
})
