import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { service } from '#platform/auth.ts'
import { makeIdempotency } from '#platform/idempotency/idempotency.ts'
import { makeIdempotencyModel } from '#platform/idempotency/mongo.ts'
import type { Weather } from '../../provider/adversary.ts'
import type { Provider } from '../../provider/server.ts'
import { badDay } from '../../tests/chaos/badDay.ts'
import { liveClock } from '../../tests/lateness.ts'
import { freePorts } from '../../tests/ports.ts'
import { ledgerTotals, pendingOperations } from './domain/payment.ts'
import { makeManaging } from './service/managing.ts'
import { startTestProvider, startWorld, type World } from './testing.ts'

const seed = 4_020_261

const fine: Weather = { seed, calls: {}, webhooks: {}, latencyMs: 0 }

/** At a port where it can be started again. */
const start = async () => {
  const [port = 0] = await freePorts(1)
  const provider = await startTestProvider({ port })
  return { port, provider, world: await startWorld({ provider, timeoutMs: 100 }) }
}

/** The jobs, until no call is open and no difference stands: how many rounds that takes depends on how many answers are late. */
const settle = async (world: World, orders: readonly string[], fewestRounds = 1): Promise<void> => {
  const isOpen = async (order: string): Promise<boolean> => {
    const payment = await world.payment(order)
    return payment !== undefined && pendingOperations(payment).length > 0
  }
  await world.work(fewestRounds)
  for (let round = fewestRounds; round < 30; round++) {
    const open = await Promise.all(orders.map(isOpen))
    if (!open.includes(true) && (await world.standing()).length === 0) return
    await world.work()
  }
}

/** What the provider holds for each order, as `op: sum`. */
const booksOf = (provider: Provider): Map<string, Record<string, number>> => {
  const books = new Map<string, Record<string, number>>()
  for (const { reference, op, amount } of provider.movements(0, 10_000)) {
    const sums = books.get(reference) ?? {}
    books.set(reference, { ...sums, [op]: (sums[op] ?? 0) + amount })
  }
  return books
}

/** Our books equal theirs, and nothing is open (I12). */
const expectSameBooks = async ({ payment }: World, provider: Provider, orders: readonly string[]): Promise<void> => {
  const books = booksOf(provider)
  for (const order of orders) {
    const ours = await payment(order)
    if (!ours) throw new Error(`${order} has no payment`)
    expect(pendingOperations(ours), order).toEqual([])
    const { authorized, captured, released, refunded } = ledgerTotals(ours)
    const { authorize = 0, charge = 0, refund = 0, void: voided = 0 } = books.get(order) ?? {}
    expect([authorized, captured, released, refunded], order).toEqual([authorize, charge, voided, refund])
    expect(authorize, order).toBeLessThanOrEqual(1_000)
  }
}

test(`given 10 % each of seven faults, when orders are paid, canceled and repeated, then nothing is charged twice, lost or left open (F4, I8-I12; seed ${seed})`, async () => {
  const { provider, world } = await start()
  const { authorize, paying, payment, work, standing } = world
  provider.turn({ ...fine, calls: badDay })
  const orders = Array.from({ length: 40 }, (_, index) => `ord_${index}`)
  await Promise.all(
    orders.map(async (order, index) => {
      await authorize('tok_ok', order)
      await paying.capture(order).catch(() => undefined)
      if (index % 4 === 0) await paying.cancel(order)
      else await authorize('tok_ok', order)
    }),
  )
  await work(3)
  provider.turn(fine)
  await settle(world, orders, 6)
  for (const [index, order] of orders.entries()) {
    if (index % 4 === 0) expect(['VOIDED', 'REFUNDED'], order).toContain((await payment(order))?.state.kind)
    else if ((await payment(order))?.state.kind === 'AUTHORIZED') await paying.capture(order)
  }
  await settle(world, orders)
  await expectSameBooks(world, provider, orders)
  expect(booksOf(provider).size).toBeGreaterThan(30)
  expect(await standing()).toEqual([])
}, 60_000)

test('given the provider goes away, then buyers are told in no time, and all is settled when it is back, which is noticed at once (F5, R11)', async () => {
  const { port, provider, world } = await start()
  const { authorize, payment } = world
  await provider.stop()
  const orders = Array.from({ length: 12 }, (_, index) => `ord_${index}`)
  const waited = liveClock()
  for (const order of orders)
    expect((await authorize('tok_ok', order)).userErrors).toMatchObject([{ code: 'PAYMENT_UNAVAILABLE' }])
  // The promise is 6 s for one; a refused connection takes milliseconds.
  expect(waited()).toBeLessThan(6_000)
  const back = await startTestProvider({ port })
  await expect.poll(async () => (await authorize('tok_ok', 'ord_0')).userErrors).toEqual([])
  await settle(world, orders, 3)
  for (const order of orders) expect((await payment(order))?.state.kind).toBe('AUTHORIZED')
  await expectSameBooks(world, back, orders)
})

test('given a provider that takes calls and answers none, then the breaker opens, and what is ordered then has certainly not been charged (F5, R11)', async () => {
  let heard = 0
  const hung = createServer(() => {
    heard += 1
  })
  await new Promise<void>((resolve) => hung.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    hung.closeAllConnections()
    hung.close()
  })
  const { port } = hung.address() as AddressInfo
  const { authorize } = await startWorld({ provider: { url: `http://127.0.0.1:${port}` }, timeoutMs: 50 })
  const codes: (string | undefined)[] = []
  for (let index = 0; index < 4; index++) codes.push((await authorize('tok_ok', `ord_${index}`)).userErrors[0]?.code)
  // The first two took five calls: each with its repetition, and a look-up. One whose time was over before it was heard counts as well.
  expect(codes).toEqual(['PAYMENT_PENDING', 'PAYMENT_PENDING', 'PAYMENT_UNAVAILABLE', 'PAYMENT_UNAVAILABLE'])
  expect(heard).toBeLessThanOrEqual(5)
})

test('given a captured payment, when 50 refunds that add up to more come at once, on a bad day, then refunded <= captured on both sides (C11)', async () => {
  const { provider, world } = await start()
  const { deps, authorize, paying, payment, payments, settling } = world
  const keys = makeIdempotencyModel(deps.database)
  const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
  const idempotency = makeIdempotency({ store: keys.store, clock: deps.clock, hash: (text) => text, pause })
  const managing = makeManaging({ payments, settling, idempotency })
  const id = (await authorize()).payment?._id ?? ''
  await paying.capture('ord_1')
  provider.turn({ ...fine, calls: badDay })
  const asker = { viewer: service('support'), client: { address: '', userAgent: '' }, requestId: 'req_1' }
  const refund = (index: number) =>
    managing.refund(asker, {
      paymentId: id,
      amount: { amount: index % 2 === 0 ? '0.70' : '0.30', currencyCode: 'EUR' },
      idempotencyKey: `k${index}`,
    })
  const results = await Promise.allSettled(Array.from({ length: 50 }, (_, index) => refund(index)))
  expect(results.filter(({ status }) => status === 'rejected').length).toBeGreaterThan(10)
  provider.turn(fine)
  await settle(world, ['ord_1'], 5)
  await expectSameBooks(world, provider, ['ord_1'])
  const refunded = ledgerTotals((await payment()) ?? { transactions: [] }).refunded
  expect(refunded).toBeLessThanOrEqual(1_000)
  expect(refunded).toBeGreaterThan(900)
}, 60_000)
