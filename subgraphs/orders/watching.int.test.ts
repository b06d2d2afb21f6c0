import { describe, expect, onTestFinished, test } from 'vitest'
import { anonymous, type Viewer } from '#platform/auth.ts'
import { addEvent } from './domain/order.ts'
import { makeOrderModel } from './model.ts'
import { buyer, guest, seller, start, stranger } from './testing.ts'

interface Watched {
  readonly id: string | undefined
  readonly viewer: Viewer
  readonly after?: number
  readonly accessToken?: string | null
}

const startWatching = async () => {
  const shop = await start()
  const watch = async ({ viewer, ...variables }: Watched) => {
    const stream = await shop.subscribe(
      viewer,
      `subscription ($id: ID!, $after: Int, $accessToken: String) {
        orderUpdated(id: $id, after: $after, accessToken: $accessToken) { seq event isReset order { status } }
      }`,
      variables,
    )
    if (!(Symbol.asyncIterator in stream)) return { code: stream.errors?.[0]?.extensions?.code, take: async () => [] }
    const events = stream[Symbol.asyncIterator]()
    onTestFinished(async () => void (await events.return?.()))
    /** The next messages as `seq event`, a reset as `seq event reset`. */
    const take = async (count: number): Promise<string[]> => {
      const told: string[] = []
      while (told.length < count) {
        const { seq, event, isReset } = (await events.next()).value?.data?.orderUpdated ?? {}
        told.push([seq, event, ...(isReset ? ['reset'] : [])].join(' '))
      }
      return told
    }
    return { code: null, take }
  }
  const waiting = async (viewer = buyer as Viewer) => shop.order(viewer, { token: 'tok_requires_action' })
  return { ...shop, watch, waiting }
}

describe('orderUpdated (R15, I15)', () => {
  test('given a subscriber, then the present state comes first and every event after it in order', async () => {
    const { watch, waiting, cancelOrder } = await startWatching()
    const { order } = await waiting()
    const { take } = await watch({ viewer: buyer, id: order?.id })
    expect(await take(1)).toEqual(['3 Snapshot'])
    const change = take(1)
    await cancelOrder(buyer, { id: order?.id })
    expect(await change).toEqual(['4 OrderCanceled'])
  })

  test('given a client that was away, when it comes back with its number, then each event after it is told, from the first on', async () => {
    const { watch, waiting } = await startWatching()
    const { order } = await waiting()
    const { take } = await watch({ viewer: buyer, id: order?.id, after: 1 })
    expect(await take(2)).toEqual(['2 StockHeld', '3 PaymentActionRequired'])
    const whole = await watch({ viewer: buyer, id: order?.id, after: 0 })
    expect(await whole.take(3)).toEqual(['1 OrderPlaced', '2 StockHeld', '3 PaymentActionRequired'])
  })

  test('given a number from the future or of another order, then the present state is told as a reset', async () => {
    const { watch, waiting, cancelOrder } = await startWatching()
    const { order } = await waiting()
    const { take } = await watch({ viewer: buyer, id: order?.id, after: 77 })
    expect(await take(1)).toEqual(['3 Snapshot reset'])
    await cancelOrder(buyer, { id: order?.id })
    expect(await take(1)).toEqual(['4 OrderCanceled'])
    expect((await watch({ viewer: buyer, id: order?.id, after: -1 })).code).toBe('BAD_USER_INPUT')
  })

  test('given a guest, when anybody with the signed token of the order resumes, then it is told like its buyer; without, nothing (R9)', async () => {
    const { watch, waiting, shop, cancelOrder } = await startWatching()
    shop.fill(guest.id, { var_a: 2 })
    const { order, accessToken } = await waiting(guest)
    const { take } = await watch({ viewer: anonymous, id: order?.id, accessToken, after: 2 })
    expect(await take(1)).toEqual(['3 PaymentActionRequired'])
    await cancelOrder(anonymous, { id: order?.id, accessToken })
    expect(await take(1)).toEqual(['4 OrderCanceled'])
    for (const viewer of [anonymous, stranger])
      expect((await watch({ viewer, id: order?.id, after: 2 })).code).toBe('NOT_FOUND')
    expect(
      (await watch({ viewer: anonymous, id: order?.id, accessToken: `${accessToken?.slice(0, -2)}xx` })).code,
    ).toBe('NOT_FOUND')
  })

  test('given an event written by another process, which wakes nobody here, then the poll finds it, for all watchers at once (R12)', async () => {
    const { watch, waiting, deps, clock } = await startWatching()
    const { order } = await waiting()
    const feeds = await Promise.all([buyer, seller].map((viewer) => watch({ viewer, id: order?.id, after: 2 })))
    for (const { take } of feeds) expect(await take(1)).toEqual(['3 PaymentActionRequired'])
    const silent = { ...deps, bus: { ...deps.bus, publish: () => undefined } }
    const elsewhere = makeOrderModel(deps.database, silent, 10_000)
    await elsewhere.update(order!.id, (each) => ({
      order: addEvent(each, 'PaymentAuthorized', clock.now()),
      events: [],
    }))
    for (const { take } of feeds) expect(await take(1)).toEqual(['4 PaymentAuthorized'])
  })
})
