import { describe, expect, test } from 'vitest'
import { makeManualClock, minutes, seconds } from '#kernel/time.ts'
import { anonymous, type Viewer } from '#platform/auth.ts'
import { startSubgraph } from '#platform/runningSubgraph.ts'
import { startTestSubgraph } from '../../tests/subgraph.ts'
import { type Loss, makeMemorySiblings, totalOf } from './clients.memory.ts'
import { anAddress } from './domain/testing.ts'
import { defineOrders } from './index.ts'

const userWithId = (last: string, ...roles: ('BUYER' | 'SELLER' | 'SUPPORT')[]) => ({
  kind: 'user' as const,
  id: `usr_01ARZ3NDEKTSV4RRFFQ69G5F${last}`,
  sessionId: 'ses_1',
  roles,
})
const buyer = userWithId('B1', 'BUYER')
const stranger = userWithId('B2', 'BUYER')
const support = userWithId('U1', 'SUPPORT')
const seller = userWithId('S1', 'BUYER', 'SELLER')
const otherSeller = userWithId('S2', 'BUYER', 'SELLER')
const guest = { kind: 'guest' as const, id: 'gst_01ARZ3NDEKTSV4RRFFQ69G5FG1', sessionId: 'ses_2' }

interface ToldOrder {
  readonly id: string
  readonly number: string | null
  readonly status: string
  readonly nextStates: string[]
  readonly checkout: { readonly steps: { name: string; status: string; attempt: number; reason: string | null }[] }
  readonly timeline: { seq: number; event: string }[]
}
interface Told {
  readonly order: ToldOrder | null
  readonly accessToken?: string | null
  readonly userErrors: readonly { code: string; message: string; field: string[] | null }[]
}

const fields = `
  id number status nextStates
  checkout { steps { name status attempt reason } }
  timeline { seq event }
`
const place = `mutation ($input: PlaceOrderInput!) {
  placeOrder(input: $input) { order { ${fields} } accessToken userErrors { code message field } }
}`
const cancel = `mutation ($input: CancelOrderInput!) {
  cancelOrder(input: $input) { order { ${fields} } userErrors { code message field } }
}`

const start = async () => {
  const clock = makeManualClock()
  const shop = makeMemorySiblings()
  const definition = defineOrders(() => shop.siblings)
  const started = await startTestSubgraph(definition, { clock })
  const run = async (viewer: Viewer, name: string, query: string, input: object): Promise<Told> => {
    const { data, errors } = await started.ask(viewer, query, { input })
    if (errors) throw new Error(errors[0]?.message)
    return data?.[name] as Told
  }
  const order = (viewer: Viewer, change: { units?: number; token?: string } & Record<string, unknown> = {}) => {
    const { units = 2, token = 'tok_ok', ...rest } = change
    return run(viewer, 'placeOrder', place, {
      idempotencyKey: 'key-1',
      email: 'ada@example.test',
      shippingAddress: anAddress,
      acknowledgedTotal: totalOf(units),
      payment: { provider: 'sandbox', token },
      ...rest,
    })
  }
  shop.stock.add('var_a', 10)
  shop.fill(buyer.id, { var_a: 2 })
  const parts = started.subgraph.parts
  return {
    ...started,
    definition,
    clock,
    shop,
    order,
    cancelOrder: (viewer: Viewer, input: object) => run(viewer, 'cancelOrder', cancel, input),
    /** What the workers do: the job, once. */
    work: async () => {
      for (const job of parts.jobs ?? []) await job.run()
    },
    /** What the relay does with an event of payments. */
    tell: async (type: string, orderId: string) => {
      const event = { id: 'evt_1', at: new Date(0), aggregateId: 'pay_1', type, payload: { orderId } }
      for (const consumer of parts.consumers ?? []) await consumer.on[type]?.(event)
    },
    rows: () => started.deps.database.collection('orders').find({}).toArray(),
    left: (variantId = 'var_a') => shop.stock.rows.get(variantId)?.available,
  }
}

type Shop = Awaited<ReturnType<typeof start>>

/** Nothing held, nothing charged, nothing sold. */
const expectUntouched = ({ shop, left }: Shop, orderId: string) => {
  expect(left()).toBe(10)
  expect([...(shop.stock.rows.get('var_a')?.holds ?? [])]).toEqual([])
  expect(shop.payments.rows.get(orderId)?.charged ?? 0).toBe(0)
  expect(['AUTHORIZED', 'CAPTURED']).not.toContain(shop.payments.rows.get(orderId)?.status)
}

const expectSold = ({ shop, left }: Shop, orderId: string) => {
  expect(left()).toBe(8)
  expect([...(shop.stock.rows.get('var_a')?.claims ?? [])]).toEqual([[orderId, 2]])
  expect(shop.payments.rows.get(orderId)).toMatchObject({ status: 'CAPTURED', charged: 1 })
}

describe('placing an order', () => {
  test('given a cart and a good token, then the order is confirmed, sold, paid, numbered, and the cart closed', async () => {
    const shop = await start()
    const told = await shop.order(buyer)
    expect(told.userErrors).toEqual([])
    expect(told.order).toMatchObject({ number: '100001', status: 'CONFIRMED', nextStates: ['CANCELED'] })
    expect(told.order?.checkout.steps.every(({ status, attempt }) => status === 'DONE' && attempt === 1)).toBe(true)
    expect(told.order?.timeline.map(({ event }) => event).at(-1)).toBe('OrderConfirmed')
    expectSold(shop, told.order!.id)
    expect(shop.shop.carts.get(buyer.id)?.orderedAs).toBe(told.order?.id)
    expect(shop.shop.calls).toEqual(['cart', 'variants', 'quote', 'hold', 'authorize', 'claim', 'capture', 'close'])
    const [row] = await shop.rows()
    expect(row?.outbox.map(({ type }: { type: string }) => type)).toEqual(['OrderPlaced', 'OrderConfirmed'])
  })

  test('given the order is read later, then titles, prices and addresses are as they were', async () => {
    const { order, ask } = await start()
    const { order: placed } = await order(buyer)
    const query = `{ order(id: "${placed?.id}") {
      email shippingMethod lines { sku title quantity unitPrice { amount } total { amount } variant { id } }
      totals { subtotal { amount } shipping { amount } total { amount currencyCode } taxIncluded }
      shippingAddress { city countryCode } billingAddress { city } placedAt } }`
    expect((await ask(buyer, query)).data).toEqual({
      order: {
        email: 'ada@example.test',
        shippingMethod: 'Standard',
        lines: [
          {
            sku: 'SKU-a',
            title: 'Shirt / M',
            quantity: 2,
            unitPrice: { amount: '19.90' },
            total: { amount: '39.80' },
            variant: { id: 'var_a' },
          },
        ],
        totals: {
          subtotal: { amount: '39.80' },
          shipping: { amount: '4.90' },
          total: { amount: '44.70', currencyCode: 'EUR' },
          taxIncluded: true,
        },
        shippingAddress: { city: 'London', countryCode: 'GB' },
        billingAddress: { city: 'London' },
        placedAt: '2026-01-01T00:00:00.000Z',
      },
    })
  })

  test('C5: given 20 requests with one key at once, then there is one order, one charge, and 20 equal answers (I14)', async () => {
    const shop = await start()
    const told = await Promise.all(Array.from({ length: 20 }, () => shop.order(buyer)))
    expect(new Set(told.map(({ order }) => order?.id)).size).toBe(1)
    expect(told.map(({ order, userErrors }) => [order?.status, userErrors.length])).toEqual(
      Array(20).fill(['CONFIRMED', 0]),
    )
    expectSold(shop, told[0]!.order!.id)
    expect(await shop.rows()).toHaveLength(1)
  })

  test('C6: given 20 keys for one cart at once, then there is one order, and the others are told of it', async () => {
    const shop = await start()
    const told = await Promise.all(
      Array.from({ length: 20 }, (_, index) => shop.order(buyer, { idempotencyKey: `key-${index}` })),
    )
    const winners = told.filter(({ userErrors }) => userErrors.length === 0)
    expect(winners).toHaveLength(1)
    const id = winners[0]?.order?.id
    for (const { order, userErrors } of told.filter((each) => each !== winners[0])) {
      expect(userErrors).toMatchObject([{ code: 'CART_ALREADY_ORDERED' }])
      expect(order?.id).toBe(id)
    }
    expectSold(shop, id!)
    const late = await shop.order(buyer, { idempotencyKey: 'late' })
    expect(late).toMatchObject({ order: { id }, userErrors: [{ code: 'CART_ALREADY_ORDERED' }] })
    shop.clock.advance(minutes(11))
    expect((await shop.order(buyer, { idempotencyKey: 'later' })).userErrors).toMatchObject([{ code: 'CART_EMPTY' }])
  })

  test('C7: given the same key, then other input is refused without effect, and another buyer is independent', async () => {
    const { order, shop, rows } = await start()
    const first = await order(buyer)
    expect((await order(buyer, { email: 'eve@example.test' })).userErrors).toMatchObject([
      { code: 'IDEMPOTENCY_KEY_REUSED', field: ['input', 'idempotencyKey'] },
    ])
    expect(await rows()).toHaveLength(1)
    shop.fill(guest.id, { var_a: 2 })
    const other = await order(guest)
    expect(other.order).toMatchObject({ status: 'CONFIRMED', number: '100002' })
    expect(other.order?.id).not.toBe(first.order?.id)
  })

  test('given many confirmations in two processes at once, then the numbers have no gap and no double', async () => {
    const { order, shop, subgraph, definition, deps, rows } = await start()
    const second = await startSubgraph(definition, deps)
    const buyers = Array.from({ length: 12 }, (_, index) => ({ ...guest, id: `gst_${index}` }))
    for (const { id } of buyers) shop.fill(id, { var_b: 1 })
    shop.stock.add('var_b', 12)
    const placed = await Promise.all(buyers.map((viewer) => order(viewer, { units: 1, token: 'tok_requires_action' })))
    const ids = placed.map((told) => told.order!.id)
    for (const id of ids) shop.payments.confirm(id)
    const follow = (id: string, index: number) => {
      const [consumer] = (index % 2 === 0 ? subgraph : second).parts.consumers ?? []
      const event = { id: 'evt_1', at: new Date(0), aggregateId: 'pay_1', type: 'PaymentAuthorized' }
      return consumer?.on.PaymentAuthorized?.({ ...event, payload: { orderId: id } })
    }
    await Promise.all(ids.map(follow))
    await second.stop()
    const numbers = (await rows()).map((row) => row.state.number).sort()
    expect(numbers).toEqual(Array.from({ length: 12 }, (_, index) => 100_001 + index))
  })
})

describe('an order that is refused', () => {
  test('given a decline, then everything is taken back, the answer is kept, and the cart can be ordered again (I10)', async () => {
    const shop = await start()
    const told = await shop.order(buyer, { token: 'tok_declined' })
    expect(told.order).toMatchObject({ status: 'PAYMENT_FAILED', number: null, nextStates: [] })
    expect(told.userErrors).toMatchObject([
      {
        code: 'PAYMENT_DECLINED',
        message: expect.stringContaining('card_declined'),
        field: ['input', 'payment', 'token'],
      },
    ])
    expectUntouched(shop, told.order!.id)
    expect(await shop.order(buyer, { token: 'tok_declined' })).toEqual(told)
    const again = await shop.order(buyer, { idempotencyKey: 'key-2' })
    expect(again).toMatchObject({ order: { status: 'CONFIRMED', number: '100001' }, userErrors: [] })
  })

  test('given too little stock, then each variant is named and nothing is charged', async () => {
    const { order, shop } = await start()
    shop.fill(buyer.id, { var_a: 1, var_b: 1, var_c: 1 })
    const told = await order(buyer, { units: 3 })
    expect(told.order?.status).toBe('PAYMENT_FAILED')
    expect(told.userErrors.map(({ code, message }) => [code, /var_\w/.exec(message)?.[0]])).toEqual([
      ['OUT_OF_STOCK', 'var_b'],
      ['OUT_OF_STOCK', 'var_c'],
    ])
    expect(shop.calls).not.toContain('authorize')
  })

  test('given a request that cannot become an order, then nothing is written', async () => {
    const { order, shop, rows } = await start()
    expect((await order(buyer, { units: 3 })).userErrors).toMatchObject([
      { code: 'PRICE_CHANGED', field: ['input', 'acknowledgedTotal'], message: expect.stringContaining('44.70 EUR') },
    ])
    expect(
      (await order(buyer, { acknowledgedTotal: { amount: '44.70', currencyCode: 'USD' } })).userErrors,
    ).toMatchObject([{ code: 'CURRENCY_MISMATCH', field: ['input', 'acknowledgedTotal', 'currencyCode'] }])
    expect((await order(buyer, { email: 'x' })).userErrors).toMatchObject([{ field: ['input', 'email'] }])
    shop.unsold.add('var_a')
    expect((await order(buyer)).userErrors).toMatchObject([{ code: 'NOT_SOLD' }])
    expect((await order(stranger)).userErrors).toMatchObject([{ code: 'CART_EMPTY' }])
    expect((await order(anonymous)).userErrors).toMatchObject([{ code: 'UNAUTHENTICATED' }])
    shop.lose('cart', 'before')
    expect((await order(buyer)).userErrors).toMatchObject([{ code: 'UNAVAILABLE' }])
    expect(await rows()).toEqual([])
  })
})

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
    expect(replay).toMatchObject({ order: { status: 'PAYMENT_FAILED' }, userErrors: [{ code: 'PAYMENT_DECLINED' }] })
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

describe('canceling', () => {
  test('given a confirmed order, then money and units go back once, and again changes nothing', async () => {
    const shop = await start()
    const { order: placed } = await shop.order(buyer)
    const input = { id: placed?.id, reason: 'changed my mind' }
    const told = await shop.cancelOrder(buyer, input)
    expect(told).toMatchObject({ order: { status: 'CANCELED', number: '100001', nextStates: [] }, userErrors: [] })
    expect(await shop.cancelOrder(buyer, input)).toEqual(told)
    expectUntouched(shop, placed!.id)
    expect(shop.shop.payments.rows.get(placed!.id)?.status).toBe('REFUNDED')
    expect((await shop.order(buyer)).userErrors).toMatchObject([{ code: 'ILLEGAL_STATE' }])
  })

  test('given an order that waits for its buyer, then the hold ends and the cart can be ordered again', async () => {
    const shop = await start()
    const { order: placed } = await shop.order(buyer, { token: 'tok_requires_action' })
    expect((await shop.order(buyer, { idempotencyKey: 'key-2' })).userErrors).toMatchObject([
      { code: 'CART_ALREADY_ORDERED' },
    ])
    await shop.cancelOrder(buyer, { id: placed?.id })
    expectUntouched(shop, placed!.id)
    expect((await shop.order(buyer, { idempotencyKey: 'key-3' })).order?.status).toBe('CONFIRMED')
  })

  test('given money does not go back at once, then the client is told, and the job goes on', async () => {
    const shop = await start()
    const { order: placed } = await shop.order(buyer)
    shop.shop.lose('cancel', 'before')
    expect(await shop.cancelOrder(buyer, { id: placed?.id })).toMatchObject({
      order: { status: 'CONFIRMED' },
      userErrors: [{ code: 'IN_PROGRESS' }],
    })
    shop.clock.advance(seconds(11))
    await shop.work()
    expectUntouched(shop, placed!.id)
  })

  test('given others or a failed order, then it is refused', async () => {
    const { order, cancelOrder } = await start()
    const failed = await order(buyer, { token: 'tok_declined' })
    expect((await cancelOrder(buyer, { id: failed.order?.id })).userErrors).toMatchObject([{ code: 'ILLEGAL_STATE' }])
    const { order: placed, accessToken } = await order(buyer, { idempotencyKey: 'key-2' })
    for (const viewer of [stranger, guest, anonymous, seller])
      expect((await cancelOrder(viewer, { id: placed?.id })).userErrors).toMatchObject([
        { code: 'NOT_FOUND', field: ['input', 'id'] },
      ])
    const long = { id: placed?.id, reason: 'x'.repeat(201) }
    expect((await cancelOrder(buyer, long)).userErrors).toMatchObject([{ field: ['input', 'reason'] }])
    expect((await cancelOrder(anonymous, { id: placed?.id, accessToken })).order?.status).toBe('CANCELED')
  })
})

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

  test('given a subscriber, then the present state comes first and every event after it in order (R15)', async () => {
    const { order, cancelOrder, subscribe } = await start()
    const { order: placed } = await order(buyer, { token: 'tok_requires_action' })
    const query =
      'subscription ($id: ID!, $after: Int) { orderUpdated(id: $id, after: $after) { seq event order { status } } }'
    const open = async (viewer: Viewer, after?: number) => {
      const stream = await subscribe(viewer, query, { id: placed?.id, after })
      if (!(Symbol.asyncIterator in stream))
        return { code: stream.errors?.[0]?.extensions?.code, next: null, leave: null }
      const events = stream[Symbol.asyncIterator]()
      return {
        code: null,
        next: async () => (await events.next()).value?.data?.orderUpdated,
        leave: () => events.return?.(),
      }
    }
    const live = await open(buyer)
    expect(await live.next?.()).toEqual({ seq: 3, event: 'Snapshot', order: { status: 'AWAITING_PAYMENT' } })
    const change = live.next?.()
    await cancelOrder(buyer, { id: placed?.id })
    expect(await change).toEqual({ seq: 4, event: 'OrderCanceled', order: { status: 'CANCELED' } })
    await live.leave?.()
    const resumed = await open(buyer, 1)
    expect(
      [await resumed.next?.(), await resumed.next?.(), await resumed.next?.()].map(({ seq, event }) => [seq, event]),
    ).toEqual([
      [2, 'StockHeld'],
      [3, 'PaymentActionRequired'],
      [4, 'OrderCanceled'],
    ])
    await resumed.leave?.()
    expect((await open(stranger)).code).toBe('NOT_FOUND')
    expect((await open(buyer, -1)).code).toBe('BAD_USER_INPUT')
  })
})
