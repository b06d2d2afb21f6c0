import type { ExecutionResult } from 'graphql'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { service, type Viewer } from '#platform/auth.ts'
import { startTestSubgraph } from '../../tests/subgraph.ts'
import { makeMemorySiblings } from './clients.memory.ts'
import { addLine } from './domain/cart.ts'
import { buildCart, cart } from './index.ts'
import { makeCartModel } from './model.ts'

const variant = (n: number): string => `var_${String(n).padStart(26, '0')}`
const guest: Viewer = { kind: 'guest', id: 'gst_1', sessionId: 'ses_1' }
const user: Viewer = { kind: 'user', id: 'usr_1', sessionId: 'ses_2', roles: ['BUYER'], guestId: guest.id }

interface Update {
  readonly seq: number
  readonly reason: string
  readonly isReset: boolean
  readonly cart: { readonly id: string; readonly lines: readonly object[] } | null
}

const start = async () => {
  const siblings = makeMemorySiblings()
  for (let n = 0; n < 5; n++) siblings.sell(variant(n), 1_000, 1000)
  const running = await startTestSubgraph(
    { ...cart, build: (deps) => buildCart(deps, siblings) },
    { config: { feedPollMs: 50 } },
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
  return { ...running, watch, addTo, close }
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
    await vi.waitFor(() => expect(deps.operations.length).toBeGreaterThanOrEqual(4), 10_000)
    expect(new Set(deps.operations)).toEqual(new Set(['aggregate']))
    for (const viewer of others) await addTo(viewer, 1)
    for (const update of await Promise.all(waiting)) expect(update.seq).toBe(2)
  })
})
