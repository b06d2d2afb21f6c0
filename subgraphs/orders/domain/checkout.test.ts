import { describe, expect, it } from 'vitest'
import { ShopError } from '#kernel/errors.ts'
import { minutes, seconds } from '#kernel/time.ts'
import { confirm, decide, dueAt, expire, recordStep, type StepOutcome } from './checkout.ts'
import { recordUndo, requestCancel } from './compensation.ts'
import { nextStates, type Order, type StepName, seqOf, type UndoName } from './order.ts'
import { resume } from './steps.ts'
import { anOrder, placedAt } from './testing.ts'

const done: StepOutcome = { kind: 'done' }
const noAnswer: StepOutcome = { kind: 'unknown', reason: 'UNAVAILABLE' }
const declined: StepOutcome = {
  kind: 'refused',
  problems: [{ code: 'PAYMENT_DECLINED', message: 'insufficient_funds', field: ['input', 'payment', 'token'] }],
}
const sequence: readonly StepName[] = ['HOLD_STOCK', 'AUTHORIZE_PAYMENT', 'CLAIM_STOCK', 'CAPTURE_PAYMENT']
const now = placedAt + 1

/** The order after the first `count` steps went well. */
const afterSteps = (count: number): Order => {
  const paid = sequence.slice(0, count).reduce((order, step) => recordStep(order, step, done, now), anOrder())
  const confirmed = count > 4 ? confirm(paid, 100_001, now) : paid
  return count > 5 ? recordStep(confirmed, 'CLOSE_CART', done, now) : confirmed
}

const undone = (order: Order): Order =>
  (['CANCEL_PAYMENT', 'RELEASE_STOCK', 'RESTOCK_STOCK'] as const).reduce(
    (current, step) => recordUndo(current, step, done, now),
    order,
  )

const statuses = (order: Order) => order.steps.map((step) => step.status)
const undoNames = (order: Order): UndoName[] => order.undo?.steps.map((step) => step.name) ?? []
const eventNames = (order: Order) => order.events.map(({ event }) => event)

describe('the way to a confirmed order', () => {
  it('given a new order, then its first step is written as begun', () => {
    expect(decide(anOrder(), now)).toEqual({ kind: 'run', step: 'HOLD_STOCK' })
    expect(anOrder().steps[0]).toEqual({ name: 'HOLD_STOCK', status: 'RUNNING', attempt: 1, reason: null })
  })

  it('given each step went well, then the next one is begun in the same write', () => {
    const order = afterSteps(2)
    expect(statuses(order)).toEqual(['DONE', 'DONE', 'RUNNING', 'PENDING', 'PENDING', 'PENDING'])
    expect(decide(order, now)).toEqual({ kind: 'run', step: 'CLAIM_STOCK' })
  })

  it('given all went well, then it is confirmed with its number and nothing is left to do', () => {
    const order = afterSteps(6)
    expect(order.state).toEqual({ status: 'CONFIRMED', number: 100_001 })
    expect(decide(order, now)).toEqual({ kind: 'done' })
    expect(dueAt(order, seconds(10))).toBeNull()
    expect(nextStates(order)).toEqual(['PARTIALLY_REFUNDED', 'REFUNDED', 'CANCELED'])
  })

  it('numbers its events 1, 2, 3 ... (I15)', () => {
    const order = afterSteps(6)
    expect(eventNames(order)).toEqual([
      'OrderPlaced',
      'StockHeld',
      'PaymentAuthorized',
      'StockClaimed',
      'PaymentCaptured',
      'OrderConfirmed',
    ])
    expect(order.events.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6])
    expect(seqOf(order)).toBe(6)
  })

  it('given an outcome comes twice, then the second changes nothing', () => {
    const order = afterSteps(2)
    expect(recordStep(order, 'AUTHORIZE_PAYMENT', done, now)).toBe(order)
    expect(recordStep(order, 'AUTHORIZE_PAYMENT', declined, now)).toBe(order)
  })

  it('given it has a number, then it gets no other', () => {
    const order = afterSteps(5)
    expect(confirm(order, 100_002, now)).toBe(order)
  })

  it('given no answer, then the same step is run again and the attempt counted (R3)', () => {
    const order = recordStep(afterSteps(1), 'AUTHORIZE_PAYMENT', noAnswer, now)
    expect(decide(order, now)).toEqual({ kind: 'run', step: 'AUTHORIZE_PAYMENT' })
    expect(resume(order, now + 5).steps[1]).toEqual({
      name: 'AUTHORIZE_PAYMENT',
      status: 'RUNNING',
      attempt: 2,
      reason: 'UNAVAILABLE',
    })
    expect(dueAt(order, seconds(10))).toBe(now + seconds(10))
  })

  it('given the cart does not close, then the order stays confirmed and it is tried again', () => {
    const order = recordStep(afterSteps(5), 'CLOSE_CART', declined, now)
    expect(order.state.status).toBe('CONFIRMED')
    expect(decide(order, now)).toEqual({ kind: 'run', step: 'CLOSE_CART' })
  })
})

describe('a payment that waits for its buyer', () => {
  const waiting = () => recordStep(afterSteps(1), 'AUTHORIZE_PAYMENT', { kind: 'actionRequired' }, now)

  it('waits until the hold on the stock ends', () => {
    expect(decide(waiting(), now)).toEqual({ kind: 'wait', until: placedAt + minutes(10) })
    expect(dueAt(waiting(), seconds(10))).toBe(now + seconds(60))
    expect(dueAt(waiting(), minutes(5))).toBe(placedAt + minutes(10))
    expect(eventNames(waiting()).at(-1)).toBe('PaymentActionRequired')
  })

  it('given news of the payment, then it is asked for again and goes on', () => {
    const again = resume(waiting(), now)
    expect(decide(again, now)).toEqual({ kind: 'run', step: 'AUTHORIZE_PAYMENT' })
    const still = recordStep(again, 'AUTHORIZE_PAYMENT', { kind: 'actionRequired' }, now)
    expect(eventNames(still).filter((event) => event === 'PaymentActionRequired')).toHaveLength(1)
    expect(decide(recordStep(again, 'AUTHORIZE_PAYMENT', done, now), now)).toEqual({
      kind: 'run',
      step: 'CLAIM_STOCK',
    })
  })

  it('given the hold has ended, then everything is taken back', () => {
    const late = placedAt + minutes(10)
    expect(decide(waiting(), late)).toEqual({ kind: 'expire' })
    const expired = expire(waiting(), late)
    expect(decide(expired, late)).toEqual({ kind: 'undo', step: 'CANCEL_PAYMENT' })
    expect(undone(expired).state.status).toBe('PAYMENT_FAILED')
  })

  it('given the money was reserved in time, then nothing expires any more', () => {
    const late = placedAt + minutes(10)
    expect(decide(afterSteps(2), late)).toEqual({ kind: 'run', step: 'CLAIM_STOCK' })
    expect(expire(afterSteps(2), late)).toEqual(afterSteps(2))
  })
})

describe('the way back', () => {
  it('given the stock is gone, then only the hold is released and the order fails', () => {
    const order = recordStep(
      anOrder(),
      'HOLD_STOCK',
      { kind: 'refused', problems: [{ code: 'OUT_OF_STOCK', message: 'none left' }] },
      now,
    )
    expect(undoNames(order)).toEqual(['RELEASE_STOCK'])
    expect(order.state.status).toBe('AWAITING_PAYMENT')
    const failed = undone(order)
    expect(failed).toMatchObject({ state: { status: 'PAYMENT_FAILED' }, liveCartId: null })
    expect(failed.refusals).toEqual([{ code: 'OUT_OF_STOCK', message: 'none left' }])
  })

  it('given a decline, then payment and hold are taken back, the cart is free and the reason kept', () => {
    const failed = undone(recordStep(afterSteps(1), 'AUTHORIZE_PAYMENT', declined, now))
    expect(statuses(failed)).toEqual(['COMPENSATED', 'REFUSED', 'PENDING', 'PENDING', 'PENDING', 'PENDING'])
    expect(failed).toMatchObject({ liveCartId: null, refusals: [{ message: 'insufficient_funds' }] })
    expect(eventNames(failed).at(-1)).toBe('PaymentFailed')
    expect(decide(failed, now)).toEqual({ kind: 'done' })
    expect(dueAt(failed, seconds(10))).toBeNull()
  })

  it('given a claim without an answer and a cancellation, then the hold is released before units are restocked', () => {
    const order = requestCancel(recordStep(afterSteps(2), 'CLAIM_STOCK', noAnswer, now), null, now)
    expect(undoNames(order)).toEqual(['CANCEL_PAYMENT', 'RELEASE_STOCK', 'RESTOCK_STOCK'])
  })

  it('given a claim is refused, then money and hold go back, and nothing is restocked (I2)', () => {
    const problems = [{ code: 'OUT_OF_STOCK', message: 'none left' }] as const
    const order = recordStep(afterSteps(2), 'CLAIM_STOCK', { kind: 'refused', problems }, now)
    expect(undoNames(order)).toEqual(['CANCEL_PAYMENT', 'RELEASE_STOCK'])
  })

  it('given a step back without an answer, then it is tried again and the order has not ended', () => {
    const order = requestCancel(afterSteps(5), 'changed my mind', now)
    const open = resume(recordUndo(order, 'CANCEL_PAYMENT', noAnswer, now), now)
    expect(decide(open, now)).toEqual({ kind: 'undo', step: 'CANCEL_PAYMENT' })
    expect(open.undo?.steps[0]).toMatchObject({ attempt: 2, reason: 'UNAVAILABLE' })
    expect(open.state.status).toBe('CONFIRMED')
  })

  it('given a late answer of a step, then it changes nothing any more', () => {
    const order = requestCancel(afterSteps(3), null, now)
    expect(recordStep(order, 'CAPTURE_PAYMENT', done, now)).toBe(order)
    expect(confirm(order, 100_001, now)).toBe(order)
  })
})

describe('canceling', () => {
  it('given a confirmed order, then it is canceled and keeps its number', () => {
    const order = undone(requestCancel(afterSteps(6), 'changed my mind', now))
    expect(order.state).toEqual({ status: 'CANCELED', number: 100_001 })
    expect(order.undo).toMatchObject({ reason: 'changed my mind' })
    expect(statuses(order)).toEqual([...Array(5).fill('COMPENSATED'), 'DONE'])
    expect(nextStates(order)).toEqual([])
  })

  it('given it is canceled or on the way there, then nothing changes', () => {
    const going = requestCancel(afterSteps(6), null, now)
    expect(requestCancel(going, 'again', now)).toBe(going)
    const gone = undone(going)
    expect(requestCancel(gone, 'again', now)).toBe(gone)
  })

  it('given the payment failed, or is just being taken back, then it is refused', () => {
    const failing = recordStep(afterSteps(1), 'AUTHORIZE_PAYMENT', declined, now)
    for (const order of [failing, undone(failing)])
      expect(() => requestCancel(order, null, now)).toThrow(expect.objectContaining({ code: 'ILLEGAL_STATE' }))
    expect(() => requestCancel(failing, null, now)).toThrow(ShopError)
  })
})
