import { expect, test } from 'vitest'
import type { Snapshot } from '../dumpState/snapshot.ts'
import { atRest } from './testing.ts'
import { invariants, isClean, report, verify } from './verify.ts'

type Rows =
  | 'skus'
  | 'reservations'
  | 'orders'
  | 'payments'
  | 'events'
  | 'audit'
  | 'delivered'
  | 'effects'
  | 'coupons'
  | 'sellers'

/** The shop at rest with one row changed. */
const change = <Name extends Rows>(name: Name, index: number, fields: Partial<Snapshot[Name][number]>): Snapshot => ({
  ...atRest,
  [name]: atRest[name].map((row, at) => (at === index ? { ...row, ...fields } : row)),
})

const without = (name: Rows, index: number): Snapshot => ({
  ...atRest,
  [name]: atRest[name].filter((_, at) => at !== index),
})

const again = (name: Rows, index: number): Snapshot => ({ ...atRest, [name]: [...atRest[name], atRest[name][index]] })

type Movement = Snapshot['psp']['movements'][number]

const movement = (op: Movement['op'], fields: Partial<Movement> = {}): Movement => ({
  ...{ op, amount: 2_500, currency: 'EUR', reference: 'ord_1', payment: 'pay_1' },
  ...fields,
})

const alsoMoved = (...more: Movement[]): Snapshot => ({
  ...atRest,
  psp: { movements: [...atRest.psp.movements, ...more] },
})

const swapped = (name: Rows, one: number, other: number): Snapshot => ({
  ...atRest,
  [name]: atRest[name].map((row, at) => atRest[name][at === one ? other : at === other ? one : at] ?? row),
})

const use = (order: string, buyer = 'usr_1') => ({ order, buyer })
const threeBuyers = [use('ord_1', 'usr_1'), use('ord_2', 'usr_2'), use('ord_3', 'usr_3')]

const missing = { reference: 'ord_9' }

/** One fault for each promise; several where it can be broken in several ways. */
const faults: readonly (readonly [string, string, Snapshot])[] = [
  ['I1', 'more is reserved and sold than there is', change('skus', 0, { sold: 16 })],
  ['I2', 'a unit got lost', change('skus', 0, { onHand: 12 })],
  ['I2', 'a unit came from nowhere', change('skus', 0, { initial: 9 })],
  ['I3', 'the counter of holds is off', change('skus', 0, { reserved: 3 })],
  ['I4', 'a hold outlives its end', change('reservations', 1, { expiresAt: 2_400_000 })],
  ['I5', 'units are sold to an order that was canceled', change('reservations', 2, { state: 'claimed' })],
  [
    'I5',
    'units are sold to nobody',
    {
      ...again('reservations', 0),
      reservations: [...atRest.reservations, { ...atRest.reservations[0]!, order: 'ord_9' }],
    },
  ],
  ['I6', 'a total is not the sum of its parts', change('orders', 0, { shipping: 400 })],
  ['I6', 'an amount has cents of a cent', change('orders', 0, { tax: 398.5 })],
  ['I7', 'the buyer agreed to another total', change('orders', 0, { cartTotal: 2_400 })],
  ['I7', 'the payment is over another amount', change('payments', 0, { amount: 2_600 })],
  ['I8', 'two authorisations stay', alsoMoved(movement('authorize'))],
  ['I8', 'a charge in another currency', alsoMoved(movement('void', { amount: 0, currency: 'USD' }))],
  ['I10', 'money stays reserved for an order that does not exist', alsoMoved(movement('authorize', { ...missing }))],
  ['I11', 'an order waits for nobody', change('orders', 1, { waitsForBuyer: false })],
  ['I14', 'one key has two orders', change('orders', 1, { key: 'key-1' })],
  ['I15', 'an event got lost', without('events', 1)],
  ['I16', 'nobody heard of an order', without('audit', 1)],
  ['I16', 'a consumer was not told of an event of which it was told elsewhere', without('delivered', 4)],
  ['I17', 'a consumer heard the end before the beginning', swapped('delivered', 0, 1)],
  ['I17', 'a consumer heard of one event twice', again('delivered', 4)],
  [
    'I18',
    'a mail was sent twice',
    { ...atRest, effects: [...atRest.effects, { ...atRest.effects[0]!, key: 'other' }] },
  ],
  ['I19', 'an event waits', { ...atRest, outbox: { pending: 1, dead: 0 } }],
  ['I19', 'an event was given up', { ...atRest, outbox: { pending: 0, dead: 1 } }],
  ['I20', 'a coupon was used too often', change('coupons', 0, { uses: threeBuyers })],
  ['I20', 'a buyer has used a coupon twice', change('coupons', 0, { uses: [use('ord_1'), use('ord_2')] })],
  ['I21', 'a balance is not what is left', change('sellers', 0, { balance: 1_251 })],
  ['I21', "a share of what buyers paid is nobody's", change('sellers', 0, { fee: 249 })],
  ['I22', 'an act is twice in the audit log', again('audit', 0)],
  ['I23', 'an order went back', change('orders', 0, { state: 'pending', waitsForBuyer: true })],
]

const broken = (snapshot: Snapshot): string[] =>
  verify(snapshot).flatMap(({ id, offences }) => (offences.length > 0 ? [id] : []))

test('given a shop at rest, then all promises hold', () => {
  expect(isClean(verify(atRest))).toBe(true)
})

test.each(faults)('given a fault of %s: %s, then it is found, and nothing else', (id, _, snapshot) => {
  expect(broken(snapshot)).toEqual([id])
})

test('given money that the provider keeps and we do not know of, then both books tell (I9, I12)', () => {
  const taken = alsoMoved(movement('refund', { amount: 100 }))
  expect(broken(taken)).toEqual(['I9', 'I12'])
  const kept = change('payments', 0, { captured: 0 })
  expect(broken(kept)).toEqual(['I12', 'I21'])
  const unbooked: Snapshot = { ...atRest, psp: { movements: atRest.psp.movements.slice(2) } }
  expect(broken(unbooked)).toEqual(['I9', 'I12'])
})

test('every promise that can be checked has a fault above', () => {
  const seeded = new Set([...faults.map(([id]) => id), 'I9', 'I12'])
  expect(invariants.map(({ id }) => id)).toEqual(
    [...seeded].toSorted((a, b) => Number(a.slice(1)) - Number(b.slice(1))),
  )
})

test('given many offences, then the report names the promise, some of them and how many more', () => {
  const effects = Array.from({ length: 30 }, (_, index) => ({
    kind: 'mail',
    key: `${index >> 1}`,
    order: `${index}`,
    type: 'x',
  }))
  const text = report(verify({ ...atRest, effects: [...effects, ...effects] }))
  expect(text).toContain('FAIL  I18')
  expect(text).toMatch(/and \d+ more/)
  expect(text).toContain('pass  I1 ')
})
