import { expect } from 'vitest'
import type { CrashPoint, CrashWay } from '../../platform/crashPoint.ts'
import type { Answer } from '../client.ts'
import { cancel, enter, fill, insist, keepOn, persist, place, type Stage, until } from './stage.ts'

/** What people do, come what may; a crash point lies on its way. */
export type Deed = (stage: Stage) => Promise<unknown>

/** Buys two things, gets a part of the money back, cancels; then a card that is declined, and a cart of which one thing is sold out. */
const buyAndCancel: Deed = async (stage) => {
  const [first = '', second = '', none = ''] = stage.variantIds
  const both = [
    [first, 1],
    [second, 1],
  ] as const
  const cart = await fill(stage, both, 'tok_ok')
  const bought = await place(stage, cart, until.has('CONFIRMED'))
  const again = await place(stage, cart, until.has('CONFIRMED'))
  expect(again.order.id).toBe(bought.order.id)
  const token = await enter(stage)
  const amount = { amount: '1.00', currencyCode: 'EUR' }
  const input = { paymentId: bought.order.payments[0].id, amount, idempotencyKey: crypto.randomUUID() }
  await insist(stage, ['refundPayment', 'RefundPaymentInput', ''], { input, token, until: until.isDone })
  await cancel(stage, bought.order.id, token)
  await place(stage, await fill(stage, [[first, 1]], 'tok_declined'), until.has('PAYMENT_FAILED'))
  const isSoldOut = ({ userErrors }: Answer) => userErrors[0]?.code === 'OUT_OF_STOCK'
  await place(stage, await fill(stage, [...both, [none, 1]], 'tok_ok'), isSoldOut)
}

/** The answer of the provider is lost, so that its webhook is first. */
const payByWebhook: Deed = async (stage) => {
  const [first = ''] = stage.variantIds
  await place(stage, await fill(stage, [[first, 1]], 'tok_timeout_after_charge'), until.has('CONFIRMED'))
}

/** Three units of a thing that has two at each of its locations; they go back to where they came from. */
const buyOfTwoPlaces: Deed = async (stage) => {
  const cart = await fill(stage, [[stage.split, 3]], 'tok_ok')
  const { order } = await place(stage, cart, until.has('CONFIRMED'))
  await cancel(stage, order.id, await enter(stage))
}

const left = 'query ($slug: String!) { told: product(slug: $slug) { variants { availability { left } } } }'

/** A location is closed, and opened again: what is for sale follows. */
const closeTheShed: Deed = async (stage) => {
  const token = await enter(stage)
  for (const [isActive, units] of [
    [false, 0],
    [true, 5],
  ] as const) {
    const input = { code: 'shed', isActive }
    await insist(stage, ['updateStockLocation', 'UpdateStockLocationInput', ''], { input, token, until: until.isDone })
    const isSo = ({ variants }: Answer) => variants[0].availability.left === units
    await persist(stage, left, { variables: { slug: stage.shed }, until: isSo })
  }
}

/** An order, and the mail that says so. */
const buyAndRead: Deed = async (stage) => {
  const [first = ''] = stage.variantIds
  const { order } = await place(stage, await fill(stage, [[first, 1]], 'tok_ok'), until.has('CONFIRMED'))
  await keepOn(stage, async () => {
    const { effects } = await stage.shop.snapshot()
    const own = effects.filter((effect) => effect.order === order.id).map(({ type }) => type)
    return { told: own.includes('OrderConfirmed') ? own : null, last: own }
  })
}

/** Points that are not on the way of who buys and cancels. */
const aside: Partial<Record<CrashPoint, Deed>> = {
  'payments.webhookStored': payByWebhook,
  'payments.webhookApplied': payByWebhook,
  'products.partTaken': buyOfTwoPlaces,
  'products.locationWritten': closeTheShed,
  'mails.written': buyAndRead,
  'mails.delivered': buyAndRead,
}

export const isAside = (point: CrashPoint): boolean => point in aside

export const deedAt = (point: CrashPoint): Deed => aside[point] ?? buyAndCancel

/** Where a crash is proved that no shop may have that keeps every promise: the books differ for good. */
export const elsewhere: Partial<Record<CrashPoint, Readonly<Record<CrashWay, readonly [file: string, test: string]>>>> =
  {
    'payments.differenceFound': {
      kill: ['tests/e2e/paymentCrashes.e2e.ts', 'given payments is killed when the books differ'],
      throw: ['subgraphs/payments/crashing.int.test.ts', 'when the books differ, then the next comparison'],
      hang: ['subgraphs/payments/crashing.int.test.ts', 'when the books differ, then the next comparison'],
    },
  }
