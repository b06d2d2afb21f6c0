import { describe, expect, test } from 'vitest'
import { anonymous, type Viewer } from '#platform/auth.ts'
import { buyer, guest, otherSeller, seller, start, stranger, support } from './testing.ts'

describe('reading (R9)', () => {
  test('given an order, then its buyer, a seller of a line, staff and holders of its token see it, and nobody else', async () => {
    const { order, ask, shop } = await start()
    shop.fill(guest.id, { var_a: 2 })
    const { order: placed, accessToken } = await order(guest)
    const see = async (viewer: Viewer, token?: string | null) => {
      const query = 'query ($id: ID!, $token: String) { order(id: $id, accessToken: $token) { status } }'
      return (await ask(viewer, query, { id: placed?.id, token })).data?.order
    }
    const reference = `{ _entities(representations: [{ __typename: "Order", id: "${placed?.id}" }]) { ... on Order { status } } }`
    const absorbed = { ...buyer, guestId: guest.id }
    for (const viewer of [guest, absorbed, support, seller]) {
      expect(await see(viewer)).toEqual({ status: 'CONFIRMED' })
      expect((await ask(viewer, reference)).data).toEqual({ _entities: [{ status: 'CONFIRMED' }] })
    }
    for (const viewer of [buyer, stranger, otherSeller, anonymous]) {
      expect(await see(viewer)).toBeNull()
      expect((await ask(viewer, reference)).data).toEqual({ _entities: [null] })
      expect(await see(viewer, accessToken)).toEqual({ status: 'CONFIRMED' })
      expect(await see(viewer, `${accessToken?.slice(0, -2)}xx`)).toBeNull()
    }
    const { accessToken: other } = await order(buyer)
    expect(await see(stranger, other)).toBeNull()
  })

  test('given lines of two sellers, then each sees the own line, what it comes to and where it goes; not the buyer (R9)', async () => {
    const { order, ask, subscribe, shop, rows } = await start()
    shop.sellers.set('var_b', otherSeller.id)
    shop.stock.add('var_b', 5)
    shop.fill(buyer.id, { var_a: 2, var_b: 3 })
    const { order: placed } = await order(buyer, { units: 5 })
    const [row] = await rows()
    const fields =
      'email billingAddress { city } shippingAddress { city } lines { sku } totals { shipping { amount } subtotal { amount } total { amount } }'
    const part = (sku: string, amount: string) => ({
      email: null,
      billingAddress: null,
      shippingAddress: { city: 'London' },
      lines: [{ sku }],
      totals: { shipping: { amount: '0.00' }, subtotal: { amount }, total: { amount } },
    })
    const entity = `{ _entities(representations: [{ __typename: "Order", id: "${placed?.id}" }]) { ... on Order { ${fields} } } }`
    for (const [viewer, expected] of [
      [seller, part('SKU-a', '39.80')],
      [otherSeller, part('SKU-b', '59.70')],
    ] as const) {
      const live = (await subscribe(
        viewer,
        `subscription { orderUpdated(id: "${placed?.id}", after: 5) { order { ${fields} } } }`,
      )) as AsyncIterableIterator<{ data?: unknown }>
      const seen = [
        (await ask(viewer, `{ order(id: "${placed?.id}") { ${fields} } }`)).data?.order,
        ((await ask(viewer, entity)).data?._entities as unknown[])[0],
        ((await live.next()).value.data as { orderUpdated: { order: object } }).orderUpdated.order,
      ]
      await live.return?.()
      expect(seen).toEqual([expected, expected, expected])
    }
    for (const viewer of [buyer, support])
      expect((await ask(viewer, `{ order(id: "${placed?.id}") { ${fields} } }`)).data?.order).toMatchObject({
        email: row?.email,
        lines: [{ sku: 'SKU-a' }, { sku: 'SKU-b' }],
      })
  })

  test('given several orders, then they come page by page, last placed first, and only the own ones', async () => {
    const { order, ask, shop, clock } = await start()
    const ids: (string | undefined)[] = []
    for (const token of ['tok_ok', 'tok_declined', 'tok_ok']) {
      shop.fill(buyer.id, { var_a: 2 })
      clock.advance(1)
      ids.unshift((await order(buyer, { idempotencyKey: `key-${ids.length}`, token })).order?.id)
    }
    const page = async (viewer: Viewer, args: string) =>
      (await ask(viewer, `{ orders(${args}) { nodes { id } pageInfo { hasNextPage endCursor } totalCount } }`)).data
        ?.orders as {
        nodes: { id: string }[]
        pageInfo: { hasNextPage: boolean; endCursor: string }
        totalCount: number
      }
    const first = await page(buyer, 'first: 2')
    expect(first).toMatchObject({
      nodes: [{ id: ids[0] }, { id: ids[1] }],
      pageInfo: { hasNextPage: true },
      totalCount: 3,
    })
    const second = await page(buyer, `first: 2, after: "${first.pageInfo.endCursor}"`)
    expect(second).toMatchObject({ nodes: [{ id: ids[2] }], pageInfo: { hasNextPage: false } })
    expect(await page(buyer, 'first: 5, filter: { status: PAYMENT_FAILED }')).toMatchObject({
      nodes: [{ id: ids[1] }],
      totalCount: 1,
    })
    expect(await page(stranger, 'first: 5')).toMatchObject({ nodes: [], totalCount: 0 })
    const refused = await ask(anonymous, '{ orders(first: 1) { totalCount } }')
    expect(refused.errors?.[0]?.extensions?.code).toBe('UNAUTHENTICATED')
  })
})
