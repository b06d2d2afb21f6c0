import { describe, expect, test } from 'vitest'
import { makeManualClock } from '#kernel/time.ts'
import { service, type Viewer } from '#platform/auth.ts'
import { startTestSubgraph } from '../../tests/subgraph.ts'
import { makeMemorySiblings } from './clients.memory.ts'
import { beginMerge } from './domain/cart.ts'
import { buildCart, cart } from './index.ts'
import { makeCartModel } from './model/carts.ts'

const variant = (n: number): string => `var_${String(n).padStart(26, '0')}`
const guest: Viewer = { kind: 'guest', id: 'gst_1', sessionId: 'ses_1' }
const user: Viewer = { kind: 'user', id: 'usr_1', sessionId: 'ses_2', roles: ['BUYER'] }
/** The same account, signed in from the guest's browser. */
const cameAsGuest: Viewer = { ...user, guestId: guest.id }
const orders = service('orders')

interface CartAnswer {
  readonly id: string
  readonly version: number
  readonly lines: readonly { readonly quantity: number; readonly variant: { readonly id: string } }[]
}

const fields = '{ id version lines { quantity variant { id } } }'

const start = async () => {
  const clock = makeManualClock()
  const siblings = makeMemorySiblings()
  for (let n = 0; n < 5; n++) siblings.sell(variant(n), 1_000, 1000)
  const running = await startTestSubgraph({ ...cart, build: (deps) => buildCart(deps, siblings) }, { clock })
  const data = async (viewer: Viewer, query: string, variables?: Record<string, unknown>) => {
    const { data, errors } = await running.ask(viewer, query, variables)
    expect(errors).toBeUndefined()
    return data as Record<string, unknown>
  }
  const addLine = async (viewer: Viewer, n: number, quantity = 1): Promise<CartAnswer> => {
    const query = `mutation ($input: AddCartLineInput!) { addCartLine(input: $input) { cart ${fields} userErrors { code } } }`
    const { addCartLine } = await data(viewer, query, { input: { variantId: variant(n), quantity } })
    const payload = addCartLine as { cart: CartAnswer; userErrors: object[] }
    expect(payload.userErrors).toEqual([])
    return payload.cart
  }
  const read = async (viewer: Viewer) => (await data(viewer, `{ cart ${fields} }`)).cart as CartAnswer | null
  const close = async (cartId: string, orderId: string, viewer = orders) => {
    const query = `mutation ($input: CloseCartInput!) { closeCart(input: $input) { cart { id version } userErrors { code field } } }`
    return (await data(viewer, query, { input: { cartId, orderId } })).closeCart
  }
  const becameUser = async () => {
    const event = { id: 'evt_1', at: new Date(), aggregateId: 'ses_2', type: 'GuestBecameUser' }
    const payload = { guestId: guest.id, userId: user.id }
    for (const consumer of running.subgraph.parts.consumers ?? [])
      await consumer.on.GuestBecameUser?.({ ...event, payload })
  }
  const states = async () =>
    (await running.deps.database.collection('carts').find({}).sort({ 'owner.id': 1 }).toArray()).map(
      ({ owner, state }) => [owner.id, state],
    )
  const carts = makeCartModel(running.deps.database, running.deps)
  return { ...running, clock, carts, data, addLine, read, close, becameUser, states }
}

const contents = (cart: CartAnswer | null) => cart?.lines.map(({ variant, quantity }) => [variant.id, quantity])

describe('a guest signs in', () => {
  test('given both have carts, when the user reads, then they are one, once', async () => {
    const { addLine, read, states, becameUser } = await start()
    await addLine(guest, 0, 2)
    await addLine(guest, 1)
    await addLine(user, 0, 3)
    const merged = await read(cameAsGuest)
    expect(contents(merged)).toEqual([
      [variant(0), 5],
      [variant(1), 1],
    ])
    expect(merged?.version).toBe(2)
    await becameUser()
    expect(await read(cameAsGuest)).toEqual(merged)
    expect(await states()).toEqual([
      ['gst_1', 'merged'],
      ['usr_1', 'active'],
    ])
    expect(await read(guest)).toBeNull()
  })

  test('given the user has no cart, then the guest cart becomes the user cart', async () => {
    const { addLine, becameUser, read, states } = await start()
    const { id } = await addLine(guest, 0, 2)
    await becameUser()
    await becameUser()
    expect(await read(user)).toMatchObject({ id, version: 2, lines: [{ quantity: 2 }] })
    expect(await states()).toEqual([['usr_1', 'active']])
  })

  test('given 10 reads and events at once, then the lines count once', async () => {
    const { addLine, becameUser, read } = await start()
    await addLine(guest, 0, 2)
    await addLine(user, 0, 3)
    await Promise.all(Array.from({ length: 10 }, (_, i) => (i % 2 ? becameUser() : read(cameAsGuest))))
    expect(contents(await read(user))).toEqual([[variant(0), 5]])
  })

  test('given the user makes a first cart while the guest cart comes in, then no line is lost', async () => {
    const { addLine, becameUser, read } = await start()
    await addLine(guest, 0)
    await Promise.all([becameUser(), addLine(user, 1), addLine(cameAsGuest, 2), read(cameAsGuest)])
    expect(contents(await read(cameAsGuest))?.sort()).toEqual([
      [variant(0), 1],
      [variant(1), 1],
      [variant(2), 1],
    ])
  })

  test('given a crash between freezing and taking, when the cart is read, then the merge is finished', async () => {
    const { addLine, carts, clock, read, states } = await start()
    const { id } = await addLine(guest, 0, 2)
    await addLine(user, 1)
    await carts.update(id, (each) => beginMerge(each, user.id, clock.now()))
    expect(contents(await read(cameAsGuest))).toEqual([
      [variant(1), 1],
      [variant(0), 2],
    ])
    expect(await states()).toContainEqual(['gst_1', 'merged'])
  })

  test('given the guest goes on in another tab, then a later read brings those lines too', async () => {
    const { addLine, read } = await start()
    await addLine(guest, 0)
    await read(cameAsGuest)
    await addLine(guest, 1)
    expect(contents(await read(cameAsGuest))).toEqual([
      [variant(0), 1],
      [variant(1), 1],
    ])
  })
})

describe('a cart becomes an order', () => {
  const forCheckout = `query ($ownerId: ID!, $guestId: ID) {
    cartForCheckout(ownerId: $ownerId, guestId: $guestId) { id lines { variantId quantity } totals { total { amount } } }
  }`

  test('given the orders service, then it sees the cart with the guest lines merged in; others are refused', async () => {
    const { addLine, data, ask } = await start()
    await addLine(guest, 0, 2)
    await addLine(user, 0, 1)
    const variables = { ownerId: user.id, guestId: guest.id }
    expect(await data(orders, forCheckout, variables)).toMatchObject({
      cartForCheckout: { lines: [{ variantId: variant(0), quantity: 3 }], totals: { total: { amount: '30.00' } } },
    })
    expect(await data(orders, forCheckout, { ownerId: 'usr_x' })).toEqual({ cartForCheckout: null })
    for (const viewer of [user, service('pricing')]) {
      expect((await ask(viewer, forCheckout, variables)).errors?.[0]?.extensions?.code).toBe('FORBIDDEN')
    }
  })

  test('given a cart, when it is closed twice, then once; by another order it is refused; by a buyer too', async () => {
    const { addLine, close, read } = await start()
    const { id } = await addLine(user, 0)
    expect(await close(id, 'ord_1', user as never)).toMatchObject({ cart: null, userErrors: [{ code: 'FORBIDDEN' }] })
    expect(await close(id, 'ord_1')).toEqual({ cart: { id, version: 2 }, userErrors: [] })
    expect(await close(id, 'ord_1')).toEqual({ cart: { id, version: 2 }, userErrors: [] })
    expect(await close(id, 'ord_2')).toMatchObject({ userErrors: [{ code: 'CART_ALREADY_ORDERED' }] })
    expect(await close('cart_x', 'ord_1')).toMatchObject({
      userErrors: [{ code: 'NOT_FOUND', field: ['input', 'cartId'] }],
    })
    expect(await read(user)).toBeNull()
  })

  test('given an ordered cart, when the next line is added, then a new cart goes on counting', async () => {
    const { addLine, close } = await start()
    const first = await addLine(user, 0)
    await close(first.id, 'ord_1')
    const next = await addLine(user, 1)
    expect(next.id).not.toBe(first.id)
    expect(next).toMatchObject({ version: 3, lines: [{ variant: { id: variant(1) } }] })
  })
})
