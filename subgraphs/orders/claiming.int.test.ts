import { describe, expect, test } from 'vitest'
import type { Viewer } from '#platform/auth.ts'
import { buyer, guest, start, stranger } from './testing.ts'

type Shop = Awaited<ReturnType<typeof start>>

const address = 'ada@example.test'

/** A guest's order, with its access token. */
const orderOfGuest = async (shop: Shop, email = ' ADA@example.test') => {
  shop.shop.fill(guest.id, { var_a: 2 })
  const { order, accessToken } = await shop.order(guest, { email, idempotencyKey: crypto.randomUUID() })
  return { id: order!.id, accessToken: accessToken! }
}

const listOf = async ({ ask }: Shop, viewer: Viewer) => {
  const { data } = await ask(viewer, '{ orders(first: 10) { totalCount nodes { id } } }')
  return data?.orders as { totalCount: number; nodes: { id: string }[] }
}

const prove = (shop: Shop, accountId: string, email = address, guestIds: string[] = []) =>
  shop.shop.proved.set(accountId, { email, guestIds })

describe('orders of guests', () => {
  test("given an order of a guest, when its address is proved, delivered thrice, then it is among the orders of the account once, and stays the guest's (R7)", async () => {
    const shop = await start()
    const { id, accessToken } = await orderOfGuest(shop)
    prove(shop, buyer.id)
    for (const _ of Array(3)) await shop.hear('EmailVerified', { accountId: buyer.id })
    expect(await listOf(shop, buyer)).toEqual({ totalCount: 1, nodes: [{ id }] })
    expect(await listOf(shop, guest)).toEqual({ totalCount: 1, nodes: [{ id }] })
    const document =
      'query ($id: ID!, $accessToken: String) { order(id: $id, accessToken: $accessToken) { timeline { event } } }'
    const { data } = await shop.ask({ kind: 'anonymous' }, document, { id, accessToken })
    const timeline = (data?.order as { timeline: { event: string }[] }).timeline.map(({ event }) => event)
    expect(timeline.filter((event) => event === 'OrderClaimed')).toHaveLength(1)
    const claimed = (await shop.rows())[0]?.outbox.filter(({ type }: { type: string }) => type === 'OrderClaimed')
    expect(claimed).toMatchObject([{ payload: { orderId: id, ownerId: guest.id, claimedBy: buyer.id } }])
  })

  test('given other addresses, orders of other accounts and addresses that are not proved, then nothing is claimed (threat: objects)', async () => {
    const shop = await start()
    await orderOfGuest(shop, 'eve@example.test')
    shop.shop.fill(stranger.id, { var_a: 2 })
    await shop.order(stranger)
    prove(shop, buyer.id)
    await shop.hear('EmailVerified', { accountId: buyer.id })
    expect((await listOf(shop, buyer)).nodes).toEqual([])
    await orderOfGuest(shop)
    shop.shop.proved.clear()
    await shop.hear('EmailVerified', { accountId: buyer.id })
    await shop.hear('GuestBecameUser', { guestId: guest.id, userId: buyer.id })
    expect((await listOf(shop, buyer)).nodes).toEqual([])
  })

  test("given a guest who signs in to a proved account, then what the guest ordered with whatever address is the account's for good", async () => {
    const shop = await start()
    const { id } = await orderOfGuest(shop, 'office@example.test')
    prove(shop, buyer.id, address, [guest.id])
    await shop.hear('GuestBecameUser', { guestId: guest.id, userId: buyer.id })
    await shop.hear('GuestBecameUser', { guestId: guest.id, userId: buyer.id })
    expect((await listOf(shop, buyer)).nodes).toEqual([{ id }])
    prove(shop, stranger.id, 'office@example.test')
    await shop.hear('EmailVerified', { accountId: stranger.id })
    expect((await listOf(shop, stranger)).nodes).toEqual([])
  })

  test('given a claimed order, when the account is closed, then the buyer is erased from it (threat: privacy)', async () => {
    const shop = await start()
    await orderOfGuest(shop)
    prove(shop, buyer.id)
    await shop.hear('EmailVerified', { accountId: buyer.id })
    await shop.hear('AccountClosed', { accountId: buyer.id, guestIds: [] })
    expect(JSON.stringify(await shop.rows())).not.toMatch(/ada@|lovelace/i)
  })
})
