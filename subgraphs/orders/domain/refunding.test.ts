import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { money } from '#kernel/money.ts'
import { confirm, recordStep } from './checkout.ts'
import { requestCancel } from './compensation.ts'
import type { Order } from './order.ts'
import { recordRefund } from './refunding.ts'
import { anOrder, placedAt as now } from './testing.ts'

const steps = ['HOLD_STOCK', 'AUTHORIZE_PAYMENT', 'CLAIM_STOCK', 'CAPTURE_PAYMENT'] as const
const paid = (): Order => steps.reduce((order, step) => recordStep(order, step, { kind: 'done' }, now), anOrder())
const confirmed = (): Order => confirm(paid(), 100_001, now)
const refund = (id: string, minor: number) => ({ id, amount: money(minor, 'EUR') })

describe('money that goes back to the buyer', () => {
  it('given a part, then the rest, then the state says which; its number stays (I23)', () => {
    const part = recordRefund(confirmed(), refund('evt_1', 1_000), now)
    expect(part.state).toEqual({ status: 'PARTIALLY_REFUNDED', number: 100_001 })
    const more = recordRefund(part, refund('evt_2', 1_000), now)
    expect(more.state.status).toBe('PARTIALLY_REFUNDED')
    const all = recordRefund(more, refund('evt_3', 2_480), now)
    expect(all.state).toEqual({ status: 'REFUNDED', number: 100_001 })
    expect(all.events.slice(-3).map(({ event }) => event)).toEqual(Array(3).fill('PaymentRefunded'))
  })

  it('given the same fact twice, then it counts once (R7)', () => {
    const part = recordRefund(confirmed(), refund('evt_1', 4_000), now)
    expect(recordRefund(part, refund('evt_1', 4_000), now)).toBe(part)
  })

  it('given an order that is being canceled, then its money goes back as a part of that (C11)', () => {
    const canceling = requestCancel(confirmed(), null, now)
    expect(recordRefund(canceling, refund('evt_1', 4_480), now)).toBe(canceling)
  })

  it('given all money went back, then it cannot be canceled; given a part, then it can (C11)', () => {
    const all = recordRefund(confirmed(), refund('evt_1', 4_480), now)
    expect(() => requestCancel(all, null, now)).toThrow(expect.objectContaining({ code: 'ILLEGAL_STATE' }))
    const part = recordRefund(confirmed(), refund('evt_1', 1), now)
    expect(requestCancel(part, null, now).undo).not.toBeNull()
  })

  it('given the order is not confirmed yet, then the fact is told again later', () => {
    expect(() => recordRefund(paid(), refund('evt_1', 1), now)).toThrow(expect.objectContaining({ code: 'CONFLICT' }))
  })

  it('given any refunds in any order with repetitions, then the state is that of their sum', () => {
    const facts = fc.array(
      fc.record({ id: fc.constantFrom('a', 'b', 'c', 'd'), minor: fc.integer({ min: 1, max: 1_120 }) }),
    )
    fc.assert(
      fc.property(facts, (list) => {
        const order = list.reduce((known, { id, minor }) => recordRefund(known, refund(id, minor), now), confirmed())
        const first = new Map([...list].reverse().map(({ id, minor }) => [id, minor]))
        const sum = [...first.values()].reduce((total, minor) => total + minor, 0)
        const expected = sum === 0 ? 'CONFIRMED' : sum < 4_480 ? 'PARTIALLY_REFUNDED' : 'REFUNDED'
        expect(order.state.status).toBe(expected)
      }),
    )
  })
})
