import { createClient } from 'graphql-ws'
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest'
import { WebSocket } from 'ws'
import { tidewaterGoods } from '../../commands/seed/sellers.ts'
import { callHeader, type Viewer } from '../../platform/auth.ts'
import { makeCallSigner } from '../../platform/caller.ts'
import { readConfig, type SubgraphName, subgraphNames, unitNames } from '../../platform/config.ts'
import { makeIds } from '../../platform/kernel/id.ts'
import { type Clock, makeManualClock, seconds, systemClock } from '../../platform/kernel/time.ts'
import { connectMongo } from '../../platform/mongo.ts'
import { systemRandom } from '../../platform/random.ts'
import { sendOrderUntilConfirmed } from '../askAgain.ts'
import { type Answer, ask, connect, get, send } from '../client.ts'
import { watchLateness } from '../lateness.ts'
import { heldBy, visits } from '../leaks.ts'
import { addLine, offer, orderInput, placeOrder, setDestination, signIn, signUp, someVariants } from '../people.ts'
import { endProcess, soonTired, startApart } from '../shop.ts'
import { freshPrefix } from '../subgraph.ts'

let shop: Awaited<ReturnType<typeof startApart>>
const prefix = freshPrefix()
beforeAll(async () => {
  shop = await startApart({ ...soonTired, DATABASE_PREFIX: prefix, LOG_LEVEL: 'info', METRICS_PORT: '0' })
})
afterAll(() => shop?.stop())

describe('a fault inside a subgraph of a shop of separate processes', () => {
  const units = ['gateway', ...subgraphNames] as const

  interface Line {
    readonly unit: (typeof units)[number]
    readonly msg: string
    readonly requestId?: string
  }

  /** What gateway and subgraphs have logged since the mark. */
  const linesSince = (mark: readonly number[]): Line[] =>
    units.flatMap((unit, index) =>
      shop
        .outputOf(unit)
        .slice(mark[index])
        .split('\n')
        .flatMap((line) => (line.startsWith('{') && line.endsWith('}') ? [{ ...JSON.parse(line), unit }] : [])),
    )

  /** A product of which neither itself nor its variant can be told: it has lost its title, and the variant's bound is no number. */
  const spoilt = async () => {
    const product = await offer(shop, await signIn(shop, tidewaterGoods))
    const mongo = await connectMongo({ url: inject('mongoUrl'), prefix })
    const products = mongo.database('products').collection('products')
    const sound = await products.findOneAndUpdate(
      { slug: product.slug },
      { $unset: { title: 1 }, $set: { 'variants.$[].maxPerOrder': 'many' } },
    )
    onTestFinished(async () => {
      await products.replaceOne({ slug: product.slug }, sound!)
      await mongo.stop()
    })
    return product
  }

  const show = 'query ($slug: String!) { product(slug: $slug) { id title } }'
  const add = `mutation ($id: ID!) { addCartLine(input: { variantId: $id, quantity: 1 }) { cart { id } userErrors { code } } }`

  test('when a query, or a call of cart for a mutation, meets it, then each line that gateway and subgraphs log of it has the x-request-id that the client got', async () => {
    const { slug, variantIds } = await spoilt()
    const authorization = `Bearer ${(await signUp(shop)).token}`
    const mark = units.map((unit) => shop.outputOf(unit).length)
    const told: string[] = []
    const failing = async (query: string, variables: object): Promise<Answer> => {
      const { headers, text } = await send(shop, { query, variables }, { authorization })
      told.push(headers.get('x-request-id') ?? '')
      return JSON.parse(text)
    }
    // A copy from before stands in for a second.
    await expect.poll(async () => (await failing(show, { slug })).errors?.length).toBe(1)
    for (const [query, variables, logging] of [
      [show, { slug }, ['gateway', 'products']],
      [add, { id: variantIds[0] }, ['products']],
    ] as const) {
      await failing(query, variables)
      const logged = () => linesSince(mark).filter(({ requestId }) => requestId === told.at(-1))
      await expect.poll(() => new Set(logged().map(({ unit }) => unit))).toEqual(new Set(logging))
    }
    expect(linesSince(mark).filter(({ requestId = '' }) => !told.includes(requestId))).toEqual([])
  })
})

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

describe('the ports of the subgraphs of a shop of separate processes', () => {
  const refusal = {
    errors: [{ message: 'This call is not signed by the gateway.', extensions: { code: 'UNAUTHENTICATED' } }],
  }

  test.each(subgraphNames)(
    'given %s, when a call comes that nobody signed, then 401, whatever it asks',
    async (name) => {
      const url = shop.subgraphUrl(name)
      for (const headers of [{}, asAdmin(), { authorization: 'Bearer x' }]) {
        for (const query of ['{ __typename }', '{ _service { sdl } }', 'mutation { nothing }', '']) {
          const response = await fetch(url, {
            method: 'POST',
            headers: { 'content-type': 'application/json', ...headers },
            body: JSON.stringify({ query }),
          })
          expect([response.status, await response.json()]).toEqual([401, refusal])
        }
      }
      const junk = await fetch(url, { method: 'POST', body: 'junk' })
      expect([junk.status, await junk.json()]).toEqual([401, refusal])
      expect((await fetch(url)).status).toBe(404)
    },
  )

  test('given a signed call, when it comes to another subgraph, changed, too late or a second time, then it is refused (R10)', async () => {
    const { internalSecret: secret } = readConfig({ MONGODB_URL: inject('mongoUrl') })
    const signAt = (clock: Clock) => makeCallSigner({ secret, clock, ids: makeIds(clock, systemRandom) })
    const orders: Viewer = { kind: 'service', name: 'orders' }
    const mutation = (orderId: string) =>
      JSON.stringify({ query: `mutation { capturePayment(input: { orderId: "${orderId}" }) { userErrors { code } } }` })
    const answer = async (name: SubgraphName, headers: Record<string, string>, body: string) => {
      const response = await fetch(shop.subgraphUrl(name), { method: 'POST', headers, body })
      const { data, errors } = (await response.json()) as Answer
      return [response.status, data?.capturePayment.userErrors[0].code ?? errors[0].extensions.code]
    }
    const body = mutation('ord_01ARZ3NDEKTSV4RRFFQ69G5FAV')
    const { headers } = signAt(systemClock)('payments', { viewer: orders, body })
    expect(await answer('payments', headers, mutation('ord_01ARZ3NDEKTSV4RRFFQ69G5FAW'))).toEqual([
      401,
      'UNAUTHENTICATED',
    ])
    expect(await answer('orders', headers, body)).toEqual([401, 'UNAUTHENTICATED'])
    for (const late of [-seconds(40), seconds(40)]) {
      const signed = signAt(makeManualClock(Date.now() + late))('payments', { viewer: orders, body })
      expect(await answer('payments', signed.headers, body)).toEqual([401, 'UNAUTHENTICATED'])
    }
    expect(await answer('payments', headers, body)).toEqual([200, 'NOT_FOUND'])
    expect((await answer('payments', headers, body))[1]).toBe('UNAUTHENTICATED')
  })

  test.each(['cart', 'products', 'orders'] as const)(
    'given %s, when somebody subscribes without a signature, then an error and no stream',
    async (name) => {
      const client = createClient({
        url: shop.subgraphUrl(name).replace('http', 'ws'),
        webSocketImpl: WebSocket,
        retryAttempts: 0,
      })
      for (const extensions of [
        undefined,
        {},
        { headers: asAdmin(), body: '{"query":"subscription { cartUpdated { seq } }"}' },
        { headers: 'headers', body: '' },
      ]) {
        const stream = client.iterate({ query: 'subscription { cartUpdated { seq } }', extensions })
        await expect(stream.next()).rejects.toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }])
      }
      await client.dispose()
    },
  )

  test('given a socket call whose parts have the wrong types, then the connection may end but not the process', async () => {
    for (const extensions of [
      { headers: 5, body: 7 },
      { headers: null, body: null },
      { headers: [], body: {} },
    ]) {
      const url = shop.subgraphUrl('cart').replace('http', 'ws')
      const client = createClient({ url, webSocketImpl: WebSocket, retryAttempts: 0 })
      const stream = client.iterate({
        query: 'subscription { cartUpdated { seq } }',
        extensions: extensions as Record<string, unknown>,
      })
      await expect(stream.next()).rejects.toBeDefined()
      await client.dispose()
    }
    expect((await fetch(new URL('/health/live', shop.subgraphUrl('cart')))).status).toBe(200)
    expect(shop.processOf('cart').exitCode).toBeNull()
  })
})

test('given separate processes, when four times as many people have looked, bought, watched and left, then no process holds more descriptors and timers than after the first of them, and none has gathered listeners (L7)', async () => {
  const held = () => Promise.all(unitNames.map((unit) => heldBy(shop.outputOf(unit))))
  await visits(shop, 15)
  const before = await held()
  await visits(shop, 45)
  // What each visit leaves behind is 45 by now; connections that wait to be used again are some more or fewer.
  const grown = async () =>
    (await held()).flatMap((now, index) => {
      const { descriptors, timers } = before[index]!
      const isMore = now.descriptors > descriptors + 20 || now.timers > timers + 20
      return isMore ? [{ unit: unitNames[index], before: before[index], now }] : []
    })
  // Somebody who had to wait has opened more connections: they close after five seconds without work.
  await expect.poll(grown, { timeout: 10_000, interval: 100 }).toEqual([])
  expect(unitNames.filter((unit) => shop.outputOf(unit).includes('MaxListenersExceededWarning'))).toEqual([])
}, 60_000)

describe('a shop of separate processes of which one is away (resiliency matrix)', () => {
  const health = async (path: string) => {
    const { status, text } = await send(shop, undefined, {}, { method: 'GET', path })
    return { status, ...JSON.parse(text) }
  }

  const browse =
    '{ products(first: 20) { nodes { title variants { price { amount { amount } } availability { left } } } } }'

  /** How long it takes, on a machine that does not stand still meanwhile. */
  const timed = async <T>(work: () => Promise<T>): Promise<[T, number]> => {
    const [began, lateness] = [performance.now(), watchLateness()]
    try {
      return [await work(), performance.now() - began - lateness.ms()]
    } finally {
      await lateness.stop()
    }
  }

  /** Refused fast, with a code that says a retry may help, and without a word about what is inside. */
  const expectUnavailable = ([{ errors }, ms]: [Awaited<ReturnType<typeof ask>>, number]) => {
    const again = { code: 'UNAVAILABLE', retryable: true, retryAfter: expect.any(Number) }
    expect(errors?.map(({ extensions }) => extensions)).toEqual([again])
    expect(JSON.stringify(errors)).not.toMatch(/users|orders (service|subgraph)|127\.0\.0\.1|localhost|ECONN|http/i)
    expect(ms).toBeLessThan(3_500)
  }

  test('given all are there, then alive and ready', async () => {
    expect(await health('/health/live')).toEqual({ status: 200, live: true })
    expect(await health('/health/ready')).toEqual({ status: 200, ready: true, failing: [] })
    for (const name of ['users', 'cart'] as const) {
      const response = await fetch(new URL('/health/ready', shop.subgraphUrl(name)))
      expect([response.status, await response.json()]).toEqual([200, { ready: true, failing: [] }])
    }
  })

  test('given users is away, then browsing works, valid tokens work, a whole order works, and only signing in does not; and all is well when it is back', async () => {
    const account = await signUp(shop)
    const product = await offer(shop, await signIn(shop, tidewaterGoods))
    await endProcess(shop.processOf('users'), 'SIGKILL')

    expect((await get(shop, browse)).products.nodes).toHaveLength(20)
    expect((await addLine(shop, account.token, product.variantIds[0]!)).userErrors).toEqual([])
    expect((await placeOrder(shop, account.token)).order.status).toBe('CONFIRMED')
    expectUnavailable(
      await timed(() =>
        ask(shop, 'mutation ($input: SignInInput!) { signIn(input: $input) { userErrors { code } } }', {
          input: { email: account.email, password: account.password },
        }),
      ),
    )
    const withSellers = await ask(shop, '{ products(first: 3) { nodes { title seller { id shopName } } } }')
    expect(withSellers.errors?.[0]?.extensions.code).toBe('UNAVAILABLE')
    expect(await health('/health/live')).toEqual({ status: 200, live: true })
    // It says what it misses, and nobody takes it out of service for that: all of its replicas would go at once.
    await expect
      .poll(() => health('/health/ready'), { timeout: 5_000 })
      .toEqual({ status: 200, ready: true, failing: ['users'] })

    await shop.startAgain('users')
    // Readiness is asked once a second, and who is away is looked for four times as often.
    await expect.poll(() => health('/health/ready')).toEqual({ status: 200, ready: true, failing: [] })
    expect(await signIn(shop, account)).toBeTruthy()
  }, 60_000)

  test('given orders is away, then the cart works and ordering is refused fast; and when it is back the cart can be ordered', async () => {
    const { token } = await signUp(shop)
    const [variant] = (await someVariants(shop)).filter(({ left }) => left > 5)
    await endProcess(shop.processOf('orders'), 'SIGKILL')

    expect((await get(shop, browse)).products.nodes).toHaveLength(20)
    expect((await addLine(shop, token, variant!.id)).userErrors).toEqual([])
    const input = orderInput(await setDestination(shop, token))
    const place =
      'mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) { order { id } userErrors { code } } }'
    expectUnavailable(await timed(() => ask(shop, place, { input }, token)))
    expectUnavailable(await timed(() => ask(shop, '{ orders(first: 1) { totalCount } }', {}, token)))

    await shop.startAgain('orders')
    // A process that has just opened may miss the one short look that is left to a call once the 5 s are over.
    expect((await sendOrderUntilConfirmed(shop, token, { input })).userErrors).toEqual([])
  }, 60_000)

  test('given payments is away, when a buyer orders, then the order waits, and goes on when payments is back', async () => {
    const { token } = await signUp(shop)
    const [variant] = (await someVariants(shop)).filter(({ left }) => left > 5)
    await addLine(shop, token, variant!.id)
    await endProcess(shop.processOf('payments'), 'SIGKILL')
    const input = orderInput(await setDestination(shop, token))
    const place =
      'mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) { order { id status } userErrors { code } } }'
    const { placeOrder: waiting } = await get(shop, place, { input }, token)
    expect(waiting).toEqual({
      order: { id: expect.any(String), status: 'AWAITING_PAYMENT' },
      userErrors: [{ code: 'PAYMENT_PENDING' }],
    })
    await shop.startAgain('payments')
    expect((await sendOrderUntilConfirmed(shop, token, { input })).order.id).toBe(waiting.order.id)
  }, 60_000)

  test('given a live cart and a live order, when their subgraphs are killed and come back, then the client sees no gap, whatever it selected (R15, L5)', async () => {
    const { token } = await signUp(shop)
    const [variant] = (await someVariants(shop)).filter(({ left }) => left > 9)
    await addLine(shop, token, variant!.id)
    const { order } = await placeOrder(shop, token, {
      payment: { provider: 'sandbox', token: 'tok_requires_action' },
    })
    const { watch, close } = connect(shop, token)
    const cart = watch('subscription { live: cartUpdated { why: reason at: cart { lines { quantity } } } }')
    const one = watch('subscription ($id: ID!) { order: orderUpdated(id: $id) { what: event } }', { id: order.id })
    const many = watch('subscription ($ids: [ID!]!) { stock: stockChanged(variantIds: $ids) { variant { sku } } }', {
      ids: [variant!.id],
    })
    await Promise.all([cart.next(), one.next(), many.next()])

    const parts = ['cart', 'orders', 'products'] as const
    await Promise.all(parts.map((part) => endProcess(shop.processOf(part), 'SIGKILL')))
    await Promise.all(parts.map((part) => shop.startAgain(part)))
    const each = '{ cart { id } orders(first: 1) { totalCount } }'
    await expect.poll(async () => (await ask(shop, each, {}, token)).errors).toBeUndefined()
    for (let n = 0; n < 3; n++) await addLine(shop, token, variant!.id)
    await get(
      shop,
      'mutation ($id: ID!) { cancelOrder(input: { id: $id }) { userErrors { code } } }',
      { id: order.id },
      token,
    )

    const seen = [await cart.next(), await cart.next(), await cart.next()]
    expect(seen.map(({ live }) => live.why)).toEqual(Array(3).fill('LINE_ADDED'))
    expect(seen[2].live.at.lines).toEqual([{ quantity: 4 }])
    expect(await one.next()).toEqual({ order: { what: 'OrderCanceled' } })
    expect(await many.next()).toEqual({ stock: { variant: { sku: variant!.sku } } })
    await close()
  }, 60_000)
})
