import { afterEach, describe, expect, test } from 'vitest'
import { seconds } from '#kernel/time.ts'
import { armCrashPoint, type CrashPoint, crashPoints } from '#platform/crashPoint.ts'
import { buyer, expectSold, expectUntouched, start } from './testing.ts'

let disarm = (): void => undefined
afterEach(() => disarm())

type Shop = Awaited<ReturnType<typeof start>>
type Story = (shop: Shop) => Promise<unknown>

const buys: Story = (shop) => shop.order(buyer)
const failsToPay: Story = (shop) => shop.order(buyer, { token: 'tok_declined' })
const cancels: Story = async (shop) => {
  const { order } = await shop.order(buyer)
  await shop.cancelOrder(buyer, { id: order?.id })
}

/** A story for each point, and how often the point is passed in it. */
const stories: readonly (readonly [point: CrashPoint, name: string, story: Story, times: number])[] = [
  ['orders.orderWritten', 'an order', buys, 1],
  ['orders.stepAnswered', 'an order', buys, 5],
  ['orders.stepWritten', 'an order', buys, 4],
  ['orders.numberGiven', 'an order', buys, 1],
  ['orders.stepAnswered', 'a declined order', failsToPay, 2],
  ['orders.turnedBack', 'a declined order', failsToPay, 1],
  ['orders.undoAnswered', 'a declined order', failsToPay, 2],
  ['orders.undoWritten', 'a declined order', failsToPay, 2],
  ['orders.turnedBack', 'a cancellation', cancels, 1],
  ['orders.undoAnswered', 'a cancellation', cancels, 3],
  ['orders.undoWritten', 'a cancellation', cancels, 3],
]
const crashes = stories.flatMap(([point, name, story, times]) =>
  Array.from({ length: times }, (_, index) => [point, index + 1, name, story] as const),
)

/** The one order there is, and that everything around it says the same. */
const expectExact = async (shop: Shop, story: Story): Promise<void> => {
  const rows = await shop.rows()
  expect(rows).toHaveLength(1)
  const [{ _id, state, dueAt, events }] = rows as never as [
    { _id: string; state: { status: string }; dueAt: null; events: { seq: number }[] },
  ]
  expect(dueAt).toBeNull()
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1))
  expect(state.status).toBe(story === buys ? 'CONFIRMED' : story === cancels ? 'CANCELED' : 'PAYMENT_FAILED')
  if (story === buys) expectSold(shop, _id)
  else expectUntouched(shop, _id)
}

test('every crash point of orders has its story (F1)', () => {
  const own = Object.keys(crashPoints).filter((name) => name.startsWith('orders.'))
  expect([...new Set(stories.map(([point]) => point as string))].sort()).toEqual(own.sort())
})

describe('an order whose process dies', () => {
  test.each(crashes)(
    'at %s (%i. time) of %s: the job finishes it, and the client gets the one order with its key (F1, I14)',
    async (point, nth, _name, story) => {
      const shop = await start()
      const armed = armCrashPoint({ point, nth, way: 'throw' })
      disarm = armed.disarm
      await expect(story(shop)).rejects.toThrow()
      await armed.reached
      shop.clock.advance(seconds(11))
      await shop.work()
      await expectExact(shop, story)
      const again = await shop.order(buyer, story === failsToPay ? { token: 'tok_declined' } : {})
      expect(again.order?.id).toBe((await shop.rows())[0]?._id)
    },
  )

  test.each(crashes.filter(([, nth]) => nth === 1))(
    'that hangs at %s (%i. time) of %s: another process finishes it (F1, F3)',
    async (point, nth, _name, story) => {
      const shop = await start()
      const armed = armCrashPoint({ point, nth, way: 'hang' })
      disarm = armed.disarm
      const stuck = story(shop).catch(() => undefined)
      await armed.reached
      const other = await shop.another()
      shop.clock.advance(seconds(11))
      await other.work()
      await expectExact(shop, story)
      disarm()
      await stuck
      await expectExact(shop, story)
    },
  )
})

describe('a driver that was stopped and wakes late (F3, R8)', () => {
  test.each(['hold', 'authorize', 'claim', 'capture'])(
    'given its command %s is still on its way, when another has taken the order back, then it finds everything closed and writes nothing',
    async (command) => {
      const shop = await start()
      const late = shop.shop.stop(command)
      const waking = shop.order(buyer)
      await late.reached
      const other = await shop.another()
      const [row] = await shop.rows()
      await other.cancelOrder(buyer, { id: row?._id })
      const [ended] = await shop.rows()
      expect(ended?.state.status).toBe('CANCELED')
      late.letGo()
      expect((await waking).order?.status).toBe('CANCELED')
      expect((await shop.rows())[0]).toEqual(ended)
      expectUntouched(shop, ended?._id as never)
    },
  )

  test.each(['hold', 'authorize', 'claim', 'capture', 'close'])(
    'given its command %s is still on its way, when another has finished the order, then it changes nothing more',
    async (command) => {
      const shop = await start()
      const late = shop.shop.stop(command)
      const waking = shop.order(buyer)
      await late.reached
      shop.clock.advance(seconds(11))
      await (await shop.another()).work()
      const [ended] = await shop.rows()
      expect(ended?.state.status).toBe('CONFIRMED')
      late.letGo()
      expect(await waking).toMatchObject({ order: { status: 'CONFIRMED' }, userErrors: [] })
      expect((await shop.rows())[0]).toEqual(ended)
      expectSold(shop, ended?._id as never)
    },
  )
})
