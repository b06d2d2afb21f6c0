import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Answer, connect, get, type TestShop } from '../client.ts'
import {
  addLine,
  address,
  guest,
  orderInput,
  placeOrder,
  sendOrder,
  signUp,
  someVariants,
  unitsLeft,
} from '../people.ts'
import { modes } from '../shop.ts'

const liveCart = 'subscription { cartUpdated { seq reason cart { lines { quantity } } } }'

const liveStock =
  'subscription ($ids: [ID!]!) { stockChanged(variantIds: $ids) { seq variant { availability { left } } } }'

const liveOrder = /* GraphQL */ `
  subscription ($id: ID!, $after: Int) {
    orderUpdated(id: $id, after: $after) {
      seq
      event
      order {
        number
        status
        timeline { seq event }
        payments { status captured { amount } refunded { amount } }
        lines { quantity variant { sku availability { left } product { title } } }
      }
    }
  }
`

const expectNoGap = (updates: readonly Answer[], from: number) =>
  expect(updates.map(({ orderUpdated }) => orderUpdated.seq)).toEqual(updates.map((_, index) => from + index))

describe.each(modes)('a buyer, %s', (_, start) => {
  let shop: TestShop
  beforeAll(async () => {
    shop = await start()
  })
  afterAll(() => shop?.stop())

  test('given the catalogue, when a visitor browses without signing in, then list, search and product agree on title, price and stock', async () => {
    const { products, categories } = await get(
      shop,
      `{ categories { slug name }
         products(first: 5, sort: TITLE_ASC) { totalCount pageInfo { hasNextPage endCursor } nodes {
           id slug title seller { shopName } categories { slug }
           variants { id price { amount { amount currencyCode } lowestIn30Days { amount } } availability { inStock left } } } } }`,
    )
    expect(products.nodes).toHaveLength(5)
    expect(products.totalCount).toBeGreaterThanOrEqual(40)
    expect(categories.length).toBeGreaterThanOrEqual(6)
    const next = await get(
      shop,
      'query ($after: String) { products(first: 5, after: $after, sort: TITLE_ASC) { nodes { id title } } }',
      { after: products.pageInfo.endCursor },
    )
    const titles = [...products.nodes, ...next.products.nodes].map(({ title }: Answer) => title)
    expect(new Set(titles).size).toBe(10)

    const [first] = products.nodes
    expect(first.seller.shopName).toBeTruthy()
    for (const { price, availability } of first.variants) {
      expect(price.amount).toEqual({ amount: expect.stringMatching(/^\d+\.\d\d$/), currencyCode: 'EUR' })
      expect(availability.inStock).toBe(availability.left > 0)
    }
    const fields = 'id slug title variants { id price { amount { amount } } availability { left } }'
    const { byId, bySlug, search } = await get(
      shop,
      `query ($id: ID!, $slug: String!, $words: String!) {
        byId: product(id: $id) { ${fields} } bySlug: product(slug: $slug) { ${fields} }
        search(query: $words, first: 5) { totalCount nodes { ${fields} } } }`,
      { id: first.id, slug: first.slug, words: first.title },
    )
    expect(byId).toEqual(bySlug)
    expect(byId.variants.map(({ id }: Answer) => id)).toEqual(first.variants.map(({ id }: Answer) => id))
    expect(search.nodes).toContainEqual(byId)
  })

  test('given a cart, when the buyer orders it while a second device watches, then order, payment and stock agree (I7, I15), and a cancellation gives all back', async () => {
    const { token } = await signUp(shop)
    const [variant] = (await someVariants(shop)).filter(({ left }) => left > 5)
    const { products } = await get(shop, '{ products(first: 40) { nodes { slug title variants { id } } } }')
    const { slug } = products.nodes.find(({ variants }: Answer) => variants[0].id === variant!.id)

    const device = connect(shop, token)
    const onCart = device.watch(liveCart)
    expect((await onCart.next()).cartUpdated.reason).toBe('SNAPSHOT')
    expect((await addLine(shop, token, variant!.id, 3)).userErrors).toEqual([])

    const onStock = device.watch(liveStock, { ids: [variant!.id] })
    expect((await onStock.next()).stockChanged.variant.availability.left).toBe(variant!.left)

    const { shippingMethods } = await get(
      shop,
      'query ($to: AddressInput!) { shippingMethods(destination: $to) { id name price { amount } freeFrom { amount } } }',
      { to: address },
    )
    const chosen = shippingMethods.at(-1)
    const { setCartDestination } = await get(
      shop,
      `mutation ($input: SetCartDestinationInput!) { setCartDestination(input: $input) {
        cart { problems { code } shippingMethodId totals { subtotal { amount } shipping { amount } tax { amount } total { amount currencyCode } rows { kind amount { amount } } } }
        userErrors { code } } }`,
      { input: { shippingAddress: address, shippingMethodId: chosen.id } },
      token,
    )
    const { totals, problems, shippingMethodId } = setCartDestination.cart
    expect([problems, shippingMethodId]).toEqual([[], chosen.id])
    const cents = (amount: string) => Math.round(Number(amount) * 100)
    expect(cents(totals.total.amount)).toBe(cents(totals.subtotal.amount) + cents(totals.shipping.amount))
    // Prices contain the tax, so its row explains but does not add (I6).
    const added = totals.rows
      .filter(({ kind }: Answer) => kind !== 'TAX')
      .map(({ amount }: Answer) => cents(amount.amount))
    expect(added.reduce((sum: number, amount: number) => sum + amount, 0)).toBe(cents(totals.total.amount))

    const { order, accessToken, userErrors } = await sendOrder(shop, token, {
      ...orderInput(totals.total),
      shippingMethodId: chosen.id,
    })
    expect(userErrors).toEqual([])
    expect(order).toMatchObject({
      status: 'CONFIRMED',
      number: expect.stringMatching(/^\d+$/),
      totals: { total: totals.total },
      lines: [{ quantity: 3, variant: { id: variant!.id } }],
      payments: [{ status: 'CAPTURED', captured: totals.total }],
    })
    expect(accessToken).toBeTruthy()
    expect(order.checkout.steps.map(({ status }: Answer) => status)).toEqual(Array(6).fill('DONE'))

    const changes = await onCart.until(({ cartUpdated }) => cartUpdated.reason === 'ORDERED')
    // News of prices that are as new as the product may come late.
    const reasons = changes.map(({ cartUpdated }) => cartUpdated.reason).filter((reason) => reason !== 'PRICE_CHANGED')
    expect(reasons).toEqual(['LINE_ADDED', 'DESTINATION_CHANGED', 'ORDERED'])
    expect((await get(shop, '{ cart { lines { quantity } } }', {}, token)).cart?.lines ?? []).toEqual([])
    expect(await unitsLeft(shop, slug)).toBe(variant!.left - 3)
    await onStock.until(({ stockChanged }) => stockChanged.variant.availability.left === variant!.left - 3)

    const onOrder = device.watch(liveOrder, { id: order.id, after: 0 })
    const updates = await onOrder.until(({ orderUpdated }) => orderUpdated.event === 'OrderConfirmed')
    expectNoGap(updates, 1)
    expect(updates.map(({ orderUpdated }) => orderUpdated.event)).toEqual(
      order.timeline.map(({ event }: Answer) => event),
    )
    expect(updates.at(-1).orderUpdated.order).toMatchObject({
      number: order.number,
      payments: [{ status: 'CAPTURED', captured: { amount: totals.total.amount } }],
      lines: [{ quantity: 3, variant: { sku: variant!.sku, product: { title: variant!.title } } }],
    })

    const { orders } = await get(shop, '{ orders(first: 5) { totalCount nodes { id number status } } }', {}, token)
    expect(orders).toEqual({ totalCount: 1, nodes: [{ id: order.id, number: order.number, status: 'CONFIRMED' }] })

    const { cancelOrder } = await get(
      shop,
      'mutation ($input: CancelOrderInput!) { cancelOrder(input: $input) { order { status payments { status refunded { amount } } } userErrors { code } } }',
      { input: { id: order.id, reason: 'changed my mind' } },
      token,
    )
    expect(cancelOrder).toEqual({
      order: { status: 'CANCELED', payments: [{ status: 'REFUNDED', refunded: { amount: totals.total.amount } }] },
      userErrors: [],
    })
    expect(await unitsLeft(shop, slug)).toBe(variant!.left)
    const after = await onOrder.until(({ orderUpdated }) => orderUpdated.event === 'OrderCanceled')
    expectNoGap(after, updates.length + 1)
    expect(after.at(-1).orderUpdated.order).toMatchObject({
      status: 'CANCELED',
      payments: [{ status: 'REFUNDED', refunded: { amount: totals.total.amount } }],
    })
    await device.close()
  })

  test('given a guest, when they order and come back with the access token of the order, then they see it', async () => {
    const token = await guest(shop)
    const [variant] = (await someVariants(shop)).filter(({ left }) => left > 3)
    await addLine(shop, token, variant!.id)
    const { order, accessToken } = await placeOrder(shop, token)
    expect(order.status).toBe('CONFIRMED')
    const seen = await get(
      shop,
      'query ($id: ID!, $accessToken: String) { order(id: $id, accessToken: $accessToken) { number } }',
      {
        id: order.id,
        accessToken,
      },
    )
    expect(seen.order).toEqual({ number: order.number })
  })
})
