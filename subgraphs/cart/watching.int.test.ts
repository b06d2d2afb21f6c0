import type { ExecutionResult } from 'graphql'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { makeManualClock, minutes } from '#kernel/time.ts'
import { service, type Viewer } from '#platform/auth.ts'
import type { Bus } from '#platform/bus/bus.ts'
import { startTestSubgraph } from '../../tests/subgraph.ts'
import { makeMemorySiblings } from './clients.memory.ts'
import { addLine } from './domain/cart.ts'
import { buildCart, cart } from './index.ts'
import { makeCartModel } from './model/carts.ts'
import { makeNewsModel } from './model/news.ts'

const variant = (n: number): string => `var_${String(n).padStart(26, '0')}`
const guest: Viewer = { kind: 'guest', id: 'gst_1', sessionId: 'ses_1' }
const user: Viewer = { kind: 'user', id: 'usr_1', sessionId: 'ses_2', roles: ['BUYER'], guestId: guest.id }

interface Update {
  readonly seq: number
  readonly reason: string
  readonly isReset: boolean
  readonly cart: { readonly id: string; readonly lines: readonly object[] } | null
}

const start = async (clock = makeManualClock()) => {
  const siblings = makeMemorySiblings()
  for (let n = 0; n < 5; n++) siblings.sell(variant(n), 1_000, 1000)
  let listeners = 0
  const counting = (bus: Bus): Bus => ({
    ...bus,
    subscribe: (topic, listener) => {
      listeners += 1
      const leave = bus.subscribe(topic, listener)
      return () => {
        listeners -= 1
        leave()
      }
    },
  })
  const running = await startTestSubgraph(
    { ...cart, build: (deps) => buildCart({ ...deps, bus: counting(deps.bus) }, siblings) },
    { clock, config: { feedPollMs: 50 } },
  )
  const watch = async (viewer: Viewer, after?: number) => {
    const query = `subscription ($after: Int) {
      cartUpdated(after: $after) { seq reason isReset cart { id lines { quantity } totals { total { amount } } } }
    }`
    const stream = await running.subscribe(viewer, query, { after })
    if (!(Symbol.asyncIterator in stream)) throw new Error(JSON.stringify(stream.errors))
    const updates = stream[Symbol.asyncIterator]()
    onTestFinished(async () => {
      await updates.return?.()
    })
    return async (): Promise<Update> => {
      const { errors, data } = (await updates.next()).value as ExecutionResult
      expect(errors).toBeUndefined()
      return data?.cartUpdated as Update
    }
  }
  const addTo = async (viewer: Viewer, n: number, quantity = 1): Promise<string> => {
    const query = 'mutation ($input: AddCartLineInput!) { addCartLine(input: $input) { cart { id } } }'
    const { data } = await running.ask(viewer, query, { input: { variantId: variant(n), quantity } })
    return (data?.addCartLine as { cart: { id: string } }).cart.id
  }
  const close = (cartId: string) =>
    running.ask(service('orders'), 'mutation ($input: CloseCartInput!) { closeCart(input: $input) { cart { id } } }', {
      input: { cartId, orderId: 'ord_1' },
    })
  let facts = 0
  /** What the relay does with a fact of a sibling. */
  const tell = async (type: string, payload: { variantId: string }, id = `evt_fact${facts++}`) => {
    const event = { id, type, payload, at: new Date(clock.now()), aggregateId: payload.variantId }
    for (const consumer of running.subgraph.parts.consumers ?? []) await consumer.on[type]?.(event)
  }
  const newPrice = (n: number, id?: string, currency = 'EUR') =>
    tell('PricesChanged', { variantId: variant(n), currencies: [currency] } as { variantId: string }, id)
  return { ...running, listeners: () => listeners, clock, watch, addTo, close, tell, newPrice }
}

describe('cartUpdated (R15)', () => {
  test('given no cart, then the present state comes first, then every change with its reason', async () => {
    const { watch, addTo } = await start()
    const next = await watch(guest)
    expect(await next()).toEqual({ seq: 0, reason: 'SNAPSHOT', isReset: false, cart: null })
    const id = await addTo(guest, 0, 2)
    expect(await next()).toEqual({
      seq: 1,
      reason: 'LINE_ADDED',
      isReset: false,
      cart: { id, lines: [{ quantity: 2 }], totals: { total: { amount: '20.00' } } },
    })
  })

  test('given an order, then the next cart goes on with the numbers, and a late client misses nothing', async () => {
    const { watch, addTo, close } = await start()
    const next = await watch(guest)
    await next()
    const first = await addTo(guest, 0)
    expect(await next()).toMatchObject({ seq: 1 })
    await close(first)
    expect(await next()).toEqual({ seq: 2, reason: 'ORDERED', isReset: false, cart: null })
    const second = await addTo(guest, 1)
    expect(await next()).toMatchObject({ seq: 3, reason: 'LINE_ADDED', cart: { id: second } })
    const late = await watch(guest, 1)
    expect(await late()).toMatchObject({ seq: 2, reason: 'ORDERED' })
    expect(await late()).toMatchObject({ seq: 3, reason: 'LINE_ADDED' })
  })

  test('given a user who came as guest, then opening the stream brings the guest cart in', async () => {
    const { watch, addTo } = await start()
    await addTo(guest, 0)
    const next = await watch(user)
    expect(await next()).toMatchObject({ seq: 2, reason: 'SNAPSHOT', cart: { lines: [{ quantity: 1 }] } })
    await addTo(user, 0)
    expect(await next()).toMatchObject({ seq: 3, cart: { lines: [{ quantity: 2 }] } })
  })

  test('given a change by another process, which wakes nobody here, then the poll finds it', async () => {
    const { watch, addTo, deps } = await start()
    const id = await addTo(guest, 0)
    const next = await watch(guest, 1)
    const elsewhere = makeCartModel(deps.database, { ...deps, bus: { ...deps.bus, publish: () => undefined } })
    await elsewhere.update(id, (each) => addLine(each, { id: 'line_x', variantId: variant(1), quantity: 1 }, 0))
    expect(await next()).toMatchObject({ seq: 2, reason: 'LINE_ADDED', cart: { lines: [{}, {}] } })
  })

  test('given somebody else, then no change is told; given nobody signed in, then the stream is refused', async () => {
    const { watch, addTo, subscribe } = await start()
    const next = await watch({ ...guest, id: 'gst_2' })
    await next()
    await addTo(guest, 0)
    const own = await addTo({ ...guest, id: 'gst_2' }, 1)
    expect(await next()).toMatchObject({ seq: 1, cart: { id: own } })
    const refused = await subscribe({ kind: 'anonymous' }, 'subscription { cartUpdated { seq } }')
    expect((refused as ExecutionResult).errors?.[0]?.extensions?.code).toBe('UNAUTHENTICATED')
  })

  test('given a number that this cart never had, then there is a reset; given a negative one, a refusal', async () => {
    const { watch, addTo, subscribe } = await start()
    await addTo(guest, 0)
    const next = await watch(guest, 40)
    expect(await next()).toMatchObject({ seq: 1, reason: 'SNAPSHOT', isReset: true, cart: { lines: [{}] } })
    await addTo(guest, 0)
    expect(await next()).toMatchObject({ seq: 2, reason: 'LINE_ADDED', isReset: false })
    const refused = await subscribe(guest, 'subscription { cartUpdated(after: -1) { seq } }')
    expect((refused as ExecutionResult).errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT' })
  })

  test('given a cart that the database removed because of its age, then its watcher is told that it is gone', async () => {
    const { watch, addTo, deps } = await start()
    await addTo(guest, 0)
    const next = await watch(guest)
    await next()
    await deps.database.collection('carts').deleteMany({})
    expect(await next()).toEqual({ seq: 0, reason: 'GONE', isReset: true, cart: null })
    await addTo(guest, 1)
    expect(await next()).toMatchObject({ seq: 1, reason: 'LINE_ADDED', isReset: false })
  })

  test('given two devices of one shopper, then both see every change (R15)', async () => {
    const { watch, addTo } = await start()
    const devices = await Promise.all([watch(guest), watch(guest)])
    for (const next of devices) await next()
    for (let n = 0; n < 3; n++) await addTo(guest, n)
    for (const next of devices) expect([(await next()).seq, (await next()).seq, (await next()).seq]).toEqual([1, 2, 3])
  })

  test('given quiet subscribers, when nothing changes, then all of them together cost one indexed read for each poll', async () => {
    const { watch, addTo, deps } = await start()
    const others = Array.from({ length: 20 }, (_, n): Viewer => ({ ...guest, id: `gst_quiet${n}` }))
    for (const viewer of others) await addTo(viewer, 0)
    const feeds = await Promise.all(others.map((viewer) => watch(viewer)))
    for (const next of feeds) await next()
    const waiting = feeds.map((next) => next())
    deps.operations.length = 0
    const countOf = (name: string): number => deps.operations.filter((each) => each === name).length
    await vi.waitFor(() => expect(Math.min(countOf('aggregate'), countOf('find'))).toBeGreaterThanOrEqual(2), 15_000)
    // The versions of the carts, and the numbers of the news of their one variant.
    expect(new Set(deps.operations)).toEqual(new Set(['aggregate', 'find']))
    expect(countOf('find')).toBeLessThan(10 * countOf('aggregate'))
    for (const viewer of others) await addTo(viewer, 1)
    for (const update of await Promise.all(waiting)) expect(update.seq).toBe(2)
  })
})

describe('news of what is in a cart (R15)', () => {
  const startWithCart = async () => {
    const shop = await start()
    await shop.addTo(guest, 0)
    shop.clock.advance(minutes(1))
    return shop
  }

  test('given a watched cart, when a price or the availability of its variant changes, then both devices are told with the reason', async () => {
    const { watch, newPrice, tell } = await startWithCart()
    const devices = await Promise.all([watch(guest), watch(guest)])
    for (const next of devices) expect(await next()).toMatchObject({ seq: 1, reason: 'SNAPSHOT' })
    await newPrice(0)
    for (const next of devices) expect(await next()).toMatchObject({ seq: 2, reason: 'PRICE_CHANGED', cart: {} })
    await tell('AvailabilityChanged', { variantId: variant(0) })
    for (const next of devices) expect(await next()).toMatchObject({ seq: 3, reason: 'AVAILABILITY_CHANGED' })
  })

  test('given a client that was away, when the price changed meanwhile, then it is told by its number, and once', async () => {
    const { watch, newPrice, addTo } = await startWithCart()
    await newPrice(0)
    const next = await watch(guest, 1)
    expect(await next()).toMatchObject({ seq: 2, reason: 'PRICE_CHANGED' })
    await addTo(guest, 1)
    expect(await next()).toMatchObject({ seq: 3, reason: 'LINE_ADDED' })
    const again = await watch(guest, 1)
    expect([(await again()).reason, (await again()).reason]).toEqual(['PRICE_CHANGED', 'LINE_ADDED'])
  })

  test('given the same fact twice, another currency, another variant, and a line that left, then only what concerns the cart is told', async () => {
    const { watch, newPrice, addTo, ask } = await startWithCart()
    const next = await watch(guest)
    await next()
    await newPrice(0, 'evt_1')
    expect((await next()).reason).toBe('PRICE_CHANGED')
    await newPrice(0, 'evt_1')
    await newPrice(0, 'evt_2', 'USD')
    await newPrice(3)
    await addTo(guest, 1)
    expect(await next()).toMatchObject({ seq: 3, reason: 'LINE_ADDED' })
    const { data } = await ask(guest, '{ cart { lines { id } } }')
    const [{ id }] = (data?.cart as { lines: [{ id: string }] }).lines
    await ask(guest, `mutation { removeCartLine(input: { lineId: "${id}" }) { userErrors { code } } }`)
    expect((await next()).reason).toBe('LINE_REMOVED')
    await newPrice(0)
    await newPrice(1)
    expect(await next()).toMatchObject({ seq: 5, reason: 'PRICE_CHANGED' })
  })

  test('given news taken in by another process, which wakes nobody here, then the poll finds it (R12)', async () => {
    const { watch, deps, clock } = await startWithCart()
    const next = await watch(guest)
    await next()
    const elsewhere = makeNewsModel(deps.database, { ...deps.bus, publish: () => undefined })
    await elsewhere.record(
      { variantId: variant(0), eventId: 'evt_9', changedAt: clock.now(), from: 'pricing', parts: ['prices.EUR'] },
      clock.now(),
    )
    expect(await next()).toMatchObject({ seq: 2, reason: 'PRICE_CHANGED' })
  })

  test('given a variant in 30 carts of which two are watched, when its price changes, then only those two are written', async () => {
    const { watch, addTo, newPrice, deps } = await startWithCart()
    const others = Array.from({ length: 30 }, (_, n): Viewer => ({ ...guest, id: `gst_many${n}` }))
    for (const viewer of others) await addTo(viewer, 0)
    const feeds = await Promise.all(others.slice(0, 2).map((viewer) => watch(viewer)))
    for (const next of feeds) await next()
    deps.operations.length = 0
    await newPrice(0)
    for (const next of feeds) expect(await next()).toMatchObject({ seq: 2 })
    expect(deps.operations.filter((name) => name === 'update')).toHaveLength(3)
  })

  test('given many facts about one variant at once, then each is kept and none is lost to a race', async () => {
    const { watch, newPrice, deps } = await startWithCart()
    await Promise.all(
      Array.from({ length: 10 }, (_, n) => newPrice(0, `evt_${n}`).catch(() => newPrice(0, `evt_${n}`))),
    )
    const [row] = await deps.database.collection('variantNews').find({}).toArray()
    expect(row?.at).toBeGreaterThanOrEqual(minutes(1) + 9)
    const next = await watch(guest, 1)
    expect(await next()).toMatchObject({ seq: 2, reason: 'PRICE_CHANGED' })
  })

  test('given a silent watcher of a cart with two lines, when it leaves, then nothing listens for it any more (leak)', async () => {
    const { addTo, subscribe, listeners } = await startWithCart()
    await addTo(guest, 1)
    const stream = await subscribe(guest, 'subscription { cartUpdated { seq } }')
    const updates = (stream as AsyncIterable<ExecutionResult>)[Symbol.asyncIterator]()
    await updates.next()
    expect(listeners()).toBe(3)
    const silent = updates.next()
    await updates.return?.()
    expect((await silent).done).toBe(true)
    expect(listeners()).toBe(0)
  })
})
