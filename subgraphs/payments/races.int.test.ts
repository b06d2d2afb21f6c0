import fc from 'fast-check'
import { expect, test } from 'vitest'
import { money } from '#kernel/money.ts'
import { fineWeather } from '../../provider/adversary.ts'
import { ledgerTotals, pendingOperations } from './domain/payment.ts'
import { requestRefund } from './domain/requests.ts'
import { startReceiver, startTestProvider, startWorld } from './testing.ts'

const seeds = Array.from({ length: 10 }, (_, index) => index + 1)

/** Numbers that a seed gives, the same ones every time. */
const numbersOf = (seed: number, max: number, count: number): number[] =>
  fc.sample(fc.integer({ min: 0, max: max - 1 }), { seed, numRuns: count })

test.each(seeds)(
  'C9: given each webhook ten times at once, before, with or after the answer to its call (seed %i), then each payment is authorised and captured once, and told so once',
  async (seed) => {
    const provider = await startTestProvider()
    const world = await startWorld({ provider, timeoutMs: 5_000, now: Date.now() })
    const receiver = await startReceiver(world.hearing, 10)
    provider.deliverTo(receiver.url)
    provider.turn({ ...fineWeather, seed, latencyMs: 12 * (seed % 4), webhooks: { duplicate: 0.5 } })
    const orders = ['ord_1', 'ord_2', 'ord_3']
    await Promise.all(
      orders.map(async (order) => {
        await world.authorize('tok_ok', order)
        await world.paying.capture(order)
      }),
    )
    await expect.poll(() => receiver.statuses.length, { timeout: 10_000 }).toBeGreaterThanOrEqual(2 * orders.length)
    for (const order of orders) {
      expect(await world.told(order)).toEqual(['PaymentAuthorized', 'PaymentCaptured'])
      const moved = provider.movements(0, 100).filter(({ reference }) => reference === order)
      expect(moved.map(({ op }) => op)).toEqual(['authorize', 'charge'])
    }
    expect(new Set(receiver.statuses)).toEqual(new Set([200]))
  },
)

test.each(seeds)(
  'C11: given 50 refunds that sum to more than was captured, and a cancellation among them (seed %i), then all goes back and not a cent more, in our books and in the provider\u2019s',
  async (seed) => {
    const provider = await startTestProvider()
    const { authorize, paying, payment, settling, work } = await startWorld({ provider, timeoutMs: 5_000 })
    const id = (await authorize()).payment?._id ?? ''
    await paying.capture('ord_1')
    const amounts = numbersOf(seed, 80, 50)
    const [canceledAt = 0] = numbersOf(seed + 100, 50, 1)
    const acts = amounts.map((minor, n) => {
      const part = { key: `k${n}`, amount: money(minor + 1, 'EUR') }
      const refund = settling.perform(id, (current, at) => requestRefund(current, part, at))
      return n === canceledAt ? Promise.all([refund, paying.cancel('ord_1')]) : refund
    })
    await Promise.allSettled(acts)
    await work(3)
    const ended = await payment()
    if (!ended) throw new Error('there is no payment')
    expect(pendingOperations(ended)).toEqual([])
    expect(ledgerTotals(ended)).toEqual({ authorized: 1_000, captured: 1_000, released: 0, refunded: 1_000 })
    const back = provider.movements(0, 100).filter(({ op }) => op === 'refund')
    expect(back.reduce((sum, { amount }) => sum + amount, 0)).toBe(1_000)
  },
)
